"""``contact``: written down from a file, shown, refused with the place of a slip."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine

KNOWN = {"phones": ["(860) 555-0142"], "birth_date": "1984-03-03", "address": "47 Larkspur Street, Harrowgate"}


@pytest.fixture
def access(vault: Path, password_file: Path) -> tuple[object, ...]:
    return ("--vault", vault, "--password-file", password_file)


@pytest.fixture
def cid(line: CommandLine, access: tuple[object, ...], tmp_path: Path) -> str:
    taken = tmp_path / "in.jsonl"
    taken.write_text(json.dumps({"id": "a", "contact": "Ada Quill", "turns": [{"who": "user", "text": "hello"}]}))
    assert line.run("conversations", "import", taken, *access).code == 0
    (found,) = json.loads(line.run("subject", "find", "ada quill", *access, "--json").out)
    return str(found["conversation"])


def write(folder: Path, known: object) -> Path:
    file = folder / "known.json"
    file.write_text(json.dumps(known))
    return file


def test_what_is_known_is_written_down_shown_and_found(
    line: CommandLine, access: tuple[object, ...], cid: str, tmp_path: Path
) -> None:
    assert "besides the name" in line.run("contact", "show", cid, *access).out
    ended = line.run("contact", "set", cid, "--in", write(tmp_path, KNOWN), *access, "--json")
    details = json.loads(ended.out)["details"]
    assert details == {**KNOWN, "phones": ["+1 860 555 0142"]}
    assert line.run("contact", "set", cid, "--in", write(tmp_path, {"address": ""}), *access).code == 0
    shown = json.loads(line.run("contact", "show", cid, *access, "--json").out)["details"]
    assert shown == {"phones": ["+1 860 555 0142"], "birth_date": "1984-03-03"}
    (found,) = json.loads(line.run("subject", "find", "860 555 0142", *access, "--json").out)
    assert (found["conversation"], found["by"]) == (cid, "phone")
    assert "555 0142" in line.run("contact", "show", cid, *access).out


def test_a_slip_is_refused_by_its_place_and_without_its_words(
    line: CommandLine, access: tuple[object, ...], cid: str, tmp_path: Path
) -> None:
    slip = write(tmp_path, {"phones": ["860 555 0142", "77"], "emails": ["a@example.org"]})
    ended = line.run("contact", "set", cid, "--in", slip, *access)
    assert ended.code == 1
    assert "phones, entry 2" in ended.err
    assert "77" not in ended.err
    assert json.loads(line.run("contact", "show", cid, *access, "--json").out)["details"] == {}


@pytest.mark.parametrize("known", [[], {}, {"shoe": "9"}, {"phones": [7]}, {"address": {"street": "x"}}, "x"])
def test_what_is_no_such_object_is_malformed(
    line: CommandLine, access: tuple[object, ...], known: object, tmp_path: Path
) -> None:
    assert line.run("contact", "set", "any", "--in", write(tmp_path, known), *access).code == 3


def test_no_such_conversation(line: CommandLine, access: tuple[object, ...]) -> None:
    assert line.run("contact", "show", "never", *access).code == 1
