"""The words of the answers' page: validity, changes, refusals, verdicts. Only codes come in."""

from datetime import date, timedelta

from PySide6.QtCore import QCoreApplication

from app.domain.proposal import Article
from app.services.answers.days import show_day
from app.services.answers.draft import Why
from app.services.answers.history import Change
from app.services.answers.service import Answer, AnswerFilter
from app.services.answers.verdict import Verdict
from app.services.clock import system_clock
from app.services.errors import AnswerFault
from app.ui.inbox.ages import clock_words

_SOON = timedelta(days=30)


def validity_words(article: Article, day: date) -> str:
    """When an answer may be offered, seen from ``day``."""
    begin, end = article.valid_from, article.valid_until
    if begin is not None and day < begin:
        return _tr("Valid from {day}").format(day=near_day(begin, day))
    if end is not None and end < day:
        return _tr("Not valid since {day}").format(day=near_day(end, day))
    if end is not None:
        return _tr("Valid until {day}").format(day=near_day(end, day))
    return _tr("Valid")


def review_words(article: Article, day: date) -> str:
    """When it should be read again; "" when no day is set."""
    if article.review_on is None:
        return ""
    if article.review_on <= day:
        return _tr("Review due since {day}").format(day=near_day(article.review_on, day))
    return _tr("Review due {day}").format(day=near_day(article.review_on, day))


def second_line(answer: Answer, day: date) -> str:
    """What stands under the title in the list."""
    if answer.is_withdrawn:
        return _tr("Withdrawn")
    if answer.is_new:
        return _tr("Not saved yet")
    words = [validity_words(answer.article, day)]
    review = review_words(answer.article, day)
    if review and answer.article.review_on is not None and answer.article.review_on - day <= _SOON:
        words.append(review)
    return " · ".join(words)


def near_day(day: date, today: date) -> str:
    """A day, without its year when that is this one or lies just ahead."""
    is_near = abs((day - today).days) < 300  # noqa: PLR2004 - the same month of another year never is
    return show_day(day).rsplit(" ", 1)[0] if is_near else show_day(day)


def filter_word(wanted: AnswerFilter) -> str:
    """The name of a filter."""
    return {
        AnswerFilter.ALL: _tr("All in use"),
        AnswerFilter.DUE: _tr("Due for review"),
        AnswerFilter.NOT_VALID: _tr("Not valid today"),
        AnswerFilter.INTERNAL: _tr("For the office only"),
        AnswerFilter.WITHDRAWN: _tr("Withdrawn"),
    }[wanted]


def empty_words(wanted: AnswerFilter) -> tuple[str, str]:
    """What an empty list says under a filter."""
    return {
        AnswerFilter.ALL: (
            _tr("No approved answers yet"),
            _tr("The console proposes only what the office has approved. Write the first answer, or import documents."),
        ),
        AnswerFilter.DUE: (_tr("Nothing is due"), _tr("Answers stand here from the day on which to read them again.")),
        AnswerFilter.NOT_VALID: (_tr("All answers are valid"), _tr("What begins later or has ended stands here.")),
        AnswerFilter.INTERNAL: (
            _tr("No answers for the office only"),
            _tr("Such answers help the desk and are never quoted to a visitor."),
        ),
        AnswerFilter.WITHDRAWN: (_tr("Nothing was withdrawn"), _tr("Withdrawn answers can be brought back from here.")),
    }[wanted]


def change_words(changes: tuple[Change, ...]) -> str:
    """What a version changed, in one line."""
    words = {
        Change.WRITTEN: _tr("written"),
        Change.TITLE: _tr("title"),
        Change.BODY: _tr("text"),
        Change.SHORT_CODE: _tr("short code"),
        Change.VALIDITY: _tr("validity"),
        Change.REVIEW: _tr("review"),
        Change.INTERNAL: _tr("for the office only"),
        Change.CONFIRMED: _tr("approved again as it was"),
        Change.WITHDRAWN: _tr("withdrawn"),
        Change.RESTORED: _tr("brought back"),
    }
    is_edit = bool(changes) and changes[0] not in {Change.WRITTEN, Change.CONFIRMED, Change.WITHDRAWN, Change.RESTORED}
    listed = ", ".join(words[change] for change in changes)
    return _tr("changed: {what}").format(what=listed) if is_edit else listed


def fault_words(fault: AnswerFault) -> tuple[str, str]:
    """Why an answer was not taken: what, and what to do."""
    return {
        AnswerFault.TITLE_EMPTY: (_tr("The title is missing"), _tr("Say what the answer is about in a few words.")),
        AnswerFault.TITLE_TOO_LONG: (_tr("The title is too long"), _tr("Two hundred characters are the most.")),
        AnswerFault.BODY_EMPTY: (_tr("The answer is empty"), _tr("Write what may be said to a visitor.")),
        AnswerFault.BODY_TOO_LONG: (_tr("The answer is too long"), _tr("Split it into one answer per question.")),
        AnswerFault.BROKEN_CHARACTERS: (
            _tr("The text holds signs that cannot be stored"),
            _tr("Please type the place again."),
        ),
        AnswerFault.DAY_UNREADABLE: (
            _tr("A day cannot be read"),
            _tr("Write it like 3 Dec 2026, 2026-12-03 or in 6 months."),
        ),
        AnswerFault.ENDS_BEFORE_IT_BEGINS: (
            _tr("The last day lies before the first"),
            _tr("Correct one of the two days, or empty it."),
        ),
        AnswerFault.CODE_MALFORMED: (
            _tr("The short code cannot be used"),
            _tr("Letters, digits and hyphens, without spaces, at most thirty."),
        ),
        AnswerFault.CODE_TAKEN: (_tr("Another answer has this short code"), _tr("Choose a different one.")),
    }[fault]


def verdict_words(verdict: Verdict) -> str:
    """What would become of an answer."""
    return {
        Verdict.OFFERED: _tr("Would be offered"),
        Verdict.INTERNAL: _tr("Shown to the desk only: for the office"),
        Verdict.NOT_YET: _tr("Not offered: not valid yet"),
        Verdict.NO_LONGER: _tr("Not offered: no longer valid"),
        Verdict.BEHIND_OTHERS: _tr("Not offered: others fit better"),
        Verdict.NOT_COVERED: _tr("Not offered: does not answer this"),
    }[verdict]


def moment_words(at_ms: int) -> str:
    """A moment of the past in few words: "14:05", "yesterday 9:10", "3 Nov 14:05"."""
    return clock_words(at_ms, system_clock())


def why_words(why: Why) -> str:
    """Why a stretch of a reply became a field."""
    return {
        Why.CONTACT: _tr("the contact's name"),
        Why.NAME: _tr("a name"),
        Why.DATE: _tr("a day"),
        Why.TIME: _tr("a time"),
        Why.PHONE: _tr("a telephone number"),
        Why.EMAIL: _tr("an e-mail address"),
        Why.LINK: _tr("a web address"),
        Why.AMOUNT: _tr("an amount"),
        Why.NUMBER: _tr("a long number"),
    }[why]


def _tr(text: str) -> str:
    return QCoreApplication.translate("answers", text)
