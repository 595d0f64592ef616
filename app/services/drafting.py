"""One draft: find passages, ask the model, read its marks, check its facts, and decide what may be offered.

A message that holds a phrase of the emergency list gets its fixed script (``URGENT``), before any model is asked.
Otherwise what comes out is one of four things, best first:

1. the model's words, each sentence with the sources it names, every fact held by them;
2. the approved answer word for word, when the model's words did not hold;
3. a hand-over with the fixed holding reply, when no approved answer covers the question, or only an internal one does;
4. a ``DraftFailedError`` when there was no model to ask.

A model that invents must never look like one that knows.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.ids import ConversationId, EventId, ProposalId, make_ulid
from app.domain.prompt import CHATML, PromptFrame, PromptSource, Task, Turn, build_prompt
from app.domain.proposal import Article, Proposal, ProposalAction, SourceRef
from app.inference.errors import GenerationError
from app.inference.generation import ProblemCode as ModelProblem
from app.knowledge import PassageIndex
from app.services.fitting import THREAD_BUDGETS_CHARS, fit_turns
from app.services.interlock import unanswered
from app.services.judging import Verdict, hand_over, judge, word_for_word
from app.services.marks import read_marks
from app.services.phrases import Phrases
from app.services.ports import (
    DraftListener,
    FinishReason,
    Generation,
    GenerationResult,
    Priority,
    ProblemCode,
    TextModel,
)
from app.services.sourcing import find_sources, split_thread
from app.services.wording import WordStream

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
class _Clock:
    monotonic_s: Callable[[], float] = time.monotonic
    wall_s: Callable[[], float] = time.time


class Drafter:
    """Makes drafts from one index with one model. Stateless between calls; may be used from several threads."""

    def __init__(self, index: PassageIndex, model: TextModel, phrases: Phrases, *, frame: PromptFrame = CHATML) -> None:
        """Draft with ``model``, whose chat template is ``frame``."""
        self._index = index
        self._model = model
        self._phrases = phrases
        self._frame = frame
        self._clock = _Clock()

    def with_articles(self, articles: Sequence[Article]) -> "Drafter":
        """Return a drafter with the same model that knows these approved answers instead."""
        return Drafter(self._index.with_articles(articles), self._model, self._phrases, frame=self._frame)

    def draft(
        self,
        turns: Sequence[Turn],
        *,
        task: Task = Task.REPLY,
        listener: DraftListener | None = None,
        priority: Priority = Priority.PERSON,
        cancel: CancelSignal | None = None,
        conversation_id: ConversationId | None = None,
        based_on: EventId | None = None,
    ) -> Proposal:
        """Return a proposal for the newest message of a thread.

        Args:
            turns: the thread, oldest first; the last one should be the visitor's.
            task: what is asked of the model.
            listener: hears of the sources and of the words as they arrive.
            priority: who waits.
            cancel: lets the caller stop the model; the words so far are kept.
            conversation_id: copied into the proposal.
            based_on: the message answered; copied into the proposal.

        Raises:
            DraftFailedError: nothing to answer, no model, or the model failed.
        """
        started_s = self._clock.monotonic_s()
        verdict, first_token_ms = self._decide(turns, task, listener, priority, cancel)
        now_s = self._clock.wall_s()
        return Proposal(
            proposal_id=ProposalId(make_ulid(int(now_s * 1000), secrets.token_bytes(10))),
            conversation_id=conversation_id,
            based_on=based_on,
            action=verdict.action,
            text=verdict.text,
            sentences=verdict.sentences,
            sources=verdict.sources,
            warnings=tuple(dict.fromkeys(verdict.warnings)),
            model_name=self._model.name,
            first_token_ms=first_token_ms,
            total_ms=round((self._clock.monotonic_s() - started_s) * 1000),
        )

    def emergency_script(self, turns: Sequence[Turn]) -> str | None:
        """Return the local script when an unanswered message holds a phrase of the emergency list; asks no model."""
        if self._phrases.interlock is None:
            return None
        return self._phrases.interlock.script_for(unanswered(turns))

    def _decide(
        self,
        turns: Sequence[Turn],
        task: Task,
        listener: DraftListener | None,
        priority: Priority,
        cancel: CancelSignal | None,
    ) -> tuple[Verdict, int | None]:
        question, context = split_thread(turns)
        if not question:
            raise DraftFailedError(ProblemCode.NOTHING_TO_ANSWER)
        script = self.emergency_script(turns)
        if script is not None:
            return Verdict(ProposalAction.URGENT, script), None
        found = find_sources(self._index, question, context)
        if not found.public:
            return hand_over(self._phrases.holding_reply, found.internal), None
        if listener is not None:
            listener.sources_found(found.public)
        result = self._generate(turns, found.public, task, listener, priority, cancel)
        marked = read_marks(result.text)
        if result.finish is FinishReason.CANCELLED and not marked.text:
            raise DraftFailedError(ProblemCode.STOPPED)
        first_token_ms = round(result.first_token_ms) if result.generated_tokens else None
        if marked.says_none and found.is_sure:
            return word_for_word(found.public[0], ()), first_token_ms
        said = [turn.text for turn in turns]
        return judge(marked, result.finish, found.public, said, self._phrases.holding_reply), first_token_ms

    def _generate(
        self,
        turns: Sequence[Turn],
        sources: Sequence[SourceRef],
        task: Task,
        listener: DraftListener | None,
        priority: Priority,
        cancel: CancelSignal | None,
    ) -> GenerationResult:
        for budget_chars in THREAD_BUDGETS_CHARS:
            shown = fit_turns(turns, budget_chars)
            try:
                return self._ask(shown, sources, task, listener, priority, cancel)
            except GenerationError as error:
                problem = error.code
            if problem is not ModelProblem.PROMPT_TOO_LONG:
                break
        raise DraftFailedError(_PROBLEMS.get(problem, ProblemCode.MODEL_FAILED))

    def _ask(
        self,
        turns: Sequence[Turn],
        sources: Sequence[SourceRef],
        task: Task,
        listener: DraftListener | None,
        priority: Priority,
        cancel: CancelSignal | None,
    ) -> GenerationResult:
        offered = [PromptSource(source.title, source.quote) for source in sources]
        words = WordStream(listener.words_arrived, self._clock.monotonic_s) if listener is not None else None
        generation = self._model.generate(
            build_prompt(turns, offered, task, self._frame),
            max_tokens=MAX_REPLY_TOKENS,
            stop=(self._frame.end_reply,),
            on_text=words.add if words is not None else None,
            priority=priority,
        )
        if cancel is not None:
            cancel.attach(generation)
        return generation.result()


_PROBLEMS = {
    ModelProblem.WORKER_UNAVAILABLE: ProblemCode.NO_MODEL,
    ModelProblem.STOPPED: ProblemCode.NO_MODEL,
    ModelProblem.PROMPT_TOO_LONG: ProblemCode.TOO_LONG,
    ModelProblem.CONTENT_TOO_LONG: ProblemCode.TOO_LONG,
}
