"""All facts of a text. Each finder claims stretches, the most specific finder first.

What is claimed is not looked at again, so that the digits of a telephone number are not read as numbers.
"""

from app.services.facts.calendar import find_dates, find_times, find_weekdays
from app.services.facts.kinds import Fact
from app.services.facts.names import find_names
from app.services.facts.numbers import (
    find_amounts,
    find_emails,
    find_numbers,
    find_percents,
    find_phones,
    find_rhythms,
    find_urls,
)

_FINDERS = (
    find_emails,
    find_urls,
    find_amounts,
    find_percents,
    find_rhythms,
    find_times,
    find_dates,
    find_phones,
    find_weekdays,
    find_numbers,
    find_names,
)


def find_facts(text: str, *, is_source: bool = False) -> tuple[Fact, ...]:
    """Return the facts of ``text`` in order of their places.

    Args:
        text: plain text.
        is_source: read generously: "weekdays" and "Monday to Friday" stand for each of their days, a number for itself
            with and without its unit.
    """
    found: list[Fact] = []
    is_taken = bytearray(len(text))
    for finder in _FINDERS:
        fresh = [fact for fact in finder(text, is_source=is_source) if not any(is_taken[fact.start : fact.end])]
        for fact in fresh:
            is_taken[fact.start : fact.end] = b"\1" * (fact.end - fact.start)
        found += fresh
    return tuple(sorted(found, key=lambda fact: fact.start))
