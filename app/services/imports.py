"""Conversations from JSON lines, one conversation a line.

::

    {"id": "…", "turns": [{"who": "user|agent|note", "text": "…"}, …]}

and, where known, ``contact``, ``origin``, ``urgency``, ``state``, ``assigned`` (a name), ``snoozed_until_ms``; in a
turn ``author`` and ``minutes_ago`` or ``written_ms``. Other keys are passed over. A malformed line is reported by its
number and a code, and the rest goes on. Lines are read one by one and committed in groups, so a file may be larger than
memory.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from typing import TypeVar

from app.domain.conversation import ConversationState, Origin, Urgency
from app.domain.events import EventKind, JsonValue
from app.domain.ids import OFFICE, ConversationId, make_ulid
from app.services.clock import MS_PER_DAY, MS_PER_MINUTE
from app.services.errors import InvalidTextError
from app.services.ledger import Ledger
from app.services.texts import check_name, check_text
from app.store.log import NewEvent

LINES_PER_COMMIT = 200
"""Measured: a commit costs little against 200 conversations, and a crash loses at most these."""

MAX_LINE_CHARS = 8_000_000
MAX_TURNS = 2_000
_UNNAMED = "Imported conversation"
_ULID_RANDOM_BYTES = 10
_WHO = frozenset({"user", "agent", "note"})
_LATEST_MS = 2**53
"""Later times cannot be told apart by other programs that read JSON."""

_T = TypeVar("_T")
_EnumT = TypeVar("_EnumT", bound=Enum)


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line that was not taken; ``line`` counts from 1."""

    line: int
    code: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of an import: how many conversations were taken, and which lines were not."""

    imported: int
    rejected: tuple[LineProblem, ...]


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


class _LineError(Exception):
    """A line cannot be taken; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_line(untrusted_line: str, now_ms: int) -> ImportedConversation:
    """Return one checked conversation.

    Turns without a time are taken as a minute apart, the newest now.

    Raises:
        InvalidTextError: a text or name cannot be taken.
        _LineError: the line is malformed otherwise.
    """
    raw = _parse_object(untrusted_line)
    raw_turns = raw.get("turns")
    if not isinstance(raw_turns, list) or not raw_turns:
        raise _LineError("no_turns")
    if len(raw_turns) > MAX_TURNS:
        raise _LineError("too_many_turns")
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
    )


class Importer:
    """Writes checked lines into the log, a group at a time."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._ids = {person.display_name: person.person_id for person in ledger.people}

    def run(self, lines: Iterable[str], progress: Callable[[int], None]) -> ImportReport:
        """Take every line that can be taken; listeners hear of it once per commit, as of a change anywhere."""
        imported, rejected, done = 0, [], 0
        for group in _in_groups(enumerate(lines, start=1), LINES_PER_COMMIT):
            events: list[NewEvent] = []
            for number, line in group:
                if not line.strip():
                    continue
                try:
                    events += self._events(parse_line(line, self._ledger.now_ms()))
                    imported += 1
                except (_LineError, InvalidTextError) as error:
                    rejected.append(LineProblem(number, error.code))
            self._ledger.write_all(tuple(events), OFFICE)
            done += len(group)
            progress(done)
        return ImportReport(imported, tuple(rejected))

    def _events(self, conversation: ImportedConversation) -> list[NewEvent]:
        cid = ConversationId(make_ulid(self._ledger.now_ms(), os.urandom(_ULID_RANDOM_BYTES)))
        self._ledger.keys.add(cid)
        first_ms, last_ms = conversation.turns[0].wall_ms, conversation.turns[-1].wall_ms
        opened = {"contact_name": conversation.contact_name, "origin": conversation.origin.value}
        events = [NewEvent(cid, EventKind.CONVERSATION_OPENED, opened, first_ms)]
        if conversation.urgency is not Urgency.ROUTINE:
            urgency = {"urgency": conversation.urgency.value}
            events.append(NewEvent(cid, EventKind.URGENCY_SET, urgency, first_ms))
        events += [_turn_event(cid, turn) for turn in conversation.turns]
        person_id = self._ids.get(conversation.assigned or "")
        if person_id is not None:
            events.append(NewEvent(cid, EventKind.ASSIGNED, {"person_id": person_id}, last_ms))
        return events + self._state_events(cid, conversation, last_ms)

    def _state_events(self, cid: ConversationId, conversation: ImportedConversation, last_ms: int) -> list[NewEvent]:
        if conversation.state is ConversationState.DONE:
            return [NewEvent(cid, EventKind.MARKED_DONE, {}, last_ms)]
        if conversation.state is ConversationState.SNOOZED:
            until_ms = conversation.snoozed_until_ms or self._ledger.now_ms() + MS_PER_DAY
            return [NewEvent(cid, EventKind.SNOOZED, {"until_ms": until_ms}, last_ms)]
        return []


def _turn_event(cid: ConversationId, turn: ImportedTurn) -> NewEvent:
    body: dict[str, JsonValue]
    if turn.who == "user":
        body = {"text": turn.text, "written_ms": turn.wall_ms}
        return NewEvent(cid, EventKind.MESSAGE_RECEIVED, body, turn.wall_ms)
    if turn.who == "note":
        return NewEvent(cid, EventKind.NOTE_ADDED, {"text": turn.text, "author": turn.author}, turn.wall_ms)
    body = {"held_id": None, "text": turn.text, "provenance": None, "author": turn.author}
    return NewEvent(cid, EventKind.MESSAGE_SENT, body, turn.wall_ms)


def _in_groups(items: Iterator[_T], size: int) -> Iterator[tuple[_T, ...]]:
    while group := tuple(islice(items, size)):
        yield group


def _parse_object(untrusted_line: str) -> dict[str, object]:
    if len(untrusted_line) > MAX_LINE_CHARS:
        raise _LineError("line_too_long")
    try:
        raw = json.loads(untrusted_line)
    except (ValueError, RecursionError):
        raise _LineError("not_json") from None
    if not isinstance(raw, dict):
        raise _LineError("not_an_object")
    return raw


def _parse_turn(raw: object, now_ms: int, default_ms: int) -> ImportedTurn:
    if not isinstance(raw, dict):
        raise _LineError("bad_turn")
    who, text = raw.get("who"), raw.get("text")
    if not isinstance(who, str) or who not in _WHO:
        raise _LineError("bad_who")
    if not isinstance(text, str):
        raise _LineError("bad_turn")
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
        raise _LineError("bad_time")
    return written_ms


def _parse_until(raw: dict[str, object]) -> int | None:
    until_ms = _optional(raw, "snoozed_until_ms", int, "bad_time")
    if until_ms is not None and not 0 <= until_ms <= _LATEST_MS:
        raise _LineError("bad_time")
    return until_ms


def _parse_name(raw: dict[str, object]) -> str:
    for key in ("contact", "id"):
        name = _optional(raw, key, str, "bad_contact")
        if name is not None:
            return check_name(name)
    return _UNNAMED


def _parse_urgency(raw: object) -> Urgency:
    if not isinstance(raw, str) or raw.upper() not in Urgency.__members__:
        raise _LineError("bad_urgency")
    return Urgency[raw.upper()]


def _choice(kind: type[_EnumT], raw: object, code: str) -> _EnumT:
    try:
        return kind(raw)
    except ValueError:
        raise _LineError(code) from None


def _optional(raw: dict[str, object], key: str, kind: type[_T], code: str) -> _T | None:
    value = raw.get(key)
    if value is None:
        return None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _LineError(code)
    return value
