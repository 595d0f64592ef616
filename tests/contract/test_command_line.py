"""The promises of the command line, checked on the real program in processes of its own.

Every command knows ``--help`` and ``--json``; JSON stands alone on standard output; exit codes: 0 done, 1 refused, 2
usage, 3 malformed input, 4 wrong password, 5 not available here; no secret is taken from arguments or the environment;
nothing heavy is loaded for ``--help``.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import write_password
from tests.support.desks import TemporaryDesk
from tests.support.tiny_gguf import write_tiny_gguf
from tests.support.vaults import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 120
CANARY = "the heron sleeps in the copper kettle"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "LANG": "C.UTF-8",
    }


def vestibule(environment: dict[str, str], *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", *map(str, arguments)]
    return subprocess.run(
        command,
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_help_is_printed_and_nothing_else_happens(environment: dict[str, str], tmp_path: Path) -> None:
    ended = vestibule(environment, "--help")
    assert (ended.returncode, ended.stderr) == (0, "")
    for command in ("open", "tour", "vault", "knowledge", "draft", "anonymise", "model", "conversations"):
        assert f"  {command}" in ended.stdout
    assert list(tmp_path.iterdir()) == []


def test_without_a_display_the_console_says_so(environment: dict[str, str]) -> None:
    ended = vestibule(environment)
    assert (ended.returncode, ended.stdout) == (5, "")
    assert "vestibule tour" in ended.stderr


def test_the_life_of_a_vault(environment: dict[str, str], tmp_path: Path) -> None:
    folder = TemporaryDesk(tmp_path).store.directory
    access = ("--vault", folder, "--password-file", write_password(tmp_path, PASSWORD), "--json")
    dialogue = {"id": "d", "turns": [{"who": "user", "text": CANARY}]}
    (tmp_path / "in.jsonl").write_text(json.dumps(dialogue) + "\nbroken\n")
    taken = vestibule(environment, "conversations", "import", tmp_path / "in.jsonl", *access)
    assert (taken.returncode, json.loads(taken.stdout)["imported"]) == (3, 1)
    answers = vestibule(environment, "knowledge", "import", ROOT / "resources" / "demo" / "law" / "answers", *access)
    assert answers.returncode == 0
    hits = vestibule(environment, "conversations", "search", "heron", *access)
    assert len(json.loads(hits.stdout)) == 1
    verified = vestibule(environment, "vault", "verify", *access)
    assert (verified.returncode, json.loads(verified.stdout)["sound"]) == (0, True)
    held = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    assert b"heron" not in held
    wrong = ("--vault", folder, "--password-file", write_password(tmp_path, f"{PASSWORD}x"), "--json")
    locked = vestibule(environment, "conversations", "search", "heron", *wrong)
    assert (locked.returncode, locked.stdout) == (4, "")
    assert locked.stderr.count("\n") == 1


def test_a_password_in_the_environment_or_an_argument_is_no_password(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder = TemporaryDesk(tmp_path).store.directory
    environment |= {"PASSWORD": PASSWORD, "VESTIBULE_PASSWORD": PASSWORD, "VESTIBULE_PASSWORD_FILE": str(tmp_path)}
    assert vestibule(environment, "vault", "verify", "--vault", folder).returncode == 2
    assert vestibule(environment, "vault", "verify", "--vault", folder, "--password", PASSWORD).returncode == 2


def test_a_real_worker_drafts_for_a_file_of_threads(environment: dict[str, str], tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp", reason="the engine of the model worker is not installed")
    answer = "You can leave your car free of charge for two hours in the parking lot behind our building. [1]"
    model = write_tiny_gguf(tmp_path / "parrot.gguf", answer=answer)
    threads = [
        {"id": "a", "turns": [{"who": "user", "text": "Where can I park?"}]},
        {"id": "b", "turns": [{"who": "user", "text": "Do you sell dancing unicorns?"}]},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(thread) + "\n" for thread in threads))
    ended = vestibule(
        environment, "draft", "--knowledge", ROOT / "resources" / "demo" / "clinic" / "answers",
        "--in", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl", "--model", model, "--json",
    )  # fmt: skip
    assert (ended.returncode, json.loads(ended.stdout)["drafted"]) == (0, 2)
    first, second = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert (first["action"], second["action"]) == ("propose", "hand_over")
    assert first["text"] == answer.removesuffix(" [1]")
    assert "parking-and-bus" in {source["article"] for source in first["sources"]}
    assert first["model"] == "parrot"


def test_a_hostile_model_file_is_refused_in_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + b"\xff" * 4_096)
    for command in (["import"], ["check"]):
        ended = vestibule(environment, "model", *command, tmp_path / "bad.gguf")
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr.count("\n") == 1
    assert not list((tmp_path / "data").glob("**/*.gguf"))
