"""``vestibule model``: import, list, check, use, bench."""

import json
from pathlib import Path

import pytest

from app.config import load_settings
from tests.support.command_line import CommandLine
from tests.support.tiny_gguf import write_tiny_gguf


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    return write_tiny_gguf(tmp_path / "Small One.gguf")


def test_a_model_is_imported_listed_checked_and_used(line: CommandLine, gguf: Path) -> None:
    imported = line.run("model", "import", gguf, "--licence", "Apache-2.0", "--json")
    assert (imported.code, json.loads(imported.out)["name"]) == (0, "small-one")
    assert line.run("model", "check", "small-one").code == 0
    assert line.run("model", "use", "small-one", "--json").code == 0
    assert load_settings(line.places).model == "small-one"
    (listed,) = json.loads(line.run("model", "list", "--json").out)
    assert (listed["name"], listed["in_use"], listed["shipped"], listed["licence"]) == (
        "small-one",
        True,
        False,
        "Apache-2.0",
    )
    assert "* small-one" in line.run("model", "list").out


def test_a_file_is_checked_before_it_is_imported(line: CommandLine, gguf: Path, tmp_path: Path) -> None:
    result = line.run("model", "check", gguf, "--json")
    assert (result.code, json.loads(result.out)["architecture"]) == (0, "llama")
    (tmp_path / "cut.gguf").write_bytes(gguf.read_bytes()[:-64])
    assert line.run("model", "check", tmp_path / "cut.gguf").code == 1


def test_a_changed_file_is_neither_sound_nor_usable(line: CommandLine, gguf: Path) -> None:
    line.run("model", "import", gguf, "--name", "small")
    file = line.places.user_models_dir / "small" / "small.gguf"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    for command in ("check", "use", "bench"):
        result = line.run("model", command, "small")
        assert (result.code, result.out) == (1, "")
    assert load_settings(line.places).model == "starter"
    assert line.models == []


def test_what_is_refused_is_told_in_one_line(line: CommandLine, gguf: Path, tmp_path: Path) -> None:
    (tmp_path / "text.gguf").write_text("hello")
    line.run("model", "import", gguf, "--name", "small")
    for arguments in (
        ["import", tmp_path / "text.gguf"],
        ["import", gguf, "--name", "small"],
        ["import", tmp_path / "absent.gguf"],
        ["check", "absent"],
        ["use", "absent"],
    ):
        result = line.run("model", *arguments)
        assert (result.code, result.out) == (1, "")
        assert result.err.count("\n") == 1


def test_speed_is_measured_on_the_model_in_use(line: CommandLine, gguf: Path) -> None:
    line.run("model", "import", gguf, "--name", "starter")
    line.replies = ["We are open every day of the week."]
    result = line.run("model", "bench", "--json")
    assert result.code == 0
    assert set(json.loads(result.out)) == {
        "model", "prompt_tokens", "prompt_tokens_per_s", "generated_tokens", "generated_tokens_per_s", "first_token_ms",
    }  # fmt: skip
