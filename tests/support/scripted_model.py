"""A text model that says what it was told to say: the owned double of the model worker.

It satisfies ``app.services.ports.TextModel``: pieces arrive on a thread of its own, a generation can be cancelled, and
a ``GenerationError`` can be scripted. A reply may be a function of the prompt, so that a test reads what the model saw.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.domain.prompt import Segment
from app.inference.errors import GenerationError
from app.inference.generation import FinishReason, GenerationResult, Priority, ProblemCode

Reply = str | ProblemCode | Callable[[str], str]


@dataclass(slots=True)
class Request:
    """What one generation was asked."""

    prompt: str
    max_tokens: int
    stop: tuple[str, ...]
    priority: Priority


class ScriptedGeneration:
    """The handle of one scripted generation."""

    def __init__(self, pieces: Sequence[str], problem: ProblemCode | None, gate: threading.Event) -> None:
        self._pieces = pieces
        self._problem = problem
        self._gate = gate
        self._cancelled = threading.Event()
        self._done = threading.Event()
        self._text = ""
        self._result: GenerationResult | None = None
        self._started_s = time.monotonic()

    def cancel(self) -> None:
        self._cancelled.set()
        self._gate.set()

    def result(self, timeout_s: float | None = None) -> GenerationResult:
        if not self._done.wait(timeout_s):
            raise TimeoutError
        if self._problem is not None:
            raise GenerationError(self._problem)
        assert self._result is not None
        return self._result

    def run(self, on_text: Callable[[str], None] | None) -> None:
        was_cut = self._cancelled.is_set()
        for number, piece in enumerate(self._pieces):
            if number == 1:
                self._gate.wait(10)
            if self._cancelled.is_set():
                was_cut = True
                break
            self._text += piece
            if on_text is not None:
                on_text(piece)
        total_ms = (time.monotonic() - self._started_s) * 1000
        finish = FinishReason.CANCELLED if was_cut else FinishReason.STOP
        words = len(self._text.split())
        self._result = GenerationResult(self._text, finish, 100, 0, words, min(1.0, total_ms), total_ms)
        self._done.set()


@dataclass(slots=True)
class ScriptedModel:
    """Gives ``replies`` in turn, the last one again and again. ``pause()`` holds it after the first piece."""

    replies: Sequence[Reply]
    name: str = "scripted"
    requests: list[Request] = field(default_factory=list)
    _gate: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._gate.set()

    def pause(self) -> None:
        self._gate = threading.Event()

    def go_on(self) -> None:
        self._gate.set()

    def generate(
        self,
        prompt: Sequence[Segment],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        on_text: Callable[[str], None] | None = None,
        priority: Priority = Priority.PERSON,
    ) -> ScriptedGeneration:
        text = "".join(segment.text for segment in prompt)
        reply = self.replies[min(len(self.requests), len(self.replies) - 1)]
        self.requests.append(Request(text, max_tokens, tuple(stop), priority))
        words = reply(text) if callable(reply) else "" if isinstance(reply, ProblemCode) else reply
        pieces = [words[place : place + 3] for place in range(0, len(words), 3)]
        generation = ScriptedGeneration(pieces, reply if isinstance(reply, ProblemCode) else None, self._gate)
        threading.Thread(target=generation.run, args=(on_text,), name="scripted-model", daemon=True).start()
        self.asked.set()
        return generation
