"""A whole desk in memory behind the interface of the real one: for tests of presenters and views.

It keeps the promises of ``ConversationService`` that the interface relies on (order of the inbox, held and recalled
replies, unsent text, change listeners) without a file. The keyboard journey and the bench use the real desk instead.
"""

import itertools
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from app.domain.conversation import (
    ComposerTab,
    ConversationState,
    HeldReply,
    InboxCounts,
    InboxRow,
    InboxView,
    ItemKind,
    Origin,
    Party,
    Provenance,
    SearchHit,
    Thread,
    ThreadItem,
    Urgency,
)
from app.domain.facts import FactKind, FactMark
from app.domain.ids import ArticleId, ConversationId, EventId, PersonId, ProposalId
from app.domain.office import Office, Person, Role, Sector
from app.domain.prompt import Task
from app.domain.proposal import Proposal, ProposalAction, Sentence, SourceRef, changed_percent
from app.services.answers.form import AnswerForm
from app.services.answers.service import AnswerList
from app.services.interlock.lists import load_interlock
from app.services.interlock.signing import InterlockStatus

ME = Person(PersonId("person-me"), "Dana Whitcroft", Role.FRONT_DESK)
DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo"
UNDO_MS = 5_000


class FailingError(Exception):
    """What a store that was told to fail raises."""


@dataclass
class _Case:
    name: str
    origin: Origin
    urgency: Urgency = Urgency.ROUTINE
    state: ConversationState = ConversationState.OPEN
    assigned: PersonId | None = None
    until_ms: int | None = None
    items: list[ThreadItem] = field(default_factory=list)
    seen: int = 0
    unsent: dict[ComposerTab, str] = field(default_factory=dict)
    proposal: Proposal | None = None
    held: HeldReply | None = None
    held_proposal: Proposal | None = None


