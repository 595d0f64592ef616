"""A day as people write it at a desk: 1984-03-03, 3/4/1984, 3.4.84, 3 March 1984, March 3rd, 84. Pure."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?([a-z]{3,9})\.?,?\s+'?(\d{4}|\d{2})")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+'?(\d{4}|\d{2})")
_FULL_YEAR_DIGITS = 4


def parse_day(untrusted_text: str, *, is_month_first: bool, latest: date) -> date | None:
    """Return the day, None when the text is none.

    Args:
        untrusted_text: one line.
        is_month_first: 3/4/84 is the 4th of March; with dots or dashes the day stands first everywhere.
        latest: of two centuries for two digits, the later one that is not after this day counts.
    """
    text = untrusted_text.strip().casefold()
    if match := _ISO.fullmatch(text):
        return _day(match[1], int(match[2]), int(match[3]), latest)
    if match := _NUMBERS.fullmatch(text):
        first, second = int(match[1]), int(match[3])
        day, month = (second, first) if is_month_first and match[2] == "/" else (first, second)
        return _day(match[4], month, day, latest)
    if match := _DAY_FIRST.fullmatch(text):
        return _day(match[3], _month(match[2]), int(match[1]), latest)
    if match := _MONTH_FIRST.fullmatch(text):
        return _day(match[3], _month(match[1]), int(match[2]), latest)
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1 if name[:3] in _MONTHS else 0


def _day(year: str, month: int, day: int, latest: date) -> date | None:
    number = int(year)
    try:
        if len(year) == _FULL_YEAR_DIGITS:
            return date(number, month, day)
        this_century = date(latest.year // 100 * 100 + number, month, day)
        return this_century if this_century <= latest else date(this_century.year - 100, month, day)
    except ValueError:
        return None
