"""What is known of a contact, on a real vault: corrected without a trace, copied, found, erased, imported."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.contact import NOTHING_KNOWN, ContactDetails, ContactField
from app.domain.conversation import Origin
from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.domain.office import Role
from app.services.contacts.checking import UntrustedDetails
from app.services.contacts.finding import MatchedBy
from app.services.desk import Desk
from app.services.errors import NoSuchConversationError, NotYoursError
from app.store.chain import HASH_BYTES
from app.store.cipher import BEGIN_IMMEDIATE
from app.store.errors import UnknownConversationError
from app.store.upkeep import rebuild_projections, verify_log
from tests.support.desks import TemporaryDesk

WRONG = ContactDetails(phones=("+1 860 555 0199",))
RIGHT = ContactDetails(
    phones=("+1 860 555 0142",), birth_date=date(1984, 3, 4), address="12 Elm Street, Springfield", relatives=("Jo",)
)


@pytest.fixture
def made(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(made: TemporaryDesk) -> Iterator[Desk]:
    with made.opened() as opened:
        yield opened


@pytest.fixture
def cid(desk: Desk) -> ConversationId:
    return desk.conversations.start("Rosa Melor", Origin.PHONE, "hello")


def bodies(desk: Desk, cid: ConversationId) -> list[int]:
    with desk.ledger.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT length(body) FROM event WHERE kind = 'contact_described' AND conversation_id = ?", (cid,)
        )
        return [row[0] for row in rows]


def is_sound(desk: Desk) -> bool:
    return verify_log(desk.ledger.log, desk.vault, lambda _done, _total: None).is_sound


def test_what_is_written_down_stands_in_the_thread_and_after_another_opening(made: TemporaryDesk) -> None:
    with made.opened() as desk:
        cid = desk.conversations.start("Rosa Melor", Origin.PHONE, "hello")
        assert desk.contacts.details(cid) == NOTHING_KNOWN
        assert desk.contacts.describe(cid, RIGHT) == NOTHING_KNOWN
        assert desk.conversations.thread(cid).details == RIGHT
    with made.opened() as desk:
        assert desk.contacts.details(cid) == RIGHT


def test_a_correction_leaves_the_wrong_words_nowhere_and_the_log_whole(desk: Desk, cid: ConversationId) -> None:
    desk.contacts.describe(cid, WRONG)
    assert desk.contacts.describe(cid, RIGHT) == WRONG
    first, second = bodies(desk, cid)
    assert first == HASH_BYTES < second
    assert is_sound(desk)
    rebuild_projections(desk.ledger.log, desk.vault, lambda _done, _total: None)
    assert desk.contacts.details(cid) == RIGHT
    assert is_sound(desk)


def test_the_same_once_more_writes_nothing(desk: Desk, cid: ConversationId) -> None:
    desk.contacts.describe(cid, RIGHT)
    desk.contacts.describe(cid, RIGHT)
    assert len(bodies(desk, cid)) == 1


def test_a_step_back_is_the_description_before(desk: Desk, cid: ConversationId) -> None:
    desk.contacts.describe(cid, WRONG)
    desk.contacts.describe(cid, desk.contacts.describe(cid, RIGHT))
    assert desk.contacts.details(cid) == WRONG


def test_a_thread_shows_no_line_of_it_and_the_audit_log_shows_no_word(desk: Desk, cid: ConversationId) -> None:
    before = len(desk.conversations.thread(cid).items)
    desk.contacts.describe(cid, RIGHT)
    assert len(desk.conversations.thread(cid).items) == before
    shown = str(desk.audit.entries())
    assert EventKind.CONTACT_DESCRIBED.value in shown
    assert not any(text in shown for text in RIGHT.texts)


def test_a_copy_for_the_person_holds_it_all(desk: Desk, cid: ConversationId) -> None:
    desk.contacts.describe(cid, RIGHT)
    copied = json.dumps(desk.subjects.copy((cid,)))
    assert all(text in copied for text in RIGHT.texts)


def test_who_asks_by_a_phone_or_as_a_relative_is_found(desk: Desk, cid: ConversationId) -> None:
    other = desk.conversations.start("Bo Finch", Origin.PHONE, "hi")
    desk.contacts.describe(other, ContactDetails(relatives=("Rosa Melor",)))
    desk.contacts.describe(cid, RIGHT)
    (found,) = desk.subjects.find("860-555-0142")
    assert (found.conversation_id, found.by) == (cid, MatchedBy.PHONE)
    by = {one.conversation_id: one.by for one in desk.subjects.find("Rosa Melor")}
    assert by == {cid: MatchedBy.NAME, other: MatchedBy.RELATIVE}


def test_erasing_takes_it_along(desk: Desk, cid: ConversationId) -> None:
    desk.contacts.describe(cid, RIGHT)
    desk.erasure.erase((cid,), "request")
    with pytest.raises(NoSuchConversationError):
        desk.contacts.details(cid)
    with pytest.raises(UnknownConversationError):
        desk.ledger.keys.key_for(cid)
    with desk.ledger.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM contact_details").scalar() == 0
    assert bodies(desk, cid) == [HASH_BYTES]
    assert is_sound(desk)


def test_an_export_can_be_taken_in_with_it(desk: Desk, cid: ConversationId, tmp_path: Path) -> None:
    desk.contacts.describe(cid, RIGHT)
    line = json.dumps(desk.conversations.export(cid))
    with TemporaryDesk(tmp_path / "other").opened() as other:
        assert other.conversations.import_lines([line]).rejected == ()
        (match,) = other.subjects.find("Rosa Melor")
        assert other.contacts.details(match.conversation_id) == RIGHT


def test_a_line_with_a_detail_that_cannot_be_is_reported_and_the_rest_goes_on(desk: Desk) -> None:
    turn = {"who": "user", "text": "hi"}
    lines = [
        {"id": "1", "turns": [turn], "contact_details": {"birth_date": "2999-01-01"}},
        {"id": "2", "turns": [turn], "contact_details": {"phones": [7]}},
        {"id": "3", "turns": [turn], "contact_details": {"phones": ["+1 860 555 0142"], "shoe": 9}},
    ]
    report = desk.conversations.import_lines(map(json.dumps, lines))
    assert [one.code for one in report.rejected] == ["contact_date_ahead", "bad_contact_details"]
    assert report.imported == 1


def test_who_never_sees_a_message_never_sees_it(desk: Desk, cid: ConversationId) -> None:
    desk.contacts.describe(cid, RIGHT)
    desk.vault.person = replace(desk.vault.person, role=Role.AUDITOR)
    with pytest.raises(NotYoursError):
        desk.contacts.details(cid)
    with pytest.raises(NotYoursError):
        desk.contacts.describe(cid, NOTHING_KNOWN)


def test_what_is_typed_is_checked_by_the_clock_of_the_desk(desk: Desk) -> None:
    typed = UntrustedDetails({ContactField.BIRTH_DATE: ["3/4/84"], ContactField.PHONES: ["860 555 0142"]})
    assert desk.contacts.check(typed, "us").birth_date == date(1984, 3, 4)
    assert desk.contacts.check(typed, "gb").birth_date == date(1984, 4, 3)


def test_a_vault_of_the_version_before_gets_the_table_when_it_is_opened(made: TemporaryDesk) -> None:
    with made.opened() as desk:
        cid = desk.conversations.start("Rosa Melor", Origin.PHONE, "hello")
        begin = {BEGIN_IMMEDIATE: True}
        with desk.vault.connect().connect().execution_options(**begin) as connection, connection.begin():
            connection.exec_driver_sql("DROP TABLE contact_details")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    with made.opened() as desk:
        assert desk.contacts.details(cid) == NOTHING_KNOWN
        desk.contacts.describe(cid, RIGHT)
        assert desk.conversations.thread(cid).details == RIGHT
