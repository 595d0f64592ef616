"""Approved answers at an open desk: list, write, withdraw, look back.

An answer is approved by saving it: ``approved_on`` is the day of the save, and the actor of its event approved it.
Withdrawn answers stay in the log, so they can be listed, read and brought back. All methods block and are safe from
any thread.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from app.domain.events import EventKind
from app.domain.ids import OFFICE, ArticleId, ConversationId, make_ulid
from app.domain.office import Person
from app.domain.proposal import Article
from app.services.answers.days import months_later
from app.services.answers.draft import AnswerDraft
from app.services.answers.form import AnswerForm, article_of, form_from_text, form_to_text
from app.services.answers.history import AnswerVersion, last_approved, versions_of
from app.services.answers.rules import check_answer
from app.services.answers.uses import AnswerUse, AnswerUses
from app.services.errors import AnswersNotYoursError, NoSuchAnswerError
from app.services.ledger import Ledger
from app.store.answer_query import DRAFT_TAB, read_drafts, read_office_events
from app.store.logged import NewEvent
from app.store.records import article_to_json
from app.store.thread_query import read_articles, read_thread

USUAL_REVIEW_MONTHS = 6
"""Until the next review where nothing says how long the office waits."""

_ULID_RANDOM_BYTES = 10
_ARTICLE_KINDS = (EventKind.ARTICLE_APPROVED, EventKind.ARTICLE_WITHDRAWN)


class AnswerFilter(Enum):
    """Which answers are listed."""

    ALL = "all"
    DUE = "due"
    NOT_VALID = "not_valid"
    INTERNAL = "internal"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the office as lists show it.

    ``has_unsaved`` tells that changes wait in the editor, ``is_new`` that there is nothing else of it yet.
    """

    article: Article
    is_withdrawn: bool = False
    has_unsaved: bool = False
    is_new: bool = False

    def is_due_on(self, day: date) -> bool:
        """Return whether somebody should have read it again by ``day``."""
        return not self.is_withdrawn and self.article.review_on is not None and self.article.review_on <= day

    def belongs_to(self, wanted: AnswerFilter, day: date) -> bool:
        """Return whether the answer is listed under ``wanted`` on ``day``."""
        if wanted is AnswerFilter.WITHDRAWN or self.is_withdrawn:
            return self.is_withdrawn and wanted is AnswerFilter.WITHDRAWN
        return {
            AnswerFilter.ALL: True,
            AnswerFilter.DUE: self.is_due_on(day),
            AnswerFilter.NOT_VALID: not self.article.is_valid_on(day),
            AnswerFilter.INTERNAL: self.article.is_internal,
        }[wanted]


@dataclass(frozen=True, slots=True)
class AnswerList:
    """Every answer by title, withdrawn ones too, and the day on which it was read."""

    answers: tuple[Answer, ...]
    day: date

    def under(self, wanted: AnswerFilter) -> tuple[Answer, ...]:
        """Return those that a filter lists."""
        return tuple(answer for answer in self.answers if answer.belongs_to(wanted, self.day))

    def number_of(self, wanted: AnswerFilter) -> int:
        """Return how many a filter lists."""
        return len(self.under(wanted))


def _anybody(_person: Person) -> bool:
    """Until roles decide who may change answers, everybody at the desk may."""
    return True


