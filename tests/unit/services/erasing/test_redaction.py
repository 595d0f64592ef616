"""Taking words out of a thread: they leave every table, draft, index and log, and the vault stays sound."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from app.domain.conversation import ComposerTab, InboxView, Origin
from app.domain.events import EventKind
from app.domain.ids import ConversationId, EventId, ProposalId
from app.domain.proposal import Proposal, ProposalAction
from app.services.desk import Desk
from app.services.erasing.redaction import MASK
from app.services.errors import (
    HeldByLawError,
    NoSuchConversationError,
    RedactionFault,
    RedactionRefusedError,
)
from app.store.chain import LogFault
from app.store.cipher import BEGIN_IMMEDIATE
from app.store.upkeep import verify_log
from tests.support.desks import TemporaryDesk, all_threads, plain_rows

WORDS = "my sister saw the pewter heron yesterday"
HERON = (WORDS.index("pewter"), WORDS.index(" yesterday"))


@pytest.fixture
def made(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(made: TemporaryDesk) -> Iterator[Desk]:
    with made.opened() as opened:
        yield opened


@pytest.fixture
def cid(desk: Desk) -> ConversationId:
    found = desk.conversations.start("Ada Quill", Origin.PHONE, WORDS)
    desk.conversations.receive(found, "and an otter")
    return found


def proposal_for(cid: ConversationId, words: str) -> Proposal:
    return Proposal(ProposalId("P1"), cid, None, ProposalAction.PROPOSE, words, (), (), (), "starter", 90, 700)


def first(desk: Desk, cid: ConversationId) -> EventId:
    return desk.conversations.thread(cid).items[1].event_id


def texts(desk: Desk, cid: ConversationId) -> list[str]:
    return [item.text for item in desk.conversations.thread(cid).items]


def require_sound(desk: Desk) -> None:
    """The log is whole, and built again it shows the same."""
    assert verify_log(desk.ledger.log, desk.vault, lambda _done, _total: None).is_sound
    rows, threads = plain_rows(desk), all_threads(desk)
    desk.conversations.rebuild_projections()
    assert plain_rows(desk) == rows
    assert all_threads(desk) == threads
    assert verify_log(desk.ledger.log, desk.vault, lambda _done, _total: None).is_sound


def stands_anywhere(desk: Desk, cid: ConversationId, words: str) -> bool:
    return any(words in str(event.body) for event in desk.ledger.log.read(cid))


def test_a_stretch_goes_and_the_rest_stays(desk: Desk, cid: ConversationId) -> None:
    done = desk.redaction.redact(cid, first(desk, cid), HERON, reason="third person")
    assert texts(desk, cid)[1] == f"my sister saw the {MASK} yesterday"
    assert texts(desk, cid)[-1] == "redacted"
    assert not stands_anywhere(desk, cid, "heron")
    assert (done.quotes, done.are_wals_empty) == (0, True)
    assert desk.conversations.search("heron") == ()
    assert len(desk.conversations.search("yesterday")) == 1
    require_sound(desk)
    assert desk.conversations.search("heron") == ()
    assert len(desk.conversations.search("yesterday")) == 1


def test_a_whole_message_goes_and_its_place_in_the_thread_stays(desk: Desk, cid: ConversationId) -> None:
    desk.redaction.redact(cid, first(desk, cid))
    assert texts(desk, cid)[1:3] == [MASK, "and an otter"]
    assert desk.conversations.inbox(InboxView.OPEN)[0].unread_count == 2
    require_sound(desk)


def test_the_line_of_the_inbox_changes_when_it_was_the_newest_message(desk: Desk, cid: ConversationId) -> None:
    newest = desk.conversations.thread(cid).items[2].event_id
    desk.redaction.redact(cid, newest, (7, 12))
    assert desk.conversations.inbox(InboxView.OPEN)[0].snippet == f"and an {MASK}"
    require_sound(desk)


def test_drafts_and_proposals_of_the_conversation_lose_their_words(desk: Desk, cid: ConversationId) -> None:
    desk.conversations.record_proposal(cid, proposal_for(cid, "About the heron: come in."))
    desk.conversations.save_text(cid, ComposerTab.REPLY, "half a heron")
    desk.conversations.save_text(cid, ComposerTab.NOTE, "a heron, by her sister")
    desk.redaction.redact(cid, first(desk, cid), HERON)
    thread = desk.conversations.thread(cid)
    assert (thread.proposal, thread.unsent_reply, thread.unsent_note) == (None, "", "")
    row = desk.conversations.inbox(InboxView.OPEN)[0]
    assert (row.has_unsent_text, row.has_proposal) == (False, False)
    assert not stands_anywhere(desk, cid, "heron")
    require_sound(desk)


def test_a_sent_reply_loses_its_words_on_the_way_it_took_as_well(desk: Desk, cid: ConversationId) -> None:
    held = desk.conversations.hold_reply(cid, "The heron is well.", proposal_for(cid, "The heron is well."))
    sent = desk.conversations.release_reply(held.held_id)
    desk.redaction.redact(cid, sent, (4, 9))
    assert texts(desk, cid)[-2] == f"The {MASK} is well."
    assert not stands_anywhere(desk, cid, "heron is")
    require_sound(desk)


def test_a_note_can_lose_its_words_too(desk: Desk, cid: ConversationId) -> None:
    note = desk.conversations.add_note(cid, "ask about the heron")
    desk.redaction.redact(cid, note, (14, 19))
    assert f"ask about the {MASK}" in texts(desk, cid)
    require_sound(desk)


def test_again_and_in_another_message_of_the_same_thread(desk: Desk, cid: ConversationId) -> None:
    one, other = first(desk, cid), desk.conversations.thread(cid).items[2].event_id
    desk.redaction.redact(cid, one, (0, 9))
    desk.redaction.redact(cid, other, (7, 12))
    again = texts(desk, cid)[1]
    place = again.index("pewter")
    desk.redaction.redact(cid, one, (place, place + 12))
    assert texts(desk, cid)[1:3] == [f"{MASK} saw the {MASK} yesterday", f"and an {MASK}"]
    for word in ("sister", "heron", "otter"):
        assert not stands_anywhere(desk, cid, word)
        assert desk.conversations.search(word) == ()
    assert len(desk.conversations.search("yesterday")) == 1
    require_sound(desk)
    assert len(desk.conversations.search("yesterday")) == 1


def test_work_goes_on_behind_it(desk: Desk, cid: ConversationId) -> None:
    desk.redaction.redact(cid, first(desk, cid), HERON)
    desk.conversations.record_proposal(cid, proposal_for(cid, "Come in."))
    desk.conversations.save_text(cid, ComposerTab.REPLY, "we will")
    held = desk.conversations.hold_reply(cid, "Come in.", None)
    desk.conversations.release_reply(held.held_id)
    assert texts(desk, cid)[-1] == "Come in."
    require_sound(desk)


def test_other_messages_that_quote_the_words_are_counted(desk: Desk, cid: ConversationId) -> None:
    desk.conversations.add_note(cid, "THE PEWTER HERON, she says")
    assert desk.redaction.redact(cid, first(desk, cid), HERON).quotes == 1


def test_what_cannot_be_redacted_is_refused_and_nothing_changes(desk: Desk, cid: ConversationId) -> None:
    before, one = all_threads(desk), first(desk, cid)
    notice = desk.conversations.thread(cid).items[0].event_id
    for event_id, span, fault in (
        (EventId("never"), None, RedactionFault.NO_SUCH_MESSAGE),
        (notice, None, RedactionFault.NO_SUCH_MESSAGE),
        (one, (5, 5), RedactionFault.SPAN_OUTSIDE),
        (one, (-1, 5), RedactionFault.SPAN_OUTSIDE),
        (one, (0, 500), RedactionFault.SPAN_OUTSIDE),
        (one, (2, 3), RedactionFault.NOTHING_LEFT),
    ):
        with pytest.raises(RedactionRefusedError) as caught:
            desk.redaction.redact(cid, event_id, span)
        assert caught.value.fault is fault
    with pytest.raises(NoSuchConversationError):
        desk.redaction.redact(ConversationId("never"), one)
    assert all_threads(desk) == before


def test_a_hold_and_a_reply_on_its_way_stand_in_the_way(desk: Desk, cid: ConversationId) -> None:
    held = desk.conversations.hold_reply(cid, "Come in.", None)
    with pytest.raises(RedactionRefusedError) as caught:
        desk.redaction.redact(cid, first(desk, cid))
    assert caught.value.fault is RedactionFault.REPLY_IS_HELD
    desk.conversations.recall_reply(held.held_id)
    desk.holds.add(cid, owner="Mara Lind", reason="claim", review_on=desk.holds.today() + timedelta(days=9))
    with pytest.raises(HeldByLawError):
        desk.redaction.redact(cid, first(desk, cid))


def test_a_redacted_conversation_can_be_erased(desk: Desk, cid: ConversationId) -> None:
    desk.redaction.redact(cid, first(desk, cid), HERON)
    assert desk.erasure.erase([cid], "request").certificate.is_clean
    require_sound(desk)


def test_words_that_no_redaction_names_are_missed_also_in_a_redacted_thread(desk: Desk, cid: ConversationId) -> None:
    desk.redaction.redact(cid, first(desk, cid), HERON)
    other = desk.conversations.thread(cid).items[2].event_id
    with desk.vault.connect().connect().execution_options(**{BEGIN_IMMEDIATE: True}) as connection, connection.begin():
        connection.execute(sql("UPDATE event SET body = zeroblob(32) WHERE event_id = :id"), {"id": other})
    problems = verify_log(desk.ledger.log, desk.vault, lambda _done, _total: None).problems
    assert LogFault.WORDS_MISSING in {problem.fault for problem in problems}


def test_the_old_bytes_are_on_no_page(made: TemporaryDesk) -> None:
    with made.opened() as desk:
        cid = desk.conversations.start("Ada Quill", Origin.PHONE, WORDS)
        one = first(desk, cid)
        sealed = [event.body for event in desk.ledger.log.walk_from(0) if event.event_id == one]
        desk.redaction.redact(cid, one, HERON)
        left = {event.body for event in desk.ledger.log.walk_from(0)}
        assert not left.intersection(sealed)
        kinds = [event.kind for event in desk.ledger.log.read(cid)]
        assert kinds[-1] is EventKind.MESSAGE_REDACTED
