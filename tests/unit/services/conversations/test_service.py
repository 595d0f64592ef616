"""The conversation service on a real vault: refusals change nothing, changes last, listeners hear of them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from app.domain.conversation import ComposerTab, IdentityMeans, InboxView, Origin, Urgency
from app.domain.ids import OFFICE, ArticleId, ConversationId, PersonId, ProposalId
from app.domain.proposal import Article, Proposal, ProposalAction
from app.services.desk import Desk
from app.services.errors import ChoiceFault, InvalidChoiceError, InvalidTextError, NoSuchConversationError
from tests.support.desks import TemporaryDesk, all_threads

HOURS = Article(ArticleId("hours"), "Opening hours", "We open at eight.", date(2026, 11, 3))
PARKING = Article(ArticleId("parking"), "Parking", "Behind the house.", None, date(2027, 1, 4), is_internal=True)


@pytest.fixture
def house(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(house: TemporaryDesk) -> Iterator[Desk]:
    with house.opened() as desk:
        yield desk


@pytest.fixture
def cid(desk: Desk) -> ConversationId:
    return desk.conversations.start("Ada Quill", Origin.PHONE, "Hello?")


def proposal(cid: ConversationId | None, number: int = 1, based_on: str | None = None) -> Proposal:
    return Proposal(
        ProposalId(f"P{number}"), cid, based_on, ProposalAction.PROPOSE, "Hi.", (), (), (), "starter", 90, 700
    )  # type: ignore[arg-type]


REFUSALS: dict[str, Callable[[Desk, ConversationId], object]] = {
    "start without a name": lambda desk, _: desk.conversations.start(" ", Origin.PHONE, "Hello?"),
    "start without a word": lambda desk, _: desk.conversations.start("Ada", Origin.PHONE, " "),
    "receive nothing": lambda desk, cid: desk.conversations.receive(cid, ""),
    "receive a NUL": lambda desk, cid: desk.conversations.receive(cid, "a\0"),
    "note a surrogate": lambda desk, cid: desk.conversations.add_note(cid, "\ud800"),
    "save too much": lambda desk, cid: desk.conversations.save_text(cid, ComposerTab.REPLY, "x" * 20_001),
    "hold nothing": lambda desk, cid: desk.conversations.hold_reply(cid, "\n", None),
    "assign to nobody known": lambda desk, cid: desk.conversations.assign(cid, PersonId("stranger")),
    "snooze into the past": lambda desk, cid: desk.conversations.snooze(cid, 5),
    "record another one's proposal": lambda desk, cid: desk.conversations.record_proposal(
        cid, proposal(ConversationId("OTHER"))
    ),
    "hold another one's proposal": lambda desk, cid: desk.conversations.hold_reply(
        cid, "Hi.", proposal(ConversationId("OTHER"))
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_what_is_refused_changes_nothing(
    desk: Desk, cid: ConversationId, refusal: Callable[[Desk, ConversationId], object]
) -> None:
    before = desk.ledger.log.tail()
    with pytest.raises((InvalidTextError, InvalidChoiceError)):
        refusal(desk, cid)
    assert desk.ledger.log.tail() == before


UNKNOWN: dict[str, Callable[[Desk, ConversationId], object]] = {
    "receive": lambda desk, cid: desk.conversations.receive(cid, "Hello?"),
    "add_note": lambda desk, cid: desk.conversations.add_note(cid, "n"),
    "save_text": lambda desk, cid: desk.conversations.save_text(cid, ComposerTab.NOTE, "n"),
    "assign": lambda desk, cid: desk.conversations.assign(cid, None),
    "set_urgency": lambda desk, cid: desk.conversations.set_urgency(cid, Urgency.SOON),
    "raise_identity": lambda desk, cid: desk.conversations.raise_identity(cid, IdentityMeans.KNOWN),
    "snooze": lambda desk, cid: desk.conversations.snooze(cid, 2**45),
    "mark_done": lambda desk, cid: desk.conversations.mark_done(cid),
    "reopen": lambda desk, cid: desk.conversations.reopen(cid),
    "mark_seen": lambda desk, cid: desk.conversations.mark_seen(cid),
    "hold_reply": lambda desk, cid: desk.conversations.hold_reply(cid, "Hi.", None),
    "record_proposal": lambda desk, cid: desk.conversations.record_proposal(cid, proposal(cid)),
    "discard_proposal": lambda desk, cid: desk.conversations.discard_proposal(cid, ProposalId("P"), ""),
}


@pytest.mark.parametrize("ask", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_an_unknown_conversation_is_refused_everywhere(
    desk: Desk, ask: Callable[[Desk, ConversationId], object]
) -> None:
    for unknown in (ConversationId("NOBODY"), OFFICE):
        with pytest.raises(NoSuchConversationError):
            ask(desk, unknown)


def test_identity_is_raised_and_taken_back_by_a_person(desk: Desk, cid: ConversationId) -> None:
    service = desk.conversations
    assert service.thread(cid).identity is None
    service.raise_identity(cid, IdentityMeans.PHOTO_ID)
    raised = service.thread(cid).identity
    assert raised is not None
    assert (raised.text, raised.author_name) == ("identity:photo_id", desk.person.display_name)
    service.raise_identity(cid, None)
    assert service.thread(cid).identity is None
    service.raise_identity(cid, IdentityMeans.CALLED_BACK)
    assert service.thread(cid).identity is not None


def test_everything_is_there_after_closing_and_unlocking(house: TemporaryDesk) -> None:
    with house.opened() as desk:
        service = desk.conversations
        cid = service.start("Ada Quill", Origin.PASTED, "Hello?")
        service.add_note(cid, "Called back")
        service.save_text(cid, ComposerTab.REPLY, "Dear Ada")
        service.set_urgency(cid, Urgency.SOON)
        service.raise_identity(cid, IdentityMeans.KNOWN)
        service.record_proposal(cid, proposal(cid))
        service.approve_articles([HOURS, PARKING])
        before = all_threads(desk), service.inbox(InboxView.OPEN), service.counts(), service.articles()
    with house.opened() as desk:
        service = desk.conversations
        assert (all_threads(desk), service.inbox(InboxView.OPEN), service.counts(), service.articles()) == before


def test_a_note_that_was_added_leaves_the_note_sheet_and_nothing_else(desk: Desk, cid: ConversationId) -> None:
    desk.conversations.save_text(cid, ComposerTab.NOTE, "Call")
    desk.conversations.save_text(cid, ComposerTab.REPLY, "Dear Ada")
    desk.conversations.add_note(cid, "Called back")
    thread = desk.conversations.thread(cid)
    assert (thread.unsent_note, thread.unsent_reply) == ("", "Dear Ada")


def test_saving_the_same_text_again_writes_nothing(desk: Desk, cid: ConversationId) -> None:
    desk.conversations.save_text(cid, ComposerTab.REPLY, "Dear Ada")
    before = desk.ledger.log.tail()
    desk.conversations.save_text(cid, ComposerTab.REPLY, "Dear Ada")
    assert desk.ledger.log.tail() == before


def test_listeners_hear_of_a_change_after_it_is_committed(desk: Desk, cid: ConversationId) -> None:
    heard = []
    stop = desk.conversations.on_change(lambda changed: heard.append((changed, desk.ledger.log.tail().seq)))
    before = desk.ledger.log.tail().seq
    desk.conversations.receive(cid, "One more")
    desk.conversations.approve_article(HOURS)
    stop()
    desk.conversations.receive(cid, "Unheard")
    assert heard == [(cid, before + 1), (OFFICE, before + 2)]


def test_a_listener_that_fails_does_not_undo_the_change(
    desk: Desk, cid: ConversationId, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: ConversationId) -> None:
        raise ValueError("canary")

    heard: list[ConversationId] = []
    desk.conversations.on_change(fail)
    desk.conversations.on_change(heard.append)
    desk.conversations.receive(cid, "One more")
    assert heard == [cid]
    assert desk.conversations.thread(cid).items[-1].text == "One more"
    assert "ValueError" in caplog.text
    assert "canary" not in caplog.text


def test_a_proposal_is_fresh_until_something_new_comes_in(desk: Desk, cid: ConversationId) -> None:
    service = desk.conversations
    newest = service.thread(cid).items[-1].event_id
    service.record_proposal(cid, proposal(cid, based_on=newest))
    assert service.inbox(InboxView.OPEN)[0].has_proposal
    service.receive(cid, "Something new")
    assert not service.inbox(InboxView.OPEN)[0].has_proposal
    assert service.thread(cid).proposal == proposal(cid, based_on=newest)


def test_discarding_takes_away_only_the_proposal_that_was_meant(desk: Desk, cid: ConversationId) -> None:
    service = desk.conversations
    service.record_proposal(cid, proposal(cid, 1))
    service.record_proposal(cid, proposal(cid, 2))
    service.discard_proposal(cid, ProposalId("P1"), "")
    assert service.thread(cid).proposal == proposal(cid, 2)
    service.discard_proposal(cid, ProposalId("P2"), "wrong tone")
    assert service.thread(cid).proposal is None


def test_approved_answers_are_replaced_and_withdrawn(desk: Desk) -> None:
    service = desk.conversations
    service.approve_articles([PARKING, HOURS])
    assert service.articles() == (HOURS, PARKING)
    newer = Article(HOURS.article_id, "Opening hours", "We open at seven.", date(2026, 12, 1))
    service.approve_article(newer)
    service.withdraw_article(PARKING.article_id)
    assert service.articles() == (newer,)


def test_several_threads_may_write_at_once_and_every_message_arrives_once(desk: Desk) -> None:
    ids = [desk.conversations.start(f"N{number}", Origin.PHONE, "Hello?") for number in range(3)]

    def write(number: int) -> None:
        desk.conversations.receive(ids[number % 3], f"text {number}")
        desk.conversations.thread(ids[number % 3])
        desk.conversations.search("text")

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(write, range(60)))
    arrived = sorted(item.text for thread in all_threads(desk).values() for item in thread.items if "text" in item.text)
    assert arrived == sorted(f"text {number}" for number in range(60))
    assert desk.conversations.counts().open == 3


def test_choices_say_what_is_wrong_with_them(desk: Desk, cid: ConversationId) -> None:
    with pytest.raises(InvalidChoiceError) as caught:
        desk.conversations.assign(cid, PersonId("stranger"))
    assert caught.value.fault is ChoiceFault.UNKNOWN_PERSON
