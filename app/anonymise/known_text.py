"""One thing that an office knows, and how near two words are. Pure."""

import unicodedata
from dataclasses import dataclass

from app.anonymise.labels import Label


@dataclass(frozen=True, slots=True)
class KnownText:
    """A name, number, address or day that the office knows; a day stands as 1984-03-03.

    What it looks like in a text is decided by its label: see ``app.anonymise.variants``.
    """

    text: str
    label: Label
    why: str = "known"


def plain(word: str) -> str:
    """Return ``word`` in lower case without accents and with a straight apostrophe."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFD", word.casefold().replace("\u2019", "'"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def is_within(one: str, other: str, slips: int) -> bool:
    """Return whether ``one`` becomes ``other`` with at most ``slips`` letters added, dropped, changed or swapped."""
    if abs(len(one) - len(other)) > slips:
        return False
    one, other = _apart(one, other)
    if slips == 1:
        return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])  # noqa: PLR2004 - two letters swapped
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, char in enumerate(one, start=1):
        older, before, row = before, row, [place, *[0] * len(other)]
        for column, letter in enumerate(other, start=1):
            row[column] = min(before[column] + 1, row[column - 1] + 1, before[column - 1] + (char != letter))
            if place > 1 and column > 1 and char == other[column - 2] and one[place - 2] == letter:
                row[column] = min(row[column], older[column - 2] + 1)
        if min(row) > slips:
            return False
    return row[-1] <= slips


def _apart(one: str, other: str) -> tuple[str, str]:
    """Return two words without what they begin and end with alike."""
    start, most = 0, min(len(one), len(other))
    while start < most and one[start] == other[start]:
        start += 1
    end = 0
    while end < most - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]
