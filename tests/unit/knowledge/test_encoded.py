"""A second model orders passages, once all of them are encoded and as much as it was found to be worth."""

from datetime import date

import numpy as np
import pytest

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.knowledge import PassageIndex
from app.knowledge.encoded import WEIGHTS, SecondModel, best_weight, deviations
from app.knowledge.meaning import shipped_meaning
from app.knowledge.vectors import Floats

TOPICS = ("glorp", "frumble", "snark")
ARTICLES = [
    Article(ArticleId(topic), f"About the {topic}", f"The {topic} is looked after on the first floor.", None)
    for topic in TOPICS
]
QUESTION = "Who looks after it on the first floor?"

pytestmark = pytest.mark.skipif(shipped_meaning() is None, reason="no table of meaning is installed")


class Knower:
    """An encoder for which the question means the snark; fails after ``lasts`` texts."""

    def __init__(self, lasts: int = 1_000) -> None:
        self.asked: list[str] = []
        self._lasts = lasts

    def encode(self, text: str) -> Floats | None:
        self.asked.append(text)
        if len(self.asked) > self._lasts:
            return None
        place = next((at for at, topic in enumerate(TOPICS) if topic in text), TOPICS.index("snark"))
        return np.asarray(np.eye(len(TOPICS), dtype=np.float32)[place])


def index_with(encoder: Knower, weight: float = 2.0) -> PassageIndex:
    return PassageIndex(ARTICLES, today=lambda: date(2026, 11, 24), second=SecondModel(encoder, weight))


def best_of(index: PassageIndex) -> str:
    return index.search(QUESTION, 1)[0].passage.article_id


def test_a_complete_second_model_orders_and_an_incomplete_one_does_not() -> None:
    index = index_with(Knower())
    assert index.encoded is not None
    alone = index.search(QUESTION)
    told: list[tuple[int, int]] = []
    assert index.encoded.added(QUESTION) is None
    assert index.encoded.encode_next()
    assert index.search(QUESTION) == alone
    assert index.encoded.encode_all(lambda done, total: told.append((done, total)))
    assert told == [(2, 3), (3, 3)]
    assert best_of(index) == "snark"
    assert index.search(QUESTION)[0].coverage == next(h.coverage for h in alone if h.passage.article_id == "snark")


def test_without_weight_it_is_never_asked_for_a_question() -> None:
    encoder = Knower()
    index = index_with(encoder, 0.0)
    assert index.encoded is not None
    assert index.encoded.encode_all()
    index.search(QUESTION)
    assert encoder.asked == []


@pytest.mark.parametrize("lasts", [0, 2, 3])
def test_an_encoder_that_fails_leaves_the_order_of_the_table(lasts: int) -> None:
    index = index_with(Knower(lasts))
    assert index.encoded is not None
    alone = index.search(QUESTION)
    index.encoded.encode_in_background()
    assert index.encoded.encode_all() is (lasts == 3)
    assert index.search(QUESTION) == alone
    assert not index.encoded.encode_next()


def test_an_index_of_other_answers_is_encoded_anew() -> None:
    index = index_with(Knower())
    assert index.encoded is not None
    index.encoded.encode_all()
    other = index.with_articles(ARTICLES[:2])
    assert other.encoded is not None
    assert not other.encoded.is_complete
    assert other.encoded.encode_all()


def test_the_weight_is_the_one_under_which_right_answers_are_likeliest() -> None:
    scores = [np.array([1.0, 0.9, 0.0], np.float32)] * 2
    knowing, blind = np.array([0.1, 0.9, 0.1], np.float32), np.array([0.9, 0.1, 0.9], np.float32)
    assert best_weight(scores, [knowing] * 2, [1, 1]) == max(WEIGHTS)
    assert best_weight(scores, [blind] * 2, [1, 1]) == 0.0
    assert deviations(np.ones(3, np.float32)).tolist() == [0, 0, 0]
