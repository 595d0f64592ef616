"""Does a sentence speak of what its sources speak of, and say yes where they say yes?"""

import pytest

from app.services.drafting.agreement import contradicts, share_held, strays

CASH = "We do not take cash above £300, but cards are welcome. You can pay at the desk."


@pytest.mark.parametrize(
    ("claim", "is_opposite"),
    [
        ("We do not take cash above £300.", False),
        ("No, we do not take cash above £300.", False),
        ("We take cash above £300.", True),
        ("Yes, we take cash above £300.", True),
        ("Cards are welcome.", False),
        ("You can't pay at the desk.", True),
        ("You cannot pay at the desk.", True),
        ("No appointment is needed.", False),
        ("", False),
    ],
)
def test_a_sentence_is_compared_with_the_clause_nearest_to_it(claim: str, is_opposite: bool) -> None:
    assert contradicts(claim, (CASH,)) is is_opposite


def test_words_of_the_question_count_half() -> None:
    assert share_held("Unicorns pay cash", (CASH,), ()) == pytest.approx(2 / 3)
    assert share_held("Unicorns pay cash", (CASH,), ("Do unicorns pay?",)) == pytest.approx(2.5 / 3)
    assert share_held("Of course!", (CASH,)) is None


def test_endings_do_not_make_words_strange() -> None:
    assert not strays("Paying by card is welcomed at desks", (CASH,), ())
    assert strays("Our dentist pulls teeth gently", (CASH,), ())
