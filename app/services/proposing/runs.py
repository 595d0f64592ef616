"""Requests for proposals and notes under way, and the threads that work them off one after another."""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Protocol

from app.domain.ids import ConversationId, EventId
from app.domain.prompt import Task
from app.domain.proposal import Proposal
from app.services.ports import Generation, ProblemCode, ProposalListener
from app.services.proposing.noting import ThreadNote

MAX_WAITING = 16
"""A person cannot click more conversations open than this before the first answer comes."""

GRACE_S = 5.0
"""How long ``close`` waits for a thread; a cancelled generation ends within one token."""

_log = logging.getLogger(__name__)


class Run:
    """One request under way, which has exactly one end."""

    def __init__(self, conversation_id: ConversationId, task: Task) -> None:
        """Remember what is asked; nothing starts here."""
        self.conversation_id = conversation_id
        self.task = task
        self._lock = threading.Lock()
        self._generation: Generation | None = None
        self._is_cancelled = False
        self._is_over = False
        self.given_up_as: ProblemCode | None = None
        self.based_on: EventId | None = None
        """The message that is being answered, once it is known; None for a note, which nothing overtakes."""

    @property
    def is_cancelled(self) -> bool:
        """Tell whether somebody asked to stop."""
        return self._is_cancelled

    def cancel(self) -> None:
        """Stop the model; words that had arrived become a proposal that is marked as stopped. Returns at once."""
        with self._lock:
            self._is_cancelled = True
            generation = self._generation
        if generation is not None:
            generation.cancel()

    def give_up(self, code: ProblemCode) -> None:
        """Stop the model and keep nothing: the run fails with ``code``."""
        self.given_up_as = self.given_up_as or code
        self.cancel()

    def attach(self, generation: Generation) -> None:
        """Take the generation that ``cancel`` shall stop; stops it at once when the wish came first."""
        with self._lock:
            self._generation = generation
            is_late = self._is_cancelled
        if is_late:
            generation.cancel()

    def fail(self, code: ProblemCode) -> None:
        """Tell whoever listens that nothing comes, and why."""
        raise NotImplementedError

    def _is_first_end(self) -> bool:
        with self._lock:
            is_first, self._is_over = not self._is_over, True
        return is_first


class ProposalRun(Run):
    """A proposal under way. Its listener hears the end exactly once."""

    def __init__(
        self, conversation_id: ConversationId, task: Task, listener: ProposalListener, instruction: str = ""
    ) -> None:
        """Remember what is asked; ``instruction`` was checked."""
        super().__init__(conversation_id, task)
        self.listener = listener
        self.instruction = instruction

    def succeed(self, proposal: Proposal) -> None:
        """Tell the listener about the recorded proposal."""
        if self._is_first_end():
            self.listener.proposal_ready(proposal)

    def fail(self, code: ProblemCode) -> None:
        """Tell the listener that there is no proposal."""
        if self._is_first_end():
            self.listener.proposal_failed(code)


class NoteListener(Protocol):
    """Follows one note to its single end; called on a thread of the service."""

    def note_ready(self, note: ThreadNote) -> None:
        """The note; nothing is recorded."""

    def note_failed(self, code: ProblemCode) -> None:
        """There is no note, and why."""


class NoteRun(Run):
    """A summary or hand-over note under way."""

    def __init__(self, conversation_id: ConversationId, task: Task, listener: NoteListener) -> None:
        """Remember what is asked."""
        super().__init__(conversation_id, task)
        self._listener = listener

    def succeed(self, note: ThreadNote) -> None:
        """Tell the listener about the note."""
        if self._is_first_end():
            self._listener.note_ready(note)

    def fail(self, code: ProblemCode) -> None:
        """Tell the listener that there is no note."""
        if self._is_first_end():
            self._listener.note_failed(code)


class Lane:
    """One named thread that does jobs one after another and knows which run is under way."""

    def __init__(self, name: str) -> None:
        """Start the thread."""
        self.current: Run | None = None
        self.is_closed = False
        self._waiting: queue.Queue[tuple[Run | None, Callable[[], None]] | None] = queue.Queue(MAX_WAITING + 1)
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def add(self, run: Run | None, job: Callable[[], None]) -> bool:
        """Queue a job; False when the lane is closed or full."""
        if self.is_closed or self._waiting.qsize() >= MAX_WAITING:
            return False
        self._waiting.put_nowait((run, job))
        return True

    def give_up(self, code: ProblemCode, conversation_id: ConversationId | None = None) -> None:
        """Give up the run under way and those that wait: all, or those of one conversation."""
        with self._waiting.mutex:
            waiting = [entry[0] for entry in self._waiting.queue if entry is not None]
        for run in (self.current, *waiting):
            if run is not None and conversation_id in {None, run.conversation_id}:
                run.give_up(code)

    def close(self) -> None:
        """Give everything up and end the thread; waits at most ``GRACE_S``."""
        self.is_closed = True
        self.give_up(ProblemCode.STOPPED)
        self._waiting.put(None)
        self._thread.join(GRACE_S)

    def _work(self) -> None:
        while (entry := self._waiting.get()) is not None:
            run, job = entry
            self.current = run
            try:
                job()
            except Exception as error:  # noqa: BLE001  the thread's outermost function: one bug must not end the lane
                # The name of the error only: a message or a traceback may hold words of a conversation.
                _log.error("a proposal job ended in a bug: %s", type(error).__name__)
                if run is not None:
                    run.fail(ProblemCode.MODEL_FAILED)
            finally:
                self.current = None
