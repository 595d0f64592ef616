"""Projections: whatever happened, building them again from the log gives the same."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.conversation import ComposerTab, InboxView, Origin, Urgency
from app.domain.events import EventKind
from app.domain.ids import ConversationId, ProposalId
from app.domain.proposal import Proposal, ProposalAction
from app.services.desk import Desk
from app.services.errors import ServiceError
from app.store import tables
from app.store.logged import NewEvent
from tests.support.desks import TemporaryDesk, all_threads, plain_rows

_SENTENCE = "May I come on Tuesday? My ankle is worse. Thank you, that helps. The bill is wrong. Who can I ask?"
_WORDS = tuple(_SENTENCE.split())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with TemporaryDesk(tmp_path).opened() as desk:
        yield desk


def bodies_of(desk: Desk, kind: EventKind) -> list[bytes]:
    with desk.vault.connect().connect() as connection:
        wanted = select(tables.event.c.body).where(tables.event.c.kind == kind.value).order_by(tables.event.c.seq)
        return [bytes(body) for body in connection.execute(wanted).scalars()]


def proposal_for(desk: Desk, cid: ConversationId, text: str) -> Proposal:
    newest = next((item.event_id for item in reversed(desk.conversations.thread(cid).items)), None)
    return Proposal(ProposalId(f"P{len(text)}"), cid, newest, ProposalAction.PROPOSE, text, (), (), (), "m", 1, 2)


class RandomDay:
    """A front desk that does anything at any time, the same for the same seed."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self._random = random.Random(seed)
        self._desk = desk
        self._service = desk.conversations
        self._ids = [self._service.start("Ada Quill", Origin.PHONE, "Hello?")]
        self._held: list[str] = []

    def run(self, steps: int) -> None:
        wishes: list[Callable[[ConversationId], object]] = [
            self._start, self._receive, self._receive, self._note, self._save, self._save, self._save, self._assign,
            self._urgency, self._snooze, self._service.mark_done, self._service.reopen, self._service.mark_seen,
            self._propose, self._discard, self._hold, self._hold, self._recall, self._release,
        ]  # fmt: skip
        for _ in range(steps):
            try:
                self._random.choice(wishes)(self._random.choice(self._ids))
            except ServiceError:  # recalled, sent already: as a person would see it
                continue

    def _text(self) -> str:
        return " ".join(self._random.choices(_WORDS, k=self._random.randint(1, 12)))

    def _start(self, _: ConversationId) -> None:
        self._ids.append(self._service.start(f"Bo {len(self._ids)}", Origin.WALK_IN, self._text()))

    def _receive(self, cid: ConversationId) -> None:
        self._service.receive(cid, self._text())

    def _note(self, cid: ConversationId) -> None:
        self._service.add_note(cid, self._text())

    def _save(self, cid: ConversationId) -> None:
        text = self._random.choice([self._text(), ""])
        self._service.save_text(cid, self._random.choice(list(ComposerTab)), text)

    def _assign(self, cid: ConversationId) -> None:
        self._service.assign(cid, self._random.choice([self._desk.person.person_id, None]))

    def _urgency(self, cid: ConversationId) -> None:
        self._service.set_urgency(cid, self._random.choice(list(Urgency)))

    def _snooze(self, cid: ConversationId) -> None:
        self._service.snooze(cid, self._desk.ledger.now_ms() + self._random.randint(1, 1000))

    def _propose(self, cid: ConversationId) -> None:
        self._service.record_proposal(cid, proposal_for(self._desk, cid, self._text()))

    def _discard(self, cid: ConversationId) -> None:
        proposal = self._service.thread(cid).proposal
        if proposal is not None:
            self._service.discard_proposal(cid, proposal.proposal_id, "not what was asked")

    def _hold(self, cid: ConversationId) -> None:
        held = self._service.hold_reply(cid, self._text(), self._service.thread(cid).proposal)
        self._held.append(held.held_id)

    def _recall(self, _: ConversationId) -> None:
        if self._held:
            self._service.recall_reply(self._random.choice(self._held))

    def _release(self, _: ConversationId) -> None:
        if self._held:
            self._service.release_reply(self._random.choice(self._held))


