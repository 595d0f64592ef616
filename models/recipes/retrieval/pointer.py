"""Weights that tell which sentence answers: fitted on kinds of answers whose sentences are known."""

from collections.abc import Sequence
from random import Random

import numpy as np
import torch

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.knowledge.index import PassageIndex
from app.knowledge.meaning import MeaningModel
from app.knowledge.nearest import PLAIN_WEIGHTS, POINT, point_features
from app.knowledge.sentences import sentences
from app.knowledge.vectors import Floats
from models.recipes.asking import dress
from models.recipes.kinds import Kind
from models.recipes.retrieval.fusion import IMPOSSIBLE, minimise
from models.recipes.retrieval.generated import MAX_FACTS
from models.recipes.tasks import ask_about, draw_passage
from models.recipes.values import person

OFFERED = 2
ROUNDS = 4
"""Each draws every kind once, with other values and questions."""

PRIOR = np.where([name.startswith("holds") for name in POINT], PLAIN_WEIGHTS, 0).astype(np.float32)
"""Weights are drawn here: trial answers rarely tell whether "how much" is about money or about anything else."""

Case = tuple[Floats, Floats]
"""Features (sentences, ``POINT``), and 1 for each sentence that answers."""


def fit_point(measured: Sequence[Case]) -> Floats:
    """Return one weight for each of ``POINT``, fitted on what ``point_cases`` returned."""
    cases = [case for case in measured if case[1].any()]
    longest = max(len(right) for _, right in cases)
    features = np.zeros((len(cases), longest, len(POINT)), np.float32)
    present = np.full((len(cases), longest), IMPOSSIBLE, np.float32)
    chosen = present.copy()
    for row, (sizes, right) in enumerate(cases):
        features[row, : len(right)] = sizes
        present[row, : len(right)] = 0
        chosen[row, : len(right)][right > 0] = 0
    prior = torch.from_numpy(PRIOR)
    rows, any_sentence, answering = (torch.from_numpy(array) for array in (features, present, chosen))

    def loss(weights: torch.Tensor) -> torch.Tensor:
        made = rows @ weights
        missed = (made + any_sentence).logsumexp(1) - (made + answering).logsumexp(1)
        return missed.mean() + 0.001 * (weights - prior).square().sum()

    return minimise(loss, len(POINT))


def point_cases(model: MeaningModel, kinds: Sequence[Kind], seed: int) -> list[Case]:
    """Return the sentences of the two best passages of every question.

    Args:
        model: orders passages and must not have seen ``kinds``.
        kinds: whose sentences are known.
        seed: decides values and questions.
    """
    rng = Random(seed)
    cases: list[Case] = []
    for _ in range(ROUNDS):
        drawn = [passage for kind in kinds if (passage := draw_passage(rng, kind, MAX_FACTS)).shown]
        articles = [
            Article(ArticleId(f"kind-{place:03}"), passage.source.title, passage.source.text, None)
            for place, passage in enumerate(drawn)
        ]
        index = PassageIndex(articles, meaning=lambda: model)
        for article, passage in zip(articles, drawn, strict=True):
            for place, (_, sentence) in enumerate(passage.shown):
                question = dress(rng, ask_about(rng, passage, place).question, person(rng))
                cases += _measured(index, model, question, article.article_id, sentence)
        index.close()
    return cases


def _measured(index: PassageIndex, model: MeaningModel, question: str, answer: ArticleId, sentence: str) -> list[Case]:
    hits = index.search(question, OFFERED)
    if not hits:
        return []
    features = point_features(question, [h.passage for h in hits], [h.score for h in hits], model.vectors)
    texts = [(hit.passage.article_id, text) for hit in hits for text in sentences(hit.passage.text)]
    right = [owner == answer and (text in sentence or sentence in text) for owner, text in texts]
    return [(features, np.array(right, np.float32))]
