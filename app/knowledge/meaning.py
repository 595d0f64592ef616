"""How near passages are to a question in meaning, and the fitted weights that join this with the words they share.

Nearness is measured four ways (``CLOSENESS``): the whole passage under its title, the title alone, the nearest
sentence, and word by word: how much of what the question says has something like it in the passage. The weights that
join these with the measures of ``index`` were fitted by ``models/recipes/retrieval`` on offices that its vectors had
not seen; they lie beside the table in ``fusion.json``.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from app.domain.proposal import Passage
from app.knowledge.asked import implied_words
from app.knowledge.covering import GATE, Nearness, nearness
from app.knowledge.errors import VectorsError, VectorsFault
from app.knowledge.nearest import POINT
from app.knowledge.sentences import sentences
from app.knowledge.vectors import MANIFEST_NAME, Floats, WordVectors, load_vectors, read_checked, unit
from app.knowledge.words import root

CLOSENESS: Final = ("passage", "title", "sentence", "words")
RANK: Final = ("bm25", "coverage", *CLOSENESS)
"""What orders passages; ``bm25`` is the score of the words, divided by ``BM25_UNIT``."""
BM25_UNIT: Final = 10.0
CONTEXT_WEIGHT: Final = 0.5
LIKE_FLOOR: Final = 0.25
"""Cosine at which two words begin to count as alike; unrelated words of the table lie around 0.1."""

_APP = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Fusion:
    """Fitted weights: ``rank`` as in ``RANK``; ``gate`` as in ``covering.GATE``, then the constant.

    ``aside`` has 2 dims + 1 weights; ``point`` is as in ``nearest.POINT``.
    """

    rank: Floats
    gate: Floats
    aside: Floats
    min_coverage: float
    max_gap: float
    point: Floats

    @classmethod
    def parse(cls, raw: dict[str, Any], dims: int) -> Self:
        """Return the weights, or raise ValueError, KeyError or TypeError for anything that is not what it should be."""
        names = ("rank", "gate", "aside", "point")
        rank, gate, aside, point = (np.asarray(raw[name], np.float32) for name in names)
        sizes = (len(RANK), len(GATE) + 1, 2 * dims + 1, len(POINT))
        if tuple(weights.shape for weights in (rank, gate, aside, point)) != tuple((size,) for size in sizes):
            raise ValueError("weights do not fit the table")
        return cls(rank, gate, aside, float(raw["min_coverage"]), float(raw["max_gap"]), point)

    def scores(self, bm25: Floats, coverage: Floats, closeness: Floats) -> Floats:
        """Return what orders passages, higher is nearer; a difference of 1 makes a passage e times as likely."""
        features = np.column_stack((bm25 / BM25_UNIT, coverage, closeness))
        return np.asarray(features @ self.rank, np.float32)

    def covers(self, features: Floats) -> Floats:
        """Return for every row of ``covering.gate_features`` how likely its passage covers the question, 0 to 1."""
        evidence = features @ self.gate[:-1] + self.gate[-1]
        return np.asarray(1 / (1 + np.exp(-evidence)), np.float32)


@dataclass(frozen=True, slots=True)
class MeaningModel:
    """The table of vectors and the weights that belong to it."""

    vectors: WordVectors
    fusion: Fusion

    def aside(self, question: str) -> float:
        """Return how much ``question`` asks for advice, an opinion or a thing no office offers; about -5 to 5."""
        rows = self.vectors.words(question)
        return float(aside_features(rows) @ self.fusion.aside[:-1] + self.fusion.aside[-1]) if len(rows) else 0.0


def aside_features(rows: Floats) -> Floats:
    """Return (2 dims,): the direction of the text, and the mean direction of its words, small words included."""
    return np.concatenate((unit(rows.sum(axis=0)), unit(rows).mean(axis=0)))


def load_meaning(folder: Path) -> MeaningModel:
    """Read the table and its weights from ``folder``.

    Raises:
        VectorsError: a file is missing, malformed, or not the one that the manifest names.
    """
    vectors = load_vectors(folder)
    try:
        manifest = json.loads((folder / MANIFEST_NAME).read_bytes())
        weights = read_checked(folder, str(manifest["fusion"]), str(manifest["fusion_sha256"]))
        return MeaningModel(vectors, Fusion.parse(json.loads(weights.tobytes()), vectors.dims))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VectorsError(VectorsFault.MALFORMED) from error


@lru_cache(maxsize=1)
def shipped_meaning() -> MeaningModel | None:
    """Return the model that came with the product, or None where none was installed: words alone decide then.

    Raises:
        VectorsError: there is one, and it is not the one that was shipped.
    """
    bundled = _APP / "_bundled" / "models" / "retrieval"
    folder = bundled if bundled.is_dir() else _APP.parent / "models" / "retrieval"
    return load_meaning(folder) if (folder / MANIFEST_NAME).exists() else None


class PassageMeanings:
    """The vectors of an index's passages. Immutable and safe to use from several threads."""

    def __init__(self, model: MeaningModel, passages: Sequence[Passage]) -> None:
        """Encode ``passages``: about 0.5 ms each."""
        self._vectors = model.vectors
        self._passages = np.stack([self._vectors.encode(f"{p.title}. {p.text}") for p in passages])
        self._titles = np.stack([self._vectors.encode(p.title) for p in passages])
        parts = [sentences(p.text) or (p.title,) for p in passages]
        self._sentences = np.stack(
            [self._vectors.encode(f"{p.title}. {part}") for p, own in zip(passages, parts, strict=True) for part in own]
        )
        self._sentence_starts = _starts([len(own) for own in parts])
        self._learn_words(passages)

    def _learn_words(self, passages: Sequence[Passage]) -> None:
        words: dict[str, int] = {}
        rows: list[npt.NDArray[np.int64]] = []
        for passage in passages:
            said = f"{passage.title} {passage.text}"
            own = self._vectors.split(f"{said} {implied_words(passage.text)}") or ["\0"]
            rows.append(np.array([words.setdefault(word, len(words)) for word in sorted(set(own))]))
        self._words = unit(self._vectors.stack(list(words)))
        self._roots: dict[str, list[int]] = {}
        for word, row in words.items():
            self._roots.setdefault(root(word), []).append(row)
        self._word_rows, self._word_starts = np.concatenate(rows), _starts([len(row) for row in rows])
        counts = np.bincount(self._word_rows, minlength=len(words))
        self._rarity = {word: math.log(1 + len(passages) / (0.5 + counts[row])) for word, row in words.items()}
        self._rarest = math.log(1 + len(passages) / 0.5)

    def nearness(self, question: str, context: str = "") -> Nearness:
        """Return how near every passage lies to ``question``; ``context`` (earlier messages) counts by half."""
        words = self._vectors.split(question)
        weights = [1.0] * len(words)
        if context:
            earlier = self._vectors.split(context)
            words, weights = words + earlier, weights + [CONTEXT_WEIGHT] * len(earlier)
        if not words:
            count = len(self._passages)
            nothing = np.zeros(count, np.float32)
            return Nearness(np.zeros((count, len(CLOSENESS)), np.float32), nothing, nothing)
        rows = self._vectors.stack(words) * np.array(weights, np.float32)[:, None]
        whole = unit(rows.sum(axis=0))
        asked = [whole] if context else [whole, *(self._vectors.encode(part) for part in sentences(question))]
        nearest = np.maximum.reduceat(self._sentences @ np.stack(asked).T, self._sentence_starts).max(axis=1)
        likeness = self._likeness(rows, words)
        weights = np.linalg.norm(rows, axis=1) * [self._rarity.get(word, self._rarest) for word in words]
        held = weights @ likeness / max(float(weights.sum()), 1e-9)
        columns = (self._passages @ whole, self._titles @ whole, nearest, held)
        return nearness(np.column_stack(columns).astype(np.float32), likeness, weights)

    def _likeness(self, rows: Floats, words: Sequence[str]) -> Floats:
        """Return how like each word of the question its likest word of each passage is; shape (words, passages)."""
        alike = unit(rows) @ self._words.T
        for place, word in enumerate(words):  # "freezing" is "freeze", whatever the table learnt of the two
            alike[place, self._roots.get(root(word), [])] = 1.0
        alike = alike[:, self._word_rows]
        best = np.maximum.reduceat(alike, self._word_starts, axis=1)
        return np.asarray(np.clip((best - LIKE_FLOOR) / (1 - LIKE_FLOOR), 0, 1), np.float32)


def _starts(counts: list[int]) -> npt.NDArray[np.int64]:
    return np.cumsum([0, *counts[:-1]])
