"""``vestibule draft --search-model``: an embedding model beside the built-in search, through real processes."""

import json
from pathlib import Path

import pytest

from tests.contract.test_command_line import ROOT, environment, vestibule  # noqa: F401 - a fixture
from tests.support.tiny_gguf import write_tiny_gguf

pytest.importorskip("llama_cpp", reason="the engine of the model worker is not installed")

ANSWER = "Our patient lot is behind the building. [1]"


def drafted(environment: dict[str, str], folder: Path, search_model: Path) -> tuple[dict[str, object], str]:  # noqa: F811
    """Return the one draft and what was said on standard error."""
    thread = {"id": "a", "turns": [{"who": "user", "text": "Where can I park?"}]}
    (folder / "in.jsonl").write_text(json.dumps(thread) + "\n")
    ended = vestibule(
        environment, "draft", "--knowledge", ROOT / "resources" / "demo" / "clinic" / "answers",
        "--in", folder / "in.jsonl", "--out", folder / "out.jsonl",
        "--model", write_tiny_gguf(folder / "parrot.gguf", answer=ANSWER), "--search-model", search_model, "--json",
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return json.loads((folder / "out.jsonl").read_text()), ended.stderr


def test_a_search_model_is_weighed_and_used(environment: dict[str, str], tmp_path: Path) -> None:  # noqa: F811
    draft, told = drafted(environment, tmp_path, write_tiny_gguf(tmp_path / "letters.gguf", pooling=1))
    assert draft["action"] == "propose"
    assert "makes no vectors" not in told


def test_one_that_cannot_run_is_told_and_the_built_in_search_goes_on(
    environment: dict[str, str],  # noqa: F811
    tmp_path: Path,
) -> None:
    file = write_tiny_gguf(tmp_path / "odd.gguf", pooling=1)
    file.write_bytes(file.read_bytes().replace(b"ffn_gate", b"ffn_xate"))
    draft, told = drafted(environment, tmp_path, file)
    assert draft["action"] == "propose"
    assert "makes no vectors (model_refused)" in told
