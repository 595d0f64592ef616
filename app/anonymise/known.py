"""What the office itself knows: contacts, staff, deny-lists, in all their variants and misspellings.

A name is found whole or in parts ("Jorge Alvarez", "Alvarez", "jorge", "Mr. Alvares"), in any case, with accents or
without, with letters swapped, doubled, left out. Numbers are found however they are grouped. Offices add lists of
their own; each entry is matched exactly, and fuzzily when it is long enough that a misspelling cannot be another
word.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span

MIN_PART_CHARS = 3
"""A shorter part of a name ("Al", "Bo") is only found together with the rest of it."""
MIN_FUZZY_CHARS = 5
"""From here on one slip is forgiven, from ``TWO_SLIPS_CHARS`` on two."""
TWO_SLIPS_CHARS = 9

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_NOT_NAMES = frozenset(
    {"the", "and", "von", "van", "der", "del", "los", "las", "mrs", "miss", "dr", "prof", "sir", "señor", "doctor"}
)


@dataclass(frozen=True, slots=True)
class KnownText:
    """One thing that the office knows: a name, or a number or address that is matched by its letters and digits."""

    text: str
    label: Label
    why: str = "known"


class KnownIndex:
    """Finds known texts. Built once per conversation or list; searching is linear in the text."""

    def __init__(self, known: Iterable[KnownText]) -> None:
        self._words: dict[str, KnownText] = {}
        self._fuzzy: dict[int, list[tuple[str, KnownText]]] = {}
        self._shapes: list[tuple[re.Pattern[str], KnownText]] = []
        for entry in known:
            self._add(entry)

    def find(self, text: str) -> Iterator[Span]:
        """Yield every known text in ``text``, whole or in parts."""
        for pattern, entry in self._shapes:
            for match in pattern.finditer(text):
                yield Span(*match.span(), entry.label, Ground.KNOWN, entry.why)
        if not self._words:
            return
        for match in _WORD.finditer(text):
            for start, end, word in _readings(match):
                found = self._words.get(word) or self._near(word)
                if found is not None:
                    yield Span(start, end, found.label, Ground.KNOWN, f"{found.why}.part")
                    break

    def _add(self, entry: KnownText) -> None:
        parts = re.findall(r"[^\W_]+", entry.text)
        if parts:
            between = r"[\W_]{0,3}"
            whole = between.join(_loosely(part) for part in parts)
            self._shapes.append((re.compile(rf"(?<!\w){whole}(?!\w)", re.IGNORECASE), entry))
        if entry.label is not Label.PERSON:
            return
        for match in _WORD.finditer(entry.text):
            word = _plain(match.group())
            if len(word) >= MIN_PART_CHARS and word not in _NOT_NAMES:
                self._words.setdefault(word, entry)
                if len(word) >= MIN_FUZZY_CHARS:
                    self._fuzzy.setdefault(len(word), []).append((word, entry))

    def _near(self, word: str) -> KnownText | None:
        """Return the known name that ``word`` misspells: same first letter, and few enough slips for its length."""
        if len(word) < MIN_FUZZY_CHARS - 1:
            return None
        for length in range(len(word) - 2, len(word) + 3):
            for name, entry in self._fuzzy.get(length, ()):
                slips = 2 if len(name) >= TWO_SLIPS_CHARS else 1
                if name[0] == word[0] and is_within(name, word, slips):
                    return entry
        return None


def is_within(one: str, other: str, slips: int) -> bool:
    """Return whether ``one`` becomes ``other`` with at most ``slips`` letters added, dropped, changed or swapped."""
    if abs(len(one) - len(other)) > slips:
        return False
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


def _readings(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """The word itself, and without a possessive or plural ending ("Alvarez's", "the Alvarezes")."""
    word = _plain(match.group())
    yield match.start(), match.end(), word
    for ending in ("'s", "s", "es"):
        if word.endswith(ending) and len(word) > len(ending) + MIN_PART_CHARS:
            yield match.start(), match.end() - len(ending), word.removesuffix(ending)


def _plain(word: str) -> str:
    """Return ``word`` in lower case without accents and with a straight apostrophe."""
    apart = unicodedata.normalize("NFD", word.casefold().replace("\u2019", "'"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def _loosely(part: str) -> str:
    """Return a pattern for ``part``: letters with or without accents, digits however they are grouped."""
    between = r"[\s().-]{0,2}" if part.isdigit() else ""
    return between.join(_letter(char) for char in part)


def _letter(char: str) -> str:
    plain = _plain(char)
    if plain and plain != char.casefold():
        return f"(?:{re.escape(char)}|{re.escape(plain)})"
    return re.escape(char)
