"""``vestibule people`` and the keys of a vault: people come, change, forget and go, by command alone."""

import json
import time
from pathlib import Path

import pytest

from app.cli import vault_keys
from app.crypto.passwords import FLOOR
from app.crypto.timed_codes import code_at, secret_of_link, step_at
from app.domain.office import LicenceKind, Role
from app.services.people import key_sticks
from app.services.people.service import PeopleService
from app.services.people.sign_in import SignInService
from app.services.vaults import VaultService
from tests.support.command_line import CommandLine, write_password
from tests.support.vaults import PASSWORD

NEW = "seven herons over a slate roof"
OTHER = "a violin asleep in the orchard"


@pytest.fixture(autouse=True)
def cheap_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least stretching that is allowed, in place of 1.3 s for each password that is set."""
    monkeypatch.setattr(PeopleService.__init__, "__defaults__", (FLOOR,))
    monkeypatch.setattr(VaultService.change_password, "__kwdefaults__", {"person_id": None, "kdf": FLOOR})


@pytest.fixture
def access(vault: Path, password_file: Path) -> tuple[object, ...]:
    return ("--vault", vault, "--password-file", password_file, "--json")


def private(folder: Path, name: str, text: str) -> Path:
    place = folder / name
    place.mkdir(mode=0o700)
    return write_password(place, text)


def test_somebody_comes_in_chooses_a_password_and_is_let_go(
    line: CommandLine, vault: Path, access: tuple[object, ...], tmp_path: Path
) -> None:
    added = json.loads(line.run("people", "add", "Nora Beck", "--role", "front_desk", *access).out)
    given = private(tmp_path, "given", added["one_time_password"])
    theirs = ("--vault", vault, "--password-file", given, "--json")
    refused = line.run("people", "list", *theirs)
    assert (refused.code, refused.out) == (4, "")
    assert "people password" in refused.err
    chosen = private(tmp_path, "chosen", NEW)
    assert line.run("people", "password", *theirs, "--new-password-file", chosen).code == 0
    nora = ("--vault", vault, "--password-file", chosen, "--json")
    not_hers = line.run("people", "disable", "Mara Lind", *nora)
    assert (not_hers.code, not_hers.err) == (1, "vestibule: This takes an administrator.\n")
    gone = json.loads(line.run("people", "disable", "Nora Beck", *access).out)
    assert (gone["name"], gone["conversations_freed"], gone["rotated"]) == ("Nora Beck", 0, True)
    after = json.loads(line.run("people", "list", *access).out)
    assert [(one["name"], one["role"], one["must_change_password"]) for one in after["people"]] == [
        ("Mara Lind", "administrator", False)
    ]
    assert not after["rotation_due"]


def test_a_professional_has_a_licence_and_becomes_an_auditor_without_one(
    line: CommandLine, access: tuple[object, ...]
) -> None:
    missing = line.run("people", "add", "Nora Beck", "--role", "professional", *access)
    assert (missing.code, "licence" in missing.err) == (1, True)
    command = ("people", "add", "Nora Beck", "--role", "professional", "--licence", "physician", "--place", "us-ca")
    added = json.loads(line.run(*command, *access).out)
    assert added["licence"] == {"kind": LicenceKind.PHYSICIAN.value, "place": "US-CA"}
    changed = json.loads(line.run("people", "change", "Nora Beck", "--role", "auditor", *access).out)
    assert (changed["role"], changed["licence"]) == (Role.AUDITOR.value, None)


def test_who_forgot_gets_another_first_password_and_nobody_else_is_meant(
    line: CommandLine, access: tuple[object, ...]
) -> None:
    first = json.loads(line.run("people", "add", "Nora Beck", *access).out)
    second = json.loads(line.run("people", "reset", first["id"], *access).out)
    assert (second["id"], second["name"]) == (first["id"], "Nora Beck")
    assert second["one_time_password"] != first["one_time_password"]
    unknown = line.run("people", "reset", "Nora", *access)
    assert (unknown.code, "people list" in unknown.err) == (1, True)
    own = line.run("people", "reset", "Mara Lind", *access)
    assert (own.code, own.err) == (1, "vestibule: Another administrator has to do this to you.\n")


def test_two_shares_give_a_new_password_and_the_sheets_can_be_read(
    line: CommandLine, vault: Path, access: tuple[object, ...], tmp_path: Path
) -> None:
    made = json.loads(line.run("vault", "shares", "make", *access).out)
    assert (made["threshold"], len(made["shares"])) == (2, 3)
    chosen = private(tmp_path, "chosen", NEW)
    one, two = (private(tmp_path, f"share{number}", made["shares"][number]) for number in (0, 2))
    where = ("--vault", vault, "--new-password-file", chosen, "--json")
    too_few = line.run("vault", "recover", "--share", one, *where)
    assert (too_few.code, too_few.err) == (1, "vestibule: Two shares are needed.\n")
    typo = private(tmp_path, "typo", made["shares"][1].replace(made["shares"][1].split()[6], "vestibule", 1))
    mistyped = line.run("vault", "recover", "--share", one, "--share", typo, *where)
    assert (mistyped.code, "Share 2" in mistyped.err) == (3, True)
    assert json.loads(line.run("vault", "recover", "--share", one, "--share", two, *where).out)["recovered"]
    assert line.run("people", "list", "--vault", vault, "--password-file", chosen).code == 0
    assert line.run("people", "list", *access).code == 4


def test_shares_are_printed_in_numbered_words(line: CommandLine, vault: Path, password_file: Path) -> None:
    shown = line.run("vault", "shares", "make", "--vault", vault, "--password-file", password_file).out
    assert all(f"Share {number} of 3" in shown for number in (1, 2, 3))
    assert shown.count(" 33 ") == 3


def test_a_vault_gets_another_key_and_everything_opens_as_before(
    line: CommandLine, vault: Path, access: tuple[object, ...]
) -> None:
    before = (vault / "vault.db").read_bytes()[:16]
    assert json.loads(line.run("vault", "rekey", *access).out) == {"epoch": 2}
    assert (vault / "vault.db").read_bytes()[:16] != before
    assert line.run("vault", "verify", *access).code == 0


def test_recovering_says_what_it_needs(line: CommandLine, vault: Path) -> None:
    assert line.run("vault", "recover", "--vault", vault).code == 2
    assert vault_keys.shares.info.help


def test_somebody_who_was_wrong_too_often_waits(line: CommandLine, vault: Path, tmp_path: Path) -> None:
    wrong = private(tmp_path, "wrong", OTHER)
    theirs = ("--vault", vault, "--password-file", wrong)
    for _ in range(3):
        assert "not the password" in line.run("people", "list", *theirs).err
    waits = line.run("people", "list", *theirs)
    assert (waits.code, "Try again in" in waits.err) == (4, True)


@pytest.fixture
def cheap_factors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SignInService.__init__, "__defaults__", (FLOOR,))
    monkeypatch.setattr(key_sticks, "_is_apart", lambda _root, _vault: True)


def phone_shows(secret_file: Path, steps: int = 0) -> str:
    secret = secret_of_link(secret_file.read_text(encoding="utf-8").strip())
    assert secret is not None
    return code_at(secret, step_at(time.time_ns() // 1_000_000) + steps)


@pytest.mark.usefixtures("cheap_factors")
def test_a_phone_is_enrolled_asked_for_and_taken_away(
    line: CommandLine, vault: Path, access: tuple[object, ...], tmp_path: Path
) -> None:
    secret_file = tmp_path / "secret"
    assert json.loads(line.run("people", "factor", "phone", "--secret-file", secret_file, *access).out) == {
        "secret_file": str(secret_file),
        "in_force": False,
    }
    assert secret_file.stat().st_mode & 0o077 == 0
    code = private(tmp_path, "code", phone_shows(secret_file, -1))
    command = ("people", "factor", "phone", "--secret-file", secret_file, "--code-file", code)
    spare = json.loads(line.run(*command, *access).out)["printed_codes"]
    assert len(spare) == 8
    refused = line.run("people", "list", *access)
    assert (refused.code, "code" in refused.err) == (4, True)
    both = private(tmp_path, "both", f"{PASSWORD}\n{phone_shows(secret_file)}\n")
    with_phone = ("--vault", vault, "--password-file", both, "--json")
    shown = json.loads(line.run("people", "factor", "status", *with_phone).out)
    assert shown == {"phone": True, "printed_codes_left": 8, "second": None}
    assert line.run("people", "factor", "status", *with_phone).code == 4
    printed = private(tmp_path, "printed", f"{PASSWORD}\n{spare[0]}\n")
    renew = ("people", "factor", "spare", "--vault", vault, "--password-file", printed)
    renewed = line.run(*renew, "--json")
    new = json.loads(renewed.out)["printed_codes"]
    last = private(tmp_path, "last", f"{PASSWORD}\n{new[0]}\n")
    assert json.loads(
        line.run("people", "factor", "remove", "phone", "--vault", vault, "--password-file", last, "--json").out
    ) == {"removed": "phone"}
    assert line.run("people", "list", *access).code == 0


@pytest.mark.usefixtures("cheap_factors")
def test_a_stick_makes_a_shorter_password_good_and_is_missed_without(
    line: CommandLine, vault: Path, access: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    short = private(tmp_path, "short", "heron slate")
    made = line.run("people", "factor", "stick", disk, "--new-password-file", short, *access)
    assert Path(json.loads(made.out)["stick"]).parent == disk
    theirs = ("--vault", vault, "--password-file", short, "--json")
    missed = line.run("people", "list", *theirs)
    assert (missed.code, "not plugged in" in missed.err) == (1, True)
    monkeypatch.setattr(key_sticks.find_stick, "__defaults__", (lambda: (disk,),))
    assert line.run("people", "list", *theirs).code == 0
    too_short = line.run("people", "factor", "remove", "stick", *theirs)
    assert (too_short.code, "guessers" in too_short.err) == (1, True)
    chosen = private(tmp_path, "chosen", NEW)
    assert line.run("people", "factor", "remove", "stick", "--new-password-file", chosen, *theirs).code == 0
    assert line.run("people", "list", "--vault", vault, "--password-file", chosen).code == 0


def test_without_a_terminal_the_phone_needs_a_file(line: CommandLine, access: tuple[object, ...]) -> None:
    assert line.run("people", "factor", "phone", *access).code == 2


def test_paper_is_proved_renewed_and_the_old_one_proves_nothing(
    line: CommandLine, access: tuple[object, ...], tmp_path: Path
) -> None:
    first = json.loads(line.run("vault", "code", "renew", *access).out)["recovery_code"]
    paper = private(tmp_path, "paper", first)
    assert json.loads(line.run("vault", "code", "prove", "--code-file", paper, *access).out) == {"proven": "recovery"}
    line.run("vault", "code", "renew", *access)
    old = line.run("vault", "code", "prove", "--code-file", paper, *access)
    assert (old.code, "newer code" in old.err) == (4, True)
    made = json.loads(line.run("vault", "shares", "make", *access).out)["shares"]
    one, two = (private(tmp_path, f"sheet{number}", made[number]) for number in (0, 2))
    shown = line.run("vault", "code", "prove", "--share", one, "--share", two, *access)
    assert json.loads(shown.out) == {"proven": "shares"}
    assert line.run("vault", "code", "prove", *access).code == 2
