"""What the pipeline cannot have meant."""

import pytest

from app.anonymise.labels import Label
from app.anonymise.plausible import is_eponym, is_plausible
from app.anonymise.word_classes import WordClasses

WORDS = WordClasses({"white": "swe", "van": "we", "old": "we", "one": "we", "iban": "xe", "rose": "fwe"})


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("old one", Label.PERSON),
        ("iban", Label.PERSON),
        ("after", Label.CARD),
        ("and", Label.DATE),
        ("n", Label.DATE),
        ("tiene", Label.EMAIL),
    ],
)
def test_everyday_words_and_numbers_without_a_digit_are_dropped(said, label):
    assert not is_plausible(said, label, WORDS)


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("rose", Label.PERSON),
        ("quillmoor", Label.PERSON),
        ("Old One", Label.PERSON),
        ("old one", Label.ORG),
        ("five five five oh one", Label.PHONE),
        ("tusday", Label.DATE),
        ("ana ruiz gmail com", Label.EMAIL),
        ("77-0410", Label.ID),
    ],
)
def test_what_may_be_meant_stays(said, label):
    assert is_plausible(said, label, WORDS)


def test_a_disease_called_after_somebody_names_nobody():
    text = "Quillmoor's disease runs in Quillmoor's family"
    assert is_eponym(text, len("Quillmoor"))
    assert not is_eponym(text, text.rindex("'s family"))
