"""What the office knows is found in every variant, and ordinary words are not."""

import pytest

from app.anonymise.finder import Finder
from app.anonymise.known import KnownText, is_within
from app.anonymise.labels import Label

FINDER = Finder(
    known=(
        KnownText("Jorge Álvarez Quiñones", Label.PERSON),
        KnownText("Bo Li", Label.PERSON),
        KnownText("Rose Carpenter", Label.PERSON),
        KnownText("860-555-0142", Label.PHONE),
        KnownText("Harbour View Lodge", Label.LOCATION),
    )
)


@pytest.mark.parametrize(
    "written",
    [
        "Jorge Álvarez Quiñones",
        "jorge alvarez quinones",
        "JORGE",
        "alvares",
        "Alvarez",
        "Quinnones",
        "jroge alvarez",
        "Álvarez",
        "Jorge\u200b Alvarez",
        "bo li",
        "Carpenter",
        "8605550142",
        "860.555.0142",
        "harbour  view lodge",
    ],
)
def test_a_variant_is_found(written: str) -> None:
    text = f"this is {written}."
    spans = FINDER.find(text)
    covered = {place for span in spans for place in range(span.start, span.end)}
    assert {place for place, char in enumerate(text) if char.isalnum() and place not in covered} == set(range(2)) | {
        2,
        3,
        5,
        6,
    }  # fmt: skip - "this is" and nothing else is left


@pytest.mark.parametrize("text", ["go both ways", "a lively carpet", "it rises at the harbour", "bo knows", "alvar"])
def test_other_words_are_not(text: str) -> None:
    assert FINDER.find(text) == ()


def test_a_possessive_keeps_its_ending() -> None:
    text = "Alvarez's file"
    assert [text[span.start : span.end] for span in FINDER.find(text)] == ["Alvarez"]


@pytest.mark.parametrize(
    ("one", "other", "slips", "is_near"),
    [
        ("alvarez", "alvares", 1, True),
        ("alvarez", "lavarez", 1, True),
        ("alvarez", "alvrez", 1, True),
        ("alvarez", "alvvarez", 1, True),
        ("alvarez", "alveres", 1, False),
        ("alvarez", "alveres", 2, True),
        ("", "a", 1, True),
        ("abc", "abcdef", 2, False),
    ],
)
def test_slips_are_counted(one: str, other: str, slips: int, is_near: bool) -> None:
    assert is_within(one, other, slips) is is_near
    assert is_within(other, one, slips) is is_near
