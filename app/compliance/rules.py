"""Rules of retention: which classes of conversations an office keeps, from when on, and for how long. Pure.

One file holds the rules of one office, or ships as the proposal for a sector and a country::

    {"format": 1, "sector": "clinic", "country": "de", "title": "…", "note": "…", "default_class": "record",
     "classes": [{"id": "record", "title": "…", "starts": "closed" | "last_message",
                  "keep": {"number": 10, "unit": "years" | "months" | "days"},
                  "to_end_of_year": false, "basis": "…"}]}

What is shipped is a starting point: who signs it answers for it, and ``basis`` says where each figure comes from.
"""

import hashlib
import json
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any, TypeVar

from app.compliance.errors import RulesMalformedError
from app.domain.office import Sector

FORMAT = 1
MAX_CLASSES = 40
MAX_TITLE_CHARS = 120
MAX_TEXT_CHARS = 600
MAX_ID_CHARS = 40
MAX_YEARS = 100
_MONTHS_A_YEAR = 12
_E = TypeVar("_E", bound=Enum)
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


class StartEvent(Enum):
    """From when on the time runs."""

    LAST_MESSAGE = "last_message"
    """The newest message of the thread; whoever writes again starts it anew."""
    CLOSED = "closed"
    """Somebody marked it done; what is open is kept, however old."""


class Unit(Enum):
    """What a duration counts."""

    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of the calendar, such as ten years."""

    number: int
    unit: Unit

    def after(self, day: date) -> date:
        """Return the day that lies this much later; 29 February and 31 May end with the last day of a shorter month."""
        if self.unit is Unit.DAYS:
            return day + timedelta(days=self.number)
        months = self.number * (_MONTHS_A_YEAR if self.unit is Unit.YEARS else 1)
        year, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 + months, _MONTHS_A_YEAR)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """One class. ``to_end_of_year``: the time ends with the calendar year in which it would have ended."""

    class_id: str
    title: str
    starts: StartEvent
    keep: Duration
    to_end_of_year: bool
    basis: str

    def due_on(self, start: date) -> date:
        """Return the first day on which a conversation of this class may go."""
        ends = self.keep.after(start)
        return date(ends.year + 1, 1, 1) if self.to_end_of_year else ends


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """All classes of one office; what is put into no class belongs to ``default_class``."""

    sector: Sector
    country: str
    title: str
    note: str
    default_class: str
    classes: tuple[RetentionClass, ...]

    def class_of(self, class_id: str) -> RetentionClass:
        """Return a class; for "" or one that these rules do not know, the default one."""
        known = {one.class_id: one for one in self.classes}
        return known.get(class_id) or known[self.default_class]

    def has(self, class_id: str) -> bool:
        """Say whether there is a class of this id."""
        return any(one.class_id == class_id for one in self.classes)

    @property
    def version(self) -> str:
        """Return what an administrator signs: sixteen hexadecimal digits of SHA-256 over all of it."""
        text = json.dumps(rules_to_json(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def rules_to_json(rules: RetentionRules) -> dict[str, Any]:
    """Return the rules as one JSON object, in the order in which people read it."""
    return {
        "format": FORMAT,
        "sector": rules.sector.value,
        "country": rules.country,
        "title": rules.title,
        "note": rules.note,
        "default_class": rules.default_class,
        "classes": [
            {
                "id": one.class_id,
                "title": one.title,
                "starts": one.starts.value,
                "keep": {"number": one.keep.number, "unit": one.keep.unit.value},
                "to_end_of_year": one.to_end_of_year,
                "basis": one.basis,
            }
            for one in rules.classes
        ],
    }


def parse_rules(untrusted: object) -> RetentionRules:
    """Return the rules that a file holds.

    Raises:
        RulesMalformedError: naming the place, and nothing of what stands there.
    """
    raw = _members(untrusted, "", {"format", "sector", "country", "title", "note", "default_class", "classes"})
    if raw["format"] != FORMAT or isinstance(raw["format"], bool):
        raise RulesMalformedError("format")
    listed = raw["classes"]
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_CLASSES:
        raise RulesMalformedError("classes")
    rules = RetentionRules(
        sector=_choice(Sector, raw["sector"], "sector"),
        country=_word(raw["country"], "country"),
        title=_text(raw["title"], "title", MAX_TITLE_CHARS),
        note=_text(raw["note"], "note", MAX_TEXT_CHARS, may_be_empty=True),
        default_class=_word(raw["default_class"], "default_class"),
        classes=tuple(_parse_class(one, f"classes[{number}]") for number, one in enumerate(listed)),
    )
    if len({one.class_id for one in rules.classes}) != len(rules.classes):
        raise RulesMalformedError("classes")
    if not rules.has(rules.default_class):
        raise RulesMalformedError("default_class")
    return rules


def _parse_class(untrusted: object, place: str) -> RetentionClass:
    raw = _members(untrusted, place, {"id", "title", "starts", "keep", "to_end_of_year", "basis"})
    if not isinstance(raw["to_end_of_year"], bool):
        raise RulesMalformedError(f"{place}.to_end_of_year")
    return RetentionClass(
        class_id=_word(raw["id"], f"{place}.id"),
        title=_text(raw["title"], f"{place}.title", MAX_TITLE_CHARS),
        starts=_choice(StartEvent, raw["starts"], f"{place}.starts"),
        keep=_parse_duration(raw["keep"], f"{place}.keep"),
        to_end_of_year=raw["to_end_of_year"],
        basis=_text(raw["basis"], f"{place}.basis", MAX_TEXT_CHARS),
    )


def _parse_duration(untrusted: object, place: str) -> Duration:
    raw = _members(untrusted, place, {"number", "unit"})
    unit, number = _choice(Unit, raw["unit"], f"{place}.unit"), raw["number"]
    most = MAX_YEARS * {Unit.DAYS: 366, Unit.MONTHS: _MONTHS_A_YEAR, Unit.YEARS: 1}[unit]
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= most:
        raise RulesMalformedError(f"{place}.number")
    return Duration(number, unit)


def _members(untrusted: object, place: str, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(untrusted, dict) or untrusted.keys() != names:
        raise RulesMalformedError(place or "top")
    return untrusted


def _choice(kind: type[_E], untrusted: object, place: str) -> _E:
    try:
        return kind(untrusted)
    except ValueError:
        raise RulesMalformedError(place) from None


def _word(untrusted: object, place: str) -> str:
    if not isinstance(untrusted, str) or not 0 < len(untrusted) <= MAX_ID_CHARS or not _LETTERS.issuperset(untrusted):
        raise RulesMalformedError(place)
    return untrusted


def _text(untrusted: object, place: str, max_chars: int, *, may_be_empty: bool = False) -> str:
    if not isinstance(untrusted, str) or len(untrusted) > max_chars or not (untrusted.strip() or may_be_empty):
        raise RulesMalformedError(place)
    if any(ord(char) < ord(" ") or "\ud800" <= char <= "\udfff" for char in untrusted):
        raise RulesMalformedError(place)
    return untrusted
