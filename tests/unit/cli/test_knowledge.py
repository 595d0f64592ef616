"""``vestibule knowledge``: with a vault, and with a folder."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    folder = tmp_path / "answers"
    folder.mkdir()
    (folder / "parking.md").write_text("# Parking\n\nPatient parking is free for two hours.\n\nApproved: 2026-06-15\n")
    (folder / "notes.md").write_text("# Notes\n\nThe key hangs in the office.\n\nInternal: yes\n")
    return folder


def test_answers_go_into_the_vault_and_are_found_there(
    line: CommandLine, vault: Path, password_file: Path, answers: Path
) -> None:
    access = ("--vault", vault, "--password-file", password_file)
    (answers / "broken.md").write_text("no heading")
    taken = line.run("knowledge", "import", answers, *access, "--json")
    assert taken.code == 3
    assert json.loads(taken.out) == {"imported": 2, "rejected": [{"file": "broken.md", "code": "no_title"}]}
    assert "broken.md" in taken.err
    found = line.run("knowledge", "search", "Where can I park?", *access, "--json")
    assert json.loads(found.out)["passages"][0]["article"] == "parking"
    assert json.loads(found.out)["covered"] is True


def test_a_folder_is_searched_without_a_vault(line: CommandLine, answers: Path) -> None:
    result = line.run("knowledge", "search", "Do you repair bicycles?", "--knowledge", answers, "--json")
    assert (result.code, json.loads(result.out)["covered"]) == (0, False)
    assert "Parking (parking)" in line.run("knowledge", "search", "parking", "--knowledge", answers).out


def test_a_list_shows_dates_and_what_is_internal(line: CommandLine, answers: Path) -> None:
    listed = line.run("knowledge", "list", "--knowledge", answers)
    assert "parking  Parking  2026-06-15" in listed.out
    assert "internal" in listed.out
    documents = json.loads(line.run("knowledge", "list", "--knowledge", answers, "--json").out)
    assert documents[1] == {
        "article": "parking", "title": "Parking", "approved": "2026-06-15", "valid_until": None, "internal": False,
    }  # fmt: skip


def test_a_missing_folder_is_one_line(line: CommandLine, tmp_path: Path) -> None:
    result = line.run("knowledge", "list", "--knowledge", tmp_path / "none")
    assert (result.code, result.out, result.err) == (1, "", "vestibule: There is no such folder.\n")
