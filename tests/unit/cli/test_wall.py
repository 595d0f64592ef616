"""``vestibule wall``: set, shown, moved, lowered; accesses listed and judged; exit codes and words."""

import json
from pathlib import Path

import pytest

from app.domain.conversation import Origin
from app.domain.ids import PersonId
from app.domain.walls import Cause
from app.services.walls.emergency import Asked
from tests.support.command_line import CommandLine
from tests.support.walled import PASSWORDS, WalledOffice

NAME, WORDS = "Zephyrine Quillfeather", "the marmalade inheritance dispute"


@pytest.fixture
def office(tmp_path: Path) -> WalledOffice:
    return WalledOffice(tmp_path)


@pytest.fixture
def cid(office: WalledOffice) -> str:
    with office.sit("vale") as desk:
        return str(desk.conversations.start(NAME, Origin.PHONE, WORDS))


def access_of(office: WalledOffice, tmp_path: Path, who: str) -> tuple[object, ...]:
    file = tmp_path / f"password-{who}"
    file.write_text(PASSWORDS[who])
    file.chmod(0o600)
    return ("--vault", office.directory, "--password-file", file)


def test_a_wall_is_set_shown_and_lowered(line: CommandLine, office: WalledOffice, cid: str, tmp_path: Path) -> None:
    vale, otto = (access_of(office, tmp_path, who) for who in ("vale", "otto"))
    done = line.run("wall", "set", cid, "--person", "Dr Vale", "--person", "Noor Haddad", *vale, "--json")
    assert done.code == 0, done.err
    assert {one["name"] for one in json.loads(done.out)["people"]} == {"Dr Vale", "Noor Haddad"}
    shown = line.run("wall", "show", cid, *vale)
    assert "Within: Dr Vale, Noor Haddad" in shown.out
    assert "No administrator is within" in shown.out
    outside = line.run("wall", "show", cid, *otto)
    never = line.run("wall", "show", "01JZZZZZZZZZZZZZZZZZZZZZZZ", *otto)
    assert (
        (outside.code, outside.err)
        == (never.code, never.err)
        == (1, "vestibule: There is no conversation with this id.\n")
    )
    assert json.loads(line.run("conversations", "search", "marmalade", *otto, "--json").out) == []
    assert NAME not in line.run("conversations", "export", cid, *otto).err
    lowered = json.loads(line.run("wall", "lower", cid, *vale, "--json").out)
    assert lowered == {"conversation": cid, "wall": False}
    assert line.run("wall", "lower", cid, *vale).err == "vestibule: There is no wall round this conversation.\n"
    assert line.run("wall", "show", cid, *otto).out == "There is no wall round this conversation.\n"


def test_emergency_accesses_are_listed_and_judged_once(
    line: CommandLine, office: WalledOffice, cid: str, tmp_path: Path
) -> None:
    otto = access_of(office, tmp_path, "otto")
    assert line.run("wall", "accesses", *otto).out == "Nobody has ever asked for emergency access.\n"
    with office.sit("vale") as desk:
        desk.walls.set(desk.conversations.search("marmalade")[0].conversation_id, [office.id_of("vale")])
    with office.sit("noor") as desk:
        asked = Asked("quillfeather", Cause.DANGER, "She collapsed in the waiting room.")
        confirmed = desk.emergency.confirm(asked, PersonId("vale"), PASSWORDS["vale"])
        access = desk.emergency.open(confirmed, confirmed.found[0].conversation_id)
    listed = line.run("wall", "accesses", *otto, "--json")
    assert (listed.code, json.loads(listed.out)[0]["finding"]) == (1, None)
    assert "NOT REVIEWED" in line.run("wall", "accesses", *otto).out
    assert line.run("wall", "review", access.access_id, "--finding", "fine", *otto).code == 2
    judged = line.run("wall", "review", access.access_id, "--finding", "justified", "--note", "ok", *otto, "--json")
    assert json.loads(judged.out)["finding"] == "justified"
    again = line.run("wall", "review", access.access_id, "--finding", "justified", *otto)
    assert (again.code, again.err) == (1, "vestibule: Somebody has reviewed it already.\n")
    assert line.run("wall", "accesses", *otto).code == 0
