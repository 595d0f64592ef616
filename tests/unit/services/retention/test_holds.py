"""Legal holds: placed with an owner, a reason and a day; released with a reason; in the way of every erasure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.conversation import Origin
from app.domain.events import EventKind
from app.domain.ids import ConversationId, EventId
from app.domain.office import Role
from app.services.desk import Desk
from app.services.errors import (
    HeldByLawError,
    HoldFault,
    HoldRefusedError,
    InvalidTextError,
    NoSuchConversationError,
    NotYoursError,
)
from tests.support.desks import TemporaryDesk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with TemporaryDesk(tmp_path).opened() as opened:
        yield opened


@pytest.fixture
def cid(desk: Desk) -> ConversationId:
    return desk.conversations.start("Ada Quill", Origin.PHONE, "the heron sleeps")


def place(desk: Desk, cid: ConversationId, days: int = 30) -> EventId:
    review_on = desk.holds.today() + timedelta(days=days)
    return desk.holds.add(cid, owner="Mara Lind", reason="claim of 3 May", review_on=review_on).hold_id


def test_a_hold_says_who_why_and_until_when_somebody_looks_again(desk: Desk, cid: ConversationId) -> None:
    hold_id = place(desk, cid)
    (hold,) = desk.holds.all()
    assert (hold.hold_id, hold.conversation_id, hold.owner, hold.reason) == (
        hold_id,
        cid,
        "Mara Lind",
        "claim of 3 May",
    )
    assert not hold.is_overdue(desk.holds.today())
    assert hold.is_overdue(hold.review_on + timedelta(days=1))
    assert desk.holds.of(cid) == (hold,)
    assert "Mara" not in repr(hold)
    assert "claim" not in repr(hold)


def test_the_next_to_be_reviewed_stands_first(desk: Desk, cid: ConversationId) -> None:
    late, soon = place(desk, cid, 90), place(desk, cid, 10)
    assert [hold.hold_id for hold in desk.holds.all()] == [soon, late]


def test_what_is_held_cannot_be_erased_until_the_last_hold_is_released(desk: Desk, cid: ConversationId) -> None:
    first, second = place(desk, cid), place(desk, cid)
    for hold_id in (first, second):
        with pytest.raises(HeldByLawError) as caught:
            desk.erasure.erase([cid], "request")
        assert caught.value.conversation_ids == (cid,)
        desk.holds.release(hold_id, "settled")
    assert desk.holds.held_ids() == frozenset()
    desk.erasure.erase([cid], "request")
    assert desk.holds.all() == ()


def test_an_overdue_hold_still_holds(desk: Desk, cid: ConversationId) -> None:
    place(desk, cid, 1)
    desk.ledger.now_ms.move(40 * 86_400_000)
    assert desk.holds.all()[0].is_overdue(desk.holds.today())
    with pytest.raises(HeldByLawError):
        desk.erasure.erase([cid], "request")


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_day_of_review_lies_ahead_and_within_a_year(desk: Desk, cid: ConversationId, days: int) -> None:
    with pytest.raises(HoldRefusedError) as caught:
        place(desk, cid, days)
    assert caught.value.fault is HoldFault.REVIEW_DAY
    assert desk.holds.all() == ()


def test_a_hold_needs_words_and_a_conversation(desk: Desk, cid: ConversationId) -> None:
    day = desk.holds.today() + timedelta(days=9)
    for owner, reason in (("", "claim"), ("Mara Lind", "  ")):
        with pytest.raises(InvalidTextError):
            desk.holds.add(cid, owner=owner, reason=reason, review_on=day)
    with pytest.raises(NoSuchConversationError):
        desk.holds.add(ConversationId("nobody"), owner="Mara Lind", reason="claim", review_on=day)


def test_only_a_standing_hold_can_be_released_and_only_with_a_reason(desk: Desk, cid: ConversationId) -> None:
    hold_id = place(desk, cid)
    with pytest.raises(InvalidTextError):
        desk.holds.release(hold_id, " ")
    desk.holds.release(hold_id, "settled")
    for gone in (hold_id, EventId("never")):
        with pytest.raises(HoldRefusedError) as caught:
            desk.holds.release(gone, "again")
        assert caught.value.fault is HoldFault.NO_SUCH_HOLD


def test_who_may_not_read_messages_sees_how_many_are_held_and_no_word(desk: Desk, cid: ConversationId) -> None:
    first = place(desk, cid)
    place(desk, cid, 90)
    other = place(desk, desk.conversations.start("Bo Finch", Origin.PHONE, "an otter"))
    desk.holds.release(first, "settled")
    desk.vault.person = replace(desk.vault.person, role=Role.AUDITOR)
    holds = desk.holds.all()
    assert len(holds) == 2
    assert other in {hold.hold_id for hold in holds}
    assert {(hold.owner, hold.reason) for hold in holds} == {("", "")}
    with pytest.raises(NotYoursError):
        place(desk, cid)
    with pytest.raises(NotYoursError):
        desk.holds.release(other, "settled")
    with pytest.raises(NotYoursError):
        desk.erasure.erase([cid], "request")
    assert desk.retention.preview().plan.total == 2


def test_both_stand_in_the_thread_and_keep_their_words_sealed(desk: Desk, cid: ConversationId) -> None:
    desk.holds.release(place(desk, cid), "settled")
    notices = [item.text for item in desk.conversations.thread(cid).items]
    assert notices[-2:] == ["hold_placed", "hold_released"]
    assert [event.kind for event in desk.ledger.log.read(cid)][-2:] == [EventKind.HOLD_PLACED, EventKind.HOLD_RELEASED]
    bodies = b"".join(event.body for event in desk.ledger.log.walk_from(0))
    assert b"claim" not in bodies
