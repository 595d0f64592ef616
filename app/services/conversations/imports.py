"""Taking conversations from JSON lines (``app.services.conversations.import_lines``) into the log.

A malformed line is reported by its number and a code, and the rest goes on. Lines are read one by one and committed in
groups, so a file may be larger than memory.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from app.domain.conversation import ConversationState, Urgency
from app.domain.events import EventKind, JsonValue
from app.domain.ids import OFFICE, ConversationId, make_ulid
from app.services.clock import MS_PER_DAY
from app.services.contacts.errors import InvalidDetailError
from app.services.conversations.import_lines import (
    MAX_LINE_CHARS,
    MAX_TURNS,
    ImportedConversation,
    ImportedTurn,
    LineError,
    parse_line,
)
from app.services.errors import InvalidTextError
from app.services.interlock.signing import EmergencyCheck, raised
from app.services.ledger import Ledger
from app.store.contact_records import details_to_json
from app.store.logged import NewEvent

LINES_PER_COMMIT = 200
"""Measured: a commit costs little against 200 conversations, and a crash loses at most these."""

_ULID_RANDOM_BYTES = 10
_T = TypeVar("_T")


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


class Importer:
    """Writes checked lines into the log, a group at a time."""

    def __init__(self, ledger: Ledger, check_emergency: EmergencyCheck) -> None:
        self._check_emergency = check_emergency
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
                except (LineError, InvalidTextError, InvalidDetailError) as error:
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
        if not conversation.details.is_empty:
            described = {"details": details_to_json(conversation.details)}
            events.append(NewEvent(cid, EventKind.CONTACT_DESCRIBED, described, first_ms))
        if conversation.urgency is not Urgency.ROUTINE:
            urgency = {"urgency": conversation.urgency.value}
            events.append(NewEvent(cid, EventKind.URGENCY_SET, urgency, first_ms))
        events += [_turn_event(cid, turn) for turn in conversation.turns]
        if conversation.state is not ConversationState.DONE and conversation.urgency is not Urgency.EMERGENCY:
            hits = [hit for turn in _unanswered(conversation) for hit in self._check_emergency(turn.text)]
            events += raised(cid, hits, last_ms)
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


def _unanswered(conversation: ImportedConversation) -> list[ImportedTurn]:
    waiting: list[ImportedTurn] = []
    for turn in conversation.turns:
        if turn.who == "user":
            waiting.append(turn)
        elif turn.who == "agent":
            waiting.clear()
    return waiting


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


__all__ = ["LINES_PER_COMMIT", "MAX_LINE_CHARS", "MAX_TURNS", "ImportReport", "Importer", "LineProblem"]
