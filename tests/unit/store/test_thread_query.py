"""One thread as the middle pane shows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.conversation import ComposerTab, ConversationState, ItemKind, Origin, Party, Urgency
from app.domain.ids import ConversationId
from app.services.desk import Desk
from app.services.errors import NoSuchConversationError
from tests.support.desks import TemporaryDesk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with TemporaryDesk(tmp_path).opened() as desk:
        yield desk


@pytest.fixture
def cid(desk: Desk) -> ConversationId:
    return desk.conversations.start("Ada Quill", Origin.WALK_IN, "Hello?\nIs  somebody there?")


def test_text_is_kept_exactly_as_it_was_written(desk: Desk, cid: ConversationId) -> None:
    message = desk.conversations.thread(cid).items[-1]
    assert message.text == "Hello?\nIs  somebody there?"
    assert (message.kind, message.party, message.author_name) == (ItemKind.MESSAGE, Party.VISITOR, "Ada Quill")


def test_notices_are_codes_in_order_of_what_happened(desk: Desk, cid: ConversationId) -> None:
    service, me = desk.conversations, desk.person.person_id
    service.assign(cid, me)
    service.assign(cid, None)
    service.set_urgency(cid, Urgency.URGENT)
    service.snooze(cid, 1_999_000_000_000)
    service.mark_done(cid)
    service.reopen(cid)
    notices = [item.text for item in service.thread(cid).items if item.kind is ItemKind.NOTICE]
    assert notices == [
        "opened:walk_in", f"assigned:{me}", "unassigned", "urgency:urgent", "snoozed:1999000000000", "done", "reopened",
    ]  # fmt: skip


def test_saying_what_is_so_already_adds_nothing(desk: Desk, cid: ConversationId) -> None:
    service = desk.conversations
    before = service.thread(cid)
    service.assign(cid, None)
    service.set_urgency(cid, Urgency.ROUTINE)
    service.reopen(cid)
    service.save_text(cid, ComposerTab.REPLY, "")
    assert service.thread(cid) == before


def test_everything_around_the_thread_is_there(desk: Desk, cid: ConversationId) -> None:
    service = desk.conversations
    service.add_note(cid, "Called back")
    service.save_text(cid, ComposerTab.REPLY, "Dear Ada")
    thread = service.thread(cid)
    assert thread.state is ConversationState.OPEN
    assert thread.unsent_reply == "Dear Ada"
    assert thread.held is None
    note = thread.items[-1]
    assert (note.kind, note.party, note.author_name) == (ItemKind.NOTE, Party.DESK, desk.person.display_name)


def test_the_line_of_new_messages_stands_before_the_first_one_not_seen(desk: Desk, cid: ConversationId) -> None:
    service = desk.conversations
    first = service.thread(cid).items[-1].event_id
    assert service.thread(cid).first_unseen == first
    service.mark_seen(cid)
    assert service.thread(cid).first_unseen is None
    second = service.receive(cid, "One more")
    service.receive(cid, "And another")
    assert service.thread(cid).first_unseen == second


def test_looking_again_at_what_was_seen_writes_nothing(desk: Desk, cid: ConversationId) -> None:
    desk.conversations.mark_seen(cid)
    end = desk.ledger.log.tail()
    desk.conversations.mark_seen(cid)
    assert desk.ledger.log.tail() == end


def test_an_unknown_conversation_is_said_to_be_unknown(desk: Desk) -> None:
    nobody = ConversationId("NOBODY")
    for ask in (desk.conversations.thread, desk.conversations.mark_done, desk.conversations.export):
        with pytest.raises(NoSuchConversationError):
            ask(nobody)
