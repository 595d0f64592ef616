"""How fast a model works on this machine, by the confined worker's own times."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.prompt import PromptFrame, PromptSource, Speaker, Turn, build_prompt
from app.services.ports import Generation, GenerationResult, TextModel

WORDS_PER_TOKEN = 0.75
"""English, with the vocabularies of the families we run: 0.70 to 0.80. Speeds are told in words, because nobody at a
front desk counts tokens."""

WARM_UP_TOKENS = 8
LOOK_EVERY_S = 0.2
"""How often a stop is looked for while the model works."""
WRITING_LIMIT_S = 15.0
"""A slow model is not waited for: what it wrote in this time is measured."""


class StoppedError(Exception):
    """Somebody stopped the measuring; there are no figures."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a model works here. Prompt speed counts tokens that were really evaluated."""

    prompt_tokens: int
    prompt_tokens_per_s: float
    generated_tokens: int
    generated_tokens_per_s: float
    first_token_ms: int

    @property
    def reads_words_per_s(self) -> float:
        """Words of sources and thread taken in per second."""
        return self.prompt_tokens_per_s * WORDS_PER_TOKEN

    @property
    def writes_words_per_s(self) -> float:
        """Words of a reply per second."""
        return self.generated_tokens_per_s * WORDS_PER_TOKEN


def measure_speed(
    model: TextModel, frame: PromptFrame, *, max_tokens: int = 64, is_stopped: Callable[[], bool] = _never
) -> Speed:
    """Return how fast ``model`` reads a fresh prompt and writes, by the worker's own times where it tells them.

    The prompt holds the time, so that no cache can know it.

    Raises:
        GenerationError: the model gave no text.
        StoppedError: ``is_stopped`` said so.
    """
    words = f"It is {time.time_ns()} and this is a made-up passage about opening hours and parking behind the house. "
    sources = [PromptSource("Opening hours", words * 4), PromptSource("Parking", words * 4)]
    prompt = build_prompt([Turn(Speaker.VISITOR, "When are you open, and where can I park?")], sources, frame=frame)
    has_begun = threading.Event()
    generation = model.generate(prompt, max_tokens=max_tokens, stop=(), on_text=lambda _text: has_begun.set())
    result = _wait(generation, is_stopped, has_begun)
    evaluated = result.prompt_tokens - result.reused_tokens
    reading_ms = result.prompt_ms or result.first_token_ms
    writing_ms = result.generation_ms or result.total_ms - result.first_token_ms
    return Speed(
        prompt_tokens=evaluated,
        prompt_tokens_per_s=1000 * evaluated / max(reading_ms, 1),
        generated_tokens=result.generated_tokens,
        generated_tokens_per_s=1000 * max(result.generated_tokens - 1, 0) / max(writing_ms, 1),
        first_token_ms=round(result.first_token_ms),
    )


def measure_warm(model: TextModel, frame: PromptFrame, is_stopped: Callable[[], bool] = _never) -> Speed:
    """Return ``measure_speed`` of a model that has answered once: the first answer pays for reading the file.

    Raises:
        GenerationError: the model gave no text.
        StoppedError: ``is_stopped`` said so.
    """
    measure_speed(model, frame, max_tokens=WARM_UP_TOKENS, is_stopped=is_stopped)
    return measure_speed(model, frame, is_stopped=is_stopped)


def _wait(generation: Generation, is_stopped: Callable[[], bool], has_begun: threading.Event) -> GenerationResult:
    due_s: float | None = None
    while True:
        try:
            return generation.result(LOOK_EVERY_S)
        except TimeoutError:
            if is_stopped():
                generation.cancel()
                raise StoppedError from None
        if has_begun.is_set() and due_s is None:
            due_s = time.monotonic() + WRITING_LIMIT_S
        if due_s is not None and time.monotonic() > due_s:
            generation.cancel()
