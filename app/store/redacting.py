"""Taking words out of a thread: what is left of the events that held them, and the tables that showed them.

One event per conversation carries the bodies that take the place of those that were shed; a later redaction carries on
what the earlier one left, and the earlier one is shed as well, because it may hold words that are to go now::

    bodies: {event id: the body that stands from now on, or null when none does}

The texts of drafts and proposals are work in progress that may quote anything: all of them in the conversation go. What
was sent or noted stays, but for the words.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from app.domain.events import Event, EventKind, JsonValue
from app.domain.ids import ConversationId, EventId, PersonId
from app.store import tables
from app.store.chain import StoredEvent
from app.store.codec import KeySource, seal_column
from app.store.errors import StoreBugError, WalledOffError
from app.store.items import item_of, snippet_of
from app.store.logged import LoggedEvent
from app.store.tombstones import ERASED_IDS, of_kind

Opened = Callable[[StoredEvent], LoggedEvent]
"""``EventLog.logged``: a stored event with its body opened."""

Bodies = Mapping[EventId, Mapping[str, JsonValue] | None]
"""What stands in the place of each shed event; None where nothing does."""

MESSAGE_KINDS = frozenset({EventKind.MESSAGE_RECEIVED, EventKind.MESSAGE_SENT, EventKind.NOTE_ADDED})
"""What a person can take words out of."""

FILE_KINDS = frozenset({EventKind.FILE_RECEIVED, EventKind.FILE_SENT})
"""What a person can take out whole: the name, and with the body the key of the file."""

_event, _item, _conversation = tables.event.c, tables.thread_item.c, tables.conversation.c
_SELECT_SEQS = select(_event.seq).where(_event.event_id.in_(bindparam("ids", expanding=True)))
_SELECT_EVENT = select(*tables.event.columns).where(_event.event_id == bindparam("event_id"))
_SELECT_SNIPPET_SEQ = select(_conversation.snippet_seq).where(_conversation.conversation_id == bindparam("cid"))
_SELECT_SHEDDABLE = select(tables.unsent.c.sheddable_seq).where(tables.unsent.c.conversation_id == bindparam("cid"))
_UPDATE_ITEM = (
    update(tables.thread_item)
    .where(_item.conversation_id == bindparam("cid"), _item.seq == bindparam("at"))
    .values(content=bindparam("sealed"))
)


class RedactionTables:
    """Applies a redaction within the caller's transaction; a part of ``Projector``."""

    def __init__(self, connection: Connection, keys: KeySource) -> None:
        self._connection = connection
        self._keys = keys

    def apply(self, event: Event) -> tuple[list[int], tuple[str, int] | None]:
        """Show what is left; return the numbers of the events to shed, and the snippet when it has changed."""
        cid, bodies = event.conversation_id, _bodies_of(event)
        seqs = list(self._connection.execute(_SELECT_SEQS, {"ids": list(bodies)}).scalars())
        seqs += [seq for seq in self._connection.execute(_SELECT_SHEDDABLE, {"cid": cid}).scalars() if seq is not None]
        for table in (tables.unsent, tables.proposal):
            self._connection.execute(delete(table).where(table.c.conversation_id == cid))
        return seqs, self._show(cid, EventId(str(event.body["event_id"])), bodies)

    def _show(self, cid: ConversationId, target: EventId, bodies: Bodies) -> tuple[str, int] | None:
        row = self._connection.execute(_SELECT_EVENT, {"event_id": target}).one_or_none()
        body = bodies.get(target)
        if row is None or body is None or row.conversation_id != cid:
            raise StoreBugError("a redaction names a message of its own conversation")
        item = item_of(_event_of(StoredEvent(*row), body))
        assert item is not None
        key, seq = self._keys.key_for(cid), int(row.seq)
        sealed = seal_column(key, item.content, "thread_item.content", cid, target, seq)
        self._connection.execute(_UPDATE_ITEM, {"cid": cid, "at": seq, "sealed": sealed})
        is_snippet = self._connection.execute(_SELECT_SNIPPET_SEQ, {"cid": cid}).scalar() == seq
        return (snippet_of(str(item.content["text"])), seq) if is_snippet else None


def read_bodies(connection: Connection, opened: Opened, cid: ConversationId | None = None) -> dict[EventId, Any]:
    """Return what stands in the place of shed events, of one conversation or of all."""
    query = of_kind(EventKind.MESSAGE_REDACTED)
    rows = connection.execute(query if cid is None else query.where(_event.conversation_id == cid)).all()
    found: dict[EventId, Any] = {}
    for row in rows:
        stored = StoredEvent(*row)
        if not stored.is_shed:
            with suppress(WalledOffError):  # whoever is within reads it
                found |= _bodies_of(opened(stored).event)
    return found


def exact_excuse(
    connection: Connection, opened: Opened, walled_off: Collection[ConversationId] = ()
) -> Callable[[StoredEvent], bool]:
    """Return the question of ``shed_excuse`` for somebody with keys: whether a redaction names this very event.

    Behind a wall that one is outside of, a redaction of the conversation excuses whatever is missing in it.
    """
    known: list[tuple[frozenset[str], frozenset[str]]] = []

    def may_be_shed(event: StoredEvent) -> bool:
        if not known:
            erased = frozenset(connection.execute(ERASED_IDS).scalars())
            redacted = of_kind(EventKind.MESSAGE_REDACTED, _event.conversation_id).order_by(None)
            erased |= frozenset(connection.execute(redacted).scalars()) & frozenset(walled_off)
            known.append((erased, frozenset(read_bodies(connection, opened))))
        erased, shed_ids = known[0]
        return event.conversation_id in erased or event.event_id in shed_ids

    return may_be_shed


def with_bodies(entries: Iterable[LoggedEvent], bodies: Bodies) -> Iterable[LoggedEvent]:
    """Yield events as they stand now: a shed one with the body that took the place of its own."""
    for entry in entries:
        body = bodies.get(entry.event.event_id) if entry.is_shed else None
        yield entry if body is None else replace(entry, event=replace(entry.event, body=body), is_shed=False)


def texts_left(event: Event) -> dict[EventId, str]:
    """Return the texts of messages and notes that a redaction leaves, by the id of their event."""
    return {
        event_id: str(body["text"])
        for event_id, body in _bodies_of(event).items()
        if body is not None and "releases_at_ms" not in body and "text" in body
    }


def _bodies_of(event: Event) -> Bodies:
    bodies = event.body["bodies"]
    assert isinstance(bodies, dict)
    found: dict[EventId, Mapping[str, JsonValue] | None] = {}
    for event_id, body in bodies.items():
        assert body is None or isinstance(body, dict)
        found[EventId(event_id)] = body
    return found


def _event_of(stored: StoredEvent, body: Mapping[str, JsonValue]) -> Event:
    return Event(
        event_id=EventId(stored.event_id),
        conversation_id=ConversationId(stored.conversation_id),
        actor=PersonId(stored.actor),
        lamport=stored.lamport,
        wall_ms=stored.wall_ms,
        kind=EventKind(stored.kind),
        schema=stored.schema,
        body=body,
    )
