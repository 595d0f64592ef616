"""The first proposal: a real question, the real model, the real path.

In a demo vault it is a conversation of the demo and goes through the proposal service, so it waits in the inbox
afterwards. In an empty vault a sample question is asked of the invented office's answers, in memory only: nothing of it
is written into the vault.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from app.domain.conversation import InboxView, ItemKind, Party, Thread, Urgency
from app.domain.ids import ConversationId
from app.domain.office import Sector
from app.domain.prompt import CHATML, PromptFrame, Speaker, Turn
from app.domain.proposal import Article, Proposal, SourceRef
from app.knowledge import PassageIndex, read_folder
from app.services.conversations.phrases import load_phrases
from app.services.desk import Desk
from app.services.drafting.drafter import Drafter
from app.services.ports import DraftListener, Generation, ProblemCode, TextModel
from app.ui.theme.places import resources_dir

_ROWS_LOOKED_AT = 60
_MAX_QUESTION_CHARS = 220
_SAMPLE_CONTACT = "Sample visitor"
_SAMPLE_QUESTIONS = {
    Sector.CLINIC: "Hello, until what time are you open on Wednesday?",
    Sector.LAW: "Hello, until what time is your office open on Friday?",
}


class TryOutState(Enum):
    """How far the first proposal is."""

    STARTING = "starting"
    WRITING = "writing"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TryOutView:
    """All that the page shows."""

    state: TryOutState = TryOutState.STARTING
    contact_name: str = ""
    is_sample: bool = False
    question: str = ""
    text: str = ""
    sources: tuple[SourceRef, ...] = ()
    proposal: Proposal | None = None
    problem: ProblemCode | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """The question that is tried; without ``conversation_id`` it is the bundled sample."""

    contact_name: str
    text: str
    conversation_id: ConversationId | None = None
    articles: tuple[Article, ...] = ()


def choose_question(desk: Desk, demo_folder: Path) -> Question:
    """Return an unanswered question of the demo that an approved answer covers, or the bundled sample."""
    if desk.office.is_demo:
        index = PassageIndex(desk.conversations.articles())
        rows = desk.conversations.inbox(InboxView.OPEN)[:_ROWS_LOOKED_AT]
        waiting = [row for row in rows if row.urgency is Urgency.ROUTINE and row.oldest_unanswered_ms is not None]
        found = [_question_of(desk.conversations.thread(row.conversation_id)) for row in waiting]
        scored = [(_coverage(index, question.text), question) for question in found if question is not None]
        best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        if best[1] is not None and best[0] > 0:
            return best[1]
    return _sample(desk.office.sector, demo_folder)


def draft_sample(
    question: Question, sector: Sector, model: TextModel, listener: DraftListener, stop: "StopWish"
) -> Proposal:
    """Return the proposal for the bundled sample; blocks.

    Raises:
        DraftFailedError: as the drafter does.
    """
    frame: PromptFrame = getattr(model, "frame", CHATML)
    drafter = Drafter(PassageIndex(question.articles), model, load_phrases(resources_dir(), sector), frame=frame)
    return drafter.draft((Turn(Speaker.VISITOR, question.text),), listener=listener, cancel=stop)


class StopWish:
    """Cancels the generation that it is told about, also when the wish is older than the generation."""

    def __init__(self) -> None:
        self._generation: Generation | None = None
        self._is_wanted = False

    def attach(self, generation: Generation) -> None:
        """Remember what to cancel."""
        self._generation = generation
        if self._is_wanted:
            generation.cancel()

    def cancel(self) -> None:
        """Stop; the words so far are kept."""
        self._is_wanted = True
        if self._generation is not None:
            self._generation.cancel()


class ViewListener:
    """Follows a run and hands out whole views; called on threads of the drafting side."""

    def __init__(self, view: TryOutView, show: Callable[[TryOutView], None]) -> None:
        self._view = view
        self._show = show

    def sources_found(self, sources: Sequence[SourceRef]) -> None:
        """Show the passages before the first word."""
        self._change(replace(self._view, state=TryOutState.WRITING, sources=tuple(sources)))

    def words_arrived(self, text_so_far: str) -> None:
        """Show the words so far."""
        self._change(replace(self._view, state=TryOutState.WRITING, text=text_so_far))

    def proposal_ready(self, proposal: Proposal) -> None:
        """Show the whole."""
        whole = replace(self._view, state=TryOutState.READY, text=proposal.text, sources=proposal.sources)
        self._change(replace(whole, proposal=proposal))

    def proposal_failed(self, code: ProblemCode) -> None:
        """Show why there is none."""
        self._change(replace(self._view, state=TryOutState.FAILED, problem=code))

    def _change(self, view: TryOutView) -> None:
        self._view = view
        self._show(view)


def _question_of(thread: Thread) -> Question | None:
    """Return the question of a thread that is one short message with a question mark, which shows best."""
    messages = [item for item in thread.items if item.kind is ItemKind.MESSAGE]
    if len(messages) != 1 or messages[0].party is not Party.VISITOR:
        return None
    text = messages[0].text
    is_fit = "?" in text and len(text) <= _MAX_QUESTION_CHARS
    return Question(thread.contact_name, text, thread.conversation_id) if is_fit else None


def _coverage(index: PassageIndex, text: str) -> float:
    """Return how well the best passage covers ``text``; 0 when none does or it is internal."""
    hits = index.best(text)
    if not hits or index.article(hits[0].passage.article_id).is_internal:
        return 0.0
    return hits[0].coverage


def _sample(sector: Sector, demo_folder: Path) -> Question:
    articles = read_folder(demo_folder / "answers").articles
    return Question(_SAMPLE_CONTACT, _SAMPLE_QUESTIONS[sector], None, tuple(articles))
