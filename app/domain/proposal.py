"""Proposals and the approved answers they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import Enum

from app.domain.facts import FactMark
from app.domain.ids import ArticleId, ConversationId, EventId, ProposalId
from app.domain.prompt import Task


@dataclass(frozen=True, slots=True)
class Article:
    """One approved answer of the office, as its Markdown says it.

    It is offered from ``valid_from`` to ``valid_until``, both days included; None leaves an end open. ``review_on`` is
    the day on which somebody should read it again. ``short_code`` ("hours") calls it up in the composer; its body may
    hold fill-in fields in braces, "{name}". ``origin`` tells answers that came from one document apart from others.
    """

    article_id: ArticleId
    title: str
    body: str
    approved_on: date | None
    valid_until: date | None = None
    is_internal: bool = False
    valid_from: date | None = None
    review_on: date | None = None
    short_code: str = ""
    origin: str = ""

    def is_valid_on(self, day: date) -> bool:
        """Return whether the answer may be offered on ``day``."""
        has_begun = self.valid_from is None or self.valid_from <= day
        return has_begun and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one approved answer that fits a prompt; ``ordinal`` counts from 0 within its article."""

    article_id: ArticleId
    ordinal: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A passage that stands behind a proposal, under the number that the model used."""

    number: int
    article_id: ArticleId
    title: str
    quote: str
    approved_on: date | None
    is_internal: bool = False


class ProposalAction(Enum):
    """What the console offers: a reply, a hand-over, an emergency script or the fixed refusal."""

    PROPOSE = "propose"
    HAND_OVER = "hand_over"
    URGENT = "urgent"
    REFUSE = "refuse"


class ProposalWarning(Enum):
    """Codes only; the interface owns the words."""

    UNSOURCED_SENTENCE = "unsourced_sentence"
    UNKNOWN_SOURCE_NUMBER = "unknown_source_number"
    UNSUPPORTED_FACT = "unsupported_fact"
    INTERNAL_SOURCE = "internal_source"
    STOPPED_EARLY = "stopped_early"
    FELL_BACK_TO_ANSWER = "fell_back_to_answer"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a proposal: half-open code-point range in its text, and the sources it names."""

    start: int
    end: int
    source_numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A reply that a person may approve; ``text`` holds no source marks, ``sentences`` says what rests on what.

    ``facts`` are in the order of the text and do not overlap. ``task`` and ``instruction`` are what was asked for.
    """

    proposal_id: ProposalId
    conversation_id: ConversationId | None
    based_on: EventId | None
    action: ProposalAction
    text: str
    sentences: tuple[Sentence, ...]
    sources: tuple[SourceRef, ...]
    warnings: tuple[ProposalWarning, ...]
    model_name: str
    first_token_ms: int | None
    total_ms: int
    facts: tuple[FactMark, ...] = ()
    task: Task = Task.REPLY
    instruction: str = ""

    @property
    def has_unsupported_fact(self) -> bool:
        """True while a fact stands in no source; such a text is not to be approved unread."""
        return any(not fact.is_supported for fact in self.facts)


def changed_percent(proposed: str, sent: str) -> int:
    """Return how much of a proposal a person changed, 0 (nothing) to 100 (all of it), compared word by word."""
    before, after = proposed.split(), sent.split()
    if before == after:
        return 0
    likeness = SequenceMatcher(None, before, after, autojunk=False).ratio()
    return max(1, round(100 * (1 - likeness)))


def cited_sources(sentences: Sequence[Sentence]) -> frozenset[int]:
    """Return every source number that at least one sentence names."""
    return frozenset(number for sentence in sentences for number in sentence.source_numbers)
