"""The lists of ``names.toml``: stand-ins by where a name comes from. Read once, when the first one is needed."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MIN_ENDING_CHARS = 5
"""A shorter surname tells nothing by its ending."""


@dataclass(frozen=True, slots=True)
class Culture:
    """Stand-ins of one origin, and the signs that a name is of it; the signs are ``plain``."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    typical: frozenset[str]
    endings: tuple[str, ...]

    def fits(self, part: str) -> bool:
        """Return whether a part of a name (``plain``) tells that the name is of this origin."""
        return part in self.typical or (len(part) >= MIN_ENDING_CHARS and part.endswith(self.endings))


@dataclass(frozen=True, slots=True)
class NameLists:
    """Everything in the file. The last culture is for names that tell nothing."""

    cultures: tuple[Culture, ...]
    known_women: frozenset[str]
    known_men: frozenset[str]
    towns: tuple[str, ...]
    firms: tuple[str, ...]
    streets: tuple[str, ...]

    def culture_of(self, parts: list[str]) -> Culture:
        """Return the first culture that a part of the name fits, the last part first: surnames tell more."""
        for part in reversed(parts):
            for culture in self.cultures:
                if culture.fits(part):
                    return culture
        return self.cultures[-1]


@cache
def name_lists() -> NameLists:
    """Return the lists that ship with the product."""
    raw = tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))
    known, places = raw.pop("known"), raw.pop("places")
    return NameLists(
        cultures=tuple(_culture(table) for table in raw.values()),
        known_women=frozenset(_entries(known["women"])),
        known_men=frozenset(_entries(known["men"])),
        towns=_entries(places["towns"]),
        firms=_entries(places["firms"]),
        streets=_entries(places["streets"]),
    )


def plain(word: str) -> str:
    """Return ``word`` in lower case, without accents, with a straight apostrophe."""
    apart = unicodedata.normalize("NFD", word.casefold().replace("\u2019", "'"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def _culture(table: dict[str, str]) -> Culture:
    return Culture(
        women=_entries(table["women"]),
        men=_entries(table["men"]),
        surnames=_entries(table["surnames"]),
        typical=frozenset(plain(name) for name in _entries(table["typical"])),
        endings=tuple(plain(ending) for ending in _entries(table["endings"])),
    )


def _entries(text: str) -> tuple[str, ...]:
    return tuple(" ".join(entry.split()) for entry in text.split(",") if entry.strip())
