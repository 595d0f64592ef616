"""What the office knows is found in every variant, and ordinary words are not."""

import pytest

from app.anonymise.finder import Finder
from app.anonymise.known import KnownIndex, KnownText, is_within
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


def test_a_list_of_thousands_is_built_and_searched_without_looking_for_each() -> None:
    syllables = [first + second for first in "bcdfglmnprstv" for second in "aeiou"]
    names = [f"{one}{other}ke {other}{one}ston" for one in syllables for other in syllables]
    index = KnownIndex(KnownText(name.title(), Label.PERSON) for name in names)
    text = "Babeke Bebaston asked, and Teluke Lutestom too; nobody else did"
    found = {text[span.start : span.end] for span in index.find(text)}
    assert {"Babeke Bebaston", "Teluke", "Lutestom"} <= found
    compiled = sum(whole._pattern is not None for group in index._wholes.values() for whole in group)
    assert compiled < 100


def test_an_entry_shorter_than_its_key_is_found_whole() -> None:
    index = KnownIndex([KnownText("Bo", Label.PERSON), KnownText("Q-7", Label.ID), KnownText("张伟", Label.PERSON)])
    text = "bo has q 7, 张伟 has none"
    assert sorted(text[span.start : span.end] for span in index.find(text)) == ["bo", "q 7", "张伟"]
