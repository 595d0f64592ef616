"""What the log says is gone: erased conversations, and messages that lost words.

A body may be missing from the log for four reasons: a newer text of the composer replaced it, a newer rule of the
office did, its conversation was erased, or its message was redacted. The chain knows the first two; the rest is here.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Select, select, text

from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.store import tables
from app.store.chain import StoredEvent

_event = tables.event.c


def of_kind(kind: EventKind, *columns: Any) -> Select[Any]:
    """Return the query for every event of a rare kind, oldest first, that the index over those kinds answers."""
    if kind.value not in tables.INDEXED_KINDS:
        raise ValueError(f"{kind.value} has no index")
    return select(*(columns or tables.event.columns)).where(text(f"event.kind = '{kind.value}'")).order_by(_event.seq)


ERASED_IDS = of_kind(EventKind.ERASED, _event.conversation_id).order_by(None)
"""The ids of every erased conversation."""

_REDACTED_IDS = of_kind(EventKind.MESSAGE_REDACTED, _event.conversation_id).order_by(None)


def erased_ids(connection: Connection) -> frozenset[ConversationId]:
    """Return the conversations that have a tombstone."""
    return frozenset(map(ConversationId, connection.execute(ERASED_IDS).scalars()))


def shed_excuse(connection: Connection) -> Callable[[StoredEvent], bool]:
    """Return the question whether an event may have lost its body, as far as that shows without a key.

    The log is looked at when the first event asks; usually none does.
    """
    known: list[frozenset[str]] = []

    def may_be_shed(event: StoredEvent) -> bool:
        if not known:
            known.append(frozenset(connection.execute(ERASED_IDS).scalars()))
            known[0] |= frozenset(connection.execute(_REDACTED_IDS).scalars())
        return event.conversation_id in known[0]

    return may_be_shed
