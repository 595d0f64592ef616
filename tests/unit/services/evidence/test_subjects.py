"""Requests of people about their own data, on a real vault."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.compliance.subject_requests import LegalClock, Outcome, RequestKind
from app.config import find_places
from app.domain.conversation import IdentityMeans, Origin
from app.domain.ids import ConversationId, EventId
from app.services.desk import Desk
from app.services.errors import NoSuchConversationError, SubjectFault, SubjectRefusedError
from app.services.evidence.subjects import load_clocks
from tests.support.desks import TemporaryDesk

KNOWN = IdentityMeans.KNOWN


@pytest.fixture
def made(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(made: TemporaryDesk) -> Iterator[Desk]:
    with made.opened() as opened:
        yield opened


@pytest.mark.parametrize(
    ("clock", "received", "due", "extended"),
    [
        (LegalClock("m", months=1, extension_months=2), date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30)),
        (LegalClock("m", months=1, extension_months=2), date(2026, 11, 24), date(2026, 12, 24), date(2027, 2, 24)),
        (LegalClock("d", days=30, extension_days=30), date(2026, 11, 24), date(2026, 12, 24), date(2027, 1, 23)),
    ],
)
def test_the_clock_of_the_law(clock: LegalClock, received: date, due: date, extended: date) -> None:
    assert clock.due_on(received) == due
    assert clock.due_on(received, is_extended=True) == extended


def test_every_country_that_can_be_chosen_has_a_clock() -> None:
    clocks = load_clocks(find_places({}).resources_dir)
    assert {"us", "ca", "gb", "ie", "es", "mx", "eu", "de", "fr"} <= set(clocks)


def test_a_person_is_found_with_a_misspelling_and_nobody_else(desk: Desk) -> None:
    first = desk.conversations.start("Jorge Álvarez", Origin.PHONE, "hello")
    second = desk.conversations.start("J. Alvarez", Origin.PHONE, "hello again")
    desk.conversations.start("Bo Finch", Origin.PHONE, "hi")
    assert next(one.conversation_id for one in desk.subjects.find("jorge alvares")) == first
    assert {one.conversation_id for one in desk.subjects.find("Alvarez")} == {first, second}
    assert desk.subjects.find("Nobody") == ()
    assert desk.subjects.find("") == ()
    assert "lvarez" not in repr(desk.subjects.find("Alvarez"))


def test_a_request_is_taken_due_overdue_and_closed(desk: Desk, made: TemporaryDesk) -> None:
    cid = desk.conversations.start("Ada", Origin.PHONE, "hello")
    today = desk.subjects.today()
    request = desk.subjects.take(RequestKind.COPY, (cid,), KNOWN, "us", today - timedelta(days=2))
    assert request.due_on == today + timedelta(days=28)
    assert not request.is_overdue(today)
    assert request.is_overdue(today + timedelta(days=29))
    assert desk.subjects.register() == (request,)
    closed = desk.subjects.close(request.request_id, Outcome.DONE)
    assert (closed.outcome, closed.closed_on) == (Outcome.DONE, today)
    with pytest.raises(SubjectRefusedError):
        desk.subjects.close(request.request_id, Outcome.DONE)
    with pytest.raises(SubjectRefusedError):
        desk.subjects.close(EventId("never"), Outcome.DONE)


def test_nothing_is_taken_without_identity_a_conversation_or_for_a_day_ahead(desk: Desk) -> None:
    cid = desk.conversations.start("Ada", Origin.PHONE, "hello")
    ahead = desk.subjects.today() + timedelta(days=1)
    for arguments, fault in (
        (((cid,), None, "us"), SubjectFault.NO_IDENTITY),
        (((), KNOWN, "us"), SubjectFault.NOTHING_NAMED),
        (((cid,), KNOWN, "us", ahead), SubjectFault.DAY_AHEAD),
    ):
        with pytest.raises(SubjectRefusedError) as refused:
            desk.subjects.take(RequestKind.ACCESS, *arguments)
        assert refused.value.fault is fault
    with pytest.raises(NoSuchConversationError):
        desk.subjects.take(RequestKind.ACCESS, (ConversationId("never"),), KNOWN, "us")
    assert desk.subjects.register() == ()


def test_a_copy_holds_messages_notes_and_who_opened_it_and_is_noted(desk: Desk) -> None:
    cid = desk.conversations.start("Ada", Origin.PHONE, "the pewter heron")
    other = desk.conversations.start("Bo", Origin.PHONE, "an otter")
    desk.conversations.add_note(cid, "asked about birds")
    desk.conversations.mark_seen(cid)
    desk.conversations.mark_seen(other)
    copied = desk.subjects.copy((cid,))
    text = json.dumps(copied)
    assert "pewter heron" in text
    assert "asked about birds" in text
    assert "otter" not in text
    assert other not in text
    (conversation,) = copied["conversations"]
    assert {"looked_at", "message_received", "note_added"} <= {one["what"] for one in conversation["handled"]}
    assert desk.audit.entries()[1].action == "exported"


def test_the_register_outlives_an_erasure_without_a_name(desk: Desk) -> None:
    cid = desk.conversations.start("Ada Quillfeather", Origin.PHONE, "hello")
    request = desk.subjects.take(RequestKind.ERASE, (cid,), KNOWN, "eu")
    desk.erasure.erase((cid,), "request")
    desk.subjects.close(request.request_id, Outcome.DONE)
    assert desk.subjects.find("Quillfeather") == ()
    assert [one.outcome for one in desk.subjects.register()] == [Outcome.DONE]
