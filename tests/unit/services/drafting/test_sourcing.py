"""Which passages are offered: public ones apart from internal ones, follow-ups with what they point back to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from app.domain.prompt import Speaker, Turn
from app.knowledge import PassageIndex, read_article
from app.services.drafting.sourcing import OFFERED_SOURCES, FoundSources, find_sources, split_thread

ARTICLES = [
    read_article("parking", "# Parking\n\nPatient parking is free for two hours in the lot behind our building."),
    read_article(
        "flu", "# Flu vaccination\n\nFlu vaccinations are given on weekday afternoons; they are $35 without insurance."
    ),
    read_article("waive", "# Waiving a cancellation fee\n\nThe lead may waive the cancellation fee.\n\nInternal: yes"),
]


def found(question: str, context: Sequence[str] = ()) -> FoundSources:
    index = PassageIndex(ARTICLES, today=lambda: date(2026, 11, 24), meaning=lambda: None)
    return find_sources(index, question, context)


def test_internal_passages_are_kept_apart_and_numbered_from_one() -> None:
    waiving = found("Can you waive the cancellation fee?")
    assert waiving.public == ()
    assert [(source.number, source.article_id, source.is_internal) for source in waiving.internal] == [
        (1, "waive", True)
    ]


@pytest.mark.parametrize(
    ("question", "offered"),
    [
        ("And is it given today?", ["flu"]),
        ("Thank you, bye!", []),
        ("Do you also repair bicycles?", []),
        ("And bicycles?", []),
        ("Do you repair bicycles?", []),
    ],
)
def test_a_short_question_that_points_back_is_asked_behind_what_it_points_to(question: str, offered: list[str]) -> None:
    assert [source.article_id for source in found(question, ("Do you do flu jabs?",)).public][:1] == offered


def test_no_more_passages_are_offered_than_fit_a_prompt() -> None:
    many = [read_article(f"p{n}", f"# Parking {n}\n\nPatient parking is free in lot number {n}.") for n in range(9)]
    index = PassageIndex(many, meaning=lambda: None)
    assert len(find_sources(index, "Where can I park?", ()).public) == OFFERED_SOURCES


def test_the_question_is_everything_since_the_last_reply() -> None:
    turns = [
        Turn(Speaker.VISITOR, "a"),
        Turn(Speaker.DESK, "b"),
        Turn(Speaker.VISITOR, "c"),
        Turn(Speaker.VISITOR, "d"),
    ]
    assert split_thread(turns) == ("c\nd", ("a",))
    assert split_thread(turns[:2]) == ("", ("a",))


def test_the_sentence_that_holds_what_is_asked_is_pointed_to() -> None:
    flu = "# Flu vaccination\n\nThey are given by our nurse on weekday afternoons. Without insurance they cost $35."
    index = PassageIndex([read_article("flu", flu), *ARTICLES[::2]], meaning=lambda: None)
    asked = {"How much is a flu vaccination?": "Without insurance", "Who gives the flu vaccination?": "They are given"}
    for question, start in asked.items():
        closest = find_sources(index, question, ()).closest
        assert closest is not None
        assert (closest.number, closest.text[: len(start)]) == (1, start)


def test_without_an_offered_passage_no_sentence_is_pointed_to() -> None:
    assert found("Can you waive the cancellation fee?").closest is None


@pytest.mark.parametrize(
    ("day", "is_offered"),
    [
        (date(2026, 11, 30), False),
        (date(2026, 12, 1), True),
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
    ],
)
def test_an_answer_is_offered_on_its_first_and_last_day_and_not_beside_them(day: date, *, is_offered: bool) -> None:
    lasting = {"valid_from": date(2026, 12, 1), "valid_until": date(2026, 12, 24)}
    parking = replace(read_article("parking", "# Parking\n\nParking is free in December."), **lasting)
    index = PassageIndex([parking], today=lambda: day)
    assert bool(find_sources(index, "Where can I park?", ()).public) is is_offered
