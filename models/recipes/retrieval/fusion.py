"""Joining words and meaning: weights fitted on trial offices of trades that the vectors have not seen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from app.knowledge.covering import GATE, Nearness
from app.knowledge.index import Measures, PassageIndex
from app.knowledge.meaning import BM25_UNIT, RANK, Fusion, MeaningModel, aside_features
from app.knowledge.nearest import POINT
from app.knowledge.vectors import Floats, WordVectors
from models.recipes.retrieval.offices import Office

HANDED_OVER_SHARE = 0.9
"""Share of the uncovered questions of trial offices that has to be handed over; what passes is judged again by the
language model."""
IMPOSSIBLE = -1e4
BLANK_POINT = np.zeros(len(POINT), np.float32)
BLANK_GATE = np.zeros(len(GATE) + 1, np.float32)
KEPT_AMONG_THREE = 0.98
"""Share of the right passages in places two and three that the least nearness to the best one lets through."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The measures of one question, and which passages answer it (none: nothing covers it)."""

    index: PassageIndex
    measures: Measures
    is_right: Floats

    @property
    def is_covered(self) -> bool:
        """Tell whether some passage answers the question."""
        return bool(self.is_right.any())

    @property
    def near(self) -> Nearness:
        """Return what the vectors tell; trial offices are always measured with vectors."""
        assert self.measures.near is not None
        return self.measures.near


def fit_aside(vectors: WordVectors, covered: Sequence[str], uncovered: Sequence[str]) -> Floats:
    """Return the weights that tell questions which no office answers from those that offices do answer."""
    texts = [(text, 0.0) for text in covered] + [(text, 1.0) for text in uncovered]
    rows = [(vectors.words(text), label) for text, label in texts]
    features = torch.from_numpy(np.stack([aside_features(words) for words, _ in rows if len(words)]))
    labels = torch.tensor([label for words, label in rows if len(words)])

    def loss(weights: torch.Tensor) -> torch.Tensor:
        return binary_cross_entropy_with_logits(features @ weights[:-1] + weights[-1], labels) + 0.003 * (
            weights[:-1].square().sum()
        )

    return minimise(loss, features.shape[1] + 1)


def judge(offices: Iterable[Office], vectors: WordVectors, aside: Floats) -> list[Judged]:
    """Return the measures of all questions of ``offices``; questions without anything to search for are left out."""
    blank = Fusion(np.zeros(len(RANK), np.float32), BLANK_GATE, aside, 0.0, 0.0, BLANK_POINT)
    judged = []
    for office in offices:
        index = PassageIndex(office.articles, meaning=lambda: MeaningModel(vectors, blank))
        for case in office.cases:
            measures = index.measures(case.question, case.context)
            if measures is not None:
                right = np.array([passage.article_id == case.answer for passage in index.passages], np.float32)
                judged.append(Judged(index, measures, right))
    return judged


def fit_fusion(judged: Sequence[Judged], aside: Floats, point: Floats) -> Fusion:
    """Return the weights: first those that order passages, then those that tell whether the first one covers.

    A covered question whose first passage is a wrong one teaches the gate nothing and is left out there.
    """
    rank = _fit_rank([case for case in judged if case.is_covered])
    ordered = Fusion(rank, BLANK_GATE, aside, 0.0, 0.0, point)
    telling = [case for case in judged if not case.is_covered or case.is_right[first(case, ordered)]]
    rows = np.stack([_gate_row(case, ordered) for case in telling])
    gate = _fit_gate(rows, np.array([case.is_covered for case in telling], np.float32))
    fitted = Fusion(rank, gate, aside, 0.0, 0.0, point)
    uncovered = [row for row, case in zip(rows, telling, strict=True) if not case.is_covered]
    least = float(np.quantile(fitted.covers(np.stack(uncovered)), HANDED_OVER_SHARE))
    return Fusion(rank, gate, aside, least, _max_gap(judged, fitted), point)


def scores(case: Judged, fusion: Fusion) -> Floats:
    """Return what orders the passages of one case."""
    return fusion.scores(case.measures.words, case.measures.coverage, case.near.closeness)


def first(case: Judged, fusion: Fusion) -> int:
    """Return the row of the best passage."""
    return int(scores(case, fusion).argmax())


def _gate_row(case: Judged, fusion: Fusion) -> Floats:
    made = scores(case, fusion)
    return np.asarray(case.index.gate_rows(case.measures, made)[int(made.argmax())], np.float32)


def _fit_rank(covered: Sequence[Judged]) -> Floats:
    """Fit on all cases at once: short offices are filled up with passages that nobody can choose."""
    longest = max(len(case.is_right) for case in covered)
    features = np.zeros((len(covered), longest, len(RANK)), np.float32)
    chosen = np.full((len(covered), longest), IMPOSSIBLE, np.float32)
    present = np.full((len(covered), longest), IMPOSSIBLE, np.float32)
    for row, case in enumerate(covered):
        count, measures = len(case.is_right), case.measures
        features[row, :count] = np.column_stack((measures.words / BM25_UNIT, measures.coverage, case.near.closeness))
        present[row, :count] = 0
        chosen[row, :count][case.is_right > 0] = 0
    rows, right, any_passage = (torch.from_numpy(array) for array in (features, chosen, present))

    def loss(weights: torch.Tensor) -> torch.Tensor:
        made = rows @ weights
        missed = (made + any_passage).logsumexp(1) - (made + right).logsumexp(1)
        return missed.mean() + 0.001 * weights.square().sum()

    return minimise(loss, len(RANK))


def _fit_gate(rows: Floats, labels: Floats) -> Floats:
    """Fit on standardised columns, covered and uncovered counting alike; return weights for the plain columns."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    features, targets = torch.from_numpy((rows - mean) / spread), torch.from_numpy(labels)
    balance = torch.where(targets > 0, 0.5 / targets.mean(), 0.5 / (1 - targets.mean()))

    def loss(weights: torch.Tensor) -> torch.Tensor:
        made = features @ weights[:-1] + weights[-1]
        return binary_cross_entropy_with_logits(made, targets, weight=balance) + 0.002 * weights[:-1].square().sum()

    weights = minimise(loss, rows.shape[1] + 1)
    plain = weights[:-1] / spread
    return np.append(plain, weights[-1] - float(plain @ mean)).astype(np.float32)


def _max_gap(judged: Sequence[Judged], fusion: Fusion) -> float:
    gaps = []
    for case in judged:
        made = scores(case, fusion)
        order = np.argsort(-made)[1:3]
        gaps += [float(made.max() - made[row]) for row in order if case.is_right[row]]
    return float(np.quantile(gaps, KEPT_AMONG_THREE))


def minimise(loss: Callable[[torch.Tensor], torch.Tensor], size: int) -> Floats:
    """Return the ``size`` weights at which ``loss`` is least, starting from zeros."""
    weights = torch.zeros(size, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        value = loss(weights)
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return np.asarray(weights.detach().numpy(), np.float32)
