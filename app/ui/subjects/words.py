"""The words of the page of requests."""

from datetime import date

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from app.compliance.subject_requests import Outcome, RequestKind, SubjectRequest
from app.services.contacts.finding import MatchedBy


def kind_words(kind: RequestKind) -> str:
    """What is asked for."""
    return {
        RequestKind.ACCESS: _tr("wants to see what you hold"),
        RequestKind.COPY: _tr("wants a copy"),
        RequestKind.CORRECT: _tr("wants something corrected"),
        RequestKind.ERASE: _tr("wants to be erased"),
        RequestKind.RESTRICT: _tr("wants it set aside"),
    }[kind]


def identity_words(identity: str) -> str:
    """How the office knows who asks."""
    return {
        "called_back": _tr("called back"),
        "photo_id": _tr("photo ID"),
        "known": _tr("known to the office"),
    }.get(identity, identity)


def met_words(by: MatchedBy) -> str:
    """By what a contact was found, when it was not the name."""
    return {
        MatchedBy.NAME: "",
        MatchedBy.OTHER_NAME: _tr("by another name"),
        MatchedBy.RELATIVE: _tr("somebody around this person"),
        MatchedBy.PHONE: _tr("by the phone"),
        MatchedBy.EMAIL: _tr("by the e-mail"),
        MatchedBy.RECORD_NUMBER: _tr("by a record number"),
        MatchedBy.BIRTH_DATE: _tr("by the birth date"),
        MatchedBy.ADDRESS: _tr("by the address"),
    }[by]


def outcome_words(outcome: Outcome) -> str:
    """How it ended."""
    return {
        Outcome.DONE: _tr("done"),
        Outcome.PARTLY: _tr("done in part"),
        Outcome.REFUSED: _tr("refused"),
        Outcome.WITHDRAWN: _tr("withdrawn"),
    }[outcome]


def day_words(day: date) -> str:
    """A day in the form of the locale: "24 Dec 2026"."""
    return QLocale().toString(QDate(day.year, day.month, day.day), "d MMM yyyy")


def headline(register: tuple[SubjectRequest, ...], today: date) -> str:
    """One line that says whether the office is in order."""
    still_open = [one for one in register if one.outcome is None]
    overdue = sum(one.is_overdue(today) for one in still_open)
    if overdue:
        return _tr("{count} overdue").format(count=overdue)
    if still_open:
        return _tr("{count} to answer, the next by {day}").format(
            count=len(still_open), day=day_words(still_open[0].due_on)
        )
    return _tr("Nobody waits for an answer about their data")


def detail_words(request: SubjectRequest, today: date) -> str:
    """What stands below a name."""
    if request.outcome is not None and request.closed_on is not None:
        return _tr("{kind}  ·  {outcome} on {day}").format(
            kind=kind_words(request.kind), outcome=outcome_words(request.outcome), day=day_words(request.closed_on)
        )
    when = _tr("overdue since {day}") if request.is_overdue(today) else _tr("answer by {day}")
    return _tr("{kind}  ·  {when}  ·  {identity}  ·  {law}").format(
        kind=kind_words(request.kind),
        when=when.format(day=day_words(request.due_on)),
        identity=identity_words(request.identity),
        law=request.law,
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("subjects", text)
