"""``vestibule conversations``: in, out, finding, rebuilding."""

import gzip
import io
import json
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine

DIALOGUE = {
    "id": "d1", "contact": "Anna \x1b[31mQuill", "turns": [
        {"who": "user", "text": "May I bring my heron to the appointment?"},
        {"who": "agent", "text": "Herons are welcome."},
    ],
}  # fmt: skip


@pytest.fixture
def access(vault: Path, password_file: Path) -> tuple[object, ...]:
    return ("--vault", vault, "--password-file", password_file)


def test_conversations_go_in_are_found_and_come_out_again(
    line: CommandLine, access: tuple[object, ...], tmp_path: Path
) -> None:
    file = tmp_path / "in.jsonl.gz"
    with gzip.open(file, "wt") as stream:
        stream.write(json.dumps(DIALOGUE) + "\n{broken\n\n" + json.dumps({**DIALOGUE, "id": "d2"}) + "\n")
    taken = line.run("conversations", "import", file, *access, "--json")
    assert taken.code == 3
    assert json.loads(taken.out) == {"imported": 2, "rejected": [{"line": 2, "code": "not_json"}]}
    assert taken.err == "vestibule: Line 2 was not taken (not_json).\n"
    hits = json.loads(line.run("conversations", "search", "heron", *access, "--json").out)
    assert len(hits) >= 2
    document = json.loads(line.run("conversations", "export", hits[0]["conversation"], *access, "--json").out)
    assert [turn["text"] for turn in document["turns"]] == [turn["text"] for turn in DIALOGUE["turns"]]  # type: ignore[index]
    shown = line.run("conversations", "export", hits[0]["conversation"], *access)
    assert "Herons are welcome." in shown.out
    assert "\x1b" not in shown.out
    assert line.run("conversations", "rebuild", *access, "--json").out == '{"rebuilt": true}\n'
    assert line.run("conversations", "search", "pelican", *access).out == "Nothing found.\n"


def test_lines_come_from_standard_input_too(
    line: CommandLine, access: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = json.dumps(DIALOGUE).encode() + b"\n\xff\xfe\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    result = line.run("conversations", "import", "-", *access, "--json")
    assert result.code == 3
    assert json.loads(result.out)["imported"] == 1


def test_an_unknown_conversation_and_a_missing_file_are_one_line(line: CommandLine, access: tuple[object, ...]) -> None:
    for arguments in (["export", "01ARZ3NDEKTSV4RRFFQ69G5FAV"], ["import", "absent.jsonl"]):
        result = line.run("conversations", *arguments, *access)
        assert (result.code, result.out) == (1, "")
        assert result.err.count("\n") == 1
