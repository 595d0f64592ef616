"""``anonymise --set``: a folder of conversations in, a folder out, counts and no content in the report."""

import json
import stat
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.tiny_pipeline import write_tiny_pipeline

USUAL = "my asthma is back, can I come? call 860 555 0142"
RARE = "I am a beekeeper, 41 years old, with lupus"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pipeline(tmp_path_factory.mktemp("pipeline") / "en")


def lines(*texts: str, key: str = "turns") -> str:
    made = [
        {"id": f"Rosa {place}", "turns": [{"who": "user", "text": text}, {"who": "note", "text": "a note"}]}
        if key == "turns"
        else {"id": place, "text": text, "conversation": place}
        for place, text in enumerate(texts)
    ]
    return "\n".join(map(json.dumps, made)) + "\n"


def test_a_folder_of_conversations_leaves_with_new_numbers_and_a_report(
    line: CommandLine, tiny: Path, tmp_path: Path
) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "a.jsonl").write_text(lines(USUAL, USUAL, USUAL))
    (source / "b.jsonl").write_text(lines(USUAL, USUAL, RARE, key="text"))
    ended = line.run("anonymise", "--set", "--in", source, "--out", out, "--pipeline", tiny, "--json")
    report = json.loads(ended.out)
    assert ended.code == 0
    assert (report["conversations"], report["k"]) == (6, 5)
    assert report["fates"]["as_anonymised"] == 5
    assert report["after"]["rare"] == 0
    written = (out / "conversations.jsonl").read_text()
    records = [json.loads(one) for one in written.splitlines()]
    assert [one["id"] for one in records] == [f"c{number:05d}" for number in range(1, len(records) + 1)]
    assert not any(word in written for word in ("Rosa", "0142", "beekeeper", "lupus", "a note"))
    assert json.loads((out / "report.json").read_text()).keys() == report.keys() - {"rejected"}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700


def test_an_unreadable_line_is_named_and_an_old_folder_is_left_alone(
    line: CommandLine, tiny: Path, tmp_path: Path
) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out"
    source.write_text(lines(USUAL) + "{\n" + json.dumps({"id": 1, "turns": []}) + "\n")
    ended = line.run("anonymise", "--set", "--k", "2", "--in", source, "--out", out, "--pipeline", tiny)
    assert ended.code == 3
    assert "Line 2 " in ended.err
    assert "Line 3 " in ended.err
    assert "1 conversations: 1 written" in ended.out
    assert line.run("anonymise", "--set", "--in", source, "--out", out).code == 1


@pytest.mark.parametrize("k", ["1", "101"])
def test_a_crowd_has_a_size(line: CommandLine, tmp_path: Path, k: str) -> None:
    assert line.run("anonymise", "--set", "--k", k, "--in", tmp_path, "--out", tmp_path / "out").code == 2
