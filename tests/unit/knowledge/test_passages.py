"""Cutting approved answers into passages, and text into sentences."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.knowledge.passages import MAX_PASSAGE_WORDS, split
from app.knowledge.sentences import sentence_spans, sentences

LONG = "This paragraph has exactly enough words in it to be able to stand alone."


def article(body: str) -> Article:
    return Article(ArticleId("x"), "Title", body, None)


def texts(body: str) -> list[str]:
    return [passage.text for passage in split(article(body))]


def test_a_paragraph_is_a_passage_and_keeps_the_title() -> None:
    passages = split(article(f"{LONG}\n\nAnother one. {LONG}"))
    assert [(passage.ordinal, passage.title) for passage in passages] == [(0, "Title"), (1, "Title")]
    assert passages[1].text == f"Another one. {LONG}"


def test_a_stub_joins_its_neighbour_and_a_list_stays_with_its_line() -> None:
    assert texts(f"{LONG}\n\nSee you.") == [f"{LONG}\nSee you."]
    intro = f"{LONG[:-1]}, please bring:"
    assert texts(f"{intro}\n\n* a passport\n* your\n  letter") == [f"{intro}\n- a passport\n- your letter"]


def test_a_heading_goes_with_what_follows_it() -> None:
    assert texts(f"{LONG}\n\n## On Sundays\n{LONG}") == [LONG, f"On Sundays\n{LONG}"]


def test_markdown_marks_are_not_part_of_the_words() -> None:
    body = (
        "Please **ring** us at [the desk](https://example.org) or write to some_one@example.org, _today_ if you can\\*."
    )
    assert texts(body) == ["Please ring us at the desk or write to some_one@example.org, today if you can*."]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    pieces = texts(" ".join([LONG] * 10))
    assert all(len(piece.split()) <= MAX_PASSAGE_WORDS and piece.endswith("alone.") for piece in pieces)
    assert " ".join(pieces) == " ".join([LONG] * 10)


@settings(deadline=None)
@given(st.text(alphabet="ab .\n-#*", max_size=2_000))
def test_no_passage_is_longer_than_the_limit_and_no_letter_is_lost(body: str) -> None:
    pieces = texts(body)
    assert all(len(piece.split()) <= MAX_PASSAGE_WORDS for piece in pieces)
    assert [c for piece in pieces for c in piece if c.isalpha()] == [c for c in body if c.isalpha()] or "#" in body


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("We open at 8:00. Come in!", ["We open at 8:00.", "Come in!"]),
        ("Ask Dr. Strandquist. She knows.", ["Ask Dr. Strandquist.", "She knows."]),
        ("From 9 a.m. to 5 p.m. on weekdays. Closed else.", ["From 9 a.m. to 5 p.m. on weekdays.", "Closed else."]),
        ("We close at 5 p.m. The bell rings.", ["We close at 5 p.m.", "The bell rings."]),
        ("It costs £1.80 an hour. Pay first.", ["It costs £1.80 an hour.", "Pay first."]),
        ('He said "no." Then he left.', ['He said "no."', "Then he left."]),
        ("One line\n- two\n- three", ["One line", "- two", "- three"]),
        ("Signed, J. Smith. Bye.", ["Signed, J. Smith.", "Bye."]),
        ("", []),
    ],
)
def test_sentences_end_where_people_end_them(text: str, parts: list[str]) -> None:
    assert list(sentences(text)) == parts


@settings(deadline=None)
@given(st.text(max_size=300))
def test_sentences_lie_in_order_and_leave_out_nothing_but_space(text: str) -> None:
    spans = sentence_spans(text)
    covered = {place for start, end in spans for place in range(start, end)}
    assert all(a < b for span in spans for a, b in [span])
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(char.isspace() for place, char in enumerate(text) if place not in covered)
