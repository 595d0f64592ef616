"""One draft: find passages, ask the model, read its marks, check its facts, and decide what may be offered.

A message that holds a phrase of the emergency list gets its fixed script (``URGENT``), and one that asks about somebody
else, or for what needs identity, the fixed refusal (``REFUSE``): both by rules, before any model is asked.
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

from app.domain.conversation import Thread, Urgency
from app.domain.facts import FactMark
from app.domain.ids import ConversationId, EventId, ProposalId, make_ulid
from app.domain.prompt import CHATML, PromptFrame, Task, Turn
from app.domain.proposal import Article, Proposal, ProposalAction
from app.knowledge import PassageIndex
from app.services.conversations.phrases import Phrases
from app.services.drafting.asking import Asker, CancelSignal, DraftFailedError, Wish
from app.services.drafting.attempting import Question, written
from app.services.drafting.completing import complete
from app.services.drafting.fact_marks import mark_facts
from app.services.drafting.judging import Verdict, hand_over
from app.services.drafting.sourcing import find_sources, split_thread
from app.services.interlock.lists import unanswered
from app.services.ports import DraftListener, Priority, ProblemCode, TextModel
from app.services.proposing.noting import ThreadNote, write_note
from app.services.proposing.rewrites import taught

__all__ = ["CancelSignal", "DraftFailedError", "Drafter"]


@dataclass(frozen=True, slots=True)
class _Clock:
    monotonic_s: Callable[[], float] = time.monotonic
    wall_s: Callable[[], float] = time.time


class Drafter:
    """Makes drafts from one index with one model. Stateless between calls; may be used from several threads."""

    def __init__(
        self,
        index: PassageIndex,
        model: TextModel,
        phrases: Phrases,
        *,
        frame: PromptFrame = CHATML,
    ) -> None:
        """Draft with ``model``, whose chat template is ``frame``."""
        self._index = index
        self._model = model
        self._phrases = phrases
        self._frame = frame
        self._clock = _Clock()
        self._asker = Asker(model, frame, monotonic_s=self._clock.monotonic_s)

    def with_articles(self, articles: Sequence[Article]) -> "Drafter":
        """Return a drafter with the same model that knows these approved answers instead."""
        index = self._index.with_articles(articles)
        if index.encoded is not None:
            index.encoded.encode_in_background()
        return Drafter(index, self._model, self._phrases, frame=self._frame)

    @property
    def index(self) -> PassageIndex:
        """The approved answers as they are searched."""
        return self._index

    def draft(
        self,
        turns: Sequence[Turn],
        *,
        task: Task = Task.REPLY,
        instruction: str = "",
        listener: DraftListener | None = None,
        priority: Priority = Priority.PERSON,
        cancel: CancelSignal | None = None,
        conversation_id: ConversationId | None = None,
        based_on: EventId | None = None,
        identity_is_raised: bool = False,
    ) -> Proposal:
        """Return a proposal for the newest message of a thread.

        Args:
            turns: the thread, oldest first; the last one should be the visitor's.
            task: what is asked of the model.
            instruction: what a person of the desk wants changed, for ``Task.INSTRUCTED``.
            listener: hears of the sources and of the words as they arrive.
            priority: who waits.
            cancel: lets the caller stop the model; the words so far are kept.
            conversation_id: copied into the proposal.
            based_on: the message answered; copied into the proposal.
            identity_is_raised: the desk knows who writes; requests that need it are then left to people, not refused.

        Raises:
            DraftFailedError: nothing to answer, no model, or the model failed.
        """
        started_s = self._clock.monotonic_s()
        verdict, first_token_ms = self._fixed(turns, identity_is_raised=identity_is_raised), None
        if verdict is None:
            verdict, first_token_ms = self._written(turns, Wish(task, instruction, listener, priority, cancel))
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
            facts=_facts_of(verdict, turns),
            task=task,
            instruction=instruction,
        )

    def supports(self, task: Task) -> bool:
        """Return whether the model was taught ``task``."""
        return taught(self._model, task)

    def note(
        self,
        thread: Thread,
        turns: Sequence[Turn],
        task: Task,
        *,
        cancel: CancelSignal | None = None,
        has_consent: bool = True,
    ) -> ThreadNote:
        """Return a summary or hand-over note of a thread; in an emergency, or without consent, no model is asked.

        Raises:
            DraftFailedError: there is nothing to tell.
        """
        may_ask = has_consent and self.supports(task) and thread.urgency is not Urgency.EMERGENCY
        is_asked = may_ask and self.emergency_script(turns) is None
        return write_note(thread, turns, Wish(task, cancel=cancel), self._asker if is_asked else None)

    def emergency_script(self, turns: Sequence[Turn]) -> str | None:
        """Return the local script when an unanswered message holds a phrase of the emergency list; asks no model."""
        if self._phrases.interlock is None:
            return None
        return self._phrases.interlock.script_for(unanswered(turns))

    def _fixed(self, turns: Sequence[Turn], *, identity_is_raised: bool) -> Verdict | None:
        """Return what rules alone decide, or None."""
        if not split_thread(turns)[0]:
            raise DraftFailedError(ProblemCode.NOTHING_TO_ANSWER)
        script = self.emergency_script(turns)
        if script is not None:
            return Verdict(ProposalAction.URGENT, script)
        refusals = self._phrases.refusals
        if refusals is None or identity_is_raised:
            return None
        refusal = refusals.text_for(unanswered(turns))
        return None if refusal is None else Verdict(ProposalAction.REFUSE, refusal)

    def _written(self, turns: Sequence[Turn], wish: Wish) -> tuple[Verdict, int | None]:
        """Return what stands in the approved answers, in the model's words if they hold, and when they began."""
        question, context = split_thread(turns)
        found = find_sources(self._index, question, context)
        if not found.public:
            return hand_over(self._phrases.holding_reply, found.internal), None
        if wish.listener is not None:
            wish.listener.sources_found(found.public)
        question_asked = Question(turns, found, wish, self._phrases.holding_reply)
        verdict, first_token_ms = written(self._asker, question_asked)
        if wish.task is Task.REPLY and verdict.action is ProposalAction.PROPOSE:
            verdict = complete(verdict, found.likely, found.public)
        return verdict, first_token_ms


def _facts_of(verdict: Verdict, turns: Sequence[Turn]) -> tuple[FactMark, ...]:
    """Return the marks of an offered text; fixed texts were read by the office and have none."""
    if verdict.action is not ProposalAction.PROPOSE:
        return ()
    return mark_facts(verdict.text, verdict.sentences, verdict.sources, [turn.text for turn in turns])
