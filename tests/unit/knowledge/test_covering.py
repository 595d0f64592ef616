"""What speaks for and against a passage that lies near: missing words, other answers as near, shared pairs of words."""

import numpy as np
import pytest

from app.domain.ids import ArticleId
from app.domain.proposal import Passage
from app.knowledge.covering import GATE, Nearness, Signs, WordPairs, answer_shares, gate_features, length_of, nearness

ALL_VALID = np.array([True, True, True])


def passage(number: int, title: str, text: str) -> Passage:
    return Passage(ArticleId(f"a{number}"), number, title, text)


def test_a_weighty_word_that_the_passage_lacks_is_missing_and_one_that_another_passage_says_is_elsewhere() -> None:
    likeness = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], np.float32)
    made = nearness(np.zeros((2, 4), np.float32), likeness, np.array([1.0, 3.0, 4.0], np.float32))
    assert made.missing == pytest.approx([7 / 8, 5 / 8])
    assert made.elsewhere == pytest.approx([3 / 8, 1 / 8])


def test_a_question_without_weight_misses_nothing() -> None:
    made = nearness(np.zeros((1, 4), np.float32), np.zeros((2, 1), np.float32), np.zeros(2, np.float32))
    assert made.missing.tolist() == [0.0]


def test_passages_of_one_answer_share_its_likelihood() -> None:
    shares = answer_shares(np.array([1.0, 1.0, 1.0], np.float32), np.array([0, 0, 1]), ALL_VALID)
    assert shares == pytest.approx([2 / 3, 2 / 3, 1 / 3])


def test_an_expired_answer_takes_nothing_from_the_others() -> None:
    is_valid = np.array([False, True, False])
    shares = answer_shares(np.array([9.0, 1.0, 1.0], np.float32), np.array([0, 1, 2]), is_valid)
    assert shares == pytest.approx([0.0, 1.0, 0.0])


def test_where_no_answer_is_valid_no_share_is_made_up() -> None:
    shares = answer_shares(np.ones(3, np.float32), np.array([0, 1, 2]), ~ALL_VALID)
    assert shares.tolist() == [0.0, 0.0, 0.0]


def test_neighbouring_words_count_with_any_ending_and_with_a_word_between() -> None:
    pairs = WordPairs(
        [
            passage(0, "Hours", "Late opening is on Tuesdays."),
            passage(1, "Parking", "Cars are parked behind the house."),
            passage(2, "Late", "The opening of late talks."),
        ]
    )
    assert pairs.shared("Are you opening late on Tuesday?").tolist() == [1.0, 0.0, 1.0]


def test_a_long_quotation_counts_no_more_than_three_pairs() -> None:
    text = "Please bring your passport and two recent payslips to the desk."
    assert WordPairs([passage(0, "Papers", text)]).shared(text).tolist() == [3.0]


def test_there_is_one_column_for_every_name_of_the_gate() -> None:
    near = Nearness(np.zeros((3, 4), np.float32), np.zeros(3, np.float32), np.zeros(3, np.float32))
    rows = gate_features(
        np.array([0.2, 0.9, 0.1], np.float32),
        near,
        np.zeros(3, np.float32),
        np.full(3, 0.5, np.float32),
        Signs(1.5, is_yes_or_no=True, length=0.4),
    )
    assert rows.shape == (3, len(GATE))
    assert rows[:, GATE.index("best_coverage")] == pytest.approx([0.9] * 3)
    assert rows[0, [GATE.index(name) for name in ("aside", "yes_or_no", "length", "share")]] == pytest.approx(
        [1.5, 1.0, 0.4, 0.5]
    )


def test_the_length_of_a_story_is_bounded() -> None:
    assert length_of(["word"] * 15) == 1.0
    assert length_of(["word"] * 400) == 3.0