@pytest.mark.parametrize("seed", range(3))
def test_building_again_gives_the_same_rows_threads_and_inbox(desk: Desk, seed: int) -> None:
    RandomDay(desk, seed).run(120)
    # The inbox comes first: looking at it wakes what was snoozed until now, which writes.
    inboxes = {view: desk.conversations.inbox(view) for view in reversed(InboxView)}
    counts, rows, threads = desk.conversations.counts(), plain_rows(desk), all_threads(desk)
    desk.conversations.rebuild_projections()
    assert plain_rows(desk) == rows
    assert all_threads(desk) == threads
    assert {view: desk.conversations.inbox(view) for view in reversed(InboxView)} == inboxes
    assert desk.conversations.counts() == counts
    # The counts are kept step by step; here they meet what the views show.
    assert counts.open == len(inboxes[InboxView.OPEN])
    assert counts.mine == len(inboxes[InboxView.MINE])
    assert counts.unassigned == len(inboxes[InboxView.UNASSIGNED])
    assert counts.snoozed == len(inboxes[InboxView.SNOOZED])
    assert counts.done == len(inboxes[InboxView.DONE])
    assert counts.emergencies == sum(row.urgency is Urgency.EMERGENCY for row in inboxes[InboxView.OPEN])


def test_only_the_newest_unsent_text_keeps_its_words(desk: Desk) -> None:
    cid = desk.conversations.start("Ada Quill", Origin.PHONE, "Hello?")
    for text in ("D", "Dear", "Dear Ada, "):
        desk.conversations.save_text(cid, ComposerTab.REPLY, text)
    desk.conversations.save_text(cid, ComposerTab.NOTE, "call back")
    lengths = [len(body) for body in bodies_of(desk, EventKind.TEXT_SAVED)]
    assert lengths[:2] == [32, 32]
    assert min(lengths[2:]) > 32
    thread = desk.conversations.thread(cid)
    assert (thread.unsent_reply, thread.unsent_note) == ("Dear Ada, ", "call back")


def test_holding_a_reply_sheds_what_the_composer_held(desk: Desk) -> None:
    cid = desk.conversations.start("Ada Quill", Origin.PHONE, "Hello?")
    desk.conversations.save_text(cid, ComposerTab.REPLY, "Dear Ada")
    desk.conversations.hold_reply(cid, "Dear Ada", None)
    assert [len(body) for body in bodies_of(desk, EventKind.TEXT_SAVED)] == [32]


def test_a_message_of_many_in_one_commit_is_counted_as_if_it_came_alone(desk: Desk) -> None:
    service, cid = desk.conversations, ConversationId("BATCH")
    desk.vault.keyring.add(cid)
    opened = NewEvent(cid, EventKind.CONVERSATION_OPENED, {"contact_name": "Ada Quill", "origin": "imported"})
    message = NewEvent(cid, EventKind.MESSAGE_RECEIVED, {"text": "one", "written_ms": 5})
    sent = NewEvent(cid, EventKind.MESSAGE_SENT, {"held_id": None, "text": "two", "provenance": None, "author": "Bo"})
    later = replace(message, body={"text": "three", "written_ms": 9})
    desk.ledger.write_all((opened, message, message, sent, later), cid)
    row = service.inbox(InboxView.OPEN)[0]
    assert (row.unread_count, row.oldest_unanswered_ms, row.snippet) == (1, 9, "three")
    assert service.counts().open == 1


def test_an_erased_conversation_leaves_every_projection(desk: Desk) -> None:
    cid = desk.conversations.start("Ada Quill", Origin.PHONE, "Hello?")
    other = desk.conversations.start("Bo Nib", Origin.PHONE, "Hello?")
    desk.conversations.save_text(cid, ComposerTab.REPLY, "Dear Ada")
    desk.conversations.record_proposal(cid, proposal_for(desk, cid, "Hi"))
    desk.ledger.write(cid, EventKind.ERASED)
    assert all(cid not in row for rows in plain_rows(desk).values() for row in rows)
    assert [row.conversation_id for row in desk.conversations.inbox(InboxView.OPEN)] == [other]
    assert desk.conversations.counts().open == 1
