"""What is asked of a text model and what comes back, as plain values.

They stand here because the worker's room (``inference``) and the use cases (``services``) both speak of them and may
not import one another's words.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum


class Priority(IntEnum):
    """Who waits for the words; a lower number goes first, and a request in the background gives way."""

    INTERACTIVE = 0
    BACKGROUND = 1


class FinishReason(Enum):
    """Why the model stopped writing."""

    END = "end"
    """It ended its turn, or wrote one of the stop strings."""
    LENGTH = "length"
    """``max_tokens`` or the context was used up."""
    CANCELLED = "cancelled"
    """Somebody asked it to stop; the text so far stands."""
    FAILED = "failed"
    """The worker died or refused; the text so far is whatever had arrived."""


@dataclass(frozen=True, slots=True)
class GenerationResult:
    """One finished generation. ``first_token_ms`` is None when no word came; times count from the call.

    ``reused_tokens`` of the ``prompt_tokens`` were still in the cache and were not evaluated again.
    """

    text: str
    finish: FinishReason
    prompt_tokens: int
    reused_tokens: int
    generated_tokens: int
    first_token_ms: int | None
    total_ms: int
