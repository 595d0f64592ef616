"""Does a sentence say the opposite of the source sentence that it was made from?

Only sentences that share most of their meaning words are compared, and only the plain signs of negation are counted,
so silence is likely and a false alarm is rare; a false alarm costs the wording only, the approved answer stands in.
"""

import re

from app.knowledge.sentences import sentences
from app.knowledge.words import STOP_WORDS, root, words_of

MIN_SHARED = 0.6
"""Share of the claim's meaning words that the source sentence must hold to be called its origin."""

_CLAUSE = re.compile(r"[,;]|\bbut\b|\bunless\b|\bexcept\b", re.IGNORECASE)
_ANSWER = re.compile(r"^(?:yes|no)\b[,.!]?\s*", re.IGNORECASE)
_NEGATIONS = frozenset("not no never nobody nothing none cannot without neither nor can't".split())  # noqa: SIM905


def contradicts(claim: str, sources: tuple[str, ...]) -> bool:
    """Tell whether ``claim`` negates, or drops the negation of, the source sentence nearest to it."""
    said = _ANSWER.sub("", claim)
    origin = _origin(said, sources)
    return origin is not None and _is_negated(origin) != _is_negated(said)


def _origin(claim: str, sources: tuple[str, ...]) -> str | None:
    """Return the clause or sentence of the sources that shares most words with the claim, if it shares enough."""
    wanted = _meaning(claim)
    candidates = [
        part for text in sources for sentence in sentences(text) for part in (sentence, *_CLAUSE.split(sentence))
    ]
    if not wanted or not candidates:
        return None
    best = max(candidates, key=lambda part: (len(wanted & _meaning(part)), -len(part)))
    return best if len(wanted & _meaning(best)) >= MIN_SHARED * len(wanted) else None


def _meaning(text: str) -> frozenset[str]:
    return frozenset(root(word) for word in words_of(text) if word not in STOP_WORDS)


def _is_negated(text: str) -> bool:
    return any(word in _NEGATIONS or word.endswith("n't") for word in words_of(text))
