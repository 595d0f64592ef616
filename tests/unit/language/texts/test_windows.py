"""Cutting long texts: nothing is lost, nothing grows, and what goes through the pipe can."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language.texts.windows import (
    MAX_BATCH_CHARS,
    MAX_BATCH_WINDOWS,
    MAX_WINDOW_CHARS,
    OVERLAP_CHARS,
    batches_of,
    sendable,
    windows_of,
)


@pytest.mark.parametrize("text", ["", "x", "word " * 4_000, "word " * 9_000, "x" * 75_001])
def test_windows_cover_the_text_and_share_a_margin(text: str) -> None:
    windows = list(windows_of(text))
    assert windows[0].start == 0
    assert windows[-1].end == windows[-1].until == len(text)
    for one, other in itertools.pairwise(windows):
        assert one.is_cut
        assert one.until == other.start
        assert OVERLAP_CHARS // 2 <= one.end - other.start <= OVERLAP_CHARS
    for window in windows:
        assert len(window.text) <= MAX_WINDOW_CHARS
        assert window.text == text[window.start : window.end]


def test_a_long_text_is_cut_at_a_space_where_there_is_one() -> None:
    second = list(windows_of("word " * 9_000))[1]
    assert second.text.startswith("word ")


def test_batches_keep_the_order_and_stay_small() -> None:
    conversations = [["a" * 30_000, "b"], *[["c" * 200] for _ in range(400)], []]
    batches = list(batches_of(conversations))
    placed = [(one.conversation, one.text, one.window.start) for batch in batches for one in batch]
    assert placed == sorted(placed)
    assert {(conversation, text) for conversation, text, _ in placed} == {
        (number, place) for number, texts in enumerate(conversations) for place, _ in enumerate(texts)
    }
    for batch in batches:
        assert len(batch) <= MAX_BATCH_WINDOWS
        assert sum(len(one.window.text) for one in batch) <= MAX_BATCH_CHARS


@given(st.text(alphabet=st.characters(codec=None)))
def test_what_is_sent_is_as_long_and_can_be_sent(text: str) -> None:
    sent = sendable(text)
    sent.encode("utf-8")
    assert len(sent) == len(text)
    assert all(one == other for one, other in zip(text, sent, strict=True) if not "\ud800" <= one <= "\udfff")


def test_a_window_shows_no_words() -> None:
    assert "secret" not in repr(next(windows_of("secret")))
