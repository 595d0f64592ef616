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
_LIMITS = re.compile(
    r"\b(?:no|not) (?:later|more|less|earlier|fewer|longer) than\b|\bno (?:problem|worries|need to worry)\b"
    r"|\bnot only\b",
    re.IGNORECASE,
)
"""Words that hold a negation and deny nothing: they are bounds (``bounds``) or courtesy."""

_EXCEPTION = re.compile(
    r"\b(?:unless|except|excepting|excluding|apart from|other than|but not|provided|only if|only when|as long as)\b",
    re.IGNORECASE,
)
_ONLY = re.compile(r"\b(?:only|just|solely|exclusively|nothing but|nobody but)\b", re.IGNORECASE)
_NEGATION_TEXT = "not no never nobody nothing none cannot without neither nor can't unable hardly nowhere"
_NEGATIONS = frozenset(_NEGATION_TEXT.split())


def contradicts(claim: str, sources: tuple[str, ...]) -> bool:
    """Tell whether ``claim`` negates, or drops the negation of, the source sentences nearest to it."""
    said = _ANSWER.sub("", claim)
    origins = _origins(said, sources)
    return bool(origins) and all(_is_negated(origin) != _is_negated(said) for origin in origins)


def changes_condition(claim: str, sources: Sequence[str]) -> bool:
    """Tell whether ``claim`` loses or adds an exception ("unless", "except") or adds an "only".

    An "only" that is left out narrows nothing: "We only take cards" holds "We take cards".
    """
    said = _ANSWER.sub("", claim)
    origins = _nearest(said, [sentence for text in sources for sentence in sentences(text)])
    if not origins:
        return False
    has_exception = _EXCEPTION.search(said) is not None
    if all((_EXCEPTION.search(origin) is not None) != has_exception for origin in origins):
        # "We are not open on Sunday" says the exception itself.
        says_it = not has_exception and _is_negated(said) and not any(map(_is_negated, origins))
        return not says_it
    return _ONLY.search(said) is not None and not any(
        _ONLY.search(origin) or _EXCEPTION.search(origin) for origin in origins
    )


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
    return _nearest(
        claim,
        [part for text in sources for sentence in sentences(text) for part in (sentence, *_CLAUSE.split(sentence))],
    )


def _nearest(claim: str, parts: Sequence[str]) -> list[str]:
    wanted = _meaning(claim)
    shared = [len(wanted & _meaning(part)) for part in parts]
    most = max(shared, default=0)
    if not wanted or most < MIN_SHARED * len(wanted):
        return []
    return [part for part, count in zip(parts, shared, strict=True) if count == most]


def _meaning(text: str) -> frozenset[str]:
    return frozenset(root(word) for word in words_of(text) if word not in STOP_WORDS)


def _is_negated(text: str) -> bool:
    words = words_of(_LIMITS.sub(" ", text))
    return any(word in _NEGATIONS or word.endswith("n't") for word in words)
