"""The one call to a model: prompt, listener, way to stop it, and what went wrong in words of the services."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.prompt import ClosestSentence, PromptFrame, PromptSource, Task, Turn, build_prompt
from app.domain.proposal import SourceRef
from app.inference.errors import GenerationError
from app.inference.generation import ProblemCode as ModelProblem
from app.services.drafting.fitting import THREAD_BUDGETS_CHARS, fit_turns
from app.services.drafting.wording import WordStream
from app.services.ports import DraftListener, Generation, GenerationResult, Priority, ProblemCode, TextModel

MAX_REPLY_TOKENS = 220
"""About 150 words: more than a front-desk reply needs."""


class DraftFailedError(Exception):
    """There is no draft; ``code`` says why."""

    def __init__(self, code: ProblemCode) -> None:
        super().__init__(code.value)
        self.code = code


class CancelSignal(Protocol):
    """Lets a caller stop a draft: it is handed the running generation as soon as there is one."""

    def attach(self, generation: Generation) -> None:
        """Remember what to cancel; cancels at once when the wish is older than the generation."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of the model, and by whom.

    ``listener`` hears of the sources and of the words as they arrive; ``cancel`` lets the caller stop the model.
    """

    task: Task = Task.REPLY
    instruction: str = ""
    listener: DraftListener | None = None
    priority: Priority = Priority.PERSON
    cancel: CancelSignal | None = None


class Asker:
    """Asks one model, in the turn markers of its family."""

    def __init__(
        self, model: TextModel, frame: PromptFrame, *, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Ask ``model``, whose chat template is ``frame``."""
        self.model = model
        self.frame = frame
        self._monotonic_s = monotonic_s

    def ask(
        self,
        turns: Sequence[Turn],
        sources: Sequence[SourceRef],
        wish: Wish,
        closest: ClosestSentence | None = None,
    ) -> GenerationResult:
        """Return what the model wrote; a thread that is too long is tried once more, cut shorter.

        Raises:
            DraftFailedError: there is no model, it failed, or the thread does not fit.
        """
        for budget_chars in THREAD_BUDGETS_CHARS:
            try:
                return self._ask(fit_turns(turns, budget_chars), sources, wish, closest)
            except GenerationError as error:
                problem = error.code
            if problem is not ModelProblem.PROMPT_TOO_LONG:
                break
        raise DraftFailedError(_PROBLEMS.get(problem, ProblemCode.MODEL_FAILED))

    def _ask(
        self, turns: Sequence[Turn], sources: Sequence[SourceRef], wish: Wish, closest: ClosestSentence | None
    ) -> GenerationResult:
        offered = [PromptSource(source.title, source.quote) for source in sources]
        listener = wish.listener
        words = WordStream(listener.words_arrived, self._monotonic_s) if listener is not None else None
        generation = self.model.generate(
            build_prompt(turns, offered, wish.task, self.frame, instruction=wish.instruction, closest=closest),
            max_tokens=MAX_REPLY_TOKENS,
            stop=(self.frame.end_reply,),
            on_text=words.add if words is not None else None,
            priority=wish.priority,
        )
        if wish.cancel is not None:
            wish.cancel.attach(generation)
        return generation.result()


_PROBLEMS = {
    ModelProblem.WORKER_UNAVAILABLE: ProblemCode.NO_MODEL,
    ModelProblem.STOPPED: ProblemCode.NO_MODEL,
    ModelProblem.PROMPT_TOO_LONG: ProblemCode.TOO_LONG,
    ModelProblem.CONTENT_TOO_LONG: ProblemCode.TOO_LONG,
}
