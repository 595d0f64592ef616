"""A canary: invented words that no file, log, error or file name of a whole day may repeat in the clear.

The day is lived through the real command line in processes of their own: a vault is made, conversations come in (well
formed and broken), are searched and exported, a wrong password is tried, the vault is checked.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PASSWORD = "seventeen lanterns by the orchard"
CANARIES = ("Zephyrina", "Quillfeather", "kumquatosis", "xylograph42")
"""A first name, a last name, an illness and an e-mail box; none is a word anywhere in the product."""


@dataclass
class Day:
    """One office's folders and everything its commands said."""

    root: Path
    spoken: bytes = b""

    def run(self, *arguments: str, expected: int, password: str = PASSWORD) -> subprocess.CompletedProcess[bytes]:
        """Run one command in an environment where every place to write lies under ``root``."""
        secret = self.root.parent / "password"
        secret.write_text(password + "\n", encoding="utf-8")
        secret.chmod(0o600)
        places = {f"XDG_{name}_HOME": str(self.root / name.lower()) for name in ("DATA", "CONFIG", "CACHE", "STATE")}
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.root), "TMPDIR": str(self.root / "tmp"), **places}
        ended = subprocess.run(
            [sys.executable, "-m", "app", *arguments, "--password-file", str(secret)],
            env={**environment, "PYTHONPATH": str(REPOSITORY)},
            cwd=self.root,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert ended.returncode == expected, ended.stderr[-600:]
        return ended


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    outside = tmp_path_factory.mktemp("office")
    lived = Day(outside / "machine")
    (lived.root / "tmp").mkdir(parents=True)
    first, last, illness, box = CANARIES
    turns = [{"who": "user", "text": f"I am {first} {last}, my {illness} is worse, write to {box}@example.org"}]
    lines = [
        json.dumps({"id": "one", "contact": f"{first} {last}", "turns": turns}),
        f'{{"id": "two", "turns": [{{"who": "user", "text": "{illness}',
        json.dumps({"id": "three", "turns": [{"who": illness, "text": first}]}),
        json.dumps({"id": "four", "turns": [{"who": "user", "text": f"{last}\0{box}"}]}),
    ]
    chats = outside / "chats.jsonl"
    chats.write_text("\n".join(lines) + "\n", encoding="utf-8")
    created = lived.run("vault", "create", "--person", "Robin Ashgrove", expected=0)
    imported = lived.run("conversations", "import", str(chats), expected=3)
    refused = lived.run("conversations", "search", "anything", expected=4, password="not the right words at all")
    checked = lived.run("vault", "verify", expected=0)
    rebuilt = lived.run("conversations", "rebuild", expected=0)
    for ended in (created, imported, refused, checked, rebuilt):
        lived.spoken += ended.stdout + ended.stderr
    return lived


def test_the_control_the_words_are_really_in_the_vault(day: Day) -> None:
    found = day.run("conversations", "search", "kumquatosis", "--json", expected=0)
    assert b"Quillfeather" in found.stdout


@pytest.mark.parametrize("canary", CANARIES)
def test_no_command_repeats_it(day: Day, canary: str) -> None:
    assert canary.encode() not in day.spoken


@pytest.mark.parametrize("canary", CANARIES)
def test_no_file_holds_it_in_the_clear_and_no_name_does(day: Day, canary: str) -> None:
    files = [path for path in day.root.rglob("*") if path.is_file()]
    assert any(path.name == "vault.db" for path in files)
    wide = canary.encode("utf-16-le")
    holders = [path.name for path in files if canary.encode() in path.read_bytes() or wide in path.read_bytes()]
    assert holders == []
    assert not [path.name for path in day.root.rglob("*") if canary.lower() in path.name.lower()]


def test_the_password_is_nowhere_either(day: Day) -> None:
    files = [path for path in day.root.rglob("*") if path.is_file()]
    assert [path.name for path in files if PASSWORD.encode() in path.read_bytes()] == []
    assert PASSWORD.encode() not in day.spoken