class MemoryConversations:
    """The conversation service, in memory. ``fail_next`` makes the next call raise."""

    def __init__(self, now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        self._now_ms = now_ms
        self._numbers = itertools.count(1)
        self._cases: dict[ConversationId, _Case] = {}
        self._listeners: list[Callable[[ConversationId], None]] = []
        self.fail_next: Exception | None = None
        self.sent: list[tuple[ConversationId, str, Provenance]] = []
        self.saved: list[tuple[ConversationId, ComposerTab, str]] = []
        self.discarded: list[tuple[ProposalId, str]] = []
        self.outdated: set[ProposalId] = set()

    def on_change(self, listener: Callable[[ConversationId], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def start(self, contact_name: str, origin: Origin, first_text: str) -> ConversationId:
        self._maybe_fail()
        conversation_id = ConversationId(f"c{next(self._numbers):05}")
        self._cases[conversation_id] = _Case(contact_name, origin)
        self.receive(conversation_id, first_text)
        return conversation_id

    def receive(self, conversation_id: ConversationId, text: str, wall_ms: int | None = None) -> EventId:
        return self._add(
            conversation_id, ItemKind.MESSAGE, Party.VISITOR, self._cases[conversation_id].name, text, wall_ms
        )

    def add_note(self, conversation_id: ConversationId, text: str, wall_ms: int | None = None) -> EventId:
        self._maybe_fail()
        return self._add(conversation_id, ItemKind.NOTE, Party.DESK, ME.display_name, text, wall_ms)

    def add_sent(
        self, conversation_id: ConversationId, text: str, wall_ms: int, proposal: Proposal | None = None
    ) -> EventId:
        provenance = Provenance(None, None, (), 0)
        if proposal is not None:
            changed = changed_percent(proposal.text, text)
            provenance = Provenance(proposal.proposal_id, proposal.model_name, proposal.sources, changed)
        return self._add(conversation_id, ItemKind.MESSAGE, Party.DESK, ME.display_name, text, wall_ms, provenance)

    def inbox(self, view: InboxView, limit: int = 200, offset: int = 0) -> tuple[InboxRow, ...]:
        self._maybe_fail()
        rows = [self._row(key, case) for key, case in self._cases.items() if self._belongs(case, view)]
        rows.sort(key=lambda row: (-row.urgency, row.oldest_unanswered_ms or 1 << 60, -row.last_activity_ms))
        return tuple(rows[offset : offset + limit])

    def counts(self) -> InboxCounts:
        def count(view: InboxView) -> int:
            return sum(self._belongs(case, view) for case in self._cases.values())

        emergencies = sum(
            case.urgency is Urgency.EMERGENCY and case.state is ConversationState.OPEN for case in self._cases.values()
        )
        views = (InboxView.OPEN, InboxView.MINE, InboxView.UNASSIGNED, InboxView.SNOOZED, InboxView.DONE)
        return InboxCounts(*(count(view) for view in views), emergencies=emergencies)

    def thread(self, conversation_id: ConversationId) -> Thread:
        self._maybe_fail()
        case = self._cases[conversation_id]
        return Thread(
            conversation_id,
            case.name,
            case.origin,
            case.urgency,
            case.state,
            case.assigned,
            case.until_ms,
            tuple(case.items),
            case.items[case.seen].event_id if case.seen < len(case.items) else None,
            case.unsent.get(ComposerTab.REPLY, ""),
            case.unsent.get(ComposerTab.NOTE, ""),
            case.proposal,
            case.held,
        )

    def save_text(self, conversation_id: ConversationId, tab: ComposerTab, text: str) -> None:
        self._maybe_fail()
        self.saved.append((conversation_id, tab, text))
        self._change(conversation_id, unsent=self._cases[conversation_id].unsent | {tab: text})

    def assign(self, conversation_id: ConversationId, person_id: PersonId | None) -> None:
        self._change(conversation_id, assigned=person_id)

    def set_urgency(self, conversation_id: ConversationId, urgency: Urgency) -> None:
        self._change(conversation_id, urgency=urgency)

    def snooze(self, conversation_id: ConversationId, until_ms: int) -> None:
        self._change(conversation_id, state=ConversationState.SNOOZED, until_ms=until_ms)

    def mark_done(self, conversation_id: ConversationId) -> None:
        self._maybe_fail()
        self._change(conversation_id, state=ConversationState.DONE)

    def reopen(self, conversation_id: ConversationId) -> None:
        self._change(conversation_id, state=ConversationState.OPEN, until_ms=None)

    def mark_seen(self, conversation_id: ConversationId) -> None:
        self._change(conversation_id, seen=len(self._cases[conversation_id].items))

    def may_propose(self, _conversation_id: ConversationId) -> bool:
        return True

    def record_proposal(self, conversation_id: ConversationId, proposal: Proposal) -> None:
        self._change(conversation_id, proposal=proposal)

    def proposal_stands(self, proposal: Proposal) -> bool:
        return proposal.proposal_id not in self.outdated

    def discard_proposal(self, conversation_id: ConversationId, proposal_id: ProposalId, reason: str) -> None:
        self.discarded.append((proposal_id, reason))
        self._change(conversation_id, proposal=None)

    def hold_reply(self, conversation_id: ConversationId, text: str, proposal: Proposal | None) -> HeldReply:
        self._maybe_fail()
        held = HeldReply(EventId(f"h{next(self._numbers):05}"), conversation_id, text, self._now_ms() + UNDO_MS)
        unsent = self._cases[conversation_id].unsent | {ComposerTab.REPLY: ""}
        self._change(conversation_id, held=held, held_proposal=proposal, proposal=None, unsent=unsent)
        return held

    def recall_reply(self, held_id: EventId) -> str:
        conversation_id, case = self._holding(held_id)
        assert case.held is not None
        text = case.held.text
        typed_since = case.unsent.get(ComposerTab.REPLY, "")
        text = f"{text}\n\n{typed_since}" if typed_since else text
        proposal = case.held_proposal
        self._change(conversation_id, held=None, proposal=proposal, unsent=case.unsent | {ComposerTab.REPLY: text})
        return text

    def release_reply(self, held_id: EventId) -> EventId:
        self._maybe_fail()
        conversation_id, case = self._holding(held_id)
        assert case.held is not None
        text, proposal = case.held.text, case.held_proposal
        case.held, case.proposal = None, None
        event_id = self.add_sent(conversation_id, text, self._now_ms(), proposal)
        self.sent.append((conversation_id, text, case.items[-1].provenance))
        return event_id

    def search(self, text: str, limit: int = 50) -> tuple[SearchHit, ...]:
        needle, hits = text.casefold(), []
        for conversation_id, case in self._cases.items():
            for item in case.items:
                place = item.text.casefold().find(needle)
                if needle and place >= 0:
                    start = max(0, place - 30)
                    excerpt = item.text[start : place + 90]
                    marks = ((place - start, place - start + len(text)),)
                    hits.append(SearchHit(conversation_id, item.event_id, case.name, excerpt, marks, item.wall_ms))
        return tuple(sorted(hits, key=lambda hit: -hit.wall_ms)[:limit])

    def ids(self) -> tuple[ConversationId, ...]:
        return tuple(self._cases)

    def _maybe_fail(self) -> None:
        error, self.fail_next = self.fail_next, None
        if error is not None:
            raise error

    def _holding(self, held_id: EventId) -> tuple[ConversationId, _Case]:
        return next((key, case) for key, case in self._cases.items() if case.held and case.held.held_id == held_id)

    def _add(
        self,
        conversation_id: ConversationId,
        kind: ItemKind,
        party: Party,
        author: str,
        text: str,
        wall_ms: int | None,
        provenance: Provenance | None = None,
    ) -> EventId:
        event_id = EventId(f"e{next(self._numbers):05}")
        moment = self._now_ms() if wall_ms is None else wall_ms
        self._cases[conversation_id].items.append(ThreadItem(event_id, kind, party, author, text, moment, provenance))
        self._tell(conversation_id)
        return event_id

    def _change(self, conversation_id: ConversationId, **changes: object) -> None:
        self._cases[conversation_id] = replace(self._cases[conversation_id], **changes)
        self._tell(conversation_id)

    def _tell(self, conversation_id: ConversationId) -> None:
        for listener in self._listeners:
            listener(conversation_id)

    @staticmethod
    def _belongs(case: _Case, view: InboxView) -> bool:
        is_open = case.state is ConversationState.OPEN
        return {
            InboxView.OPEN: is_open,
            InboxView.MINE: is_open and case.assigned == ME.person_id,
            InboxView.UNASSIGNED: is_open and case.assigned is None,
            InboxView.SNOOZED: case.state is ConversationState.SNOOZED,
            InboxView.DONE: case.state is ConversationState.DONE,
        }[view]

    @staticmethod
    def _row(conversation_id: ConversationId, case: _Case) -> InboxRow:
        messages = [item for item in case.items if item.kind is ItemKind.MESSAGE]
        waiting = []
        for item in reversed(messages):
            if item.party is Party.DESK:
                break
            waiting.append(item.wall_ms)
        return InboxRow(
            conversation_id,
            case.name,
            messages[-1].text if messages else "",
            case.origin,
            case.urgency,
            case.state,
            waiting[-1] if waiting else None,
            case.items[-1].wall_ms if case.items else 0,
            max(0, len(case.items) - case.seen),
            case.assigned,
            case.until_ms,
            bool(case.unsent.get(ComposerTab.REPLY) or case.unsent.get(ComposerTab.NOTE)),
            case.proposal is not None and bool(waiting),
        )


class ScriptedRun:
    """A run that the test moves by hand."""

    def __init__(self, listener: object) -> None:
        self.listener = listener
        self.was_cancelled = False

    def cancel(self) -> None:
        self.was_cancelled = True


class ScriptedProposals:
    """The proposal service: notes requests; the test plays the answers through ``runs[-1].listener``."""

    def __init__(self) -> None:
        self.requests: list[tuple[ConversationId, Task]] = []
        self.instructions: list[str] = []
        self.taught: set[Task] = set(Task)
        self.runs: list[ScriptedRun] = []
        self.preparations = 0

    def request(
        self, conversation_id: ConversationId, listener: object, task: Task = Task.REPLY, instruction: str = ""
    ) -> ScriptedRun:
        self.requests.append((conversation_id, task))
        self.instructions.append(instruction)
        self.runs.append(ScriptedRun(listener))
        return self.runs[-1]

    def supports(self, task: Task) -> bool:
        return task in self.taught

    def note(self, conversation_id: ConversationId, task: Task, listener: object) -> ScriptedRun:
        self.requests.append((conversation_id, task))
        self.runs.append(ScriptedRun(listener))
        return self.runs[-1]

    def prepare_waiting(self) -> None:
        self.preparations += 1


class MemoryInterlock:
    """The emergency list of a clinic, with a signature that is kept in memory."""

    def __init__(self) -> None:
        self.interlock = load_interlock(DEMO.parent, Sector.CLINIC)
        self.signed_by: str | None = None

    def status(self) -> InterlockStatus:
        count = sum(len(book.phrases) for book in self.interlock.books)
        version = str(self.interlock.version)
        return InterlockStatus(version, count, version if self.signed_by else None, self.signed_by, None)

    def sign(self) -> InterlockStatus:
        self.signed_by = ME.display_name
        return self.status()


class MemoryAnswers:
    """An office that has approved nothing."""

    def list(self) -> AnswerList:
        return AnswerList((), date(2026, 11, 24))

    def unsaved(self) -> dict[ArticleId, AnswerForm]:
        return {}


@dataclass
class MemoryDesk:
    """The desk: person, office, conversations, emergency list."""

    conversations: MemoryConversations
    person: Person = ME
    people: tuple[Person, ...] = (ME, Person(PersonId("person-marcus"), "Marcus Oyelade", Role.FRONT_DESK))
    office: Office = field(default_factory=lambda: Office("Linden Street Family Practice", Sector.CLINIC, is_demo=True))
    is_closed: bool = False
    interlock: MemoryInterlock = field(default_factory=MemoryInterlock)
    answers: MemoryAnswers = field(default_factory=MemoryAnswers)

    def close(self) -> None:
        self.is_closed = True


def make_proposal(
    conversation_id: ConversationId,
    based_on: EventId | None,
    text: str,
    *,
    sources: Sequence[SourceRef] = (),
    cited: Sequence[tuple[int, ...]] = (),
    action: ProposalAction = ProposalAction.PROPOSE,
    warnings: tuple = (),
    facts: Sequence[FactMark] = (),
) -> Proposal:
    """A proposal whose sentences are cut at ``. ``; sentence n names ``cited[n]``."""
    sentences, start = [], 0
    for number, piece in enumerate(text.split(". ")):
        end = min(len(text), start + len(piece) + 1)
        sentences.append(Sentence(start, end, tuple(cited[number]) if number < len(cited) else ()))
        start = end + 1
    return Proposal(
        ProposalId(f"p-{conversation_id}-{abs(hash(text)) % 9999}"),
        conversation_id,
        based_on,
        action,
        text,
        tuple(sentences),
        tuple(sources),
        warnings,
        "vestibule-starter",
        140,
        820,
        tuple(facts),
    )


def mark(text: str, words: str, source: SourceRef | None, kind: FactKind = FactKind.TIME, said: str = "") -> FactMark:
    """The mark of ``words`` in ``text``; its source says the same words, or ``said``."""
    start = text.index(words)
    if source is None:
        return FactMark(start, start + len(words), kind, None)
    place = source.quote.index(said or words)
    return FactMark(start, start + len(words), kind, source.number, place, place + len(said or words))


def make_source(number: int, title: str, quote: str, *, is_internal: bool = False) -> SourceRef:
    """A numbered source that was approved on 3 November."""
    return SourceRef(number, ArticleId(title.lower().replace(" ", "-")), title, quote, date(2026, 11, 3), is_internal)


def load_demo(conversations: MemoryConversations, sector: Sector, now_ms: int) -> None:
    """Put the demo conversations of one office into the memory store."""
    lines = (DEMO / sector.value / "conversations.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines:
        _load_one(conversations, json.loads(line), now_ms)


def _load_one(conversations: MemoryConversations, raw: dict, now_ms: int) -> None:
    key = ConversationId(raw["id"])
    case = _Case(
        raw["contact"], Origin(raw["origin"]), Urgency[raw["urgency"].upper()], ConversationState(raw["state"])
    )
    case.assigned = ME.person_id if raw.get("assigned") == ME.display_name else None
    if case.state is ConversationState.SNOOZED:
        case.until_ms = now_ms + 20 * 3_600_000
    conversations._cases[key] = case
    for turn in raw["turns"]:
        wall_ms = now_ms - turn["minutes_ago"] * 60_000
        author = turn.get("author") or raw["contact"]
        kind = ItemKind.NOTE if turn["who"] == "note" else ItemKind.MESSAGE
        party = Party.VISITOR if turn["who"] == "user" else Party.DESK
        provenance = Provenance(None, None, (), 0) if turn["who"] == "agent" else None
        conversations._add(key, kind, party, author, turn["text"], wall_ms, provenance)
    case.seen = max(0, len(case.items) - 1)
