"""Reading the envelopes of events: who did what, when, to which conversation. No body is opened but the office's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from app.domain.events import EventKind
from app.domain.ids import OFFICE, ConversationId, PersonId
from app.store import tables
from app.store.chain import StoredEvent

_event = tables.event.c
QUIET_KINDS = frozenset(
    {EventKind.TEXT_SAVED, EventKind.DRAFT_PROPOSED, EventKind.MESSAGE_DELIVERED, EventKind.MESSAGE_READ}
)
"""Kinds that a program writes while somebody types or waits; an auditor asks for them by name."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is wanted; a None or empty field asks for everything. Times are Unix milliseconds, half-open."""

    actor: PersonId | None = None
    kinds: frozenset[EventKind] = frozenset()
    conversation_id: ConversationId | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    has_quiet: bool = False


def read_envelopes(
    connection: Connection, wanted: AuditFilter, before_seq: int | None, limit: int
) -> list[StoredEvent]:
    """Return the newest events that fit, newest first, below ``before_seq``."""
    query = _query(wanted).order_by(_event.seq.desc()).limit(limit)
    if before_seq is not None:
        query = query.where(_event.seq < before_seq)
    return [StoredEvent(*row) for row in connection.execute(query)]


def walk_envelopes(connection: Connection, wanted: AuditFilter) -> Iterator[StoredEvent]:
    """Yield every event that fits, oldest first."""
    rows = connection.execution_options(yield_per=1000).execute(_query(wanted).order_by(_event.seq))
    return (StoredEvent(*row) for row in rows)


def _query(wanted: AuditFilter) -> Select[Any]:
    query = select(tables.event)
    if wanted.actor is not None:
        query = query.where(_event.actor == wanted.actor)
    if wanted.kinds:
        query = query.where(_event.kind.in_(sorted(kind.value for kind in wanted.kinds)))
    elif not wanted.has_quiet:
        query = query.where(_event.kind.not_in(sorted(kind.value for kind in QUIET_KINDS)))
    if wanted.conversation_id is not None:
        # What the office's stream says about it (looked at, exported) stands in sealed bodies: filtered by the caller.
        query = query.where(_event.conversation_id.in_([wanted.conversation_id, OFFICE]))
    if wanted.since_ms is not None:
        query = query.where(_event.wall_ms >= wanted.since_ms)
    if wanted.until_ms is not None:
        query = query.where(_event.wall_ms < wanted.until_ms)
    return query
