"""The pointer of a training example: at the answer in most cases, elsewhere now and then, random where none answers."""

from random import Random

from app.domain.prompt import NO_SOURCE_MARK, PromptSource, Speaker, Turn
from models.recipes.pointing import RIGHT, pointed
from models.recipes.tasks import Example

SOURCES = (PromptSource("Bikes", "Bikes stand in the yard. The pump is free."), PromptSource("Cars", "Cars pay £4."))
ASKED = (Turn(Speaker.VISITOR, "Where is the pump?"),)


def pointers(target: str) -> list[str | None]:
    drawn = [pointed(Random(f"pointing/{number}"), Example(ASKED, SOURCES, target)).closest for number in range(400)]
    return [None if closest is None else f"[{closest.number}] {closest.text}" for closest in drawn]


def test_the_pointer_is_at_the_answer_as_often_as_the_search_is_right():
    found = pointers("The pump is free. [1]")
    share = found.count("[1] The pump is free.") / len(found)
    assert RIGHT - 0.05 < share < RIGHT + 0.12  # a random pointer may hit the answer, too
    assert "[2] Cars pay £4." in found
    assert None in found


def test_a_question_that_nothing_answers_has_a_pointer_all_the_same():
    found = pointers(NO_SOURCE_MARK)
    assert None not in found
    assert len(set(found)) == 3


def test_nothing_is_pointed_to_where_nothing_is_offered():
    assert pointed(Random(1), Example(ASKED, (), NO_SOURCE_MARK)).closest is None
