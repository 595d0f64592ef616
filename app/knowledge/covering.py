"""What tells whether a passage covers a question, beside what orders passages.

A passage can be the nearest of all and still not answer. Four things speak against it: a weighty word of the question
has nothing like it there ("missing"), or has it elsewhere in the office ("elsewhere"); other answers lie as near
("share"); the question sounds like one that no office answers ("aside"). How these count is fitted by
``models/recipes/retrieval`` on trial offices of trades that the vectors had not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from app.domain.proposal import Passage
from app.knowledge.vectors import Floats
from app.knowledge.words import root, words_of

GATE: Final = (
    "passage", "title", "sentence", "words", "best_coverage", "aside", "yes_or_no", "missing", "elsewhere", "share",
    "length", "pairs",
)  # fmt: skip
"""``passage`` to ``words`` as in ``meaning.CLOSENESS``; ``best_coverage``: the largest share of the question's words
that any passage holds; ``aside``: how much the question sounds like one that no office answers; ``yes_or_no``: 1 for a
question that begins like "Do you …"; ``missing``: weight of the two words that the passage misses most; ``elsewhere``:
weight of what other passages say nearer; ``share``: the answer's share among all answers by their scores; ``length``
of the question; ``pairs``: neighbouring words that question and passage share."""
LONGEST: Final = 3.0
WORDS_A_LENGTH: Final = 15.0
MOST_PAIRS: Final = 3
MISSING_WORDS: Final = 2


@dataclass(frozen=True, slots=True)
class Nearness:
    """What the vectors tell of every passage, in index order; shares of the question's weight, 0 to 1.

    ``closeness`` has one column for each of ``meaning.CLOSENESS``.
    """

    closeness: Floats
    missing: Floats
    elsewhere: Floats


@dataclass(frozen=True, slots=True)
class Signs:
    """What belongs to the question alone; ``length`` in units of ``WORDS_A_LENGTH`` words."""

    aside: float
    is_yes_or_no: bool
    length: float


class WordPairs:
    """Which words stand side by side, or one apart, in each passage; endings do not count."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """Take the passages in index order."""
        self._held = [_pairs(f"{passage.title}. {passage.text}", apart=True) for passage in passages]

    def shared(self, question: str) -> Floats:
        """Return for every passage how many neighbouring words of ``question`` it holds, ``MOST_PAIRS`` at most."""
        asked = _pairs(question, apart=False)
        return np.array([min(len(asked & held), MOST_PAIRS) for held in self._held], np.float32)


def nearness(closeness: Floats, likeness: Floats, weights: Floats) -> Nearness:
    """Return what the likeness of single words tells.

    Args:
        closeness: shape (passages, 4).
        likeness: of each word of the question to the likest one of each passage, shape (words, passages), 0 to 1.
        weights: of the words of the question, shape (words,).
    """
    whole = max(float(weights.sum()), 1e-9)
    misses = np.sort(weights[:, None] * (1 - likeness), axis=0)[-MISSING_WORDS:].sum(axis=0) / whole
    nearer = weights @ (likeness.max(axis=1, keepdims=True) - likeness) / whole
    return Nearness(closeness, misses.astype(np.float32), nearer.astype(np.float32))


def answer_shares(scores: Floats, owners: npt.NDArray[np.int64], is_valid: npt.NDArray[np.bool_]) -> Floats:
    """Return for every passage the share of its answer among all valid answers, 0 to 1.

    Args:
        scores: as ``Fusion.scores`` makes them.
        owners: the number of each passage's answer.
        is_valid: passages that count; others get the share of their answer's valid ones.
    """
    if not is_valid.any():
        return np.zeros(len(scores), np.float32)
    weights = np.where(is_valid, np.exp(scores - scores[is_valid].max()), 0.0)
    totals = np.bincount(owners, weights=weights)
    return np.asarray(totals[owners] / totals.sum(), np.float32)


def gate_features(coverage: Floats, near: Nearness, pairs: Floats, shares: Floats, signs: Signs) -> Floats:
    """Return one row of ``GATE`` for every passage."""
    of_question = np.tile([coverage.max(initial=0.0), signs.aside, float(signs.is_yes_or_no)], (len(coverage), 1))
    length = np.full(len(coverage), signs.length)
    columns = (near.closeness, of_question, near.missing, near.elsewhere, shares, length, pairs)
    return np.column_stack(columns).astype(np.float32)


def length_of(words: Sequence[str]) -> float:
    """Return the length of a question of these words."""
    return min(len(words) / WORDS_A_LENGTH, LONGEST)


def _pairs(text: str, *, apart: bool) -> set[tuple[str, str]]:
    roots = [root(word) for word in words_of(text)]
    beside = set(pairwise(roots))
    return beside | set(zip(roots, roots[2:], strict=False)) if apart else beside
