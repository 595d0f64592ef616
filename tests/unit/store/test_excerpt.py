"""Folding, query words and excerpts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.excerpt import EXCERPT_CHARS, MAX_QUERY_WORDS, QueryWord, excerpt_of, fold, query_words


def marked(text: str, query: str) -> list[str]:
    excerpt = excerpt_of(text, query_words(query))
    return [excerpt.text[start:end] for start, end in excerpt.marks]


@pytest.mark.parametrize(
    ("word", "folded"), [("Muñoz", "munoz"), ("ÉCOLE", "ecole"), ("e\u0301cole", "ecole"), ("7b", "7b")]
)
def test_words_are_folded_as_the_index_folds_them(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_a_word_that_is_still_being_typed_is_a_prefix() -> None:
    assert query_words("late arr") == (QueryWord("late", is_prefix=False), QueryWord("arr", is_prefix=True))
    assert query_words("late arr ") == (QueryWord("late", is_prefix=False), QueryWord("arr", is_prefix=False))


def test_signs_only_part_words() -> None:
    assert [word.text for word in query_words('"don\'t" -pay (now)*')] == ["don", "t", "pay", "now"]


def test_a_long_query_is_cut() -> None:
    assert len(query_words("a " * 500)) == MAX_QUERY_WORDS


def test_every_found_word_is_marked_as_it_stands_in_the_text() -> None:
    assert marked("Señora Muñoz asks; munoz again", "munoz") == ["Muñoz", "munoz"]
    assert marked("arriving late, arrival later", "late arr") == ["arriving", "late", "arrival"]


def test_an_excerpt_of_a_long_text_begins_near_the_first_found_word() -> None:
    text = "word " * 200 + "needle " + "word " * 200
    excerpt = excerpt_of(text, query_words("needle"))
    assert excerpt.text.startswith("…word")
    assert excerpt.text.endswith("…")
    assert [excerpt.text[start:end] for start, end in excerpt.marks] == ["needle"]


@given(st.text(max_size=600), st.text(max_size=20))
def test_marks_lie_inside_the_excerpt_and_hold_a_queried_word(text: str, query: str) -> None:
    words = query_words(query)
    excerpt = excerpt_of(text, words)
    assert len(excerpt.text) <= EXCERPT_CHARS + 2
    for start, end in excerpt.marks:
        assert 0 <= start < end <= len(excerpt.text)
        assert any(word.matches(fold(excerpt.text[start:end])) for word in words)
