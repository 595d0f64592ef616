"""Which source a sentence really rests on, whatever number the model wrote."""

from app.domain.ids import ArticleId
from app.domain.proposal import SourceRef
from app.services.drafting.attribution import Attributed, attribute, nearest_source
from app.services.drafting.marks import read_marks

SOURCES = (
    SourceRef(1, ArticleId("parking"), "Parking", "Patient parking is free for two hours behind our building.", None),
    SourceRef(2, ArticleId("hours"), "Opening hours", "We are open from Monday to Friday from 8:00 to 17:30.", None),
)


def checked(raw: str, *thread: str) -> Attributed:
    marked = read_marks(raw)
    return attribute(marked.text, marked.sentences, SOURCES, thread)


def numbers(raw: str) -> list[tuple[int, ...]]:
    return [sentence.source_numbers for sentence in checked(raw).sentences]


def test_right_numbers_stand() -> None:
    assert numbers("Parking is free for two hours. [1] We open at 8:00. [2]") == [(1,), (2,)]
    assert numbers("Parking is free and we are open from Monday to Friday. [1][2]") == [(1, 2)]


def test_wrong_missing_and_unknown_numbers_are_put_right() -> None:
    raw = "Parking is free for two hours. [2] We are open until 17:30. Patient parking is free. [7]"
    assert numbers(raw) == [(1,), (2,), (1,)]
    assert not checked(raw).has_unknown_number
    assert not checked(raw).is_unsupported


def test_what_no_passage_holds_is_unsupported() -> None:
    assert checked("Parking is free for nine hours. [1]").is_unsupported
    assert checked("We are open until 19:00.").is_unsupported
    assert checked("The dentist is upstairs. [2]").is_unsupported


def test_a_courtesy_is_no_sentence_that_needs_a_source() -> None:
    attributed = checked("Thank you for asking. Parking is free for two hours. [1]")
    assert [sentence.source_numbers for sentence in attributed.sentences] == [(1,)]
    assert not attributed.is_unsupported


def test_an_unknown_number_behind_courtesy_is_told() -> None:
    assert checked("We love to hear from you. [9]").has_unknown_number


def test_the_nearest_source_speaks_of_most_of_the_words() -> None:
    assert nearest_source("open Friday", SOURCES).number == 2
    assert nearest_source("free parking", SOURCES).number == 1
    assert nearest_source("", SOURCES).number == 1
