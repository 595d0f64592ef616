"""Does a sentence speak of what its sources speak of, and does it say yes where they say yes?

Both checks look at words only and are rough on purpose. A false alarm costs the wording: the approved answer stands in,
word for word. Silence is what a person must not rely on, and why a person reads every reply.
"""

import re
from collections.abc import Sequence

from app.knowledge.sentences import sentences
from app.knowledge.words import STOP_WORDS, root, words_of

MIN_SHARED = 0.6
"""Share of the claim's meaning words that the source sentence must hold to be called its origin."""

MIN_HELD = 0.6
"""Share of a claim's meaning words that must be the sources'; measured on drafts of the starter, where invented
sentences hold 0 to 0.4 and good ones 0.7 to 1."""

ASKED_WORD = 0.5
"""A word that only the visitor used counts half: a reply may echo the question and must not be made of echo alone."""

_CLAUSE = re.compile(r"[,;]|\bbut\b|\bunless\b|\bexcept\b", re.IGNORECASE)
_ANSWER = re.compile(r"^(?:yes|no)[,.!]\s*", re.IGNORECASE)
_NEGATIONS = frozenset("not no never nobody nothing none cannot without neither nor can't".split())  # noqa: SIM905


def contradicts(claim: str, sources: tuple[str, ...]) -> bool:
    """Tell whether ``claim`` negates, or drops the negation of, the source sentences nearest to it."""
    said = _ANSWER.sub("", claim)
    origins = _origins(said, sources)
    return bool(origins) and all(_is_negated(origin) != _is_negated(said) for origin in origins)


def strays(claim: str, sources: Sequence[str], thread: Sequence[str]) -> bool:
    """Tell whether too few of the claim's meaning words come from its sources."""
    share = share_held(claim, sources, thread)
    return share is not None and share < MIN_HELD


def share_held(claim: str, sources: Sequence[str], thread: Sequence[str] = ()) -> float | None:
    """Return how much of a claim its sources speak of, 0 to 1; None when it has no meaning words ("Of course!")."""
    said = _meaning(claim)
    if not said:
        return None
    held = frozenset(root(word) for text in sources for word in words_of(text))
    asked = frozenset(root(word) for text in thread for word in words_of(text))
    return sum(1.0 if word in held else ASKED_WORD if word in asked else 0.0 for word in said) / len(said)


def _origins(claim: str, sources: tuple[str, ...]) -> list[str]:
    """Return the clauses and sentences of the sources that share most words with the claim, if they share enough."""
    wanted = _meaning(claim)
    parts = [part for text in sources for sentence in sentences(text) for part in (sentence, *_CLAUSE.split(sentence))]
    shared = [len(wanted & _meaning(part)) for part in parts]
    most = max(shared, default=0)
    if not wanted or most < MIN_SHARED * len(wanted):
        return []
    return [part for part, count in zip(parts, shared, strict=True) if count == most]


def _meaning(text: str) -> frozenset[str]:
    return frozenset(root(word) for word in words_of(text) if word not in STOP_WORDS)


def _is_negated(text: str) -> bool:
    return any(word in _NEGATIONS or word.endswith("n't") for word in words_of(text))
