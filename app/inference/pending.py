"""Requests on their way: the handle a caller holds, and the line in which requests wait for the worker."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from app.inference.errors import GenerationError
from app.inference.generation import FinishReason, GenerationResult, Priority, ProblemCode
from app.inference.protocol import Request

_Value = TypeVar("_Value")

MAX_WAITING: Final = 64
"""Requests that may wait at once, all priorities together."""
MAX_ATTEMPTS: Final = 2
"""How often a request may be given to a worker; the second time only after the first worker died."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What the worker says that a request took."""

    prompt_tokens: int = 0
    reused_tokens: int = 0
    generated_tokens: int = 0
    prompt_ms: float = 0.0
    generation_ms: float = 0.0


NO_COSTS: Final = Costs()


class Pending:
    """One request. Callers use ``cancel`` and ``result``, as ``Generation`` says; the rest is the supervisor's."""

    def __init__(
        self,
        request: Request,
        priority: Priority,
        on_text: Callable[[str], None] | None,
        on_cancel: Callable[["Pending"], None],
    ) -> None:
        self.request = request
        self.priority = priority
        self.attempts = 0
        self.is_cancel_wanted = False
        self.is_pre_empted = False
        self._on_text = on_text
        self._on_cancel = on_cancel
        self._started_s = time.perf_counter()
        self._first_text_ms: float | None = None
        self._text: list[str] = []
        self._over = threading.Event()
        self._result: GenerationResult | None = None
        self._problem = ProblemCode.STOPPED

    def __repr__(self) -> str:
        return f"<Pending {self.request.number}, {self.priority.name}>"

    def cancel(self) -> None:
        """Ask for an early end; no text is handed over after this returns but what is on its way already."""
        if not self._over.is_set() and not self.is_cancel_wanted:
            self.is_cancel_wanted = True
            self._on_cancel(self)

    def result(self, timeout_s: float | None = None) -> GenerationResult:
        """Wait for the end; GenerationError or, after ``timeout_s``, TimeoutError. Not for the on_text thread."""
        if not self._over.wait(timeout_s):
            raise TimeoutError
        if self._result is None:
            raise GenerationError(self._problem)
        return self._result

    @property
    def is_over(self) -> bool:
        """Whether ``result`` would return at once."""
        return self._over.is_set()

    @property
    def is_streamed(self) -> bool:
        """Background texts are handed over whole: pre-empted ones start over, and nobody looks at them grow."""
        return self.priority is Priority.PERSON

    @property
    def has_shown_text(self) -> bool:
        """Whether somebody has seen a part of the text, so that it cannot quietly start over."""
        return self.is_streamed and self._first_text_ms is not None

    def add_text(self, untrusted_piece: str) -> None:
        """Take a piece from the worker."""
        if self._first_text_ms is None:
            self._first_text_ms = self._elapsed_ms()
        if self.is_cancel_wanted:
            return
        self._text.append(untrusted_piece)
        if self.is_streamed:
            self._show(untrusted_piece)

    def start_over(self) -> None:
        """Drop what came so far; nobody has seen it."""
        self.is_pre_empted = False
        self._first_text_ms = None
        self._text.clear()

    def finish(self, finish: FinishReason, costs: Costs = NO_COSTS) -> None:
        """End with a text."""
        total_ms = self._elapsed_ms()
        text = "".join(self._text)
        self._result = GenerationResult(
            text=text,
            finish=finish,
            prompt_tokens=costs.prompt_tokens,
            reused_tokens=costs.reused_tokens,
            generated_tokens=costs.generated_tokens,
            prompt_ms=costs.prompt_ms,
            generation_ms=costs.generation_ms,
            first_token_ms=self._first_text_ms if self._first_text_ms is not None else total_ms,
            total_ms=total_ms,
        )
        if text and not self.is_streamed and finish is not FinishReason.CANCELLED:
            self._show(text)
        self._over.set()

    def fail(self, code: ProblemCode) -> None:
        """End without a text; harmless when it is over."""
        if self._over.is_set():
            return
        self._problem = code
        self._over.set()

    def _elapsed_ms(self) -> float:
        return (time.perf_counter() - self._started_s) * 1000

    def _show(self, text: str) -> None:
        if self._on_text is not None:
            tell_listener(self._on_text, text)


class WaitingLine:
    """Requests in the order in which they will be served: by priority, then by age. One thread only."""

    def __init__(self) -> None:
        self._waiting: list[Pending] = []

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether another request must be refused."""
        return len(self._waiting) >= MAX_WAITING

    @property
    def has_person(self) -> bool:
        """Whether somebody in front of the screen is waiting."""
        return bool(self._waiting) and self._waiting[0].priority is Priority.PERSON

    def add(self, pending: Pending) -> None:
        """Put ``pending`` into its place; one that is put back comes before the younger ones of its priority."""
        self._waiting.append(pending)
        self._waiting.sort(key=lambda waiting: (waiting.priority, waiting.request.number))

    def take(self) -> Pending:
        """Return the next one and remove it. Raises IndexError when nobody waits."""
        return self._waiting.pop(0)

    def remove(self, pending: Pending) -> bool:
        """Remove ``pending``; return whether it was waiting."""
        was_waiting = pending in self._waiting
        if was_waiting:
            self._waiting.remove(pending)
        return was_waiting

    def empty(self) -> tuple[Pending, ...]:
        """Remove and return all."""
        waiting, self._waiting = tuple(self._waiting), []
        return waiting


def tell_listener(listener: Callable[[_Value], None], value: _Value) -> None:
    """Call ``listener``; its bugs go to the application's thread hook, loud, and do not take the supervisor down."""
    try:
        listener(value)
    except Exception as bug:  # noqa: BLE001 - stands for the outermost function of the listener's part of this thread
        threading.excepthook(threading.ExceptHookArgs((type(bug), bug, bug.__traceback__, threading.current_thread())))
