"""Replacing the spans of one conversation by one profile, text after text, so that the same stays the same."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.anonymise.labels import Label
from app.anonymise.reading import read
from app.anonymise.replacing.moments import shift_date, year_of
from app.anonymise.replacing.people import People, is_behind_title, name_parts
from app.anonymise.replacing.profiles import KEPT_IN_SAFE_HARBOR, OLDEST_AGE, SPARSE_ZIP3, Profile
from app.anonymise.replacing.stand_ins import StandIns
from app.anonymise.spans import Ground, Span
from app.domain.anonymised import RedactedText

MIN_SECRET_BYTES = 16
MAX_SHIFT_DAYS = 182

_AGE_NUMBER = re.compile(r"\d{1,3}")
_TITLES_LIKE_NAMES = frozenset({"don", "doña", "dona"})
"""Titles that are first names elsewhere; they are left out, which harms nobody."""
_OLD_WORDS = re.compile(r"\b(?:ninety|hundred)\b", re.IGNORECASE)


class WeakSecretError(ValueError):
    """The secret of a conversation is shorter than ``MIN_SECRET_BYTES``: a bug of the caller."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """One span of the original, and what stands in its place."""

    span: Span
    replacement: str


@dataclass(frozen=True, slots=True)
class Anonymised:
    """A text without what was found in it; ``replaced`` are in the order of the original."""

    text: RedactedText
    replaced: tuple[Replaced, ...]


class Replacer:
    """Replaces for one conversation. Keep one for all its texts; throw it away with the conversation.

    ``mapping`` is the way back. It belongs under the conversation's key and dies with it.
    """

    def __init__(self, profile: Profile, secret: bytes, *, year: int) -> None:
        """Replace by ``profile``.

        Args:
            profile: what stands in the place of what was found.
            secret: random bytes of this conversation; decides stand-ins and the shift of dates.
            year: assumed for dates that name none.

        Raises:
            WeakSecretError: fewer than ``MIN_SECRET_BYTES``.
        """
        if len(secret) < MIN_SECRET_BYTES:
            raise WeakSecretError
        self._profile = profile
        self._secret = secret
        self._year = year
        self._people = People()
        self._stand_ins = StandIns(secret)
        self._numbers: dict[tuple[Label, str], int] = {}
        self.mapping: dict[str, str] = {}

    def __repr__(self) -> str:
        return "<Replacer hidden>"

    def replace(self, text: str, spans: Sequence[Span]) -> Anonymised:
        """Return ``text`` with each of ``spans`` replaced; they are in order and do not overlap (``merge``)."""
        parts: list[str] = []
        replaced: list[Replaced] = []
        done = 0
        for span in spans:
            said = text[span.start : span.end]
            plain = read(said).text  # zero-width signs and look-alikes make nobody another person
            if span.label is Label.PERSON and is_behind_title(text, span.start):
                self._people.entry_for(plain).call_by_surname(plain)
            instead = self._instead_of(plain, span)
            if instead == plain:
                instead = said
            else:
                self.mapping.setdefault(instead, said)
                replaced.append(Replaced(span, instead))
            parts += [text[done : span.start], instead]
            done = span.end
        return Anonymised(RedactedText("".join([*parts, text[done:]])), tuple(replaced))

    def _instead_of(self, said: str, span: Span) -> str:
        label = span.label
        match self._profile:
            case Profile.SAFE_HARBOR:
                # What only the pipeline takes for a nation may be a name: nothing is kept on its word.
                is_kept = label in KEPT_IN_SAFE_HARBOR and span.ground >= Ground.SHAPE
                return said if is_kept else self._by_safe_harbor(said, label)
            case Profile.LIMITED:
                return self._moved(said) if label is Label.DATE else self._labelled(said, label)
            case Profile.PSEUDONYMS:
                return self._stand_in(said, label)
            case Profile.LABELS:
                return self._labelled(said, label)

    def _by_safe_harbor(self, said: str, label: Label) -> str:
        if label is Label.DATE:
            return _safe_year(said, self._year)
        if label is Label.AGE:
            return _grouped_age(said)
        if label is Label.ZIP:
            return _zip3(said)
        return self._labelled(said, label)

    def _labelled(self, said: str, label: Label) -> str:
        if label is Label.PERSON:
            return f"[PERSON_{self._people.entry_for(said).number}]"
        key = (label, " ".join(said.casefold().split()))
        if key not in self._numbers:
            self._numbers[key] = 1 + sum(other is label for other, _ in self._numbers)
        return f"[{label.value}_{self._numbers[key]}]"

    def _stand_in(self, said: str, label: Label) -> str:
        if label is Label.DATE:
            return self._moved(said)
        if label is Label.AGE:
            return _grouped_age(said)
        if label is not Label.PERSON:
            return self._stand_ins.other(label, said)
        entry = self._people.entry_for(said)
        first, last = self._stand_ins.person(entry)
        return _shaped_like(said, first, last, entry.surname)

    def _moved(self, said: str) -> str:
        """A date that can be read moves by the secret offset; "next Tuesday" names no day and becomes a label."""
        moved = shift_date(said, self._offset, self._year)
        # A month alone may stay the same month; "april" may have been a person.
        is_new = moved is not None and moved.casefold() != said.casefold()
        return moved if moved is not None and is_new else self._labelled(said, Label.DATE)

    @property
    def _offset(self) -> timedelta:
        number = int.from_bytes(hmac.digest(self._secret, b"vestibule/1 date shift", hashlib.sha256)[:8])
        days = number % MAX_SHIFT_DAYS + 1
        return timedelta(days=days if number & (1 << 62) else -days)


def _grouped_age(said: str) -> str:
    number = _AGE_NUMBER.search(said)
    is_old = int(number.group()) > OLDEST_AGE if number else bool(_OLD_WORDS.search(said))
    return "90 or older" if is_old else said


def _safe_year(said: str, this_year: int) -> str:
    """A year that makes somebody older than 89 is grouped like the age itself: 45 CFR 164.514(b)(2)(i)(C)."""
    year = year_of(said)
    if year is None:
        return "[DATE]"
    last_grouped = this_year - OLDEST_AGE - 1
    return f"{last_grouped} or earlier" if int(year) <= last_grouped else year


def _zip3(said: str) -> str:
    """US ZIP codes keep three digits where enough people live; codes of other countries go."""
    digits = re.sub(r"\D", "", said)
    if len(digits) not in {5, 9} or any(char.isalpha() for char in said):
        return "[ZIP]"
    return "000" if digits[:3] in SPARSE_ZIP3 else digits[:3]


def _shaped_like(said: str, first: str, last: str, surname: str | None) -> str:
    """Return the stand-in with as many parts and in the case that the name was written with."""
    words = said.replace(".", " ").split()
    parts = name_parts(said)
    is_titled = bool(words) and not name_parts(words[0])
    is_surname = len(parts) == 1 and (is_titled or parts[0] == surname)
    name = last if is_surname else first if len(parts) <= 1 else f"{first} {last}"
    is_kept = is_titled and len(words) > 1 and words[0].casefold() not in _TITLES_LIKE_NAMES
    name = f"{words[0]} {name}" if is_kept else name
    return name.lower() if said.islower() else name.upper() if said.isupper() and len(said) > 1 else name
