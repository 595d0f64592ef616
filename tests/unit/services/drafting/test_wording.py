"""Words as they arrive: whole ones, without marks, not too often."""

from itertools import pairwise

from app.services.drafting.wording import MIN_INTERVAL_S, WordStream


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def stream(*pieces: str, step_s: float = MIN_INTERVAL_S) -> list[str]:
    shown: list[str] = []
    watch = Watch()
    words = WordStream(shown.append, watch)
    for piece in pieces:
        words.add(piece)
        watch.now_s += step_s
    return shown


def test_words_are_shown_whole_and_grow_at_their_end() -> None:
    shown = stream("We op", "en at", " 8:", "00 on", " Monday", "s. [", "1] Co", "me in", ". [2", "]", " ")
    assert shown[-1] == "We open at 8:00 on Mondays. Come in."
    assert all(later.startswith(earlier) for earlier, later in pairwise(shown))
    assert all("[" not in text for text in shown)


def test_fast_pieces_are_gathered() -> None:
    assert stream("a ", "b ", "c ", "d ", step_s=MIN_INTERVAL_S / 3) == ["a", "a b c d"]


def test_nothing_is_shown_of_a_text_that_says_none() -> None:
    assert stream("[no", "ne", "] ", " ") == []
