"""The proposal service: one end for every request, nothing stale recorded, people before preparation."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from app.domain.conversation import (
    ConversationState,
    InboxRow,
    InboxView,
    ItemKind,
    Origin,
    Party,
    Thread,
    ThreadItem,
    Urgency,
)
from app.domain.ids import OFFICE, ConversationId, EventId
from app.domain.prompt import Task
from app.domain.proposal import Article, Proposal, ProposalAction, ProposalWarning, SourceRef
from app.inference.generation import Priority
from app.inference.generation import ProblemCode as ModelProblem
from app.knowledge import PassageIndex, read_article
from app.services.conversations.phrases import Phrases
from app.services.drafting.drafter import Drafter
from app.services.errors import InvalidTextError
from app.services.ports import ProblemCode
from app.services.proposing.noting import ThreadNote
from app.services.proposing.service import ProposalService, turns_of
from app.store.errors import DiskFullError
from tests.support.scripted_model import ScriptedModel

WAIT_S = 10
ONE, TWO, THREE = ConversationId("one"), ConversationId("two"), ConversationId("three")
PARKING = read_article("parking", "# Parking\n\nPatient parking is free for two hours in the lot behind our building.")
GOOD = "Parking is free for two hours. [1]"


@dataclass
class ShortStore:
    """Threads in memory; remembers what was recorded. ``is_full`` makes every write fail."""

    threads: dict[ConversationId, Thread] = field(default_factory=dict)
    recorded: list[Proposal] = field(default_factory=list)
    is_full: bool = False
    answers: tuple[Article, ...] = ()
    withdrawn: set[ConversationId] = field(default_factory=set)
    listeners: list[Callable[[ConversationId], None]] = field(default_factory=list)

    def articles(self) -> tuple[Article, ...]:
        return self.answers

    def on_change(self, listener: Callable[[ConversationId], None], /) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def tell(self, changed: ConversationId) -> None:
        for listener in tuple(self.listeners):
            listener(changed)

    @property
    def conversations(self) -> "ShortStore":
        return self

    def say(
        self,
        conversation_id: ConversationId,
        text: str,
        party: Party = Party.VISITOR,
        kind: ItemKind = ItemKind.MESSAGE,
    ) -> None:
        old = self.threads.get(conversation_id) or _empty(conversation_id)
        event_id = EventId(f"{conversation_id}-{len(old.items)}")
        item = ThreadItem(event_id, kind, party, "", text, len(self.threads) * 1000 + len(old.items))
        self.threads[conversation_id] = replace(old, items=(*old.items, item))

    def thread(self, conversation_id: ConversationId) -> Thread:
        return self.threads[conversation_id]

    def inbox(self, view: InboxView) -> tuple[InboxRow, ...]:
        assert view is InboxView.OPEN
        return tuple(_row(thread) for thread in self.threads.values())

    def may_propose(self, conversation_id: ConversationId) -> bool:
        return conversation_id not in self.withdrawn

    def record_proposal(self, conversation_id: ConversationId, proposal: Proposal) -> None:
        if self.is_full:
            raise DiskFullError
        self.recorded.append(proposal)
        self.threads[conversation_id] = replace(self.threads[conversation_id], proposal=proposal)
        self.tell(conversation_id)


def _empty(conversation_id: ConversationId) -> Thread:
    open_state = ConversationState.OPEN
    return Thread(
        conversation_id,
        "Anna Quill",
        Origin.PHONE,
        Urgency.ROUTINE,
        open_state,
        None,
        None,
        (),
        None,
        "",
        "",
        None,
        None,
    )


def _row(thread: Thread) -> InboxRow:
    waits = bool(thread.items) and thread.items[-1].party is Party.VISITOR
    since_ms = thread.items[-1].wall_ms if waits else None
    door, state = Origin.PHONE, ConversationState.OPEN
    return InboxRow(
        thread.conversation_id,
        "Anna Quill",
        "",
        door,
        thread.urgency,
        state,
        since_ms,
        0,
        0,
        None,
        None,
        has_unsent_text=False,
    )


class Ear:
    """Collects what one run tells, and lets a test wait for its end."""

    def __init__(self) -> None:
        self.ends: list[Proposal | ProblemCode] = []
        self.words: list[str] = []
        self.sources: list[SourceRef] = []
        self._done = threading.Event()

    def sources_found(self, sources: Sequence[SourceRef]) -> None:
        self.sources = list(sources)

    def words_arrived(self, text_so_far: str) -> None:
        self.words.append(text_so_far)

    def proposal_ready(self, proposal: Proposal) -> None:
        self.ends.append(proposal)
        self._done.set()

    def proposal_failed(self, code: ProblemCode) -> None:
        self.ends.append(code)
        self._done.set()

    def end(self) -> Proposal | ProblemCode:
        assert self._done.wait(WAIT_S)
        return self.ends[0]


@dataclass
class Bench:
    """A service with its store and its scripted model."""

    store: ShortStore
    model: ScriptedModel
    service: ProposalService


@pytest.fixture
def bench() -> Iterator[Bench]:
    before = set(threading.enumerate())
    store, model = ShortStore(), ScriptedModel([GOOD])
    index = PassageIndex([PARKING], today=lambda: date(2026, 11, 24), meaning=lambda: None)
    service = ProposalService(store, Drafter(index, model, Phrases("Somebody will come back to you.")))
    yield Bench(store, model, service)
    model.go_on()
    service.close()
    left = set(threading.enumerate()) - before
    assert not [thread.name for thread in left if thread.name.startswith("vestibule-pr")]


def test_a_request_ends_with_a_recorded_proposal_for_the_newest_message(bench: Bench) -> None:
    bench.store.say(ONE, "Hello there")
    bench.store.say(ONE, "Where can I park?")
    ear = Ear()
    bench.service.request(ONE, ear)
    proposal = ear.end()
    assert isinstance(proposal, Proposal)
    assert (proposal.action, proposal.based_on, proposal.conversation_id) == (ProposalAction.PROPOSE, "one-1", ONE)
    assert bench.store.recorded == [proposal]
    assert [source.article_id for source in ear.sources] == ["parking"]


class SchooledModel(ScriptedModel):
    """A model that was taught everything."""

    def supports(self, task: Task) -> bool:
        return isinstance(task, Task)


class NoteEar:
    """Collects the end of one note."""

    def __init__(self) -> None:
        self.ends: list[ThreadNote | ProblemCode] = []
        self._done = threading.Event()

    def note_ready(self, note: ThreadNote) -> None:
        self.ends.append(note)
        self._done.set()

    def note_failed(self, code: ProblemCode) -> None:
        self.ends.append(code)
        self._done.set()

    def end(self) -> ThreadNote | ProblemCode:
        assert self._done.wait(WAIT_S)
        return self.ends[0]


def test_an_instruction_reaches_the_model_and_stays_with_the_proposal(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    ear = Ear()
    bench.service.request(ONE, ear, Task.INSTRUCTED, " mention the\nlot ")
    proposal = ear.end()
    assert isinstance(proposal, Proposal)
    assert (proposal.task, proposal.instruction) == (Task.INSTRUCTED, "mention the lot")
    assert "\nInstruction: mention the lot\nTask: reply as told" in bench.model.requests[0].prompt


def test_a_wrong_instruction_starts_nothing(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    ear = Ear()
    with pytest.raises(InvalidTextError):
        bench.service.request(ONE, ear, Task.INSTRUCTED, "  ")
    with pytest.raises(ValueError, match="note"):
        bench.service.request(ONE, ear, Task.SUMMARY)
    assert (ear.ends, bench.model.requests) == ([], [])


def test_a_note_is_put_together_without_a_model_and_nothing_is_recorded(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    ear = NoteEar()
    bench.service.note(ONE, Task.HAND_OVER_NOTE, ear)
    note = ear.end()
    assert isinstance(note, ThreadNote)
    assert note.is_extract
    assert "Where can I park?" in note.text
    assert (bench.store.recorded, bench.model.requests) == ([], [])
    with pytest.raises(ValueError, match="note"):
        bench.service.note(ONE, Task.SHORTER, ear)


def test_a_model_that_was_taught_notes_is_asked_except_in_an_emergency(bench: Bench) -> None:
    model = SchooledModel(["The visitor wants to know where to park."])
    bench.service.use_drafter(Drafter(PassageIndex([PARKING], meaning=lambda: None), model, Phrases("Later.")))
    bench.store.say(ONE, "Please, where can I park? I want to know.")
    assert bench.service.supports(Task.SUMMARY)
    ears = [NoteEar(), NoteEar()]
    bench.service.note(ONE, Task.SUMMARY, ears[0])
    first = ears[0].end()
    bench.store.threads[ONE] = replace(bench.store.threads[ONE], urgency=Urgency.EMERGENCY)
    bench.service.note(ONE, Task.SUMMARY, ears[1])
    second = ears[1].end()
    assert isinstance(first, ThreadNote)
    assert isinstance(second, ThreadNote)
    assert (first.is_extract, second.is_extract, len(model.requests)) == (False, True, 1)


def test_without_consent_no_model_is_asked_and_a_note_is_put_together_all_the_same(bench: Bench) -> None:
    model = SchooledModel(["The visitor wants to know where to park."])
    bench.service.use_drafter(Drafter(PassageIndex([PARKING], meaning=lambda: None), model, Phrases("Later.")))
    bench.store.say(ONE, "Please, where can I park? I want to know.")
    bench.store.withdrawn.add(ONE)
    ear, note_ear = Ear(), NoteEar()
    bench.service.request(ONE, ear)
    bench.service.note(ONE, Task.SUMMARY, note_ear)
    note = note_ear.end()
    assert ear.end() is ProblemCode.NO_CONSENT
    assert isinstance(note, ThreadNote)
    assert note.is_extract
    assert (bench.store.recorded, model.requests) == ([], [])


def test_nothing_is_prepared_without_consent(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    bench.store.withdrawn.add(ONE)
    bench.store.say(TWO, "Where can I park?")
    prepared = threading.Event()
    bench.service.prepare_waiting(lambda _cid: prepared.set())
    assert prepared.wait(WAIT_S)
    assert len(bench.model.requests) == 1


def test_consent_that_is_withdrawn_while_the_model_writes_stops_it_at_once(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    bench.model.pause()
    ear = Ear()
    bench.service.request(ONE, ear)
    assert bench.model.asked.wait(WAIT_S)
    bench.store.withdrawn.add(ONE)
    bench.store.tell(ONE)
    bench.model.go_on()
    assert ear.end() is ProblemCode.NO_CONSENT
    assert bench.store.recorded == []


def test_notes_never_reach_the_model(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    bench.store.say(ONE, "She was rude last time", Party.DESK, ItemKind.NOTE)
    assert [turn.text for turn in turns_of(bench.store.thread(ONE))] == ["Where can I park?"]
    ear = Ear()
    bench.service.request(ONE, ear)
    assert isinstance(ear.end(), Proposal)
    assert "rude" not in bench.model.requests[0].prompt


def test_a_message_that_comes_in_meanwhile_makes_the_draft_stale(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    bench.model.pause()
    ear = Ear()
    bench.service.request(ONE, ear)
    assert bench.model.asked.wait(WAIT_S)
    bench.store.say(ONE, "And how long?")
    bench.model.go_on()
    assert ear.end() is ProblemCode.STALE
    assert bench.store.recorded == []


def test_news_of_a_message_sets_the_draft_aside_at_once(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    bench.model.pause()
    ear = Ear()
    bench.service.request(ONE, ear)
    assert bench.model.asked.wait(WAIT_S)
    bench.store.say(ONE, "And how long?")
    bench.store.tell(ONE)
    assert ear.end() is ProblemCode.STALE
    assert bench.store.recorded == []


def test_answers_that_change_are_read_before_the_next_draft(bench: Bench) -> None:
    bench.store.say(ONE, "Do you repair bicycles?")
    bench.model.replies = ["We repair bicycles on Mondays. [1]"]
    first, second = Ear(), Ear()
    bench.service.request(ONE, first)
    before = first.end()
    assert isinstance(before, Proposal)
    assert before.action is ProposalAction.HAND_OVER
    bench.store.answers = (read_article("bikes", "# Bicycles\n\nWe repair bicycles on Mondays."),)
    bench.store.tell(OFFICE)
    bench.service.request(ONE, second)
    after = second.end()
    assert isinstance(after, Proposal)
    assert after.text == "We repair bicycles on Mondays."


def test_a_change_that_overtakes_nothing_leaves_a_draft_alone(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    bench.model.pause()
    ear = Ear()
    bench.service.request(ONE, ear)
    assert bench.model.asked.wait(WAIT_S)
    bench.store.tell(ONE)
    bench.store.tell(TWO)
    bench.model.go_on()
    assert isinstance(ear.end(), Proposal)


def test_a_conversation_that_the_desk_answered_has_nothing_to_answer(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    bench.store.say(ONE, "Behind the house.", Party.DESK)
    ear = Ear()
    bench.service.request(ONE, ear)
    assert ear.end() is ProblemCode.NOTHING_TO_ANSWER


def test_stopping_keeps_what_had_arrived_and_marks_it(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    bench.model.pause()
    ear = Ear()
    run = bench.service.request(ONE, ear)
    assert bench.model.asked.wait(WAIT_S)
    run.cancel()
    end = ear.end()
    if isinstance(end, Proposal):
        assert ProposalWarning.STOPPED_EARLY in end.warnings
        assert bench.store.recorded == [end]
    else:
        assert end is ProblemCode.STOPPED
    assert len(ear.ends) == 1


def test_asking_again_gives_the_first_request_up_without_recording_it(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    bench.model.pause()
    first, second = Ear(), Ear()
    bench.service.request(ONE, first)
    assert bench.model.asked.wait(WAIT_S)
    bench.service.request(ONE, second)
    assert first.end() is ProblemCode.STOPPED
    bench.model.go_on()
    assert bench.store.recorded == [second.end()]


def test_a_full_disk_is_told_and_the_next_request_works(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    bench.store.is_full = True
    first, second = Ear(), Ear()
    bench.service.request(ONE, first)
    assert first.end() is ProblemCode.NOT_STORED
    bench.store.is_full = False
    bench.service.request(ONE, second)
    assert isinstance(second.end(), Proposal)


def test_a_bug_in_one_job_neither_ends_the_thread_nor_leaves_anybody_waiting(bench: Bench) -> None:
    first, second = Ear(), Ear()
    bench.service.request(ConversationId("nowhere"), first)
    assert first.end() is ProblemCode.MODEL_FAILED
    bench.store.say(ONE, "Where can I park?")
    bench.service.request(ONE, second)
    assert isinstance(second.end(), Proposal)


def prepare(bench: Bench, expected: int) -> list[ConversationId]:
    prepared: list[ConversationId] = []
    done = threading.Event()

    def note(conversation_id: ConversationId) -> None:
        prepared.append(conversation_id)
        if len(prepared) == expected:
            done.set()

    bench.service.prepare_waiting(note)
    assert done.wait(WAIT_S)
    return prepared


def test_preparation_takes_the_oldest_first_and_never_an_emergency(bench: Bench) -> None:
    for conversation_id in (THREE, ONE, TWO):
        bench.store.say(conversation_id, "Where can I park?")
    bench.store.threads[ONE] = replace(bench.store.threads[ONE], urgency=Urgency.EMERGENCY)
    assert prepare(bench, 2) == [THREE, TWO]
    assert {request.priority for request in bench.model.requests} == {Priority.BACKGROUND}


def test_what_was_prepared_or_discarded_is_not_prepared_again(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    prepare(bench, 1)
    bench.store.threads[ONE] = replace(bench.store.threads[ONE], proposal=None)
    bench.store.say(TWO, "Where can I park?")
    assert prepare(bench, 1) == [TWO]


def test_a_click_does_not_wait_behind_a_preparation(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    bench.model.pause()
    bench.service.prepare_waiting()
    assert bench.model.asked.wait(WAIT_S)
    bench.store.say(TWO, "Where can I park?")
    bench.model.replies = [ModelProblem.WORKER_LOST]
    ear = Ear()
    bench.service.request(TWO, ear)
    assert ear.end() is ProblemCode.MODEL_FAILED
    assert [request.priority for request in bench.model.requests] == [Priority.BACKGROUND, Priority.PERSON]


def test_after_closing_a_request_ends_as_stopped(bench: Bench) -> None:
    bench.store.say(ONE, "Where can I park?")
    bench.service.close()
    ear = Ear()
    bench.service.request(ONE, ear)
    assert ear.end() is ProblemCode.STOPPED
