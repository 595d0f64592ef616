"""A known day, however it is written: 3/3/84, march 3rd 84, "the third of march nineteen eighty four", 030384.

A month may be misspelt; a year may be missing, because a day and a month together already say whose birthday it is; a
month and its year are found as well. A year alone may stay (45 CFR 164.514(b)(2)(i)(C)).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from app.anonymise.known_text import KnownText, is_within, plain
from app.anonymise.spans import Ground, Span
from app.anonymise.variants.number_words import DIGITS, ENDINGS, ORDINALS, TEENS, TENS

MAX_GAP_CHARS = 4
MIN_FUZZY_CHARS = 4
MAX_REMEMBERED = 10_000
"""Words of texts whose comparison with months and numbers is remembered."""
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_CUE = re.compile(
    r"\d\D{0,8}\d|\b(?:j[aun]|en|f[eé]|m[aä]|a[pbvgu]|s[ep]|o[ck]|n[ov]|d[ie])[^\W\d_]{1,9}\b.{0,16}[\dfstnel]|"
    r"[\dhtdyexnr]\b.{0,8}\b(?:j[aun]|en|f[eé]|m[aä]|a[pbvgu]|s[ep]|o[ck]|n[ov]|d[ie])[^\W\d_]{1,9}\b",
    re.IGNORECASE,
)
"""What no text with a day in it lacks; most messages are not read any further."""
_MONTHS = (
    ("january", "jan", "enero", "januar", "janvier"),
    ("february", "feb", "febrero", "februar", "fevrier"),
    ("march", "mar", "marzo", "marz", "mars"),
    ("april", "apr", "abril", "avril"),
    ("may", "mayo", "mai"),
    ("june", "jun", "junio", "juni", "juin"),
    ("july", "jul", "julio", "juli", "juillet"),
    ("august", "aug", "agosto", "aout"),
    ("september", "sep", "sept", "septiembre", "setiembre", "septembre"),
    ("october", "oct", "octubre", "oktober", "octobre"),
    ("november", "nov", "noviembre", "novembre"),
    ("december", "dec", "diciembre", "dezember", "decembre"),
)
_BY_NAME = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_FILLERS = frozenset({"of", "the", "de", "del", "in", "on", "day", "and", "year"})
_THOUSAND = 1000
_WORDS = {**DIGITS, **TEENS, **TENS, **ORDINALS, "thousand": _THOUSAND}
_LONG_NAMES = tuple(
    [name for name in _BY_NAME if len(name) >= MIN_FUZZY_CHARS]
    + [word for word in _WORDS if len(word) > MIN_FUZZY_CHARS]
)
_COMPACT = {
    8: ((0, 4, 4, 6, 6, 8), (4, 8, 0, 2, 2, 4), (4, 8, 2, 4, 0, 2)),
    6: ((4, 6, 0, 2, 2, 4), (4, 6, 2, 4, 0, 2), (0, 2, 2, 4, 4, 6)),
}
"""Of six or eight digits in a row: where year, month and day stand."""
_CENTURY = 100
_YEAR_DIGITS = 4


class _Part(NamedTuple):
    """A month (``is_month``), or a number of ``digits`` digits; 0 for one in words."""

    value: int
    start: int
    end: int
    is_month: bool = False
    digits: int = 0


class KnownDays:
    """Finds known days. Built once for many texts."""

    def __init__(self, entries: Iterable[KnownText]) -> None:
        """Take entries whose text is a day as 1984-03-03; any other is no day and is looked for as it stands."""
        self._days: list[tuple[date, KnownText]] = []
        for entry in entries:
            try:
                self._days.append((date.fromisoformat(entry.text), entry))
            except ValueError:
                continue
        self._misspelt: dict[str, str | None] = {}

    def find(self, text: str) -> Iterator[Span]:
        """Yield every known day of ``text``."""
        if not self._days or _CUE.search(text) is None:
            return
        parts = list(self._parts(text))
        for place in range(len(parts)):
            yield from self._compact(parts[place])
            for count in (3, 2):
                if count == 2 and _is_of_another_year(parts[place : place + 3], text):  # noqa: PLR2004 - day and month
                    break
                found = self._known(_together(parts[place : place + count], count, text))
                if found is not None:
                    end = _past_ending(text, parts[place + count - 1].end)
                    yield Span(parts[place].start, end, found.label, Ground.KNOWN, found.why)
                    break

    def _known(self, parts: list[_Part]) -> KnownText | None:
        readings = list(_readings(parts))
        for day, entry in self._days:
            if any(_is(day, *reading) for reading in readings):
                return entry
        return None

    def _compact(self, part: _Part) -> Iterator[Span]:
        digits = f"{part.value:0{part.digits}d}" if part.digits in _COMPACT else ""
        for cut in _COMPACT.get(part.digits, ()):
            year, month, day = (int(digits[cut[place] : cut[place + 1]]) for place in (0, 2, 4))
            for known, entry in self._days:
                if _is(known, year, month, day):
                    yield Span(part.start, part.end, entry.label, Ground.KNOWN, entry.why)

    def _parts(self, text: str) -> Iterator[_Part]:
        """Yield months and numbers; "twenty third" and "nineteen eighty four" are one number each."""
        waiting: _Part | None = None
        for match in _TOKEN.finditer(text):
            part = self._part(match)
            if part is None:
                if waiting is not None and plain(match.group()) not in _FILLERS | ENDINGS:
                    yield waiting
                    waiting = None
                continue
            joined = None if waiting is None else _joined(waiting, part)
            if joined is None and waiting is not None:
                yield waiting
            waiting = joined or part
        if waiting is not None:
            yield waiting

    def _part(self, match: re.Match[str]) -> _Part | None:
        word, (start, end) = plain(match.group()), match.span()
        if word.isdecimal():
            return _Part(int(word), start, end, digits=len(word)) if len(word) <= max(_COMPACT) else None
        known = word if word in _BY_NAME or word in _WORDS else self._near(word)
        if known is None:
            return None
        is_month = known in _BY_NAME
        return _Part(_BY_NAME[known] if is_month else _WORDS[known], start, end, is_month=is_month)

    def _near(self, word: str) -> str | None:
        """Return the month or the number that ``word`` misspells."""
        if len(word) < MIN_FUZZY_CHARS:
            return None
        if word not in self._misspelt:
            if len(self._misspelt) >= MAX_REMEMBERED:
                self._misspelt.clear()
            near = (name for name in _LONG_NAMES if name[0] == word[0] and is_within(word, name, 1))
            self._misspelt[word] = next(near, None)
        return self._misspelt[word]


def _is_of_another_year(parts: list[_Part], text: str) -> bool:
    """Whether a year of four digits stands behind a day and a month, so that these two do not speak alone."""
    whole = _together(parts, 3, text)
    return bool(whole) and whole[2].digits == _YEAR_DIGITS and any(part.is_month for part in whole[:2])


def _past_ending(text: str, end: int) -> int:
    """Return the end of a number with the letters of an ordinal that touch it."""
    match = _TOKEN.match(text, end)
    return match.end() if match is not None and plain(match.group()) in ENDINGS else end


def _joined(one: _Part, other: _Part) -> _Part | None:
    """Return two parts in words as one number: 20 and 3, 19 and 84, 2000 and 4."""
    if one.digits or other.digits or one.is_month or other.is_month or other.start - one.end > 1:
        return None
    if other.value == _THOUSAND and one.value in {1, 2}:
        return _Part(one.value * _THOUSAND, one.start, other.end)
    is_tens = one.value in TENS.values() and 0 < other.value < min(TEENS.values())
    is_century = one.value in {19, 20} and other.value >= min(TEENS.values())
    if is_century:
        return _Part(one.value * _CENTURY + other.value, one.start, other.end)
    if one.value > _CENTURY and one.value % 10 == 0 and other.value < min(TEENS.values()):
        return _Part(one.value + other.value, one.start, other.end)
    return _Part(one.value + other.value, one.start, other.end) if is_tens else None


def _together(parts: list[_Part], count: int, text: str) -> list[_Part]:
    """Return ``parts`` when there are so many of them with little but fillers between."""
    if len(parts) != count:
        return []
    for one, other in pairwise(parts):
        between = text[one.end : other.start]
        words = _TOKEN.findall(between)
        rest = len(between) - sum(map(len, words))
        if "\n" in between or rest > MAX_GAP_CHARS or any(plain(word) not in _FILLERS | ENDINGS for word in words):
            return []
    return parts


def _readings(parts: list[_Part]) -> Iterator[tuple[int | None, int, int | None]]:
    """Yield year, month and day as the parts may mean them; None for what is not said."""
    values = [part.value for part in parts]
    months = [place for place, part in enumerate(parts) if part.is_month]
    numbers = [value for place, value in enumerate(values) if place not in months]
    if len(months) == 1 and len(parts) > 1:
        month = values[months[0]]
        if len(numbers) == 2:  # noqa: PLR2004 - a day and a year
            yield numbers[1], month, numbers[0]
            yield numbers[0], month, numbers[1]
        else:
            yield None, month, numbers[0]
            yield numbers[0], month, None
    elif not months and len(values) == 3:  # noqa: PLR2004 - in three orders
        first, second, third = values
        yield third, first, second
        yield third, second, first
        yield first, second, third
    elif not months and len(values) == 2 and all(part.digits for part in parts):  # noqa: PLR2004 - 3/3 without a year
        yield None, values[0], values[1]
        yield None, values[1], values[0]


def _is(day: date, year: int | None, month: int, number: int | None) -> bool:
    if month != day.month or (number is not None and number != day.day):
        return False
    if year is None:
        return number is not None
    is_short = year < _CENTURY
    return day.year % _CENTURY == year if is_short else day.year == year
