"""An embedding model of the office beside the shipped table: how much it counts, and the way to it.

How much its nearness counts is chosen on the demonstration offices, whose right answers are known: a model that does
not help there counts nothing.
"""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np

from app.domain.ids import ArticleId
from app.domain.office import Sector
from app.inference.embedding import Embedder, EmbeddingError
from app.knowledge import PassageIndex, read_folder
from app.knowledge.encoded import SecondModel, TextEncoder, best_weight
from app.knowledge.vectors import Floats
from app.services.models.errors import ModelError

Progress = Callable[[int, int], None]
DEMO_DAY = date(2026, 11, 24)
"""Some demonstration answers expire; what is chosen must not change with the calendar."""


class EmbedderEncoder:
    """The confined embedder as the index knows it: a vector, or None for ever once it failed."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def encode(self, text: str) -> Floats | None:
        """Return the vector of ``text``, or None."""
        try:
            return np.frombuffer(self._embedder.embed(text), np.float32)
        except EmbeddingError:
            return None


class OfficeSecondModel:
    """The embedding model that an office imported: started, and weighed, when it is first needed.

    Args:
        make: returns the embedder of a file that was checked.
        resources_dir: of the demonstration offices.
    """

    def __init__(self, make: Callable[[], Embedder], resources_dir: Path) -> None:
        self._resources_dir = resources_dir
        self._make = make
        self._lock = threading.Lock()
        self._weight: float | None = None
        self._embedder: Embedder | None = None

    @property
    def encoder(self) -> TextEncoder:
        """Makes the vectors."""
        return self

    def encode(self, text: str) -> Floats | None:
        """Return the vector of ``text``, or None."""
        embedder = self._embedder
        return None if embedder is None else EmbedderEncoder(embedder).encode(text)

    def prepare(self) -> float:
        """Return what it counts: 0 where it makes no vectors, and where the table is better without it."""
        with self._lock:
            if self._weight is None:
                self._weight = self._found_weight()
            return self._weight

    def close(self) -> None:
        """End its process."""
        if self._embedder is not None:
            self._embedder.close()

    def _found_weight(self) -> float:
        try:
            self._embedder = self._make()
            return second_model(self._embedder, self._resources_dir, lambda _done, _total: None).weight
        except (EmbeddingError, ModelError):
            return 0.0


def second_model(embedder: Embedder, resources_dir: Path, on_progress: Progress) -> SecondModel:
    """Return the model with the weight that suits it best. Blocks: some 120 short texts are encoded.

    Raises:
        EmbeddingError: it makes no vectors.
    """
    offices = [
        (folder, read_folder(folder / "answers").articles)
        for sector in Sector
        if (folder := resources_dir / "demo" / sector.value).is_dir()
    ]
    scores: list[Floats] = []
    nearness: list[Floats] = []
    right: list[int] = []
    for number, (folder, articles) in enumerate(offices):
        index = PassageIndex([one for one in articles if not one.is_internal], today=lambda: DEMO_DAY)
        held = np.stack([_vector(embedder, f"{one.title}. {one.text}") for one in index.passages])
        rows = {passage.article_id: row for row, passage in reversed(list(enumerate(index.passages)))}
        for question, answer in _questions(folder):
            measures = index.measures(question)
            if measures is not None and measures.near is not None and answer in rows:
                scores.append(index.table_scores(measures))
                nearness.append(held @ _vector(embedder, question))
                right.append(rows[answer])
        index.close()
        on_progress(number + 1, len(offices))
    weight = best_weight(scores, nearness, right) if right else 0.0
    return SecondModel(EmbedderEncoder(embedder), weight)


def _vector(embedder: Embedder, text: str) -> Floats:
    return np.frombuffer(embedder.embed(text), np.float32)


def _questions(folder: Path) -> Iterator[tuple[str, ArticleId]]:
    for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["answer"] is not None:
            yield case["question"], ArticleId(case["answer"])
