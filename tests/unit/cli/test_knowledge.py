"""``vestibule knowledge``: with a vault, and with a folder."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.documents import make_docx, make_pdf, par


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
    taken = line.run("knowledge", "import", answers, *access, "--json")
    told = json.loads(taken.out)
    assert (taken.code, told["taken"], told["added"], told["rejected"]) == (0, True, 2, [])
    assert told["items"][1] == {
        "article": "parking", "title": "Parking", "kind": "added", "file": "parking.md",
        "place": {"unit": "section", "number": 1}, "words": 7, "approved": "2026-06-15", "valid_until": None,
        "internal": False, "suggested": None,
    }  # fmt: skip
    found = line.run("knowledge", "search", "Where can I park?", *access, "--json")
    assert json.loads(found.out)["passages"][0]["article"] == "parking"
    assert json.loads(found.out)["covered"] is True
    again = line.run("knowledge", "import", answers, *access)
    assert (again.code, again.out) == (0, "Answers: 0 added, 0 changed, 2 unchanged.\n")


def test_one_bad_document_stops_the_run_unless_it_may_be_skipped(
    line: CommandLine, vault: Path, password_file: Path, answers: Path
) -> None:
    access = ("--vault", vault, "--password-file", password_file)
    (answers / "broken.md").write_text("no heading")
    stopped = line.run("knowledge", "import", answers, *access)
    assert stopped.code == 3
    assert "Nothing was changed." in stopped.out
    assert "broken.md: The answer has no title" in stopped.err
    assert json.loads(line.run("knowledge", "list", *access, "--json").out) == []
    skipped = line.run("knowledge", "import", answers, *access, "--skip-refused", "--json")
    assert (skipped.code, json.loads(skipped.out)["added"]) == (3, 2)
    assert json.loads(skipped.out)["rejected"] == [{"file": "broken.md", "code": "no_title"}]


def test_a_hostile_document_is_refused_in_words(
    line: CommandLine, vault: Path, password_file: Path, tmp_path: Path
) -> None:
    access = ("--vault", vault, "--password-file", password_file)
    file = tmp_path / "handbook.pdf"
    file.write_bytes(make_pdf([[]], picture=True))
    (tmp_path / "bomb.docx").write_bytes(make_docx(par("x") * 130_000))
    refused = line.run("knowledge", "import", file, tmp_path / "bomb.docx", *access, "--json")
    assert refused.code == 3
    assert json.loads(refused.out)["rejected"] == [
        {"file": "handbook.pdf", "code": "pictures_only"},
        {"file": "bomb.docx", "code": "too_many_parts"},
    ]
    assert "This PDF holds pictures of pages; no text can be read." in refused.err


def test_a_dry_run_shows_what_would_be_taken_and_from_where(
    line: CommandLine, vault: Path, password_file: Path, tmp_path: Path
) -> None:
    access = ("--vault", vault, "--password-file", password_file)
    file = tmp_path / "Fees.docx"
    file.write_bytes(
        make_docx(par("Copies", "berschrift1") + par("Ten cents a page."), modified="2026-11-02T08:00:00Z")
    )
    shown = line.run("knowledge", "import", file, *access, "--dry-run")
    assert shown.code == 0
    assert "added  Copies  Fees.docx  section 1            changed 2026-11-02" in shown.out
    assert shown.out.endswith("Nothing was changed.\n")
    dated = line.run("knowledge", "import", file, *access, "--approved-on", "2026-11-24", "--internal")
    assert dated.out == "Answers: 1 added, 0 changed, 0 unchanged.\n"
    (listed,) = json.loads(line.run("knowledge", "list", *access, "--json").out)
    assert (listed["article"], listed["approved"], listed["internal"], listed["origin"]) == (
        "fees.copies", "2026-11-24", True, "Fees.docx",
    )  # fmt: skip


def test_a_wrong_date_or_path_is_one_line(
    line: CommandLine, vault: Path, password_file: Path, answers: Path, tmp_path: Path
) -> None:
    access = ("--vault", vault, "--password-file", password_file)
    wrong = line.run("knowledge", "import", answers, *access, "--approved-on", "3 November")
    assert (wrong.code, wrong.err) == (2, "vestibule: Write a date as 2026-11-02.\n")
    absent = line.run("knowledge", "import", tmp_path / "none", *access)
    assert (absent.code, absent.err) == (1, "vestibule: There is no such file or folder. Nothing was changed.\n")


def test_a_folder_is_searched_without_a_vault(line: CommandLine, answers: Path) -> None:
    result = line.run("knowledge", "search", "Do you repair bicycles?", "--knowledge", answers, "--json")
    assert (result.code, json.loads(result.out)["covered"]) == (0, False)
    assert "Parking (parking)" in line.run("knowledge", "search", "parking", "--knowledge", answers).out


def test_a_list_shows_dates_and_what_is_internal(line: CommandLine, answers: Path) -> None:
    listed = line.run("knowledge", "list", "--knowledge", answers)
    assert "parking  Parking  2026-06-15" in listed.out
    assert listed.out.startswith("Name     Title    Approved    Valid from  Valid until  Review  Code")
    assert "internal" in listed.out
    documents = json.loads(line.run("knowledge", "list", "--knowledge", answers, "--json").out)
    assert documents[1] == {
        "article": "parking", "title": "Parking", "approved": "2026-06-15", "valid_from": None, "valid_until": None,
        "review_on": None, "short_code": None, "internal": False, "origin": None,
    }  # fmt: skip


def test_a_missing_folder_is_one_line(line: CommandLine, tmp_path: Path) -> None:
    result = line.run("knowledge", "list", "--knowledge", tmp_path / "none")
    assert (result.code, result.out, result.err) == (1, "", "vestibule: There is no such folder.\n")
