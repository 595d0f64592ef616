"""Dates as people write them, in chats and in judgments."""

import datetime as dt
from collections.abc import Callable
from random import Random

_FORMS = (
    "%d %B %Y", "%B %-d", "%m/%d/%Y", "%-d %b", "%d.%m.%y", "%B %-d, %Y", "%-m/%-d/%y", "%Y-%m-%d", "%-d/%-m/%Y",
    "%b %-d",
    "%-d of %B", "%B %Y", "%A", "%a", "%A %-d %B", "%-m/%-d", "%d-%m-%Y", "%b %-d %Y", "%d%m%y", "%m%d%Y", "%B", "%Y",
)  # fmt: skip
_RELATIVE = (
    "tomorrow", "yesterday", "next {0}", "last {0}", "this {0}", "on {0}", "next week", "last month",
    "two weeks ago", "today week",
    "in three days", "the day after tomorrow", "monday week", "next month", "last year", "the {1}", "{0} the {1}",
    "{2} {1}", "{0} morning",
)  # fmt: skip
_ORDINALS = ("th", "st", "nd", "rd")


def _day(rng: Random) -> dt.date:
    return dt.date(1935, 1, 1) + dt.timedelta(days=int(33_500 * rng.random() ** 0.5))


def ordinal(day: int) -> str:
    """Return "1st", "2nd", "11th"."""
    last = day % 10
    return f"{day}{_ORDINALS[last] if 1 <= last <= 3 and day not in {11, 12, 13} else 'th'}"


def date(rng: Random) -> str:
    """Return a date as somebody types it, absolute or relative."""
    day = _day(rng)
    if rng.random() < 0.25:
        return rng.choice(_RELATIVE).format(day.strftime("%A"), ordinal(day.day), day.strftime("%B"))
    return day.strftime(rng.choice(_FORMS))


def long_date(rng: Random) -> str:
    """Return a date as judgments give it."""
    return _day(rng).strftime(rng.choice(("%-d %B %Y", "%-d %B %Y", "%-d %B %Y", "%B %-d, %Y", "%d.%m.%Y")))


MAKERS: dict[str, tuple[str | None, Callable[[Random], str]]] = {
    "date": ("DATE", date),
    "longdate": ("DATE", long_date),
    "monthyear": ("DATE", lambda rng: _day(rng).strftime("%B %Y")),
    "year": ("DATE", lambda rng: _day(rng).strftime("%Y")),
    "time": (
        None,
        lambda rng: (
            f"{rng.randint(1, 12)}{rng.choice(('', ':30', ':15', '.45'))}{rng.choice(('', 'am', 'pm', ' pm', ' am'))}"
        ),
    ),
    "quantity": (
        None,
        lambda rng: rng.choice(("two years\u2019", "six months\u2019", "ten years\u2019", "thirty days\u2019")),
    ),
}
"""Slot → label and maker."""
