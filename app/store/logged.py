"""What the event log takes and gives: an event before and after it was written, and the walk over its rows.

Apart from the log, because what looks at a database before it may be opened walks it as well.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, select

from app.domain.events import Event, EventKind, JsonValue
from app.domain.ids import ConversationId
from app.store import tables
from app.store.chain import StoredEvent

_event = tables.event.c
SELECT_AFTER = (
    select(*tables.event.columns).where(_event.seq > bindparam("seq")).order_by(_event.seq).limit(bindparam("number"))
)

Also = Callable[[Connection, tuple[Event, ...]], None]
"""Writes what belongs to events, within their transaction; given them as they were written."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something that happened and is not written down yet. ``wall_ms`` None means now; imports say when it was."""

    conversation_id: ConversationId
    kind: EventKind
    body: Mapping[str, JsonValue] = field(repr=False)
    wall_ms: int | None = None


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event with its place in the log. A shed one has an empty body."""

    seq: int
    event: Event
    is_shed: bool


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of the log: how many events, the last hash, the highest Lamport clock."""

    seq: int
    hash: bytes
    lamport: int


def walk(connection: Connection, seq: int, number: int = 1000) -> Iterator[StoredEvent]:
    """Yield the events behind ``seq`` within the caller's transaction; see ``EventLog.walk_from``."""
    while rows := connection.execute(SELECT_AFTER, {"seq": seq, "number": number}).all():
        yield from (StoredEvent(*row) for row in rows)
        seq = rows[-1].seq
