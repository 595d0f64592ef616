"""Held, recalled, sent: each reply is in one place, whatever people and crashes do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.conversation import ComposerTab, InboxView, Origin, Party
from app.domain.ids import ArticleId, ConversationId, EventId, ProposalId
from app.domain.prompt import Task
from app.domain.proposal import Article, Proposal, ProposalAction, SourceRef
from app.services.conversations.replies import HOLD_MS
from app.services.desk import Desk
from app.services.errors import HeldReplyFault, HeldReplyGoneError
from tests.support.desks import TemporaryDesk

SOURCE = SourceRef(1, ArticleId("hours"), "Opening hours", "We open at eight.", date(2026, 11, 3))


@pytest.fixture
def house(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(house: TemporaryDesk) -> Iterator[Desk]:
    with house.opened() as desk:
        yield desk


@pytest.fixture
def cid(desk: Desk) -> ConversationId:
    return desk.conversations.start("Ada Quill", Origin.PHONE, "When do you open?")


def proposal(cid: ConversationId, text: str = "We open at eight. Until soon!") -> Proposal:
    return Proposal(ProposalId("P1"), cid, None, ProposalAction.PROPOSE, text, (), (SOURCE,), (), "starter", 90, 700)


def replies(desk: Desk, cid: ConversationId) -> list[str]:
    return [item.text for item in desk.conversations.thread(cid).items if item.party is Party.DESK]


def test_a_held_reply_is_not_sent_and_not_in_the_composer(
    desk: Desk, cid: ConversationId, house: TemporaryDesk
) -> None:
    service = desk.conversations
    service.save_text(cid, ComposerTab.REPLY, "At eight.")
    held = service.hold_reply(cid, "At eight.", None)
    thread = service.thread(cid)
    assert thread.held == held
    assert held.releases_at_ms - house.clock.now_ms == pytest.approx(HOLD_MS, abs=50)
    assert thread.unsent_reply == ""
    assert replies(desk, cid) == []
    assert service.inbox(InboxView.OPEN)[0].oldest_unanswered_ms is not None


def test_a_released_reply_is_sent_once_however_often_it_is_released(desk: Desk, cid: ConversationId) -> None:
    held = desk.conversations.hold_reply(cid, "At eight.", None)
    sent = desk.conversations.release_reply(held.held_id)
    assert desk.conversations.release_reply(held.held_id) == sent
    assert replies(desk, cid) == ["At eight."]
    thread = desk.conversations.thread(cid)
    assert thread.held is None
    assert thread.items[-1].event_id == sent
    row = desk.conversations.inbox(InboxView.OPEN)[0]
    assert (row.oldest_unanswered_ms, row.unread_count, row.snippet) == (None, 0, "At eight.")


def test_a_recalled_reply_is_back_with_its_proposal_and_cannot_be_sent(desk: Desk, cid: ConversationId) -> None:
    service = desk.conversations
    service.record_proposal(cid, proposal(cid))
    held = service.hold_reply(cid, "At eight.", proposal(cid))
    assert service.thread(cid).proposal is None
    assert service.recall_reply(held.held_id) == "At eight."
    thread = service.thread(cid)
    assert (thread.unsent_reply, thread.held, thread.proposal) == ("At eight.", None, proposal(cid))
    with pytest.raises(HeldReplyGoneError) as caught:
        service.release_reply(held.held_id)
    assert caught.value.fault is HeldReplyFault.NOT_HELD
    assert replies(desk, cid) == []


def test_a_sent_reply_cannot_be_recalled(desk: Desk, cid: ConversationId) -> None:
    held = desk.conversations.hold_reply(cid, "At eight.", None)
    desk.conversations.release_reply(held.held_id)
    with pytest.raises(HeldReplyGoneError) as caught:
        desk.conversations.recall_reply(held.held_id)
    assert caught.value.fault is HeldReplyFault.ALREADY_SENT


def test_a_reply_that_never_was_cannot_be_sent_or_recalled(desk: Desk) -> None:
    for ask in (desk.conversations.release_reply, desk.conversations.recall_reply):
        with pytest.raises(HeldReplyGoneError):
            ask(EventId("NEVER"))


def test_text_typed_while_a_reply_was_held_is_not_lost_by_recalling_it(desk: Desk, cid: ConversationId) -> None:
    service = desk.conversations
    held = service.hold_reply(cid, "At eight.", None)
    service.save_text(cid, ComposerTab.REPLY, "And on Saturday")
    assert service.recall_reply(held.held_id) == "At eight.\n\nAnd on Saturday"
    assert service.thread(cid).unsent_reply == "At eight.\n\nAnd on Saturday"
    service.rebuild_projections()
    assert service.thread(cid).unsent_reply == "At eight.\n\nAnd on Saturday"


def test_recalling_does_not_push_a_newer_proposal_aside(desk: Desk, cid: ConversationId) -> None:
    service = desk.conversations
    held = service.hold_reply(cid, "At eight.", proposal(cid))
    newer = replace(proposal(cid), proposal_id=ProposalId("P2"))
    service.record_proposal(cid, newer)
    service.recall_reply(held.held_id)
    assert service.thread(cid).proposal == newer


def test_listeners_hear_of_replies_that_a_crash_left(house: TemporaryDesk) -> None:
    with house.opened() as desk:
        cid = desk.conversations.start("Ada", Origin.PHONE, "When?")
        held = desk.conversations.hold_reply(cid, "At eight.", None)
        heard: list[ConversationId] = []
        desk.conversations.on_change(heard.append)
        assert desk.conversations.recover_held() == (held,)
        assert heard == [cid]


def test_holding_the_next_reply_sends_the_first(desk: Desk, cid: ConversationId) -> None:
    first = desk.conversations.hold_reply(cid, "At eight.", None)
    second = desk.conversations.hold_reply(cid, "On Saturday at nine.", None)
    assert replies(desk, cid) == ["At eight."]
    assert desk.conversations.thread(cid).held == second
    desk.conversations.release_reply(first.held_id)
    desk.conversations.release_reply(second.held_id)
    assert replies(desk, cid) == ["At eight.", "On Saturday at nine."]


def test_a_message_that_came_while_the_reply_was_held_still_waits(desk: Desk, cid: ConversationId) -> None:
    service = desk.conversations
    held = service.hold_reply(cid, "At eight.", None)
    later = service.receive(cid, "And on Saturday?")
    service.release_reply(held.held_id)
    row, thread = service.inbox(InboxView.OPEN)[0], service.thread(cid)
    assert row.unread_count == 1
    assert row.oldest_unanswered_ms == next(item.wall_ms for item in thread.items if item.event_id == later)
    assert thread.first_unseen == later


def test_a_crash_puts_held_replies_back_and_tells_once(house: TemporaryDesk) -> None:
    with house.opened() as desk:
        ids = [desk.conversations.start(name, Origin.PHONE, "When?") for name in ("Ada", "Bo")]
        held = [desk.conversations.hold_reply(cid, "At eight.", proposal(cid)) for cid in ids]
        released = desk.conversations.hold_reply(ids[0], "Sent before the crash.", None)
        desk.conversations.release_reply(released.held_id)
    with house.opened() as desk:
        # Holding the second reply of Ada sent her first one, so only Bo's was left.
        assert desk.conversations.recover_held() == (held[1],)
        assert desk.conversations.recover_held() == ()
        thread = desk.conversations.thread(ids[1])
        assert (thread.unsent_reply, thread.held, thread.proposal) == ("At eight.", None, proposal(ids[1]))
        assert replies(desk, ids[0]) == ["At eight.", "Sent before the crash."]
        assert replies(desk, ids[1]) == []


def test_what_was_sent_says_what_it_came_from(desk: Desk, cid: ConversationId) -> None:
    service = desk.conversations
    held = service.hold_reply(cid, "We open at nine. Until soon!", proposal(cid))
    service.release_reply(held.held_id)
    provenance = service.thread(cid).items[-1].provenance
    assert provenance is not None
    assert (provenance.proposal_id, provenance.model_name, provenance.sources) == ("P1", "starter", (SOURCE,))
    assert 0 < provenance.changed_percent < 50


def test_unchanged_and_handwritten_replies_are_told_apart(desk: Desk, cid: ConversationId) -> None:
    service = desk.conversations
    for text, source in (("We open at eight. Until soon!", proposal(cid)), ("By hand.", None)):
        service.release_reply(service.hold_reply(cid, text, source).held_id)
    approved, handwritten = (item.provenance for item in service.thread(cid).items[-2:])
    assert approved is not None
    assert handwritten is not None
    assert (approved.proposal_id, approved.changed_percent) == ("P1", 0)
    assert (handwritten.proposal_id, handwritten.model_name, handwritten.sources) == (None, None, ())


def test_an_approved_answer_that_was_put_in_by_hand_is_a_source_of_what_was_sent(
    desk: Desk, cid: ConversationId
) -> None:
    service = desk.conversations
    answer = Article(ArticleId("parking"), "Parking", "You can park behind the house, {name}, for two hours.", None)
    service.approve_article(answer)
    by_hand = service.hold_reply(cid, "You can park behind the house, Ada, for two hours. See you!", None)
    service.release_reply(by_hand.held_id)
    beside = service.hold_reply(
        cid, "We open at eight. Until soon! You can park behind the house, Ada, for two hours.", proposal(cid)
    )
    service.release_reply(beside.held_id)
    first, second = (item.provenance for item in service.thread(cid).items[-2:])
    assert first is not None
    assert second is not None
    assert (first.proposal_id, [source.title for source in first.sources]) == (None, ["Parking"])
    assert [(source.number, source.title) for source in second.sources] == [(1, "Opening hours"), (2, "Parking")]
    while not (uses := desk.answers.used_in(answer.article_id)).is_complete:
        pass
    assert uses.sent_count == 2


def test_a_reply_that_was_edited_after_an_instruction_keeps_where_it_came_from(desk: Desk, cid: ConversationId) -> None:
    service = desk.conversations
    told = replace(proposal(cid), proposal_id=ProposalId("P2"), task=Task.INSTRUCTED, instruction="mention the bell")
    service.record_proposal(cid, proposal(cid))
    service.record_proposal(cid, told)
    service.release_reply(service.hold_reply(cid, "We open at eight sharp. Until soon!", told).held_id)
    provenance = service.thread(cid).items[-1].provenance
    assert provenance is not None
    assert (provenance.proposal_id, provenance.model_name, provenance.sources) == ("P2", "starter", (SOURCE,))
    assert 0 < provenance.changed_percent < 50
