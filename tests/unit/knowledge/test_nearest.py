"""Which sentence answers: sorts of facts, and the table's meaning where one is installed."""

import pytest

from app.domain.ids import ArticleId
from app.domain.proposal import Passage
from app.knowledge.asked import SORTS, FactSort, asks_yes_or_no, implied_words, sorts_asked, sorts_held
from app.knowledge.meaning import shipped_meaning
from app.knowledge.nearest import PLAIN_WEIGHTS, near_sentences

PARKING = Passage(
    ArticleId("parking"),
    0,
    "Parking",
    "Visitors park behind the building. The first two hours are free, then it is $3 an hour. "
    "The barrier closes at 19:00. Nicola Ferrar at the desk stamps your ticket.",
)
HOURS = Passage(ArticleId("hours"), 0, "Opening hours", "We are open from 8:00 to 17:00. On Friday we close at noon.")


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("How much is the parking?", "The first two hours"),
        ("What time does the parking close?", "The barrier"),
        ("Who stamps my parking ticket?", "Nicola"),
        ("Where do visitors park?", "Visitors park"),
    ],
)
@pytest.mark.parametrize("has_meaning", [True, False])
def test_the_sentence_with_the_sort_of_fact_that_is_asked_for_is_nearest(
    question: str, start: str, *, has_meaning: bool
) -> None:
    model = shipped_meaning() if has_meaning else None
    vectors, weights = (model.vectors, model.fusion.point) if model else (None, PLAIN_WEIGHTS)
    near, *others = near_sentences(question, [PARKING, HOURS], [3.0, 0.0], vectors, weights)
    assert near.of([PARKING, HOURS]).startswith(start)
    assert len(others) == 5
    assert all(near.likelihood >= other.likelihood for other in others)
    assert near.likelihood + sum(other.likelihood for other in others) == pytest.approx(1)


def test_nothing_is_nearest_where_nothing_is_offered() -> None:
    assert near_sentences("Where?", [], [], None, PLAIN_WEIGHTS) == ()


@pytest.mark.parametrize(
    ("question", "text", "sort"),
    [
        ("What do you charge?", "It is £20.", FactSort.AMOUNT),
        ("is it free", "There is no charge.", FactSort.AMOUNT),
        ("When do you shut?", "On weekdays.", FactSort.MOMENT),
        ("how long does it take", "About two weeks.", FactSort.SPAN),
        ("How many pairs do I get?", "You get five pairs.", FactSort.COUNT),
        ("How do I book?", "Use the portal.", FactSort.CONTACT),
        ("Where are you?", "Opposite the station.", FactSort.PLACE),
        ("Who does it?", "Our nurse does.", FactSort.PERSON),
    ],
)
def test_sorts_of_facts_are_recognised_on_both_sides(question: str, text: str, sort: FactSort) -> None:
    place = SORTS.index(sort)
    assert sorts_asked(question)[place]
    assert sorts_held(text)[place]
    assert not sorts_held("Please be kind.")[place]
    assert not sorts_asked("Is it kind?")[place]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Do you repair bicycles?", True),
        ("Hi, can I bring my dog?", True),
        ("I am new here. Is there a lift?", True),
        ("How much can I bring?", False),
        ("when do you open", False),
    ],
)
def test_a_question_for_yes_or_no_is_told_from_others(question: str, *, expected: bool) -> None:
    assert asks_yes_or_no(question) is expected


def test_a_price_and_a_moment_imply_the_words_that_people_ask_with() -> None:
    assert {"cost", "price"} <= set(implied_words("It is £45.").split())
    assert "when" in implied_words("We close at noon.").split()
    assert implied_words("Thank you.") == ""
