"""Names by what stands beside them, and the net of first names. All people are invented."""

import re

import pytest

from app.anonymise.finder import Finder
from app.anonymise.labels import Label
from app.anonymise.word_classes import WordClasses

WORDS = WordClasses(
    {"jorge": "fs", "will": "fwe", "rose": "fwe", "bronagh": "f", "vogt": "s", "hope": "fwe", "best": "we"}
    | dict.fromkeys(
        re.findall(r"\w+", "is the for called appointment said they told me about may now we said be seen by in"), "we"
    )
)


class NoNames:
    """A pipeline that finds nothing and knows the words."""

    word_classes = WORDS

    def find_all(self, texts):
        return ([] for _ in texts)


FINDER = Finder(NoNames())


def persons(text):
    return [text[span.start : span.end] for span in FINDER.find(text) if span.label is Label.PERSON]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("is dr pemberton-shaw in", ["pemberton-shaw"]),
        ("Mr. J. Vogt called. He said no", ["J. Vogt"]),
        ("Mrs Best is the best", ["Best"]),
        ("my name is karthik", ["karthik"]),
        ("me llamo Ximena de la Quill", ["Ximena de la Quill"]),
        ("Patient: Quigg Bartholomew\nDOB unknown", ["Quigg Bartholomew"]),
        ("my sister Hope called", ["Hope"]),
        ("ask bronagh vogt about the appointment", ["bronagh vogt"]),
        ("they told jorge", ["jorge"]),
        ("will will be seen", ["will will"]),
        ("he goes by mo but not to you", ["mo"]),
        ("Zuri is short for Zuriel.", ["Zuri", "Zuriel"]),
        ("odalys is what her parents called her", ["odalys"]),
        ("Kofi\u2192Ama\u2192me, thats who had the keys", ["Kofi", "Ama"]),
        ("pt quill seen by pcp ormond", ["quill", "ormond"]),
    ],
)
def test_a_name_beside_a_title_an_introduction_or_in_a_list_is_found(text, found):
    assert persons(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "dr appointment",
        "my name is the same",
        "will it hurt",
        "the rose bush",
        "my doctor said so",
        "Dr. said they may",
    ],
)
def test_everyday_words_beside_a_title_stay(text):
    assert [name for name in persons(text) if name not in {"bush", "so", "same", "hurt"}] == []


def test_a_name_keeps_the_initial_and_the_letters_behind_it():
    assert persons("ask Ms Vogt M about it") == ["Vogt M"]
    assert persons("Patient: Quigg, MD") == ["Quigg, MD"]
    assert persons("my name is Quigg. I am late") == ["Quigg"]


def test_without_a_list_of_words_only_capitals_count():
    bare = Finder()
    assert bare.find("is dr pemberton in") == ()
    assert [(s.start, s.end) for s in bare.find("is Dr Pemberton in")] == [(6, 15)]
