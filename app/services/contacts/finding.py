"""Whether somebody is the person that is looked for: by the name, or by anything else that the desk knows. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from enum import Enum

from app.domain.contact import ContactDetails
from app.domain.folding import folded_words
from app.services.contacts.dates import parse_day

MIN_DIGITS = 5
"""Fewer digits of a phone or a record are too common to say whose they are."""

_SIGNS = re.compile(r"[^\W_]+")


class MatchedBy(Enum):
    """What of a contact meets what was asked for."""

    NAME = "name"
    OTHER_NAME = "other_name"
    RELATIVE = "relative"
    """The conversation is somebody else's; it may speak of the person."""
    PHONE = "phone"
    EMAIL = "email"
    RECORD_NUMBER = "record_number"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Met:
    """How well, from 0 to 1, and by what."""

    alike: float
    by: MatchedBy = MatchedBy.NAME


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed: a name, or a number, an address, a day."""

    words: tuple[str, ...] = field(repr=False)
    signs: str = field(repr=False)
    """Its letters and digits."""
    days: frozenset[date] = field(repr=False)
    """The day that it is, read in either order."""

    @classmethod
    def of(cls, untrusted_text: str, today: date) -> "Wanted":
        """Read what was typed; nobody is born after ``today``, so it says the century of two digits."""
        days = (parse_day(untrusted_text, is_month_first=first, latest=today) for first in (True, False))
        return cls(_words(untrusted_text), _signs(untrusted_text), frozenset(day for day in days if day is not None))

    def meets(self, name: str, details: ContactDetails) -> Met:
        """Return by what a contact is met best; the name counts first."""
        met = [Met(_alike(self.words, name))]
        met += [Met(_alike(self.words, one), MatchedBy.OTHER_NAME) for one in details.other_names]
        met += self._exact(details)
        met += [Met(_alike(self.words, one), MatchedBy.RELATIVE) for one in details.relatives]
        return max(met, key=lambda one: one.alike)

    def _exact(self, details: ContactDetails) -> list[Met]:
        digits = "".join(char for char in self.signs if char.isdigit())
        return [
            Met(1.0, by)
            for by, is_met in (
                (MatchedBy.BIRTH_DATE, details.birth_date in self.days),
                (MatchedBy.PHONE, digits == self.signs and _ends(details.phones, digits.lstrip("0"))),
                (MatchedBy.EMAIL, bool(self.signs) and self.signs in map(_signs, details.emails)),
                (MatchedBy.RECORD_NUMBER, _is_among(self.signs, details.record_numbers)),
                (MatchedBy.ADDRESS, _holds_all(_words(details.address), self.words)),
            )
            if is_met
        ]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.text for word in folded_words(text))


def _signs(text: str) -> str:
    return "".join(_SIGNS.findall(text)).casefold()


def _ends(phones: Iterable[str], digits: str) -> bool:
    return len(digits) >= MIN_DIGITS and any(_signs(phone).split("ext")[0].endswith(digits) for phone in phones)


def _is_among(signs: str, numbers: Iterable[str]) -> bool:
    return any(char.isdigit() for char in signs) and signs in map(_signs, numbers)


def _holds_all(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether an address holds all that was typed: a number and a street, at least."""
    has_number = any(word.isdigit() for word in wanted)
    return len(wanted) > 1 and has_number and not set(wanted) - set(words)


def _alike(wanted: Sequence[str], name: str) -> float:
    """Return how well every word of ``wanted`` is met by a word of ``name``: the mean of the best likenesses."""
    words = _words(name)
    if not wanted or not words:
        return 0.0
    return sum(max(SequenceMatcher(None, one, word).ratio() for word in words) for one in wanted) / len(wanted)
