"""Sets of conversations: what is rare is said more broadly or stays, and what leaves is counted and recorded."""

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.anonymise.replacing.profiles import Profile
from app.domain.conversation import Origin
from app.domain.events import EventKind
from app.domain.ids import OFFICE, ConversationId
from app.domain.office import Role
from app.services.anonymising.rules import AnonymiseRules
from app.services.anonymising.set_release import LINES_FILE, REPORT_FILE, SetRelease, StaleSetError
from app.services.anonymising.sets import Candidate, Fate, release
from app.services.anonymising.view import LeavingView
from app.services.desk import Desk
from app.services.errors import NoSuchConversationError, NotYoursError
from tests.support.anonymising import InProcessAnonymiser, StoppedHereError
from tests.support.desks import TemporaryDesk

USUAL = "hi, rosa here. my asthma is back, can I come? call 860 555 0142"
RARE = "hello, I am a beekeeper, 41 years old, with lupus, call 860 555 0142"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with TemporaryDesk(tmp_path / "office").opened() as opened:
        yield opened


@pytest.fixture
def sets(desk: Desk) -> SetRelease:
    return SetRelease(desk.ledger, LeavingView(desk.ledger, AnonymiseRules(desk.ledger), InProcessAnonymiser()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


def start(desk: Desk, *texts: str) -> list[ConversationId]:
    return [desk.conversations.start("Rosa Melor", Origin.PHONE, text) for text in texts]


def test_usual_ones_leave_as_they_are_and_a_rare_one_more_broadly_or_not_at_all(desk: Desk, sets: SetRelease) -> None:
    ids = start(desk, *[USUAL] * 5, RARE)
    released = sets.preview(ids, Profile.SAFE_HARBOR).released
    assert [one.fate for one in released.conversations[:5]] == [Fate.AS_ANONYMISED] * 5
    rare = released.conversations[5]
    assert rare.fate in {Fate.GENERALISED, Fate.RARE}
    said = json.dumps([one.turns for one in released.leaving])
    assert "beekeeper" not in said
    assert "lupus" not in said
    assert "asthma" in said
    assert released.risk.after.rare == 0


def test_below_k_of_them_nothing_that_singles_out_is_left(desk: Desk, sets: SetRelease) -> None:
    released = sets.preview(start(desk, *[USUAL] * 4), Profile.SAFE_HARBOR).released
    assert "asthma" not in str([one.turns for one in released.leaving])
    assert released.count(Fate.GENERALISED) == 4
    assert sets.preview(start(desk, *[USUAL] * 4), Profile.SAFE_HARBOR, 4).released.count(Fate.AS_ANONYMISED) == 4


def test_what_is_written_holds_no_id_no_name_and_a_report_of_counts(desk: Desk, sets: SetRelease, folder: Path) -> None:
    ids = start(desk, *[USUAL] * 5, RARE)
    preview = sets.preview(ids, Profile.SAFE_HARBOR)
    made = sets.write(preview, folder)
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in made.iterdir()} == {0o600}
    lines = [json.loads(line) for line in (made / LINES_FILE).read_text().splitlines()]
    assert [line["id"] for line in lines] == [f"c{number:05d}" for number in range(1, len(lines) + 1)]
    assert lines[0]["turns"][0]["who"] == "user"
    written = "".join(file.read_text() for file in made.iterdir())
    assert not any(one in written for one in (*ids, "rosa", "555 0142", "beekeeper"))
    report = json.loads((made / REPORT_FILE).read_text())
    assert (report["conversations"], report["leaving"], report["k"]) == (6, len(lines), 5)
    assert sum(report["fates"].values()) == 6


def test_the_log_says_who_took_which_and_the_way_back_is_kept_in_each(
    desk: Desk, sets: SetRelease, folder: Path
) -> None:
    ids = start(desk, *[USUAL] * 5)
    sets.write(sets.preview(ids, Profile.LABELS), folder)
    (noted,) = [one for one in desk.ledger.log.read(OFFICE) if one.kind is EventKind.ANONYMISED_SET_EXPORTED]
    assert noted.body == {"conversations": [*ids], "withheld": 0, "broadened": 0, "k": 5, "profile": "labels"}
    assert noted.actor == desk.person.person_id
    for cid in ids:
        kinds = [event.kind for event in desk.ledger.log.read(cid)]
        assert EventKind.ANONYMISED_MAPPED in kinds
    assert EventKind.ANONYMISED_SET_EXPORTED.value in str(desk.audit.entries())


def test_looking_writes_nothing(desk: Desk, sets: SetRelease) -> None:
    ids = start(desk, *[USUAL] * 5)
    before = desk.ledger.log.tail()
    sets.preview(ids, Profile.SAFE_HARBOR)
    assert desk.ledger.log.tail() == before


def test_a_second_set_of_the_day_gets_a_folder_of_its_own(desk: Desk, sets: SetRelease, folder: Path) -> None:
    preview = sets.preview(start(desk, *[USUAL] * 5), Profile.SAFE_HARBOR)
    assert sets.write(preview, folder) != sets.write(preview, folder)


@pytest.mark.parametrize("change", ["message", "erased"])
def test_what_changed_since_it_was_looked_at_is_not_written(
    desk: Desk, sets: SetRelease, folder: Path, change: str
) -> None:
    ids = start(desk, *[USUAL] * 5)
    preview = sets.preview(ids, Profile.SAFE_HARBOR)
    if change == "message":
        desk.conversations.receive(ids[2], "one more thing")
    else:
        desk.erasure.erase((ids[2],), "request")
    before = desk.ledger.log.tail()
    with pytest.raises(StaleSetError):
        sets.write(preview, folder)
    assert list(folder.iterdir()) == []
    assert desk.ledger.log.tail() == before


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.PROFESSIONAL, Role.AUDITOR, Role.IT])
def test_only_an_administrator_releases_sets(desk: Desk, sets: SetRelease, folder: Path, role: Role) -> None:
    ids = start(desk, *[USUAL] * 5)
    preview = sets.preview(ids, Profile.SAFE_HARBOR)
    desk.vault.person = replace(desk.vault.person, role=role)
    with pytest.raises(NotYoursError):
        sets.preview(ids, Profile.SAFE_HARBOR)
    with pytest.raises(NotYoursError):
        sets.write(preview, folder)
    assert list(folder.iterdir()) == []


def test_a_conversation_that_is_not_here_and_a_wish_to_stop(desk: Desk, sets: SetRelease) -> None:
    with pytest.raises(NoSuchConversationError):
        sets.preview([ConversationId("never")], Profile.SAFE_HARBOR)
    with pytest.raises(StoppedHereError):
        sets.preview(start(desk, USUAL), Profile.SAFE_HARBOR, is_stopped=lambda: True)


def test_what_cannot_leave_whatever_is_in_it_stays_and_says_why() -> None:
    candidates = [Candidate("a", stays=Fate.NO_CONSENT), Candidate("b"), Candidate("c", stays=Fate.NOT_ANONYMISED)]
    released = release(candidates, "labels")
    assert [one.fate for one in released.conversations] == [Fate.NO_CONSENT, Fate.EMPTY, Fate.NOT_ANONYMISED]
    assert list(released.lines()) == []


@pytest.mark.parametrize("k", [1, 0, 101])
def test_a_crowd_of_one_is_none(k: int) -> None:
    with pytest.raises(ValueError):
        release([], "labels", k)
