"""``subject``: find, take, list, export, erase, close."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine

WORDS = "the pewter heron stands behind the observatory"


@pytest.fixture
def access(vault: Path, password_file: Path) -> tuple[object, ...]:
    return ("--vault", vault, "--password-file", password_file)


def test_from_the_question_to_the_answer(line: CommandLine, access: tuple[object, ...], tmp_path: Path) -> None:
    taken = tmp_path / "in.jsonl"
    taken.write_text(json.dumps({"id": "a", "contact": "Ada Quill", "turns": [{"who": "user", "text": WORDS}]}))
    assert line.run("conversations", "import", taken, *access).code == 0
    (found,) = json.loads(line.run("subject", "find", "ada quil", *access, "--json").out)
    cid = found["conversation"]
    assert line.run("subject", "take", "copy", cid, *access).code == 1
    ended = line.run("subject", "take", "copy", cid, "--identity", "photo_id", "--country", "gb", *access, "--json")
    request = json.loads(ended.out)
    assert (ended.code, request["law"]) == (0, "UK GDPR, Article 12(3)")
    out = tmp_path / "copy.json"
    assert line.run("subject", "export", cid, "--out", out, *access).code == 0
    assert WORDS in out.read_text()
    assert out.stat().st_mode & 0o077 == 0
    assert line.run("subject", "export", cid, "--out", out, *access).code == 1
    assert line.run("subject", "close", request["request"], "done", *access).code == 0
    (listed,) = json.loads(line.run("subject", "list", *access, "--json").out)
    assert (listed["outcome"], listed["overdue"]) == ("done", False)


def test_nobody_of_that_name_and_a_day_that_is_none(line: CommandLine, access: tuple[object, ...]) -> None:
    assert line.run("subject", "find", "Nobody", *access).code == 1
    assert line.run("subject", "take", "copy", "x", "--received", "yesterday", *access).code == 2
