"""Words that a question shares with passages: scores, shares, slips of the finger, and the messages before."""

import pytest

from app.domain.ids import ArticleId
from app.domain.proposal import Passage
from app.knowledge.shared_words import SharedWords

PASSAGES = [
    Passage(ArticleId("parking"), 0, "Parking", "Visitors park behind the building for two hours."),
    Passage(ArticleId("glasses"), 0, "New glasses", "Your glasses are ready after five working days."),
    Passage(ArticleId("repairs"), 0, "Repairs", "Bent glasses are straightened at once, broken frames within a week."),
    *(Passage(ArticleId(f"other-{n}"), 0, "Visits", "Our opticians come to your home.") for n in range(4)),
]


def shared(question: str, context: str = "") -> dict[int, tuple[float, float]]:
    return SharedWords(PASSAGES).score(question, context)


def test_a_word_in_the_title_weighs_more_than_one_in_the_text() -> None:
    found = shared("glasses")
    assert set(found) == {1, 2}
    assert found[1][0] > found[2][0]


def test_the_share_of_the_question_is_whole_where_every_term_is_held() -> None:
    assert shared("broken frames")[2][1] == pytest.approx(1.0)


def test_a_story_before_the_question_does_not_lower_the_share() -> None:
    alone = shared("Are broken frames repaired?")[2][1]
    assert shared("My brother visited us from Canada. Are broken frames repaired?")[2][1] == pytest.approx(alone)


def test_a_slip_of_the_finger_is_looked_up_as_it_was_meant() -> None:
    assert set(shared("glases")) == {1, 2}


def test_a_word_for_the_same_thing_counts_a_little_less() -> None:
    assert shared("garage")[0][1] < shared("parking")[0][1] == pytest.approx(1.0)


def test_a_follow_up_is_measured_by_the_messages_before_it() -> None:
    assert shared("And then?", "broken frames")[2][1] == pytest.approx(1.0)
    assert shared("hello", "broken frames") == {}


def test_what_shares_nothing_is_not_listed() -> None:
    assert shared("Do you repaint bicycles?") == {}


def test_after_closing_nothing_can_be_looked_up() -> None:
    index = SharedWords(PASSAGES)
    index.close()
    with pytest.raises(Exception, match="closed"):
        index.score("parking", "")
