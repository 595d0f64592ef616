"""Marks of facts: on the right words, pointing at the right place of the right source, or at none."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from app.domain.facts import FactKind, FactMark
from app.domain.ids import ArticleId
from app.domain.proposal import Sentence, SourceRef
from app.knowledge import read_folder, split
from app.services.drafting.fact_marks import check_edit, mark_facts

HOURS = SourceRef(
    1,
    ArticleId("hours"),
    "Opening hours",
    "Ring (406) 555-0142. We are open Monday to Friday from 8:00 to 17:30. On Saturday we are open from 8:00 to noon.",
    date(2026, 6, 15),
)
FEES = SourceRef(
    2, ArticleId("fees"), "Fees of Dr. Helen Strandquist", "A visit costs $45. It is due within 14 days.", None
)


def shown(text: str, thread: tuple[str, ...] = ()) -> list[tuple[str, int | None, str]]:
    """Return each marked stretch, its source and what it points at."""
    marks = check_edit(text, (HOURS, FEES), thread)
    return [(text[mark.start : mark.end], mark.source_number, _behind(mark)) for mark in marks]


def _behind(mark: FactMark) -> str:
    quote = {1: HOURS.quote, 2: FEES.quote, None: ""}[mark.source_number]
    return quote[mark.quote_start : mark.quote_end]


def test_each_fact_points_at_the_words_that_hold_it() -> None:
    assert shown("On Saturdays we open at 8 am and close at 12:00; a visit is 45 dollars, due within 14 days.") == [
        ("Saturdays", 1, "Saturday"),
        ("8 am", 1, "8:00"),
        ("12:00", 1, "noon"),
        ("45 dollars", 2, "$45"),
        ("14 days", 2, "14 days"),
    ]


def test_of_two_places_the_one_in_the_like_sentence_is_shown() -> None:
    on_weekdays = check_edit("We are open from 8:00 Monday to Friday.", (HOURS,))
    on_saturday = check_edit("On Saturday from 8:00.", (HOURS,))
    assert on_weekdays[0].quote_start < HOURS.quote.index("On Saturday") < on_saturday[1].quote_start


@pytest.mark.parametrize(
    ("text", "stretch", "kind"),
    [
        ("We close at 18:00.", "18:00", FactKind.TIME),
        ("It costs $54.", "$54", FactKind.AMOUNT),
        ("Pay within 14 hours.", "14 hours", FactKind.NUMBER),
        ("We are open on Sundays.", "Sundays", FactKind.WEEKDAY),
        ("Ring (406) 555-0143.", "(406) 555-0143", FactKind.PHONE),
        ("Please ask Dr. Helen Bergelin.", "Dr. Helen Bergelin", FactKind.NAME),
        ("We are open Monday to Sunday.", "Monday to Sunday", FactKind.WEEKDAY),
        ("Write to desk@example.org.", "desk@example.org", FactKind.EMAIL),
        ("It is due on 3 March.", "3 March", FactKind.DATE),
    ],
)
def test_what_no_source_holds_is_marked_as_such(text: str, stretch: str, kind: FactKind) -> None:
    marks = [mark for mark in check_edit(text, (HOURS, FEES)) if not mark.is_supported]
    assert [(text[mark.start : mark.end], mark.kind) for mark in marks] == [(stretch, kind)]
    assert (marks[0].quote_start, marks[0].quote_end) == (0, 0)


def test_a_name_of_the_reader_gets_no_mark_and_a_number_of_the_reader_does() -> None:
    thread = ("Hello, Marta Lindqvist here. Is it true that you open at 7:00?",)
    assert shown("Yes, Marta, at 7:00.", thread) == [("7:00", None, "")]
    assert shown("Yes, Marta.") == [("Marta", None, "")]


def test_a_name_is_one_fact_and_its_title_belongs_to_it() -> None:
    assert shown("Please ask Dr. Helen Strandquist.") == [("Dr. Helen Strandquist", 2, "")]


def test_words_of_two_people_are_no_name() -> None:
    two = SourceRef(1, ArticleId("team"), "Team", "Dr. Helen Strandquist and Dr. Anna Bergelin see patients.", None)
    assert check_edit("You will see Dr. Anna Bergelin.", (two,))[0].is_supported
    assert not check_edit("You will see Dr. Anna Strandquist.", (two,))[0].is_supported


def test_the_source_that_a_sentence_names_is_looked_into_first() -> None:
    later = SourceRef(2, ArticleId("later"), "Evening", "We are open from 8:00.", None)
    text = "We are open from 8:00."
    marks = mark_facts(text, [Sentence(0, len(text), (2,))], (HOURS, later))
    assert [mark.source_number for mark in marks] == [2]


@pytest.mark.parametrize("office", ["clinic", "law"])
def test_an_approved_answer_word_for_word_points_at_itself(office: str) -> None:
    folder = Path(__file__).resolve().parents[4] / "resources" / "demo" / office / "answers"
    count = 0
    for article in read_folder(folder).articles:
        for passage in split(article):
            source = SourceRef(1, article.article_id, article.title, passage.text, None)
            marks = check_edit(passage.text, (source,))
            assert all(mark.is_supported for mark in marks), passage.text
            assert all(before.end <= after.start for before, after in pairwise(marks))
            count += len(marks)
    assert count > 100


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("We bill Three Forks Mutual directly.", ["Three Forks Mutual"]),
        ("Three Forks Mutual pays within 14 days.", ["Three Forks Mutual", "14 days"]),
        ("Bring Form Two by Monday.", ["Form Two", "Monday"]),
        ("Two GPs work here.", ["Two", "GPs"]),
        ("We have two Dentists. Seven nurses.", ["two", "Dentists", "Seven"]),
        ("Ask for three Forks.", ["three", "Forks"]),
    ],
    ids=str,
)
def test_a_number_in_a_name_is_a_part_of_it(text: str, stretches: list[str]) -> None:
    assert [text[mark.start : mark.end] for mark in check_edit(text, ())] == stretches


def test_a_name_with_a_number_is_looked_up_as_a_whole() -> None:
    source = SourceRef(
        1, ArticleId("billing"), "Billing", "We bill Three Forks Mutual. Three of us speak Spanish.", None
    )
    (mark,) = check_edit("Three Forks Mutual pays.", (source,))
    assert source.quote[mark.quote_start : mark.quote_end] == "Three Forks Mutual"
    (other,) = check_edit("We bill Two Forks Mutual.", (source,))
    assert not other.is_supported
