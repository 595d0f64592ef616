"""What would become of an approved answer for a question. Apart from ``answer_trial``, so that words cost no index."""

from dataclasses import dataclass
from enum import Enum

from app.domain.proposal import Article


class Verdict(Enum):
    """What would become of an answer for a question; the interface owns the words."""

    OFFERED = "offered"
    INTERNAL = "internal"
    """It covers the question, but only the desk sees it."""
    NOT_YET = "not_yet"
    NO_LONGER = "no_longer"
    BEHIND_OTHERS = "behind_others"
    """It covers the question, and others cover it better."""
    NOT_COVERED = "not_covered"
    """The nearest there is, but it does not say what was asked."""


@dataclass(frozen=True, slots=True)
class TriedAnswer:
    """One answer, the passage of it that came nearest, and what would become of it."""

    article: Article
    passage: str
    verdict: Verdict
