"""What haste does to a question, and that half of the questions stay as they are."""

from random import Random

from models.recipes.asking import dress


def test_most_dressed_questions_still_hold_most_of_their_words():
    question = "How much is a private certificate for my employer?"
    kept = []
    for number in range(200):
        dressed = dress(Random(number), question, "Ann Example").lower()
        kept.append(sum(word in dressed for word in question.lower().rstrip("?").split()))
    assert sum(count >= 7 for count in kept) > 150


def test_a_good_share_of_questions_stays_plain():
    plain = sum(dress(Random(n), "When do you open?", "Ann Example") == "When do you open?" for n in range(400))
    assert 80 < plain < 280


def test_no_dressed_question_is_empty_or_broken_over_lines():
    for number in range(200):
        dressed = dress(Random(number), "Ok?", "Ann Example")
        assert dressed.strip()
        assert "\n" not in dressed
