"""The quasi-identifiers that are looked for, and how each is said more broadly, step by step."""

from enum import Enum

AGE_BANDS = (5, 10, 20)
"""Widths, in years, that an age is said in, one after the other."""
OLDEST = "90 or older"
"""The one band from 90 on (45 CFR 164.514(b)(2)(i)(C))."""
OLDEST_FROM = 90


class QuasiKind(Enum):
    """In the order in which they are given up when nothing else decides: what a reader misses least comes first."""

    DATE = "date"
    PLACE = "place"
    AGE = "age"
    ORIGIN = "origin"
    PROFESSION = "profession"
    CONDITION = "condition"


def age_ladder(years: int) -> tuple[str, ...]:
    """Return an age, then its bands of 5, 10 and 20 years; from 90 on there is one band alone."""
    if years >= OLDEST_FROM:
        return (OLDEST,)
    return (str(years), *(_band(years, width) for width in AGE_BANDS))


def date_ladder(year: int, month: int | None) -> tuple[str, ...]:
    """Return the quarter where a month is named, then the year."""
    return (str(year),) if month is None else (f"Q{(month + 2) // 3} {year}", str(year))


def _band(years: int, width: int) -> str:
    low = years - years % width
    return f"{low} to {low + width - 1}"
