"""Dates in text: reading them, and writing them again in the same form with other numbers. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

YEAR_CHARS = 4
MONTHS_OF_YEAR = 12
LONG_CUT = 4
"""Longest short form of a month: "Sept", "June"."""
PIVOT_YEAR = 40
"""Years of two digits below it lie in this century."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPANISH = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_LONG = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_LONG_SPANISH = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip
_NUMERIC = re.compile(r"(?P<a>\d{1,4})(?P<sign>[./-])(?P<b>\d{1,2})(?:(?P=sign)(?P<c>\d{2,4}))?")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_WORD = re.compile(r"[^\W\d_]+")
_DAY = re.compile(r"\b([0-3]?\d)(?:st|nd|rd|th)?\b")


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as somebody wrote it; ``day`` is None for a month alone, ``has_year`` False when the year is assumed."""

    value: date
    has_day: bool
    has_year: bool


def year_of(text: str) -> str | None:
    """Return the year that a written date names, or None."""
    match = _YEAR.search(text)
    if match:
        return match.group()
    written = read_date(text, assumed_year=2000)
    return str(written.value.year) if written is not None and written.has_year else None


def shift_date(text: str, offset: timedelta, assumed_year: int) -> str | None:
    """Return a written date moved by ``offset``, in the form that it had; None when its numbers cannot be read."""
    numeric = _NUMERIC.fullmatch(text.strip())
    written = read_date(text, assumed_year)
    if written is None:
        return None
    moved = written.value + offset
    if numeric is not None:
        return _numeric_like(numeric, moved)
    return _written_like(text, written, moved)


def read_date(text: str, assumed_year: int) -> WrittenDate | None:
    """Read a numeric date or one with the name of its month; of an ambiguous one the month comes first."""
    numeric = _NUMERIC.fullmatch(text.strip())
    if numeric is not None:
        return _read_numeric(numeric, assumed_year)
    month = next((place for word in _WORD.findall(text) if (place := _month(word)) is not None), None)
    if month is None:
        return None
    year = _YEAR.search(text)
    rest = text.replace(year.group(), " ") if year else text
    day = _DAY.search(rest)
    return _date(
        int(year.group()) if year else assumed_year, month, int(day.group(1)) if day else 1, bool(day), bool(year)
    )


def _read_numeric(match: re.Match[str], assumed_year: int) -> WrittenDate | None:
    first, second, third = match["a"], int(match["b"]), match["c"]
    if len(first) == YEAR_CHARS:  # 2026-11-03
        return _date(int(first), second, int(third), True, True) if third else None
    year = (
        assumed_year
        if third is None
        else int(third) + (0 if len(third) == YEAR_CHARS else 2000 if int(third) < PIVOT_YEAR else 1900)
    )
    month, day = (second, int(first)) if int(first) > MONTHS_OF_YEAR else (int(first), second)
    return _date(year, month, day, True, third is not None)


def _date(year: int, month: int, day: int, has_day: bool, has_year: bool) -> WrittenDate | None:
    try:
        return WrittenDate(date(year, month, day), has_day, has_year)
    except ValueError:
        return None


def _month(word: str) -> int | None:
    """Return the number of a month's name, whole or cut after three or four letters."""
    said = word.casefold()
    for names, cut in ((_LONG, _MONTHS), (_LONG_SPANISH, _SPANISH)):
        for number, (name, short) in enumerate(zip(names, cut, strict=True), start=1):
            if said in {name.casefold(), short} or (len(said) == LONG_CUT and name.casefold().startswith(said)):
                return number
    return None


def _numeric_like(match: re.Match[str], moved: date) -> str:
    sign, is_iso, is_day_first = (
        match["sign"],
        len(match["a"]) == YEAR_CHARS,
        len(match["a"]) < YEAR_CHARS and int(match["a"]) > MONTHS_OF_YEAR,
    )
    month = f"{moved.month:0{len(match['b'])}d}" if is_iso or is_day_first else f"{moved.month:0{len(match['a'])}d}"
    day = f"{moved.day:02d}" if is_iso else f"{moved.day:0{len(match['a' if is_day_first else 'b'])}d}"
    if is_iso:
        return sign.join((str(moved.year), month, day))
    parts = [day, month] if is_day_first else [month, day]
    if match["c"] is not None:
        parts.append(str(moved.year) if len(match["c"]) == YEAR_CHARS else f"{moved.year % 100:02d}")
    return sign.join(parts)


def _written_like(text: str, written: WrittenDate, moved: date) -> str:
    shifted = _YEAR.sub(str(moved.year), text)
    if written.has_day:
        shifted = _replace_day(shifted, moved)
    return _WORD.sub(lambda match: _month_like(match.group(), moved.month) or match.group(), shifted, count=0)


def _replace_day(text: str, moved: date) -> str:
    for match in _DAY.finditer(text):
        ending = {1: "st", 2: "nd", 3: "rd"}.get(moved.day % 10 if moved.day not in {11, 12, 13} else 0, "th")
        has_ending = match.group()[-1].isalpha()
        return text[: match.start()] + f"{moved.day}{ending if has_ending else ''}" + text[match.end() :]
    return text


def _month_like(word: str, month: int) -> str | None:
    place = _month(word)
    if place is None:
        return None
    is_spanish = word.casefold() in _LONG_SPANISH
    name = (_LONG_SPANISH if is_spanish else _LONG)[month - 1]
    if len(word) <= LONG_CUT and word.casefold() not in {name.casefold() for name in _LONG}:
        name = name[:3]
    return name.lower() if word.islower() else name.upper() if word.isupper() else name.capitalize()
