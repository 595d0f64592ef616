"""What retention must know of every conversation, read in one go from ids, times and counters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select, text

from app.domain.conversation import ConversationState
from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.store import tables
from app.store.chain import StoredEvent
from app.store.codec import KeySource, open_column
from app.store.tombstones import of_kind

_c, _e = tables.conversation.c, tables.event.c
_closed = (
    select(_e.conversation_id, func.max(_e.wall_ms).label("closed_ms"))
    .where(text("kind = 'marked_done'"))
    .group_by(_e.conversation_id)
    .subquery()
)
_SELECT_ALL = select(_c.conversation_id, _c.last_activity_ms, _c.last_seq, _c.state, _closed.c.closed_ms).select_from(
    tables.conversation.outerjoin(_closed, _closed.c.conversation_id == _c.conversation_id)
)
_SELECT_GONE = (
    select(func.count()).select_from(tables.event).where(text("kind = 'erased'"), _e.wall_ms > bindparam("since_ms"))
)
_SELECT_CONTACTS = select(_c.conversation_id, _c.contact).where(
    _c.conversation_id.in_(bindparam("ids", expanding=True))
)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """One conversation. ``closed_ms`` is None while it is not done."""

    conversation_id: ConversationId
    last_message_ms: int
    closed_ms: int | None
    last_seq: int


def read_kept(connection: Connection) -> Iterator[Kept]:
    """Yield every conversation that there is."""
    for row in connection.execute(_SELECT_ALL):
        is_done = row.state == ConversationState.DONE.value
        closed_ms = (row.closed_ms or row.last_activity_ms) if is_done else None
        yield Kept(ConversationId(row.conversation_id), row.last_activity_ms, closed_ms, row.last_seq)


def read_classed(connection: Connection) -> tuple[StoredEvent, ...]:
    """Return, still sealed, every event that put a conversation into a class, oldest first."""
    rows = connection.execute(of_kind(EventKind.RETENTION_CLASSED)).all()
    return tuple(StoredEvent(*row) for row in rows)


def count_gone(connection: Connection, since_ms: int) -> int:
    """Return how many conversations were erased after a time."""
    return int(connection.execute(_SELECT_GONE, {"since_ms": since_ms}).scalar_one())


def read_contacts(connection: Connection, keys: KeySource, ids: Sequence[ConversationId]) -> dict[ConversationId, str]:
    """Return the contact's name of each conversation that is there."""
    found: dict[ConversationId, str] = {}
    for start in range(0, len(ids), _AT_ONCE):
        for row in connection.execute(_SELECT_CONTACTS, {"ids": list(ids[start : start + _AT_ONCE])}):
            cid = ConversationId(row.conversation_id)
            if not keys.has(cid):
                continue
            found[cid] = open_column(keys.key_for(cid), row.contact, "conversation.contact", cid, "", 0)
    return found
