"""The console's side: groups of conversations through one confined child, which is replaced when it dies.

Blocks its caller; not for several threads at once (``app.services.anonymising.anonymiser`` holds the lock). ``kill``
may come from any thread.
"""

import itertools
import math
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from app.anonymise.office_rules import OfficeRules
from app.isolation.child import SupervisedChild, WorkerOutcome
from app.isolation.errors import FrameError, PipeClosedError
from app.isolation.frames import Frame
from app.language.deadline import deadline
from app.language.errors import LanguageError
from app.language.texts.answers import Answers
from app.language.texts.errors import TextsError, TextsFault
from app.language.texts.launch import launch, new_child
from app.language.texts.protocol import BATCH, MAX_CPU_S
from app.language.texts.records import ConversationTexts, FoundInText, Manner, Pipeline, TextsLimits
from app.language.texts.rule_frames import rule_frames
from app.language.texts.windows import MAX_TEXT_CHARS, Placed, batches_of

MAX_CHILD_CHARS: Final = 200_000_000
"""Read by one child; what texts may have left behind in it does not stay for ever."""

_SPENT: Final = frozenset({TextsFault.OUT_OF_MEMORY, TextsFault.FINDER_FAILED})
"""After these a child's memory is in an unknown state; the next text gets a new one."""

Progress = Callable[[int], None]


class _DeadAlreadyError(LanguageError):
    """The child was gone when texts came."""


class TextsChild:
    """Starts, feeds, times and replaces the child.

    Args:
        pipeline: what reads names.
        limits: for tests, which have no time to wait.
    """

    def __init__(self, pipeline: Pipeline, limits: TextsLimits | None = None) -> None:
        self._pipeline = pipeline
        self._limits = limits or TextsLimits()
        self._child: SupervisedChild | None = None
        self._chars = 0
        self._rules: OfficeRules | None = None
        self._numbers = itertools.count(1)
        self._is_closing = False
        self.last_outcome: WorkerOutcome | None = None
        self.starts = 0
        """How many children there have been."""

    @property
    def pid(self) -> int | None:
        """The process id of the child that lives now."""
        child = self._child
        return child.pid if child is not None else None

    def read(
        self,
        conversations: Sequence[ConversationTexts],
        manner: Manner,
        on_texts: Progress = lambda _done: None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> list[tuple[FoundInText, ...]]:
        """Return what was found, text by text, conversation by conversation. All or nothing.

        Args:
            conversations: each begins with nothing known of the others.
            manner: how.
            on_texts: told how many texts are done.
            is_stopped: asked between batches.

        Raises:
            TextsError: with the reason; the child is ready for the next texts, or replaced.
        """
        if any(len(text) > MAX_TEXT_CHARS for one in conversations for text in one.texts):
            raise TextsError(TextsFault.TOO_LARGE)
        try:
            return self._read(conversations, manner, on_texts, is_stopped)
        except _DeadAlreadyError:  # it died before it saw the texts, which are not to blame
            return self._read(conversations, manner, on_texts, is_stopped)

    def start(self) -> None:
        """Start the child if there is none: two seconds that the first text need not wait. Raises TextsError."""
        self._ready_child()

    def kill(self) -> None:
        """End what is being read, for good; from any thread, at once."""
        self._is_closing = True
        child = self._child
        if child is not None:
            child.kill()

    def end(self) -> WorkerOutcome | None:
        """End the child; the next texts get a new one."""
        child, self._child, self._rules = self._child, None, None
        return None if child is None else self._end(child)

    def _read(
        self,
        conversations: Sequence[ConversationTexts],
        manner: Manner,
        on_texts: Progress,
        is_stopped: Callable[[], bool],
    ) -> list[tuple[FoundInText, ...]]:
        child, is_new = self._ready_child()
        answers = Answers([one.texts for one in conversations])
        last = -1
        for batch in batches_of([one.texts for one in conversations]):
            if is_stopped() or self._is_closing:
                raise TextsError(TextsFault.CANCELLED)
            may_be_dead = not is_new and last < 0
            begins = {placed.conversation for placed in batch if placed.conversation > last}
            secrets = {number: conversations[number].secret.hex() for number in begins}
            self._exchange(child, batch, secrets, manner, answers, may_be_dead=may_be_dead)
            last = batch[-1].conversation
            on_texts(answers.texts_done)
        return answers.collected()

    def _exchange(
        self,
        child: SupervisedChild,
        batch: list[Placed],
        secrets: Mapping[int, str],
        manner: Manner,
        answers: Answers,
        *,
        may_be_dead: bool,
    ) -> None:
        chars = sum(len(placed.window.text) for placed in batch)
        self._chars += chars
        seconds = self._limits.batch_s(chars)
        number = next(self._numbers)
        with deadline(child, seconds) as is_late:
            try:
                self._send(child, Frame(BATCH, _batch(number, batch, secrets, manner, seconds)), manner, may_be_dead)
                answers.take(child, number, batch)
            except TextsError as refusal:
                if refusal.code in _SPENT:
                    self.end()
                raise
            except FrameError as problem:
                if not isinstance(problem, PipeClosedError):
                    child.kill()
                raise TextsError(self._cause_of_death(is_late)) from problem

    def _send(self, child: SupervisedChild, frame: Frame, manner: Manner, may_be_dead: bool) -> None:
        try:
            if self._rules != manner.rules:
                self._rules = None
                for some in rule_frames(manner.rules):
                    child.send(some)
                self._rules = manner.rules
            child.send(frame)
        except PipeClosedError:
            if self._is_closing or not may_be_dead:
                raise
            self.end()
            raise _DeadAlreadyError from None

    def _ready_child(self) -> tuple[SupervisedChild, bool]:
        """Return the child, and whether it was started just now."""
        if self._child is not None and self._chars >= MAX_CHILD_CHARS:
            self.end()
        if self._child is not None:
            return self._child, False
        child = self._start()
        self._chars = 0
        self._rules = OfficeRules()
        return child, True

    def _start(self) -> SupervisedChild:
        self.starts += 1
        child = new_child(self._pipeline)
        self._child = child  # so that a kill from another thread reaches it while it loads
        fault = launch(child, self._pipeline, self._limits.start_s)
        if fault is not None:
            self.end()
            raise TextsError(TextsFault.CANCELLED if self._is_closing else fault)
        return child

    def _cause_of_death(self, is_late: threading.Event) -> TextsFault:
        """End what is left of the child and say why texts have no answer."""
        outcome = self.end()
        if self._is_closing:
            return TextsFault.CANCELLED
        is_slow = is_late.is_set() or (outcome is not None and outcome.signal == signal.SIGXCPU)
        return TextsFault.TOO_SLOW if is_slow else TextsFault.WORKER_DIED

    def _end(self, child: SupervisedChild) -> WorkerOutcome:
        self.last_outcome = child.close()
        child.close_pipes()
        return self.last_outcome


def _batch(
    number: int, batch: list[Placed], secrets: Mapping[int, str], manner: Manner, seconds: float
) -> dict[str, Any]:
    conversations = [
        [secrets.get(conversation, ""), [[one.window.start, one.window.until, one.window.text] for one in placed]]
        for conversation, placed in itertools.groupby(batch, key=lambda one: one.conversation)
    ]
    return {
        "request": number,
        "profile": manner.profile.value,
        "year": manner.year,
        "cpu_s": min(MAX_CPU_S, math.ceil(seconds)),
        "conversations": conversations,
    }
