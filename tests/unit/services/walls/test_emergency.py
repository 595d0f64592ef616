"""Emergency access at a real desk: a reason, a second person with their own password, an end, a judge."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.conversation import InboxView, Origin
from app.domain.events import EventKind
from app.domain.ids import OFFICE, ConversationId, EventId, PersonId
from app.domain.roles import WhyNot
from app.domain.walls import (
    ACCESS_S,
    MAX_REASON_CHARS,
    Access,
    AccessFault,
    Cause,
    Finding,
    WallFault,
    reviewing_fault,
)
from app.services.desk import Desk
from app.services.errors import NoSuchConversationError, NotYoursError
from app.services.walls.emergency import Asked, Confirmed, EmergencyService
from app.services.walls.errors import AccessRefusedError, WallRefusedError
from app.store.errors import TooSoonError, WrongPasswordError
from app.store.keyring import KEYRING_NAMES
from tests.support.walled import PASSWORDS, WalledOffice

NAME, WORDS = "Zephyrine Quillfeather", "the marmalade inheritance dispute"
REASON = "She collapsed in the waiting room and nobody knows her medicines."
ASKED = Asked("quillfeather", Cause.DANGER, REASON)


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def office(tmp_path: Path) -> WalledOffice:
    return WalledOffice(tmp_path)


@pytest.fixture
def walled(office: WalledOffice) -> ConversationId:
    with office.sit("vale") as desk:
        cid = desk.conversations.start(NAME, Origin.PHONE, WORDS)
        desk.walls.set(cid, [office.id_of("vale")])
        return cid


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


def at(office: WalledOffice, who: str, clock: Seconds) -> Desk:
    desk = office.sit(who)
    desk.emergency = EmergencyService(desk.ledger, desk.sign_in.prove, clock)
    return desk


@pytest.fixture
def noor(office: WalledOffice, walled: ConversationId, clock: Seconds) -> Iterator[Desk]:
    with at(office, "noor", clock) as desk:
        yield desk


def confirm(desk: Desk, asked: Asked = ASKED, who: str = "vale", password: str | None = None) -> Confirmed:
    return desk.emergency.confirm(asked, PersonId(who), PASSWORDS[who] if password is None else password)


def test_two_people_and_a_reason_open_it_for_a_while(noor: Desk, walled: ConversationId, clock: Seconds) -> None:
    confirmed = confirm(noor)
    assert [one.contact_name for one in confirmed.found] == [NAME]
    assert not noor.ledger.keys.has(walled), "nothing opens before somebody chose"
    access = noor.emergency.open(confirmed, walled)
    assert noor.conversations.thread(walled).contact_name == NAME
    assert [row.conversation_id for row in noor.conversations.inbox(InboxView.OPEN)] == [walled]
    assert len(noor.conversations.search("marmalade")) == 1
    noor.conversations.add_note(walled, "told the ambulance")
    assert noor.emergency.running == (access,)
    clock.now += ACCESS_S - 1
    assert noor.emergency.sweep() == ()
    clock.now += 1
    with pytest.raises(NoSuchConversationError):
        noor.conversations.thread(walled)
    assert noor.emergency.sweep() == (walled,)
    assert noor.emergency.running == ()
    assert noor.conversations.counts().open == 0


def test_it_is_in_the_log_with_who_why_and_until_when(noor: Desk, walled: ConversationId) -> None:
    access = noor.emergency.open(confirm(noor), walled)
    events = [event for event in noor.ledger.log.read(OFFICE) if event.kind is EventKind.EMERGENCY_OPENED]
    assert len(events) == 1
    assert events[0].actor == "noor"
    assert events[0].body["confirmed_by"] == "vale"
    assert events[0].body["reason"] == REASON
    assert access.until_ms - access.opened_ms == pytest.approx(ACCESS_S * 1000, abs=50)
    assert REASON not in repr(access)


def test_a_lock_ends_it_and_no_byte_of_the_keyring_has_changed(
    office: WalledOffice, walled: ConversationId, clock: Seconds
) -> None:
    before = [(office.directory / name).read_bytes() for name in KEYRING_NAMES]
    with at(office, "noor", clock) as desk:
        desk.emergency.open(confirm(desk), walled)
        assert desk.ledger.keys.has(walled)
    assert [(office.directory / name).read_bytes() for name in KEYRING_NAMES] == before
    with at(office, "noor", clock) as desk:
        assert not desk.ledger.keys.has(walled)


def test_it_can_be_ended_before_its_time(noor: Desk, walled: ConversationId) -> None:
    access = noor.emergency.open(confirm(noor), walled)
    noor.emergency.end(access.access_id)
    assert not noor.ledger.keys.has(walled)
    with pytest.raises(AccessRefusedError) as caught:
        noor.emergency.end(access.access_id)
    assert caught.value.fault is AccessFault.NO_SUCH_ACCESS


def test_who_got_in_by_emergency_cannot_let_themselves_stay(
    office: WalledOffice, walled: ConversationId, clock: Seconds
) -> None:
    with at(office, "otto", clock) as desk:
        desk.emergency.open(confirm(desk), walled)
        for act in (
            lambda: desk.walls.set(walled, [office.id_of("otto")]),
            lambda: desk.walls.lower(walled),
        ):
            with pytest.raises(WallRefusedError) as caught:
                act()
            assert caught.value.fault is WallFault.ONLY_BORROWED
        assert desk.conversations.thread(walled).contact_name == NAME
    with at(office, "otto", clock) as desk:
        assert not desk.ledger.keys.has(walled)


@pytest.mark.parametrize(
    ("asked", "who", "fault"),
    [
        (Asked("quillfeather", Cause.DANGER, "   short  "), "vale", AccessFault.NO_REASON),
        (Asked("quillfeather", Cause.DANGER, "x" * (MAX_REASON_CHARS + 1)), "vale", AccessFault.LONG_REASON),
        (ASKED, "noor", AccessFault.YOURSELF),
        (Asked("somebody else", Cause.OTHER, REASON), "vale", AccessFault.NOT_WITHIN),
        (Asked("", Cause.OTHER, REASON), "vale", AccessFault.NOT_WITHIN),
        (ASKED, "otto", AccessFault.NOT_WITHIN),
    ],
)
def test_who_asks_wrongly_gets_in_nowhere(
    noor: Desk, walled: ConversationId, asked: Asked, who: str, fault: AccessFault
) -> None:
    with pytest.raises(AccessRefusedError) as caught:
        confirm(noor, asked, who)
    assert caught.value.fault is fault
    assert not noor.ledger.keys.has(walled)
    assert not [one for one in noor.ledger.log.read(OFFICE) if one.kind is EventKind.EMERGENCY_OPENED]


def test_an_administrator_outside_of_the_wall_cannot_let_anybody_in(noor: Desk) -> None:
    """By key: whoever is not within has nothing to lend, whatever their role."""
    with pytest.raises(AccessRefusedError) as caught:
        confirm(noor, ASKED, "otto")
    assert caught.value.fault is AccessFault.NOT_WITHIN


def test_a_wrong_password_of_the_second_person_is_counted_and_waits(noor: Desk, walled: ConversationId) -> None:
    for _ in range(3):
        with pytest.raises(WrongPasswordError):
            confirm(noor, password="not the password at all")
    with pytest.raises(TooSoonError):
        confirm(noor)
    assert not noor.ledger.keys.has(walled)


def test_the_choice_is_among_what_the_second_person_found(noor: Desk, walled: ConversationId) -> None:
    confirmed = confirm(noor)
    with pytest.raises(AccessRefusedError):
        noor.emergency.open(confirmed, ConversationId("01JZZZZZZZZZZZZZZZZZZZZZZZ"))
    assert NAME not in repr(confirmed)
    assert not noor.ledger.keys.has(walled)


@pytest.mark.parametrize("who", ["quinn", "iris"])
def test_who_never_sees_a_message_never_gets_in(
    office: WalledOffice, walled: ConversationId, clock: Seconds, who: str
) -> None:
    with at(office, who, clock) as desk:
        with pytest.raises(NotYoursError) as caught:
            confirm(desk)
        assert caught.value.why is WhyNot.NEVER_A_MESSAGE
        assert not desk.ledger.keys.has(walled)


def test_an_administrator_who_took_no_part_reviews_it_once(
    office: WalledOffice, walled: ConversationId, clock: Seconds
) -> None:
    with at(office, "noor", clock) as desk:
        access = desk.emergency.open(confirm(desk), walled)
        with pytest.raises(NotYoursError):
            desk.emergency.review(access.access_id, Finding.JUSTIFIED, "mine")
    with at(office, "quinn", clock) as desk:
        assert desk.emergency.open_reviews() == 1
        assert desk.emergency.accesses()[0].reason == REASON
        with pytest.raises(NotYoursError):
            desk.emergency.review(access.access_id, Finding.JUSTIFIED, "")
    with at(office, "otto", clock) as desk:
        assert desk.emergency.open_reviews() == 1
        reviewed = desk.emergency.review(access.access_id, Finding.NOT_JUSTIFIED, "The duty doctor was there.")
        assert (reviewed.finding, reviewed.reviewed_by) == (Finding.NOT_JUSTIFIED, "otto")
        assert desk.emergency.open_reviews() == 0
        with pytest.raises(AccessRefusedError) as caught:
            desk.emergency.review(access.access_id, Finding.JUSTIFIED, "")
        assert caught.value.fault is AccessFault.REVIEWED
        with pytest.raises(AccessRefusedError) as caught:
            desk.emergency.review(EventId("no such"), Finding.JUSTIFIED, "")
        assert caught.value.fault is AccessFault.NO_SUCH_ACCESS


def test_an_administrator_who_asked_is_no_judge_of_it(
    office: WalledOffice, walled: ConversationId, clock: Seconds
) -> None:
    with at(office, "otto", clock) as desk:
        access = desk.emergency.open(confirm(desk), walled)
        assert desk.emergency.why_not_review(access) is AccessFault.TOOK_PART
        with pytest.raises(AccessRefusedError) as caught:
            desk.emergency.review(access.access_id, Finding.JUSTIFIED, "")
        assert caught.value.fault is AccessFault.TOOK_PART
    with at(office, "mara", clock) as desk:
        assert desk.emergency.review(access.access_id, Finding.JUSTIFIED, "").finding is Finding.JUSTIFIED


@pytest.mark.parametrize("took_part", ["asker", "confirmer"])
def test_the_rule_of_review_stands_without_a_desk(took_part: str) -> None:
    access = Access(
        EventId("e"), ConversationId("c"), PersonId("asker"), PersonId("confirmer"), Cause.OTHER, REASON, 1, 2
    )
    assert reviewing_fault(access, PersonId(took_part)) is AccessFault.TOOK_PART
    assert reviewing_fault(access, PersonId("judge")) is None
    assert access.over_ms == 2


def test_the_front_desk_does_not_read_who_was_let_in(noor: Desk) -> None:
    with pytest.raises(NotYoursError):
        noor.emergency.accesses()
