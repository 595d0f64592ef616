"""Years, amounts, nations, professions and institutions. All people and places are invented."""

import re

import pytest

from app.anonymise.detectors import institutions, prose
from app.anonymise.gates import Gates
from app.anonymise.labels import Label
from app.anonymise.merge import merge
from app.anonymise.word_classes import WordClasses

WORDS = WordClasses(
    {"fitter": "r", "welder": "r", "kurdish": "n", "syrian": "n", "english": "nwe", "larchmont": "s", "dunmore": "p"}
    | dict.fromkeys(re.findall(r"\w+", "the care home family court county my at is it a to school bank called"), "we")
)
PADDING = " The rest of the judgment is of no interest to anybody here." * 12


def steps_of(detector, text):
    """Return what the steps find whose gates are open."""
    gates = Gates([step.gate for step in detector.STEPS], WORDS)
    return [span for place in gates.open_for(text) for span in detector.STEPS[place].find(text, WORDS)]


def found(text, label):
    return list(dict.fromkeys(text[span.start : span.end] for span in steps_of(prose, text) if span.label is label))


@pytest.mark.parametrize(
    ("text", "label", "wanted"),
    [
        ("He moved in 1998.", Label.DATE, ["1998"]),
        ("It took eight days to answer.", Label.DATE, ["eight days"]),
        ("She asked for EUR 4,000 in damages.", Label.QUANTITY, ["EUR 4,000"]),
        ("She paid 33,658 Austrian schillings (ATS) then.", Label.QUANTITY, ["33,658 Austrian schillings (ATS)"]),
        ("He lost 60 % of it.", Label.QUANTITY, ["60 %"]),
        ("He worked as a fitter.", Label.NRP, ["fitter"]),
        ("A man of Kurdish origin spoke.", Label.NRP, ["Kurdish", "Kurdish origin"]),
    ],
)
def test_long_prose_hides_what_narrows_somebody_down(text, label, wanted):
    assert [said for said in found(text + PADDING, label) if said.split()[0] in wanted[0]] == wanted


def test_a_line_of_chat_keeps_years_and_amounts():
    assert found("In 2024 I paid $40, 60 % of it", Label.DATE) == []
    assert found("In 2024 I paid $40, 60 % of it", Label.QUANTITY) == []


def test_what_somebody_says_of_themselves_is_found_in_chats_too():
    assert found("i'm a welder and it hurts", Label.NRP) == ["welder"]
    assert found("we are syrian", Label.NRP) == ["syrian"]
    assert found("my family is syrian", Label.NRP) == ["syrian"]
    assert found("we are jehovahs witnesses so no blood", Label.NRP) == ["jehovahs witnesses"]
    assert found("do you speak english", Label.NRP) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("she lives at larchmont care home now", ["larchmont care home"]),
        ("at dunmore county court", ["dunmore county court"]),
        ("sold to Strand & Quill Verlag GmbH in May", ["Strand & Quill Verlag GmbH"]),
        ("the Directorate of Land Registration replied", ["Directorate of Land Registration"]),
        ("the Borough of Larchwick", ["Borough of Larchwick"]),
        ("the family court", []),
        ("i bank with quillsworth, does that matter", ["quillsworth"]),
        ("im a driver for zappilift and need the form", ["zappilift"]),
        ("ins blue kettle id BK4471902", ["blue kettle"]),
        ("i bank with the school", []),
        ("my school called", []),
    ],
)
def test_institutions_are_known_by_their_kind(text, wanted):
    spans = merge(steps_of(institutions, text), text)
    assert [text[span.start : span.end] for span in spans] == wanted
