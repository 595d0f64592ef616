"""Sizes, spans of time and languages as people say them."""

from PySide6.QtCore import QCoreApplication, QLocale

from app.ui.inbox.ages import clock_words, counted

_KB, _MB = 1_000, 1_000_000
TO = "\u2013"
"""Between two times or days."""


def bytes_words(size: int) -> str:
    """Bytes as people say them."""
    if size < _KB:
        return _tr("{size} bytes").format(size=size)
    if size < _MB:
        return _tr("{size} kB").format(size=QLocale().toString(size / _KB, "f", 0))
    return _tr("{size} MB").format(size=QLocale().toString(size / _MB, "f", 1))


def days_words(days: int) -> str:
    """A span of days as people say it."""
    years = round(days / 365.25)
    if years >= 1 and abs(days - years * 365.25) < 2:  # noqa: PLR2004  leap days
        return counted(years, _tr("year"), _tr("years"))
    return counted(days, _tr("day"), _tr("days"))


def language_word(code: str) -> str:
    """A language as a person calls it."""
    return {"en": _tr("English"), "es": _tr("Spanish")}.get(code, code)


def contact_words(moment_ms: int | None, now_ms: int) -> str:
    """When something was heard last."""
    return _tr("Never") if moment_ms is None else clock_words(moment_ms, now_ms)


def _tr(text: str) -> str:
    return QCoreApplication.translate("channel", text)
