"""Clean text: what is seen stays, what is not seen goes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language.errors import DocumentError, DocumentFault
from app.language.hygiene import MAX_PIECE_CHARS, clean, clean_lines


@pytest.mark.parametrize(
    ("untrusted", "seen"),
    [
        ("o\ufb03ce \ufb01rst sta\ufb00", "office first staff"),
        ("Praxis\u00adgebühr", "Praxisgebühr"),
        ("co\u0308nnen", "cönnen"),
        ("e\u200b\u0301", "é"),
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        ("10\u00a0EUR\u2003each", "10 EUR each"),
        ("a\tb   c ", "a b c"),
        ("walk\u2011in", "walk-in"),
        ("½ cup, m², ™", "½ cup, m², ™"),
        ("one\u2028two", "one\ntwo"),
        ("a\0b\x1b[31m", "ab[31m"),
        ("\ue000\U000f0000", ""),
        ("\n\n  one \n\n two\n", "one\ntwo"),
    ],
)
def test_what_is_seen_stays_and_the_rest_goes(untrusted: str, seen: str) -> None:
    assert clean(untrusted) == seen


@given(st.text())
def test_cleaning_is_done_once_and_leaves_nothing_hidden(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not {unicodedata.category(char) for char in cleaned if char != "\n"} & {"Cc", "Cf", "Cs", "Co", "Cn"}


def test_a_text_file_keeps_its_lines() -> None:
    assert clean_lines("# A\r\n\r\n  b\u200b\tc\r") == "# A\n\n  b c\n"


def test_a_piece_longer_than_any_answer_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        clean("a" * (MAX_PIECE_CHARS + 1))
    assert caught.value.code is DocumentFault.TOO_MUCH_TEXT
