"""What one asks of the text model and what comes back: the types of the seam that ``services`` builds on."""

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Protocol


class Priority(IntEnum):
    """Who waits for the text; a lower value goes first."""

    PERSON = 0
    """Somebody looks at the screen. Pre-empts background work at once."""
    BACKGROUND = 1
    """Preparation of drafts nobody has asked for yet."""


class FinishReason(Enum):
    """Why a text ended."""

    STOP = "stop"
    """The model ended its turn, or a stop string came up."""
    LENGTH = "length"
    """``max_tokens`` or the end of the context was reached."""
    CANCELLED = "cancelled"
    """Somebody called :meth:`Generation.cancel`; the text so far is in the result."""


class ProblemCode(Enum):
    """Why there is no text. Codes cross the process wall; the words for them belong to the screen."""

    WORKER_LOST = "worker_lost"
    """The worker died during the request."""
    WORKER_UNAVAILABLE = "worker_unavailable"
    """The worker cannot be started, or gave up after repeated crashes."""
    WORKER_STALLED = "worker_stalled"
    """Nothing came for too long; the worker was killed."""
    STOPPED = "stopped"
    """The supervisor was stopped while the request waited or ran."""
    TOO_MANY_WAITING = "too_many_waiting"
    """The bounded queue is full."""
    PROMPT_TOO_LONG = "prompt_too_long"
    """More tokens than the context holds beside the answer, or more bytes than one request may have."""
    CONTENT_TOO_LONG = "content_too_long"
    """One stretch of outside text is longer than ``MAX_CONTENT_BYTES``; it was not tokenised."""
    CONTENT_INVALID = "content_invalid"
    """Text that is not valid Unicode, or a request outside the limits of the protocol."""
    DECODE_FAILED = "decode_failed"
    """llama.cpp refused to evaluate the prompt."""


@dataclass(frozen=True, slots=True)
class GenerationResult:
    """One finished text with what it cost. Times: the first two the caller's, then the worker's."""

    text: str
    finish: FinishReason
    prompt_tokens: int
    reused_tokens: int
    """Tokens of the prompt that were already in the cache and were not evaluated again."""
    generated_tokens: int
    first_token_ms: float
    """From the call of ``generate`` to the first text; equals ``total_ms`` when no text came."""
    total_ms: float
    prompt_ms: float = 0.0
    """Evaluation of the tokens that were not in the cache."""
    generation_ms: float = 0.0
    """From the end of that to the last token."""

    def __repr__(self) -> str:
        return f"<GenerationResult {self.finish.value}, {self.generated_tokens} tokens>"


class Generation(Protocol):
    """The handle of one request."""

    def cancel(self) -> None:
        """Ask for an early end; harmless when it is already over. Returns at once."""

    def result(self, timeout_s: float | None = None) -> GenerationResult:
        """Wait for the end and return it.

        Raises:
            GenerationError: there is no text; ``.code`` says why.
            TimeoutError: it is not over after ``timeout_s``.
        """
