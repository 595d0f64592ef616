"""Which part of a long thread is shown to the model."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.prompt import MAX_TURNS, Speaker, Turn
from app.services.drafting.fitting import fit_turns


def visitor(*texts: str) -> list[Turn]:
    return [Turn(Speaker.VISITOR, text) for text in texts]


def test_a_short_thread_is_shown_whole() -> None:
    turns = visitor("Hello", "Where can I park?")
    assert fit_turns(turns, 100) == tuple(turns)


def test_the_oldest_turns_are_left_out_first() -> None:
    assert [turn.text for turn in fit_turns(visitor("a" * 50, "b" * 50, "c" * 50), 110)] == ["b" * 50, "c" * 50]


def test_the_newest_turn_is_never_left_out_and_keeps_its_end() -> None:
    (turn,) = fit_turns(visitor("x" * 500 + " Where can I park?"), 20)
    assert turn.text.endswith("Where can I park?")
    assert turn.text.startswith("… ")


@given(st.lists(st.text(max_size=60), min_size=1, max_size=30), st.integers(1, 200))
def test_what_is_shown_fits_and_is_the_end_of_the_thread(texts: list[str], budget_chars: int) -> None:
    turns = visitor(*texts)
    shown = fit_turns(turns, budget_chars)
    assert 1 <= len(shown) <= MAX_TURNS
    assert sum(len(turn.text) for turn in shown) <= budget_chars + 2
    assert shown[1:] == tuple(turns[len(turns) - len(shown) + 1 :])
