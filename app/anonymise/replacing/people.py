"""Who is who: spans that name the same person within one conversation ("Mr. Alvarez", "Alvarez", "jorge")."""

import re
from dataclasses import dataclass, field

from app.anonymise.known import is_within
from app.anonymise.replacing.name_lists import plain

_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "doctor", "sir", "judge", "justice", "nurse",
     "attorney", "lawyer",
     "senor", "senora", "sr", "sra", "don", "dona", "herr", "frau", "esq", "md", "jr", "rn"}
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_LAST_WORD = re.compile(r"\b([^\W\d_]+)\.?[ \t]+$")
_MAX_TITLE_CHARS = 16
_MIN_FUZZY_CHARS = 5


@dataclass(slots=True)
class PersonEntry:
    """One person: a number from 1 within the conversation, and every part of the name that was read, in order."""

    number: int
    parts: list[str] = field(default_factory=list)
    surname: str | None = None
    """The last part of the longest name that was read; None while there was only one part."""

    def call_by_surname(self, name: str) -> None:
        """Remember that a name of one part, said behind a title, is the surname."""
        parts = name_parts(name)
        if len(parts) == 1 and self.surname is None:
            self.surname = parts[0]

    def add(self, parts: list[str]) -> None:
        """Remember parts that were read together."""
        if len(parts) > 1 and len(parts) >= len(self.parts):
            self.surname = parts[-1]
        self.parts += [part for part in parts if part not in self.parts]


def is_behind_title(text: str, start: int) -> bool:
    """Return whether a title stands right before ``start``: "Dr. ", "ms "; a single name behind it is a surname."""
    match = _LAST_WORD.search(text, max(0, start - _MAX_TITLE_CHARS), start)
    return match is not None and plain(match.group(1)) in _TITLES


class People:
    """The persons of one conversation, in the order in which they appear. Never shared between conversations."""

    def __init__(self) -> None:
        self._entries: list[PersonEntry] = []
        self._by_sign: dict[str, dict[int, None]] = {}  # sign of a part -> who has such a part, in order

    def entry_for(self, name: str) -> PersonEntry:
        """Return the person that ``name`` means; a new one when no part of it was read before.

        A longer name read later joins an earlier part ("Jorge" and then "Jorge Alvarez"). Two who share a surname and
        have different first names stay two.
        """
        parts = name_parts(name)
        best = max(self._candidates(parts), key=lambda entry: _shared(parts, entry.parts), default=None)
        if best is None or not _may_be_one(parts, best.parts):
            best = PersonEntry(len(self._entries) + 1)
            self._entries.append(best)
        for part in set(parts).difference(best.parts):
            for sign in _signs(part, is_kept=True):
                self._by_sign.setdefault(sign, {})[best.number] = None
        best.add(parts)
        return best

    def _candidates(self, parts: list[str]) -> list[PersonEntry]:
        """Return, in order, who has a part that may be the same as one of ``parts``."""
        numbers = {number for part in parts for sign in _signs(part) for number in self._by_sign.get(sign, ())}
        return [self._entries[number - 1] for number in sorted(numbers)]


def _signs(part: str, *, is_kept: bool = False) -> set[str]:
    """Return strings of which two parts share one whenever ``_is_same`` holds for them.

    Of two words that are one slip apart, both become the same word when the right letter of each is left out (or of
    one, and the other stays). Initials match by the first letter: they look for the letter, names are kept under it.
    """
    initial = f"{part[0]}."
    if len(part) == 1:
        return {part, initial, f"{part}…"}
    signs = {part, f"{part[0]}…"} if is_kept else {part, initial}
    if len(part) >= _MIN_FUZZY_CHARS:
        signs |= {part[:place] + part[place + 1 :] for place in range(len(part))}
    return signs


def name_parts(name: str) -> list[str]:
    """Return the parts of a name in their order: lower case, without accents, titles and possessives."""
    words = (word.removesuffix("'s") for word in _WORD.findall(plain(name)))
    return [word for word in dict.fromkeys(words) if word not in _TITLES]


def _shared(parts: list[str], other: list[str]) -> int:
    return sum(any(_is_same(part, one) for one in other) for part in parts)


def _may_be_one(parts: list[str], other: list[str]) -> bool:
    """All parts of the shorter name stand in the longer one."""
    shared = _shared(parts, other)
    return shared > 0 and shared >= min(len(parts), len(other))


def _is_same(one: str, other: str) -> bool:
    if one == other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return min(len(one), len(other)) >= _MIN_FUZZY_CHARS and is_within(one, other, 1)
