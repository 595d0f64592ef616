"""``vestibule draft``: exactly the keys that were promised, malformed lines by number, no half-written file."""

import json
from pathlib import Path

import pytest

from app.inference.generation import ProblemCode
from tests.support.command_line import CommandLine
from tests.support.tiny_gguf import write_tiny_gguf

KEYS = ["id", "action", "text", "sources", "warnings", "first_token_ms", "total_ms", "model"]
PARKING = "Patient parking is free for two hours in the lot behind our building."


@pytest.fixture
def trial(tmp_path: Path, line: CommandLine) -> list[object]:
    """The arguments of a draft command whose model says what the parking answer says."""
    folder = tmp_path / "answers"
    folder.mkdir()
    (folder / "parking.md").write_text(f"# Parking\n\n{PARKING}\n")
    line.replies = ["Parking is free for two hours. [1]"]
    model = write_tiny_gguf(tmp_path / "tiny.gguf")
    threads = tmp_path / "in.jsonl"
    return ["draft", "--knowledge", folder, "--in", threads, "--out", tmp_path / "out.jsonl", "--model", model]


def put(trial: list[object], *lines: object) -> None:
    text = "".join(f"{item if isinstance(item, str) else json.dumps(item)}\n" for item in lines)
    Path(str(trial[4])).write_text(text)


def got(trial: list[object]) -> list[dict[str, object]]:
    return [json.loads(text) for text in Path(str(trial[6])).read_text().splitlines()]


def ask(text: str, **more: object) -> dict[str, object]:
    return {"id": "t1", "turns": [{"who": "user", "text": text}], **more}


def test_a_draft_has_exactly_the_promised_keys(line: CommandLine, trial: list[object]) -> None:
    put(trial, ask("Where can I park?", extra=1), {**ask("Do you repair bicycles?"), "id": 7})
    result = line.run(*trial)
    assert (result.code, result.err) == (0, "")
    assert result.out == "2 drafted (1 hand_over, 1 propose), 0 lines without a draft.\n"
    first, second = got(trial)
    assert list(first) == list(second) == KEYS
    assert (first["id"], first["action"], first["text"]) == ("t1", "propose", "Parking is free for two hours.")
    assert first["sources"] == [{"article": "parking", "title": "Parking", "quote": PARKING}]
    assert (first["warnings"], first["model"]) == ([], "scripted")
    assert isinstance(first["total_ms"], int)
    assert (second["id"], second["action"], second["sources"], second["first_token_ms"]) == (7, "hand_over", [], None)


def test_malformed_lines_are_reported_by_number_and_the_rest_goes_on(line: CommandLine, trial: list[object]) -> None:
    bad = [
        "{", "[]", {"turns": []}, {"id": "x", "turns": []}, {"id": "x", "turns": [5]},
        {"id": "x", "turns": [{"who": "nurse", "text": "a"}]}, {"id": "x", "turns": [{"who": "user", "text": 1}]},
        {"id": "x", "turns": [{"who": "user", "text": "a\0b"}]},
        {"id": "x", "turns": [{"who": "user", "text": "\ud800"}]},
        {"id": "x", "turns": [{"who": "agent", "text": "Good morning"}]},
    ]  # fmt: skip
    put(trial, *bad, "", ask("Where can I park?"))
    result = line.run(*trial, "--json")
    assert result.code == 3
    summary = json.loads(result.out)
    assert summary["drafted"] == 1
    assert summary["actions"] == {"propose": 1}
    assert [item["line"] for item in summary["rejected"]] == list(range(1, len(bad) + 1))
    assert len(result.err.splitlines()) == len(bad)
    assert len(got(trial)) == 1


def test_drafts_can_go_to_standard_output(line: CommandLine, trial: list[object]) -> None:
    put(trial, ask("Where can I park?"))
    trial[6] = "-"
    result = line.run(*trial)
    assert [json.loads(text)["id"] for text in result.out.splitlines()] == ["t1"]
    assert line.run(*trial, "--json").code == 2


def test_a_model_that_fails_for_one_thread_is_tried_again(line: CommandLine, trial: list[object]) -> None:
    put(trial, ask("Where can I park?"))
    line.replies = [ProblemCode.WORKER_LOST, "Parking is free for two hours. [1]"]
    assert line.run(*trial).code == 0
    line.replies = [ProblemCode.WORKER_LOST]
    result = line.run(*trial)
    assert result.code == 1
    assert "model_failed" in result.err


def test_without_a_model_nothing_is_written_and_the_exit_code_is_5(
    line: CommandLine, trial: list[object], tmp_path: Path
) -> None:
    put(trial, ask("Where can I park?"))
    line.replies = [ProblemCode.WORKER_UNAVAILABLE]
    assert line.run(*trial).code == 5
    assert line.run(*trial[:7]).code == 5
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".jsonl") == ["in.jsonl"]
    assert not list(tmp_path.glob(".draft-*"))


def test_a_file_that_is_no_model_is_refused_before_it_is_opened(line: CommandLine, trial: list[object]) -> None:
    put(trial, ask("Where can I park?"))
    Path(str(trial[8])).write_text("not a model")
    result = line.run(*trial)
    assert (result.code, line.models) == (1, [])
    assert "not_gguf" in result.err


def test_the_model_in_use_drafts_when_none_is_named(line: CommandLine, trial: list[object]) -> None:
    put(trial, ask("Where can I park?"))
    assert line.run("model", "import", trial[8], "--name", "starter").code == 0
    line.models.clear()
    assert line.run(*trial[:7]).code == 0
    assert line.models == [(line.places.user_models_dir / "starter" / "starter.gguf", "chatml")]


def test_the_drafts_of_an_earlier_run_stay_when_a_later_one_fails(line: CommandLine, trial: list[object]) -> None:
    put(trial, ask("Where can I park?"))
    assert line.run(*trial).code == 0
    line.replies = [ProblemCode.WORKER_UNAVAILABLE]
    assert line.run(*trial).code == 5
    assert len(got(trial)) == 1
