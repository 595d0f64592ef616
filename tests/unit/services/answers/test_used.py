"""Approved answers are found in what is sent, and only there."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.ids import ArticleId
from app.domain.proposal import Article, SourceRef
from app.services.answers.used import answers_in, with_used

ROOT = Path(__file__).resolve().parents[4]
TODAY = date(2026, 11, 24)
HOURS = Article(
    ArticleId("hours"),
    "Opening hours",
    "We are open Monday to Friday from 8:30 to 17:00.\n\nOn Saturday we are closed all day.",
    date(2026, 11, 3),
)
VISIT = Article(
    ArticleId("visit"), "Your visit", "Dear {name}, we look forward to seeing you on {day} at {time}. {sign-off}", None
)
THANKS = Article(ArticleId("thanks"), "Thanks", "Thank you very much.", None)
ARTICLES = (HOURS, VISIT, THANKS)


def used(text: str) -> list[str]:
    return [source.article_id for source in answers_in(text, ARTICLES, TODAY)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Dear Ada, {HOURS.body} Best wishes", ["hours"]),
        ("Hello. We are open  Monday to\nFriday from 8:30 to 17:00.", ["hours"]),
        ("On Saturday we are closed all day.", []),  # less than half of the answer
        ("We are open Monday to Friday from 9:30 to 17:00. On Saturday we are closed at noon.", []),
        ("Dear Ada Quill, we look forward to seeing you on 3 December at 10:30.", ["visit"]),
        ("Dear Ada Quill, we look forward to hearing from you.", []),
        ("Thank you very much.", []),
        ("", []),
    ],
    ids=str,
)
def test_an_answer_counts_when_half_of_it_stands_in_the_text(text: str, found: list[str]) -> None:
    assert used(text) == found


def test_the_answer_with_most_words_comes_first_and_is_quoted_whole() -> None:
    text = f"Dear Ada, we look forward to seeing you on Monday at 9. {HOURS.body}"
    first, second = answers_in(text, ARTICLES, TODAY)
    assert (first.number, first.article_id, first.quote, first.approved_on) == (
        1,
        "hours",
        HOURS.body,
        date(2026, 11, 3),
    )
    assert (second.number, second.article_id) == (2, "visit")


@pytest.mark.parametrize("change", [{"is_internal": True}, {"valid_until": date(2026, 11, 23)}], ids=str)
def test_internal_and_outdated_answers_are_no_source(change: dict[str, object]) -> None:
    assert answers_in(HOURS.body, [replace(HOURS, **change)], TODAY) == ()  # type: ignore[arg-type]


def test_what_was_put_in_beside_a_proposal_is_numbered_on_and_never_twice() -> None:
    proposed = (SourceRef(2, ArticleId("hours"), "Opening hours", "We are open.", None),)
    text = f"{HOURS.body} Dear Ada, we look forward to seeing you on Monday at 9."
    sources = with_used(proposed, answers_in(text, ARTICLES, TODAY))
    assert [(source.number, source.article_id) for source in sources] == [(2, "hours"), (3, "visit")]


def test_the_knowledge_room_is_not_loaded_before_something_is_sent() -> None:
    """Loading it takes longer than all else between the password and the painted inbox."""
    code = "import sys, app.services.conversations.service; sys.exit('app.knowledge' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