class AnswerService:
    """The approved answers of one open vault."""

    def __init__(self, ledger: Ledger, may_edit: Callable[[Person], bool] = _anybody) -> None:
        """Serve ``ledger``; ``may_edit`` decides who may change answers, everybody may read them."""
        self._ledger = ledger
        self._may_edit = may_edit
        self._uses = AnswerUses(ledger)

    @property
    def may_edit(self) -> bool:
        """Whether the person at the desk may change answers."""
        return self._may_edit(self._ledger.person)

    @property
    def today(self) -> date:
        """The office's calendar day."""
        return datetime.fromtimestamp(self._ledger.now_ms() / 1000).astimezone().date()

    # -- reading ------------------------------------------------------------------------------------------------

    def list(self) -> AnswerList:
        """Return every answer, sorted by title."""
        with self._ledger.reading() as connection:
            articles = read_articles(connection, self._ledger.keys)
            unsaved = read_drafts(connection, self._ledger.keys)
            events = read_office_events(self._ledger.log, connection, _ARTICLE_KINDS)
        current = {article.article_id for article in articles}
        gone = last_approved(events)
        answers = [Answer(article, has_unsaved=article.article_id in unsaved) for article in articles]
        answers += [Answer(article, is_withdrawn=True) for article in gone if article.article_id not in current]
        answers.sort(key=lambda answer: (answer.article.title.casefold(), answer.article.article_id))
        return AnswerList(tuple(answers), self.today)

    def get(self, article_id: ArticleId) -> Answer:
        """Return one answer, withdrawn or not.

        Raises:
            NoSuchAnswerError: there never was one of this id.
        """
        found = next((one for one in self.list().answers if one.article.article_id == article_id), None)
        if found is None:
            raise NoSuchAnswerError
        return found

    def history(self, article_id: ArticleId) -> tuple[AnswerVersion, ...]:
        """Return what became of an answer, newest first: who, when and what changed."""
        with self._ledger.reading() as connection:
            events = read_office_events(self._ledger.log, connection, _ARTICLE_KINDS)
        return versions_of(article_id, events, self._ledger.names)

    def used_in(self, article_id: ArticleId) -> AnswerUse:
        """Return where an answer was used; reads on in the log as long as ``is_complete`` is False."""
        return self._uses.of(article_id)

    def draft_from_reply(self, conversation_id: ConversationId, text: str) -> AnswerDraft:
        """Return a reply of a conversation as the beginning of an answer; see ``answer_from_reply``. Saves nothing.

        Raises:
            NoSuchConversationError: there is none of this id.
        """
        from app.services.answers.from_reply import draft_answer  # noqa: PLC0415  loads the search for passages

        ledger = self._ledger
        ledger.standing(conversation_id)
        with ledger.reading() as connection:
            thread = read_thread(connection, ledger.keys, conversation_id, ledger.names)
        assert thread is not None, "it has a standing"
        own_names = (ledger.office.name, *(person.display_name for person in ledger.people))
        messages = [item.text for item in thread.items]
        return draft_answer(text, thread.contact_name, messages, self._articles(), own_names)

    # -- writing ------------------------------------------------------------------------------------------------

    def new_id(self) -> ArticleId:
        """Return an id for an answer that is about to be written."""
        return ArticleId(make_ulid(self._ledger.now_ms(), os.urandom(_ULID_RANDOM_BYTES)))

    def save(self, form: AnswerForm) -> Article:
        """Approve what a form holds, new or in place of the earlier text, and forget its unsaved text.

        Whoever approves an answer whose review is due has reviewed it: the next review lies as far ahead as the last
        one did, unless another day was typed.

        Raises:
            InvalidAnswerError: with the code of the first rule that it breaks; nothing changed.
            AnswersNotYoursError: this person may not.
        """
        self._check_person()
        with self._ledger.lock:
            standing = self._articles()
            before = next((one for one in standing if one.article_id == form.article_id), None)
            article = _reviewed(check_answer(article_of(form, self.today), standing), before, self.today)
            events = [NewEvent(OFFICE, EventKind.ARTICLE_APPROVED, {"article": article_to_json(article)})]
            if article.article_id in self.unsaved():
                events.append(_unsaved(article.article_id, ""))
            self._ledger.write_all(tuple(events), OFFICE)
        return article

    def withdraw(self, article_id: ArticleId) -> None:
        """Take an answer out of use; ``restore`` brings it back."""
        self._check_person()
        with self._ledger.lock:
            if any(article.article_id == article_id for article in self._articles()):
                self._ledger.write(OFFICE, EventKind.ARTICLE_WITHDRAWN, article_id=article_id)

    def restore(self, article_id: ArticleId) -> Article:
        """Bring a withdrawn answer back as it was, with the day on which it was approved.

        Its short code goes when another answer has it by now.

        Raises:
            NoSuchAnswerError: there never was one of this id.
        """
        self._check_person()
        with self._ledger.lock:
            article = self.get(article_id).article
            taken = {other.short_code.casefold() for other in self._articles() if other.article_id != article_id}
            if article.short_code.casefold() in taken:
                article = replace(article, short_code="")
            self._ledger.write(OFFICE, EventKind.ARTICLE_APPROVED, article=article_to_json(article))
        return article

    # -- unsaved texts ------------------------------------------------------------------------------------------

    def unsaved(self) -> dict[ArticleId, AnswerForm]:
        """Return what stands in the editor and was not saved, by answer, the oldest first."""
        with self._ledger.reading() as connection:
            texts = read_drafts(connection, self._ledger.keys)
        return {article_id: form_from_text(text) for article_id, text in texts.items()}

    def keep_unsaved(self, form: AnswerForm) -> None:
        """Keep a form as it stands, sealed in the vault; the one before loses its words."""
        self._write_unsaved(form.article_id, form_to_text(form))

    def drop_unsaved(self, article_id: ArticleId) -> None:
        """Forget what was not saved of an answer."""
        self._write_unsaved(article_id, "")

    def _write_unsaved(self, article_id: ArticleId, text: str) -> None:
        """Write without telling anybody: answers, proposals and inbox stay as they are."""
        with self._ledger.lock:
            with self._ledger.reading() as connection:
                before = read_drafts(connection, self._ledger.keys).get(article_id, "")
            if before != text:
                self._ledger.log.append((_unsaved(article_id, text),), now_ms=self._ledger.now_ms())

    def _articles(self) -> tuple[Article, ...]:
        with self._ledger.reading() as connection:
            return read_articles(connection, self._ledger.keys)

    def _check_person(self) -> None:
        if not self.may_edit:
            raise AnswersNotYoursError


def _reviewed(article: Article, before: Article | None, today: date) -> Article:
    """Return an answer with its next review, when the one that was due is the one that was just done."""
    due = article.review_on
    if before is None or due is None or due > today or before.review_on != due:
        return article
    since = before.approved_on or due
    months = max(1, (due.year - since.year) * 12 + due.month - since.month) if since < due else USUAL_REVIEW_MONTHS
    return replace(article, review_on=months_later(today, months))


def _unsaved(article_id: ArticleId, text: str) -> NewEvent:
    return NewEvent(OFFICE, EventKind.TEXT_SAVED, {"tab": f"{DRAFT_TAB}{article_id}", "text": text})
