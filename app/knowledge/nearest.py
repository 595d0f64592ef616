"""Which sentences of the offered passages answer the question: where a small model should begin, and what it left out.

Every sentence is measured against the question: nearness in meaning alone and under its title, word by word, shared
words, whether it holds the sort of fact that is asked for (``asked``), and how well its passage was found. What the
title says already tells no sentence from another and counts little. The weights were fitted on offices that the vectors
had not seen; they lie in ``fusion.json`` with the others. Without a model of meaning shared words and sorts of facts
decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.domain.proposal import Passage
from app.knowledge.asked import SORTS, sorts_asked, sorts_held
from app.knowledge.sentences import sentence_spans, sentences
from app.knowledge.vectors import Floats, WordVectors, unit
from app.knowledge.words import root, terms_of, words_of

POINT: Final = (
    "alone", "titled", "words", "telling words", "shared", "passage", "later",
    *(f"holds {sort.value}" for sort in SORTS),
)  # fmt: skip
"""What is measured of a sentence; ``passage`` is how far the passage's score lies below the best one's (at most 0),
``later`` its place in the passage."""

LIKE_FLOOR: Final = 0.25
TITLE_SHARE: Final = 0.35
"""Weight of a word of the question that the title holds already."""
PLAIN_WEIGHTS: Final = np.array([0, 0, 0, 0, 3, 0.5, -0.05, *([1.5] * len(SORTS))], np.float32)
"""Without a model of meaning; by judgement, not fitted."""


@dataclass(frozen=True, slots=True)
class NearSentence:
    """A sentence of ``passages[place]``: half-open code-point range in its text; ``likelihood`` among all, 0 to 1."""

    place: int
    start: int
    end: int
    likelihood: float

    def of(self, passages: Sequence[Passage]) -> str:
        """Return the sentence's text."""
        return passages[self.place].text[self.start : self.end]


def near_sentences(
    question: str,
    passages: Sequence[Passage],
    scores: Sequence[float],
    vectors: WordVectors | None,
    weights: Floats,
) -> tuple[NearSentence, ...]:
    """Return the sentences of ``passages``, the one that most likely answers ``question`` first; of equals the earlier.

    Args:
        question: what is asked; a follow-up behind what it points back to.
        passages: what is offered.
        scores: of the passages, as the index orders them.
        vectors: the table of a model of meaning, or None.
        weights: one for each of ``POINT``.
    """
    spans = [(place, span) for place, passage in enumerate(passages) for span in sentence_spans(passage.text)]
    if not spans:
        return ()
    made = point_features(question, passages, scores, vectors) @ weights
    shares = np.exp(made - made.max())
    likelihoods = (shares / shares.sum()).tolist()
    found = [
        NearSentence(place, start, end, likelihood)
        for (place, (start, end)), likelihood in zip(spans, likelihoods, strict=True)
    ]
    return tuple(sorted(found, key=lambda sentence: -sentence.likelihood))


def point_features(
    question: str, passages: Sequence[Passage], scores: Sequence[float], vectors: WordVectors | None
) -> Floats:
    """Return one row of ``POINT`` for every sentence of every passage, in reading order."""
    asked = np.array(sorts_asked(question), np.float32)
    rows = []
    for passage, score in zip(passages, scores, strict=True):
        texts = sentences(passage.text)
        near = _nearness(question, passage.title, texts, vectors) if vectors else np.zeros((len(texts), 4), np.float32)
        shared = _shared(question, passage.title, texts)
        later = np.arange(len(texts), dtype=np.float32)
        held = np.array([sorts_held(text) for text in texts], np.float32) * asked
        below = np.full(len(texts), score - max(scores))
        rows.append(np.column_stack((near, shared, below, later, held)))
    return np.concatenate(rows).astype(np.float32)


def _nearness(question: str, title: str, texts: Sequence[str], vectors: WordVectors) -> Floats:
    asked = np.stack([vectors.encode(part) for part in (question, *sentences(question))])
    alone = np.stack([vectors.encode(text) for text in texts]) @ asked.T
    titled = np.stack([vectors.encode(f"{title}. {text}") for text in texts]) @ asked.T
    words = vectors.split(question)
    rows, told = vectors.stack(words), {root(word) for word in words_of(title)}
    alike = [unit(rows) @ unit(vectors.stack(vectors.split(text) or ["\0"])).T for text in texts]
    best = np.stack([like.max(axis=1) if like.size else np.zeros(len(rows)) for like in alike])
    likeness = np.clip((best - LIKE_FLOOR) / (1 - LIKE_FLOOR), 0, 1)
    share = np.array([TITLE_SHARE if root(word) in told else 1.0 for word in words])
    weights = np.linalg.norm(rows, axis=1) * share + 1e-9
    # What every sentence holds tells none apart: here a word counts as much as its likeness differs between them.
    telling = weights * (likeness.max(axis=0, initial=0) - likeness.mean(axis=0)) + 1e-9
    totals = max(float(weights.sum()), 1e-9), max(float(telling.sum()), 1e-9)
    columns = (alone.max(axis=1), titled.max(axis=1), likeness @ weights / totals[0], likeness @ telling / totals[1])
    return np.column_stack(columns).astype(np.float32)


def _shared(question: str, title: str, texts: Sequence[str]) -> Floats:
    """Return for every sentence the share of the question's terms that it holds by one of their names."""
    told = {root(word) for word in words_of(title)}
    names = [[{root(w) for w in words_of(n)} for n in (term.word, *term.others)] for term in terms_of(question)]
    weights = np.array([TITLE_SHARE if any(name <= told for name in of_term) else 1.0 for of_term in names])
    said = [{root(word) for word in words_of(text)} for text in texts]
    held = np.array([[any(name <= words for name in of_term) for of_term in names] for words in said], np.float32)
    return np.asarray(held @ weights / weights.sum() if names else np.zeros(len(texts)), np.float32)
