"""What the office knows of a person is found in the forms in which people write it, slips of a keyboard included."""

import re
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.anonymise.finder import Finder
from app.anonymise.known import KnownIndex, KnownText, is_within
from app.anonymise.labels import Label
from tests.support.known_noise import KINDS, Written, written

EVERYTHING = (
    KnownText("William Ashdown", Label.PERSON, "name"),
    KnownText("1984-03-03", Label.DATE, "born"),
    KnownText("+1 860 555 0142 ext. 12", Label.PHONE, "phone"),
    KnownText("william.ashdown@example.org", Label.EMAIL, "mail"),
    KnownText("47 Fifth Avenue, Apt 4B, Harrowgate, MA 01101-2204", Label.ADDRESS, "address"),
    KnownText("Calle Mayor 12, Salamanca", Label.ADDRESS, "address"),
    KnownText("LQ-482133", Label.ID, "record"),
    KnownText("MRN 0048 2213", Label.ID, "record"),
    KnownText("Flat 3, 28 Saint Aldate's Crescent, Wexcombe, BS41 9XX", Label.ADDRESS, "address"),
    KnownText("+44 1632 960983", Label.PHONE, "phone"),
)
INDEX = KnownIndex(EVERYTHING)
HARMLESS = frozenset({"this", "is", "mr", "mrs", "dr", "ma", "ct", "ny", "oh", "the", "of", "at", "dot"})
"""Words that may stay: they name nobody, or a state."""


def left(one: Written) -> list[str]:
    """Return the words that must go and were not found."""
    spans = list(KnownIndex([one.known]).find(one.text))
    found = {place for span in spans for place in range(span.start, span.end)}
    words = re.finditer(r"\w+", one.said)
    return [
        word.group()
        for word in words
        if word.group().lower() not in HARMLESS and not all(one.start + place in found for place in range(*word.span()))
    ]


def said(text: str) -> list[str]:
    return [text[span.start : span.end] for span in Finder(known=EVERYTHING).find(text)]


@pytest.mark.parametrize("slips", [0, 1])
def test_recall_by_kind(slips: int) -> None:
    least = 1.0 if slips == 0 else 0.95
    total, missed = Counter[str](), Counter[str]()
    for one in written(120, seed=11 + slips, slips=slips):
        total[one.kind] += 1
        missed[one.kind] += bool(left(one))
    assert total.keys() == KINDS.keys()
    assert {kind: missed[kind] for kind in total if 1 - missed[kind] / total[kind] < least} == {}


@pytest.mark.parametrize(
    "text",
    [
        "march 3rd 84", "3/3/84", "the third of march nineteen eighty four", "03031984", "3 mrach 1984", "3rd March",
        "el 3 de marzo de 1984", "1984-03-03", "mar 3, '84", "march 1984",
        "8605550142", "five five five oh one four two", "860 555 o142", "ending in 0142", "860 5550 142",
        "william dot ashdown at example dot org", "wiliam.ashdown@exmaple.org", "william.ashdown",
        "47 5th Ave", "forty seven fifth avenue apt 4b", "fifth av", "Harowgate", "01101", "calle mayor 12", "salamnca",
        "bill ashdown", "Billy", "W. Ashdown", "w.a.", "A-S-H-D-O-W-N", "ashdwon's",
        "lq 482 133", "LQ482133", "482133", "0048-2213", "48 22 13",
        "28 st aldates cres", "st. Aldate\u2019s crescent", "28 saint aldate's", "bs419xx", "wexcomb",
        "960983", "nine six zero nine eight three", "0044 1632 960 938",
    ],
)  # fmt: skip
def test_a_form_is_found_whole(text: str) -> None:
    found = {place for span in INDEX.find(f"so {text} ok") for place in range(span.start, span.end)}
    missed = [place for place, char in enumerate(text) if char.isalnum() and place + 3 not in found]
    assert "".join(text[place] for place in missed) in {"", "s", "the", "el", "endingin"}


@pytest.mark.parametrize(
    "text",
    [
        "great, will you call on the third?", "in march we open at 8", "I paid 142 on 4 may 1984", "take 3 pills",
        "he will pay the bill", "the fifth visit", "my belly hurts daily", "room 47", "555 0143", "ends at 0900",
        "the mayor came at 12", "avenue of the stars", "see page 1984", "MA 01102", "3 march 1985", "11 03 1984",
    ],
)  # fmt: skip
def test_other_words_and_numbers_are_not(text: str) -> None:
    assert list(INDEX.find(text)) == []


def test_what_is_found_says_which_of_the_known_it_is() -> None:
    spans = Finder(known=EVERYTHING).find("Bob? no, Bill. born march 3rd 84, 47 fifth ave, 555-0142")
    assert [(span.label, span.why) for span in spans] == [
        (Label.PERSON, "name.part"),
        (Label.DATE, "born"),
        (Label.ADDRESS, "address.part"),
        (Label.PHONE, "phone"),
    ]


def test_an_entry_of_another_kind_than_its_label_is_looked_for_as_it_stands() -> None:
    known = (
        KnownText("some day", Label.DATE),
        KnownText("front door", Label.ADDRESS),
        KnownText("no sign", Label.EMAIL),
    )
    index = KnownIndex(known)
    assert [span.label for span in index.find("Some Day, no-sign")] == [Label.EMAIL, Label.DATE]


@settings(deadline=None)
@example(text="")
@example(text="9" * 5000)
@example(text="five " * 900)
@example(text="march 3 " * 600)
@given(text=st.text(st.sampled_from("0123456789 .,-/@()marchthirdfiveouwbl\nüÅ\u0130\ud800"), max_size=300))
def test_offsets_lie_inside_of_whatever_is_read(text: str) -> None:
    for span in INDEX.find(text):
        assert 0 <= span.start < span.end <= len(text)


@given(one=st.text("abc", max_size=6), other=st.text("abc", max_size=6), slips=st.sampled_from([1, 2]))
def test_the_quick_way_to_count_slips_agrees_with_the_slow_one(one: str, other: str, slips: int) -> None:
    assert is_within(one, other, slips) == (_distance(one, other) <= slips)


def _distance(one: str, other: str) -> int:
    """Optimal string alignment, straight from its definition."""
    rows = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (one[i - 1] != other[j - 1]))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]
