"""``vestibule erase`` and ``vestibule hold``: exit codes, words, and a certificate that can be checked later."""

import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.vaults import stretched_once

WORDS = "my sister saw the pewter heron behind the observatory"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real temporary folder holds this test's own input; hunt in one of our own."""
    folder = tmp_path / "own-temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr("app.store.slots.stretch", stretched_once)
    return folder


@pytest.fixture
def access(vault: Path, password_file: Path) -> tuple[object, ...]:
    return ("--vault", vault, "--password-file", password_file)


@pytest.fixture
def cid(line: CommandLine, access: tuple[object, ...], tmp_path: Path) -> str:
    taken = tmp_path / "in.jsonl"
    taken.write_text(json.dumps({"id": "a", "contact": "Ada Quill", "turns": [{"who": "user", "text": WORDS}]}))
    assert line.run("conversations", "import", taken, *access).code == 0
    return json.loads(line.run("conversations", "search", "heron", *access, "--json").out)[0]["conversation"]


def hold(line: CommandLine, access: tuple[object, ...], cid: str, day: str | None = None) -> dict[str, object]:
    review = day or str(datetime.now(UTC).date() + timedelta(days=30))
    ended = line.run("hold", "add", cid, "--reason", "claim", "--review", review, *access, "--json")
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def test_erased_for_good_with_a_certificate_that_is_kept_saved_and_checked(
    line: CommandLine, access: tuple[object, ...], cid: str, tmp_path: Path
) -> None:
    saved = tmp_path / "certificate.json"
    ended = line.run("erase", cid, "--yes", "--certificate", saved, *access, "--json")
    done = json.loads(ended.out)
    assert (ended.code, done["hunt"]["is_clean"], done["conversations"][0]["id"]) == (0, True, cid)
    assert {place["name"] for place in done["hunt"]["places"]} >= {"vault", "temporary"}
    assert line.run("conversations", "export", cid, *access).code == 1
    assert json.loads(saved.read_text()) == done
    assert saved.stat().st_mode & 0o077 == 0
    assert json.loads(line.run("erase", "--check", saved, "--json").out) == {"genuine": True}
    again = line.run("erase", cid, *access, "--json")
    assert (again.code, json.loads(again.out)) == (0, done)
    assert json.loads(line.run("vault", "verify", *access, "--json").out)["sound"]


def test_words_that_stand_in_a_temporary_file_are_reported_with_its_name(
    line: CommandLine, access: tuple[object, ...], cid: str, temporary: Path
) -> None:
    (temporary / "left-behind").write_text(WORDS)
    ended = line.run("erase", cid, "--yes", *access)
    assert ended.code == 1
    assert "left-behind" in ended.out


def test_without_yes_nobody_can_be_asked_and_nothing_goes(
    line: CommandLine, access: tuple[object, ...], cid: str
) -> None:
    ended = line.run("erase", cid, *access)
    assert (ended.code, "--yes" in ended.err) == (2, True)
    assert line.run("erase", *access).code == 2
    assert line.run("conversations", "export", cid, *access).code == 0


def test_a_held_conversation_is_refused_until_it_is_released(
    line: CommandLine, access: tuple[object, ...], cid: str
) -> None:
    placed = hold(line, access, cid)
    ended = line.run("erase", cid, "--yes", *access)
    assert (ended.code, "hold list" in ended.err, WORDS in ended.err) == (1, True, False)
    listed = json.loads(line.run("hold", "list", *access, "--json").out)
    assert [(one["hold"], one["overdue"]) for one in listed] == [(placed["hold"], False)]
    released = line.run("hold", "release", placed["hold"], "--reason", "settled", *access, "--json")
    assert json.loads(released.out) == {"hold": placed["hold"], "conversation": cid, "still_held": 0}
    assert line.run("hold", "release", placed["hold"], "--reason", "settled", *access).code == 1
    assert line.run("hold", "list", *access).out == "Nothing is held.\n"
    assert line.run("erase", cid, "--yes", *access).code == 0


def test_holds_are_shown_to_people_too(line: CommandLine, access: tuple[object, ...], cid: str) -> None:
    hold(line, access, cid)
    listed = line.run("hold", "list", *access)
    assert (listed.code, "claim" in listed.out) == (0, True)
    wrong = line.run("hold", "add", cid, "--reason", "claim", "--review", "soon", *access)
    assert (wrong.code, "2027-01-31" in wrong.err) == (2, True)
    past = line.run("hold", "add", cid, "--reason", "claim", "--review", "2020-01-31", *access)
    assert past.code == 1


def test_words_of_one_message_are_taken_out(line: CommandLine, access: tuple[object, ...], cid: str) -> None:
    event = json.loads(line.run("conversations", "search", "heron", *access, "--json").out)[0]["event"]
    start = WORDS.index("pewter")
    command = ("erase", cid, "--message", event, "--span", f"{start}:{start + 12}", *access)
    assert line.run(*command).code == 2
    assert line.run("erase", cid, "--message", event, "--span", "x", "--yes", *access).code == 2
    assert line.run("erase", cid, "--span", "1:2", "--yes", *access).code == 2
    done = line.run(*command, "--yes", "--json")
    assert (done.code, json.loads(done.out)["quotes"]) == (0, 0)
    shown = line.run("conversations", "export", cid, *access).out
    assert "saw the ███ behind" in shown
    assert "heron" not in shown
    assert line.run("erase", cid, "--message", "never", "--yes", *access).code == 1


def test_a_forged_certificate_is_refused(
    line: CommandLine, access: tuple[object, ...], cid: str, tmp_path: Path
) -> None:
    done = json.loads(line.run("erase", cid, "--yes", *access, "--json").out)
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps(done | {"bodies_removed": 99}))
    assert line.run("erase", "--check", forged).code == 1
    forged.write_text("{")
    assert line.run("erase", "--check", forged).code == 3
