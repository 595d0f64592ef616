"""Messages that are nothing but a name or a code, and the words between a street and its town. All is invented."""

import re

import pytest

from app.anonymise.finder import Finder
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.whole_addresses import whole_addresses
from app.anonymise.whole_names import whole_names
from app.anonymise.word_classes import WordClasses

WORDS = WordClasses(
    {
        "regina": "f",
        "murugan": "s",
        "will": "fswe",
        "glass": "swe",
        "hope": "fwe",
        "chance": "fwe",
        "april": "fe",
        "quigg": "s",
    }
    | dict.fromkeys(
        re.findall(r"\w+", "room card hello thanks and is on with the may come here still said my gate"), "we"
    )
)


class NoNames:
    word_classes = WORDS

    def find_all(self, texts):
        return ([] for _ in texts)


FINDER = Finder(NoNames())


def said(text, label):
    return [text[span.start : span.end] for span in FINDER.find(text) if span.label is label]


@pytest.mark.parametrize("text", ["regina phalange", "Thru Murugan", "regina phalange."])
def test_two_words_of_which_one_is_a_name_are_a_name(text):
    assert said(text, Label.PERSON) == [text.rstrip(".")]


@pytest.mark.parametrize("text", ["thanks regina", "hello murugan", "regina here"])
def test_a_greeting_is_no_part_of_the_name(text):
    assert text not in said(text, Label.PERSON)


@pytest.mark.parametrize("text", ["ba 6 th 82", "12 a 45 b", "fvc 543", "2586 lk", "q 5 i 9"])
def test_a_code_read_out_in_groups_is_a_number_of_somebody(text):
    assert said(text, Label.ID) == [text]


@pytest.mark.parametrize(
    "text", ["3345 and 6677", "room 212", "card 45 gate 12", "10 am", "3 nov 85", "120 usd", "5 to 9", "20 mg"]
)
def test_numbers_with_everyday_words_or_units_are_no_code(text):
    assert text not in said(text, Label.ID)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("will glass vs quigg", ["will glass", "quigg"]),
        ("in the matter of quigg v. hope, still here", ["quigg"]),
        ("my card vs the room", []),
        ("nurse quigg said", ["quigg"]),
        ("nurse said", []),
        ("my name is regina k murugan and", ["regina k murugan"]),
        ("may the card with Chance come", ["Chance"]),
        ("come on the card in April", []),
    ],
)
def test_parties_staff_initials_and_capitals(text, found):
    assert said(text, Label.PERSON) == found


def _spans(text, *parts):
    return [Span(text.index(part), text.index(part) + len(part), label, Ground.MODEL, "test") for part, label in parts]


@pytest.mark.parametrize(
    ("text", "parts", "between"),
    [
        ("412 rose drive keener texas", (("412 rose drive", Label.ADDRESS), ("texas", Label.LOCATION)), [" keener "]),
        (
            "25 oak st gary in 46204",
            (("25 oak st", Label.ADDRESS), ("gary", Label.LOCATION), ("46204", Label.ZIP)),
            [" in "],
        ),
        ("25 oak st in gary", (("25 oak st", Label.ADDRESS), ("gary", Label.LOCATION)), []),
        ("25 oak st. we moved to gary", (("25 oak st", Label.ADDRESS), ("gary", Label.LOCATION)), []),
        ("gary keener texas", (("gary", Label.LOCATION), ("texas", Label.LOCATION)), []),
    ],
)
def test_words_between_a_street_and_its_town_are_hidden(text, parts, between):
    found = list(whole_addresses(_spans(text, *parts), text))
    assert [text[span.start : span.end] for span in found if span.why == "address.between"] == between


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Brown Brooke A? yes", "Brown Brooke A"), ("karrah Fowler, Ms and", "karrah Fowler, Ms"),
        ("regina b here", "regina b"), ("murugan, w 94", "murugan, w"), ("regina a nice day", "regina"),
    ],
)  # fmt: skip
def test_letters_behind_a_name_belong_to_it(text, whole):
    length = min(len(part) for part in ("Brown Brooke", "karrah Fowler", "regina", "murugan") if text.startswith(part))
    (span,) = whole_names([Span(0, length, Label.PERSON, Ground.MODEL, "test")], text, WORDS)
    assert text[: span.end] == whole
