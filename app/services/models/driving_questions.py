"""Where the questions of a driving test come from: the built-in ones, the office's own, a file.

The office's own are taken from its vault: a reply that a person approved from a proposal tells the right source of the
question before it. So the test asks what this office is really asked, and nobody has to write anything down.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path

from app.domain.conversation import InboxView, ItemKind, Party, Thread, ThreadItem
from app.domain.prompt import Speaker, Turn
from app.domain.proposal import Article
from app.knowledge import read_folder
from app.services.conversations.phrases import Phrases
from app.services.drafting.making import make_drafter
from app.services.models.driving import QuestionKind, TestPart, TestQuestion, read_questions
from app.services.ports import FramedModel, ThreadStore

MAX_OWN_QUESTIONS = 40
MAX_THREADS_READ = 200
MOST_CHANGED_PERCENT = 30
"""A reply that a person changed more than this does not vouch for its sources any more."""

BUILT_IN_DAY = date(2026, 11, 24)
"""The day for which the built-in answers were written."""


def built_in_part(resources_dir: Path, model: FramedModel, phrases: Phrases) -> TestPart:
    """Return the 40 questions that ship, on the approved answers of an invented office.

    Raises:
        OSError, ThreadLineError: a broken installation.
    """
    folder = resources_dir / "driving"
    articles = read_folder(folder / "answers").articles
    with (folder / "questions.jsonl").open(encoding="utf-8") as lines:
        questions = read_questions(lines)
    return TestPart(make_drafter(articles, model, phrases, today=lambda: BUILT_IN_DAY), questions)


def demo_questions(demo_dir: Path) -> tuple[TestQuestion, ...]:
    """Return the questions that come with a demo office. Raises OSError, ThreadLineError."""
    with (demo_dir / "questions.jsonl").open(encoding="utf-8") as lines:
        return read_questions(lines)


def own_part(store: ThreadStore, model: FramedModel, phrases: Phrases, more: Sequence[TestQuestion] = ()) -> TestPart:
    """Return the questions that this office answered from its sources, newest first, and ``more`` of its own."""
    articles = tuple(store.articles())
    questions = (*more, *own_questions(store, articles))[:MAX_OWN_QUESTIONS]
    return TestPart(make_drafter(articles, model, phrases), questions, is_own=True)


def own_questions(store: ThreadStore, articles: Sequence[Article]) -> tuple[TestQuestion, ...]:
    """Return at most ``MAX_OWN_QUESTIONS`` questions whose approved reply says what their right source is."""
    known = {article.article_id for article in articles if not article.is_internal}
    rows = [row for view in (InboxView.DONE, InboxView.OPEN) for row in store.inbox(view)]
    rows.sort(key=lambda row: -row.last_activity_ms)
    found: list[TestQuestion] = []
    for row in rows[:MAX_THREADS_READ]:
        found += _questions_of(store.thread(row.conversation_id), known)
        if len(found) >= MAX_OWN_QUESTIONS:
            break
    return tuple(found[:MAX_OWN_QUESTIONS])


def _questions_of(thread: Thread, known: AbstractSet[str]) -> list[TestQuestion]:
    messages = [item for item in thread.items if item.kind is ItemKind.MESSAGE]
    found = []
    for place, item in enumerate(messages):
        sources = _vouched(item, known)
        if place and sources and messages[place - 1].party is Party.VISITOR:
            turns = tuple(_turn(earlier) for earlier in messages[:place])
            found.append(TestQuestion(item.event_id, turns, QuestionKind.COVERED, sources))
    return found


def _vouched(item: ThreadItem, known: AbstractSet[str]) -> frozenset[str]:
    """Return the answers that a sent reply rests on and that the office still has."""
    provenance = item.provenance
    if provenance is None or provenance.proposal_id is None or provenance.changed_percent > MOST_CHANGED_PERCENT:
        return frozenset()
    return frozenset(source.article_id for source in provenance.sources if source.article_id in known)


def _turn(item: ThreadItem) -> Turn:
    return Turn(Speaker.VISITOR if item.party is Party.VISITOR else Speaker.DESK, item.text)
