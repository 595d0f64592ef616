"""Passages as another model of meaning sees them: an embedding model that the office brought in.

The shipped table stays in charge of what covers a question, because its weights were fitted to it. A larger model helps
to order passages: how near each lies, compared with the others of the office, is added to the score. How much that
counts is chosen on questions whose answers are known (``best_weight``), so a model of no use for a front desk counts
nothing. Vectors are made by whoever has the time (``encode_next``); until all are there, and after the model failed,
the table orders alone.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from app.domain.proposal import Passage
from app.knowledge.vectors import Floats

WEIGHTS: Final = (0.0, 0.25, 0.5, 1.0, 2.0)
"""What may be added for each standard deviation of nearness; a difference of 1 in score is e times as likely."""
MAX_DEVIATIONS: Final = 4.0


class TextEncoder(Protocol):
    """Something that makes vectors of texts."""

    def encode(self, text: str) -> Floats | None:
        """Return the vector of ``text``, of length one; None when it makes none (any more). Blocks."""


@dataclass(frozen=True, slots=True)
class SecondModel:
    """An embedding model and what its nearness counts: one of ``WEIGHTS``."""

    encoder: TextEncoder
    weight: float

    def prepare(self) -> float:
        """Return what its nearness counts. Blocks where that must be found out first."""
        return self.weight


class AnySecondModel(Protocol):
    """A second model whose weight is known, or is found out when it is first needed."""

    @property
    def encoder(self) -> TextEncoder:
        """Makes the vectors."""

    def prepare(self) -> float:
        """Return one of ``WEIGHTS``. Blocks; 0 where the model is of no use."""


class EncodedPassages:
    """The vectors of an index's passages under one model. Safe to use from several threads.

    Args:
        passages: in index order.
        model: makes the vectors.
    """

    def __init__(self, passages: Sequence[Passage], model: AnySecondModel) -> None:
        self._texts = [f"{passage.title}. {passage.text}" for passage in passages]
        self._model = model
        self._encoder = model.encoder
        self._weight: float | None = None
        self._vectors: list[Floats] = []
        self._has_failed = False
        self._lock = threading.Lock()

    @property
    def is_complete(self) -> bool:
        """Whether every passage has its vector."""
        return not self._has_failed and len(self._vectors) == len(self._texts)

    def encode_all(self, on_progress: Callable[[int, int], None] = lambda _done, _total: None) -> bool:
        """Make the vectors that are missing; return False when the encoder gave up. Blocks."""
        if self._weight is None:
            self._weight = self._model.prepare()
        while self._weight and self.encode_next():
            on_progress(len(self._vectors), len(self._texts))
        return not self._has_failed

    def encode_in_background(self) -> None:
        """Begin to encode on a thread of its own; the table orders alone until the end of it."""
        threading.Thread(target=self.encode_all, name="encoding", daemon=True).start()

    def encode_next(self) -> bool:
        """Make one missing vector; return False when there is nothing to do, or the encoder gave up."""
        with self._lock:
            if self._has_failed or self.is_complete:
                return False
            vector = self._encoder.encode(self._texts[len(self._vectors)])
            if vector is None:
                self._has_failed = True
                return False
            self._vectors.append(vector)
            return True

    def added(self, question: str) -> Floats | None:
        """Return what is added to the score of every passage; None where the table orders alone."""
        if not self._weight or not self.is_complete:
            return None
        vector = self._encoder.encode(question)
        return None if vector is None else self._weight * deviations(np.stack(self._vectors) @ vector)


def deviations(nearness: Floats) -> Floats:
    """Return how many standard deviations each passage lies nearer than the mean; all zero when all lie alike."""
    spread = float(nearness.std())
    if spread < 1e-6:  # noqa: PLR2004 - rounding
        return np.zeros(len(nearness), np.float32)
    clipped = np.clip((nearness - nearness.mean()) / spread, -MAX_DEVIATIONS, MAX_DEVIATIONS)
    return np.asarray(clipped, np.float32)


def best_weight(scores: Sequence[Floats], nearness: Sequence[Floats], right: Sequence[int]) -> float:
    """Return the weight under which the right passages are likeliest; the smallest of equals.

    Args:
        scores: of the passages, for each question, as the index orders them without the encoder.
        nearness: of the passages, for each question, as the encoder sees them.
        right: the row of the passage that answers, for each question.
    """

    def loss(weight: float) -> float:
        made = [score + weight * deviations(near) for score, near in zip(scores, nearness, strict=True)]
        misses = [np.log(np.exp(one - one.max()).sum()) + one.max() - one[row]
                  for one, row in zip(made, right, strict=True)]  # fmt: skip
        return float(np.mean(misses))

    return min(WEIGHTS, key=loss)
