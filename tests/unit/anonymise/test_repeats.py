"""What was found once is hidden everywhere in the same text. All people and firms are invented."""

from app.anonymise import repeats
from app.anonymise.finder import Finder
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import WordClasses

WORDS = WordClasses({"will": "fwe", "bank": "we"})


def repeated(text, said, label, ground=Ground.MODEL):
    start = text.index(said)
    found = [Span(start, start + len(said), label, ground, "test")]
    return [
        (span.start, text[span.start : span.end]) for span in repeats.find(text, found, WORDS) if span.start != start
    ]


def test_a_part_of_a_name_is_found_in_any_case():
    text = "Lorraine Quill came. Ask quill or LORRAINE's sister; not quillfeather"
    assert [said for _, said in repeated(text, "Lorraine Quill", Label.PERSON)] == ["Quill", "quill", "LORRAINE"]


def test_a_name_that_is_a_word_is_repeated_with_a_capital_only():
    text = "Will Quill signed the will. Will says it will do"
    assert [said for _, said in repeated(text, "Will Quill", Label.PERSON)] == ["Quill", "Will"]


def test_a_firm_is_found_whole_and_by_its_short_form():
    text = "The Larch Hill Union (LHU) wrote. The LHU and Larch Hill Union agree; the union not"
    assert [said for _, said in repeated(text, "Larch Hill Union", Label.ORG)] == ["LHU", "LHU", "Larch Hill Union"]


def test_a_guess_a_short_number_and_a_title_are_not_repeated():
    assert repeated("Quill, then Quill", "Quill", Label.PERSON, Ground.GUESS) == []
    assert repeated("id 123 and 123", "123", Label.ID) == []
    assert repeated("Mr Quill and Mr X", "Mr Quill", Label.PERSON) == [(3, "Quill")]


def test_an_identifier_repeats_as_a_whole_word():
    assert repeated("no. 36110/97, 36110/97 and 36110/975", "36110/97", Label.ID) == [(14, "36110/97")]


def test_the_finder_hides_repeats_in_the_original_text():
    text = "Mr Quillmoor came. Later Quill\u200bmoor left."
    assert [text[span.start : span.end] for span in Finder().find(text)] == ["Quillmoor", "Quill\u200bmoor"]
