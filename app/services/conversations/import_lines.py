"""One untrusted JSON line becomes one checked conversation, or a code that says what is wrong with it. Pure.

::

    {"id": "…", "turns": [{"who": "user|agent|note", "text": "…"}, …]}

and, where known, ``contact``, ``contact_details`` (as an export has them), ``origin``, ``urgency``, ``state``,
``assigned`` (a name), ``snoozed_until_ms``; in a turn ``author`` and ``minutes_ago`` or ``written_ms``. Other keys are
passed over.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import TypeVar

from app.domain.contact import NOTHING_KNOWN, ContactDetails, ContactField
from app.domain.conversation import ConversationState, Origin, Urgency
from app.services.clock import MS_PER_DAY, MS_PER_MINUTE
from app.services.contacts.checking import UntrustedDetails, check_details
from app.services.conversations.texts import check_name, check_text

MAX_LINE_CHARS = 8_000_000
MAX_TURNS = 2_000
_UNNAMED = "Imported conversation"
_WHO = frozenset({"user", "agent", "note"})
_LATEST_MS = 2**53
"""Later times cannot be told apart by other programs that read JSON."""

_T = TypeVar("_T")
_EnumT = TypeVar("_EnumT", bound=Enum)


@dataclass(frozen=True, slots=True)
class ImportedTurn:
    """One checked turn. ``wall_ms`` is when it was written."""

    who: str
    text: str = field(repr=False)
    author: str | None = field(repr=False)
    wall_ms: int


@dataclass(frozen=True, slots=True)
class ImportedConversation:
    """One checked line."""

    contact_name: str = field(repr=False)
    origin: Origin
    urgency: Urgency
    state: ConversationState
    assigned: str | None = field(repr=False)
    snoozed_until_ms: int | None
    turns: tuple[ImportedTurn, ...]
    details: ContactDetails = field(default=NOTHING_KNOWN, repr=False)


class LineError(Exception):
    """A line cannot be taken; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_line(untrusted_line: str, now_ms: int) -> ImportedConversation:
    """Return one checked conversation.

    Turns without a time are taken as a minute apart, the newest now.

    Raises:
        InvalidTextError, InvalidDetailError: a text, a name or a detail of the contact cannot be taken.
        LineError: the line is malformed otherwise.
    """
    raw = _parse_object(untrusted_line)
    raw_turns = raw.get("turns")
    if not isinstance(raw_turns, list) or not raw_turns:
        raise LineError("no_turns")
    if len(raw_turns) > MAX_TURNS:
        raise LineError("too_many_turns")
    count = len(raw_turns)
    turns = tuple(
        _parse_turn(turn, now_ms, now_ms - (count - 1 - place) * MS_PER_MINUTE) for place, turn in enumerate(raw_turns)
    )
    return ImportedConversation(
        contact_name=_parse_name(raw),
        origin=_choice(Origin, raw.get("origin", Origin.IMPORTED.value), "bad_origin"),
        urgency=_parse_urgency(raw.get("urgency", "routine")),
        state=_choice(ConversationState, raw.get("state", ConversationState.OPEN.value), "bad_state"),
        assigned=_optional(raw, "assigned", str, "bad_assigned"),
        snoozed_until_ms=_parse_until(raw),
        turns=turns,
        details=_parse_details(raw, now_ms),
    )


def _parse_object(untrusted_line: str) -> dict[str, object]:
    if len(untrusted_line) > MAX_LINE_CHARS:
        raise LineError("line_too_long")
    try:
        raw = json.loads(untrusted_line)
    except (ValueError, RecursionError):
        raise LineError("not_json") from None
    if not isinstance(raw, dict):
        raise LineError("not_an_object")
    return raw


def _parse_turn(raw: object, now_ms: int, default_ms: int) -> ImportedTurn:
    if not isinstance(raw, dict):
        raise LineError("bad_turn")
    who, text = raw.get("who"), raw.get("text")
    if not isinstance(who, str) or who not in _WHO:
        raise LineError("bad_who")
    if not isinstance(text, str):
        raise LineError("bad_turn")
    author = _optional(raw, "author", str, "bad_author")
    return ImportedTurn(
        who, check_text(text), None if author is None else check_name(author), _parse_time(raw, now_ms, default_ms)
    )


def _parse_time(raw: dict[str, object], now_ms: int, default_ms: int) -> int:
    written_ms = _optional(raw, "written_ms", int, "bad_time")
    minutes_ago = _optional(raw, "minutes_ago", int, "bad_time")
    if written_ms is None:
        written_ms = default_ms if minutes_ago is None else now_ms - minutes_ago * MS_PER_MINUTE
    if not 0 <= written_ms <= now_ms + MS_PER_DAY:
        raise LineError("bad_time")
    return written_ms


def _parse_until(raw: dict[str, object]) -> int | None:
    until_ms = _optional(raw, "snoozed_until_ms", int, "bad_time")
    if until_ms is not None and not 0 <= until_ms <= _LATEST_MS:
        raise LineError("bad_time")
    return until_ms


def _parse_name(raw: dict[str, object]) -> str:
    for key in ("contact", "id"):
        name = _optional(raw, key, str, "bad_contact")
        if name is not None:
            return check_name(name)
    return _UNNAMED


def _parse_details(raw: dict[str, object], now_ms: int) -> ContactDetails:
    """Return what is known of the contact; phones and days stand as an export writes them, whatever the country."""
    known = _optional(raw, "contact_details", dict, "bad_contact_details")
    if not known:
        return NOTHING_KNOWN
    today = datetime.fromtimestamp(now_ms / 1000, UTC).date()
    parts = {which: _texts(known.get(which.value)) for which in ContactField}
    return check_details(UntrustedDetails(parts), today=today, country="")


def _texts(raw: object) -> list[str]:
    entries: list[object] = raw if isinstance(raw, list) else [] if raw is None else [raw]
    texts = [entry for entry in entries if isinstance(entry, str)]
    if len(texts) != len(entries):
        raise LineError("bad_contact_details")
    return texts


def _parse_urgency(raw: object) -> Urgency:
    if not isinstance(raw, str) or raw.upper() not in Urgency.__members__:
        raise LineError("bad_urgency")
    return Urgency[raw.upper()]


def _choice(kind: type[_EnumT], raw: object, code: str) -> _EnumT:
    try:
        return kind(raw)
    except ValueError:
        raise LineError(code) from None


def _optional(raw: dict[str, object], key: str, kind: type[_T], code: str) -> _T | None:
    value = raw.get(key)
    if value is None:
        return None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise LineError(code)
    return value
