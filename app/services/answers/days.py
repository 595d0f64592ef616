"""Days as people type them into an approved answer. Pure.

Read are "2026-12-03", "3 Dec 2026", "Dec 3, 2026", "3 December" (the next one to come), "today" and "in 3 months".
"3/12/2026" is refused, because half of the readers would take it for the other day.
"""

import calendar
import re
from datetime import date, timedelta

_MONTHS = tuple(name.casefold() for name in calendar.month_name)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+([a-z]{3,9})\.?,?(?:\s+(\d{4}))?")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?(?:\s+(\d{4}))?")
_IN_A_WHILE = re.compile(r"(?:in\s+)?(\d{1,3}|an?)\s+(day|week|month|year)s?")


def read_day(typed: str, today: date) -> date | None:
    """Return the day that was typed, None for an empty text.

    Raises:
        ValueError: it is no day that can only be read in one way.
    """
    text = " ".join(typed.casefold().split())
    if not text:
        return None
    if text in {"today", "tomorrow"}:
        return today + timedelta(days=text == "tomorrow")
    if match := _ISO.fullmatch(text):
        return date(*map(int, match.groups()))
    if match := _IN_A_WHILE.fullmatch(text):
        return _later(today, 1 if match[1].startswith("a") else int(match[1]), match[2])
    if match := _DAY_FIRST.fullmatch(text):
        return _named(int(match[1]), match[2], match[3], today)
    if match := _MONTH_FIRST.fullmatch(text):
        return _named(int(match[2]), match[1], match[3], today)
    raise ValueError("no day")


def show_day(day: date | None) -> str:
    """Return a day as it stands in a field: "3 Dec 2026"; "" for none."""
    return "" if day is None else f"{day.day} {calendar.month_abbr[day.month]} {day.year}"


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _later(today: date, number: int, unit: str) -> date:
    if unit in {"month", "year"}:
        return months_later(today, number * (12 if unit == "year" else 1))
    return today + timedelta(days=number * (7 if unit == "week" else 1))


def _named(day: int, month_word: str, year: str | None, today: date) -> date:
    month = next((number for number, name in enumerate(_MONTHS) if number and name.startswith(month_word)), 0)
    if not month and month_word == "sept":
        month = 9
    if year is not None:
        return date(int(year), month, day)
    named = date(today.year, month, day)
    return named if named >= today else date(today.year + 1, month, day)
