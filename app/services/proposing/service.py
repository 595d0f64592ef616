"""Proposals for a desk: asked for by a person, or prepared in the background before anybody asks.

Two threads, each owned and named, ask the model: one for people, one for preparation. The model lets people go first
(``Priority``), so a click never waits behind a preparation. What is recorded is always based on the newest message: a
draft that something newer overtook is set aside (``ProblemCode.STALE``), at once when the store tells of it.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.conversation import InboxView, ItemKind, Party, Thread, ThreadItem, Urgency
from app.domain.ids import OFFICE, ArticleId, ConversationId, EventId
from app.domain.prompt import Speaker, Task, Turn
from app.domain.proposal import Article, Proposal, SourceRef
from app.services.drafting.drafter import Drafter, DraftFailedError
from app.services.errors import ChannelRefusedError
from app.services.ports import Priority, ProblemCode, ProposalListener, ThreadStore
from app.services.proposing.instructions import check_instruction
from app.services.proposing.rewrites import NOTE_TASKS
from app.services.proposing.runs import Lane, NoteListener, NoteRun, ProposalRun, Run
from app.services.proposing.standing import still_stands
from app.store.errors import StoreError

MAX_PREPARED = 20
"""Conversations prepared by one call; by then the first of them were read."""


class ProposalDesk(Protocol):
    """The part of an open desk that proposals need."""

    @property
    def conversations(self) -> ThreadStore:
        """Where threads are read and proposals written."""


class ProposalService:
    """Makes and records proposals for the conversations of one open desk."""

    def __init__(self, desk: ProposalDesk, drafter: Drafter) -> None:
        """Serve ``desk`` with ``drafter`` until ``close``."""
        self._store = desk.conversations
        self._drafter = drafter
        self._handled: set[tuple[ConversationId, EventId]] = set()
        self._asking = Lane("vestibule-proposals")
        self._preparing = Lane("vestibule-preparing")
        self._have_answers_changed = threading.Event()
        self._end_listening = self._store.on_change(self._on_change)

    def supports(self, task: Task) -> bool:
        """Return whether the model was taught ``task`` (``rewrites.rewrite_offers`` asks)."""
        return self._drafter.supports(task)

    def request(
        self,
        conversation_id: ConversationId,
        listener: ProposalListener,
        task: Task = Task.REPLY,
        instruction: str = "",
    ) -> ProposalRun:
        """Start a proposal for the newest message and return its handle at once.

        The listener hears the end exactly once, on a thread of this service: ``proposal_ready`` or ``proposal_failed``.
        A second request for the same conversation gives the first up.

        Args:
            conversation_id: whose newest message is answered.
            listener: hears of it.
            task: any but those of ``note``.
            instruction: for ``Task.INSTRUCTED``: what shall be different.

        Raises:
            InvalidTextError: the instruction is blank or too long; nothing was started.
        """
        if task in NOTE_TASKS:
            raise ValueError("a note is no proposal")
        run = ProposalRun(conversation_id, task, listener, check_instruction(instruction, task))
        self._start(run, lambda: self._answer(run))
        return run

    def note(self, conversation_id: ConversationId, task: Task, listener: NoteListener) -> NoteRun:
        """Start a summary or hand-over note and return its handle at once; nothing is recorded.

        The model writes it where it was taught to and says nothing that the thread does not; else the program puts it
        together from the thread's own sentences. An emergency is never given to a model.
        """
        if task not in NOTE_TASKS:
            raise ValueError("no note")
        run = NoteRun(conversation_id, task, listener)
        self._start(run, lambda: self._note(run))
        return run

    def prepare_waiting(self, on_prepared: Callable[[ConversationId], None] | None = None) -> None:
        """Prepare proposals for waiting conversations, oldest unanswered first, when nobody else needs the model.

        Returns at once. A conversation is prepared once per newest message; one that is an
        emergency is left to people: at most the fixed script is laid beside it, and no model is asked.

        Args:
            on_prepared: called on a thread of this service after each recorded proposal.
        """
        self._preparing.add(None, lambda: self._prepare(on_prepared or (lambda _: None)))

    def use_drafter(self, drafter: Drafter) -> None:
        """Draft with another index or model from the next request on."""
        self._drafter = drafter
        self._handled.clear()

    def close(self) -> None:
        """Stop both threads; runs under way end as stopped. Waits at most ``2 * GRACE_S`` (``runs``)."""
        if self._asking.is_closed:
            return
        self._end_listening()
        self._asking.close()
        self._preparing.close()

    def _on_change(self, changed: ConversationId) -> None:
        """Hear of a commit, on the thread that wrote: set overtaken drafts aside, read new answers before the next."""
        if changed == OFFICE:
            self._have_answers_changed.set()
            return
        for lane in (self._asking, self._preparing):
            run = lane.current
            if run is None or run.conversation_id != changed:
                continue
            if not self._store.may_propose(changed):
                run.give_up(ProblemCode.NO_CONSENT)
            elif run.based_on is not None:
                newest = waiting_message(self._store.thread(changed))
                if newest is None or newest.event_id != run.based_on:
                    run.give_up(ProblemCode.STALE)

    def _start(self, run: Run, job: Callable[[], None]) -> None:
        self._asking.give_up(ProblemCode.STOPPED, run.conversation_id)
        if not self._asking.add(run, job):
            run.fail(ProblemCode.STOPPED)

    def _note(self, run: NoteRun) -> None:
        try:
            thread = self._store.thread(run.conversation_id)
            may_ask = self._store.may_propose(run.conversation_id)
            note = self._drafter.note(thread, turns_of(thread), run.task, cancel=run, has_consent=may_ask)
        except DraftFailedError as error:
            run.fail(error.code)
        except StoreError:
            run.fail(ProblemCode.MODEL_FAILED)
        else:
            if run.given_up_as is not None:
                run.fail(run.given_up_as)
            else:
                run.succeed(note)

    def _answer(self, run: ProposalRun) -> None:
        try:
            proposal = self._make(run, Priority.PERSON)
        except DraftFailedError as error:
            run.fail(error.code)
        except ChannelRefusedError:
            run.fail(ProblemCode.NO_CONSENT)
        except StoreError:
            run.fail(ProblemCode.NOT_STORED)
        else:
            run.succeed(proposal)

    def _require_consent(self, run: Run) -> None:
        if not self._store.may_propose(run.conversation_id):
            raise DraftFailedError(ProblemCode.NO_CONSENT)

    def _make(self, run: ProposalRun, priority: Priority) -> Proposal:
        self._require_consent(run)
        thread = self._store.thread(run.conversation_id)
        newest = waiting_message(thread)
        if newest is None:
            raise DraftFailedError(ProblemCode.NOTHING_TO_ANSWER)
        run.based_on = newest.event_id
        self._refresh_answers()
        if run.is_cancelled:
            raise DraftFailedError(run.given_up_as or ProblemCode.STOPPED)
        proposal = self._drafter.draft(
            turns_of(thread),
            task=run.task,
            instruction=run.instruction,
            listener=run.listener,
            priority=priority,
            cancel=run,
            conversation_id=run.conversation_id,
            based_on=newest.event_id,
            identity_is_raised=thread.identity is not None,
        )
        if run.given_up_as is not None:
            raise DraftFailedError(run.given_up_as)
        self._require_consent(run)
        still_newest = waiting_message(self._store.thread(run.conversation_id))
        if still_newest is None or still_newest.event_id != newest.event_id:
            raise DraftFailedError(ProblemCode.STALE)
        self._store.record_proposal(run.conversation_id, proposal)
        self._handled.add((run.conversation_id, newest.event_id))
        return proposal

    def _refresh_answers(self) -> None:
        if self._have_answers_changed.is_set():
            self._have_answers_changed.clear()
            self.use_drafter(self._drafter.with_articles(self._store.articles()))

    def _prepare(self, on_prepared: Callable[[ConversationId], None]) -> None:
        rows = [row for row in self._store.inbox(InboxView.OPEN) if row.oldest_unanswered_ms is not None]
        rows.sort(key=lambda row: row.oldest_unanswered_ms or 0)
        self._refresh_answers()
        articles = {article.article_id: article for article in self._store.articles()}
        for row in rows[:MAX_PREPARED]:
            if self._preparing.is_closed:
                return
            if not self._wants_preparing(row.conversation_id, articles):
                continue
            run = ProposalRun(row.conversation_id, Task.REPLY, _Nobody())
            self._preparing.current = run
            try:
                self._make(run, Priority.BACKGROUND)
            except DraftFailedError as error:
                if error.code in {ProblemCode.NO_MODEL, ProblemCode.MODEL_FAILED}:
                    return
            else:
                on_prepared(row.conversation_id)

    def _wants_preparing(self, conversation_id: ConversationId, articles: Mapping[ArticleId, Article]) -> bool:
        """Tell whether nothing was prepared for the newest message, or rests on what is not approved any more."""
        if not self._store.may_propose(conversation_id):
            return False
        thread = self._store.thread(conversation_id)
        newest = waiting_message(thread)
        if thread.urgency is Urgency.EMERGENCY and self._drafter.emergency_script(turns_of(thread)) is None:
            return False
        if newest is None or (conversation_id, newest.event_id) in self._handled:
            return False
        proposal = thread.proposal
        if proposal is None or proposal.based_on != newest.event_id:
            return True
        return not still_stands(proposal, articles, datetime.now().astimezone().date())


def turns_of(thread: Thread) -> tuple[Turn, ...]:
    """Return the messages of a thread as the model sees them; notes and notices stay in the office."""
    return tuple(
        Turn(Speaker.VISITOR if item.party is Party.VISITOR else Speaker.DESK, item.text)
        for item in thread.items
        if item.kind is ItemKind.MESSAGE
    )


def waiting_message(thread: Thread) -> ThreadItem | None:
    """Return the visitor's newest message when nobody has answered it."""
    messages = [item for item in thread.items if item.kind is ItemKind.MESSAGE]
    return messages[-1] if messages and messages[-1].party is Party.VISITOR else None


class _Nobody:
    """A listener for work that nobody watches."""

    def sources_found(self, sources: Sequence[SourceRef]) -> None: ...

    def words_arrived(self, text_so_far: str) -> None: ...

    def proposal_ready(self, proposal: Proposal) -> None: ...

    def proposal_failed(self, code: ProblemCode) -> None: ...
