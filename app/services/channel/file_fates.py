"""What became of files on their way, told to both sides: kept, lost, fetched, asked for again (channel.md §9).

A file is at the desk once all of it was fetched, opened and stored, not when the message that names it came. What the
gateway lost of a visitor's is asked for again; what it lost of ours is left there once more, under the same name.
"""

from sqlalchemy import Connection, bindparam, select

from app.channel.kinds import Kind
from app.channel.received import Received
from app.domain.events import EventKind
from app.domain.ids import ConversationId, EventId
from app.domain.strict_json import to_base64
from app.services.ledger import Ledger
from app.store import tables
from app.store.chain import StoredEvent
from app.store.channel import files, outbox
from app.store.channel.files import FileRow
from app.store.logged import NewEvent

AGAIN_MS = 600_000
"""So long after a file was asked for again it is not once more: it may be on its way."""

_KINDS = (EventKind.FILE_LOST, EventKind.FILE_FETCHED, EventKind.FILE_ASKED)
_event = tables.event.c
_FATES = (
    select(*tables.event.columns)
    .where(_event.conversation_id == bindparam("cid"), _event.kind.in_([kind.value for kind in _KINDS]))
    .order_by(_event.seq)
)


def read_fates(ledger: Ledger, connection: Connection, cid: ConversationId) -> dict[tuple[EventKind, EventId], int]:
    """Return when a file of a conversation was last lost, fetched or asked for, by what happened and its event."""
    rows = [StoredEvent(*row) for row in connection.execute(_FATES, {"cid": cid})]
    events = [ledger.log.logged(row).event for row in rows if not row.is_shed]
    return {(event.kind, EventId(str(event.body["event_id"]))): event.wall_ms for event in events}


def fate_of(connection: Connection, row: FileRow, kind: EventKind) -> NewEvent | None:
    """Return the event that says what became of a visitor's file; its sender is told of it."""
    ids = outbox.messages_of(connection, row.conversation_id, row.event_id)
    if not ids or files.file_of(connection, row.conversation_id, row.event_id) is None:
        return None  # erased meanwhile
    return NewEvent(row.conversation_id, kind, {"event_id": row.event_id, "message": to_base64(ids[0])})


def heard_of(ledger: Ledger, connection: Connection, cid: ConversationId, found: Received) -> NewEvent | None:
    """Return the event of what a visitor's browser says of one of our files; None when it says nothing new."""
    kind = _HEARD.get(found.kind)
    event_id = None if kind is None else outbox.event_of(connection, cid, found.content["id"])
    row = None if event_id is None else files.file_of(connection, cid, event_id)
    if kind is None or row is None or not (row.is_ours and row.is_done):
        return None
    last_ms = read_fates(ledger, connection, cid).get((kind, row.event_id))
    is_news = last_ms is None or (kind is EventKind.FILE_ASKED and ledger.now_ms() - last_ms >= AGAIN_MS)
    return NewEvent(cid, kind, {"event_id": row.event_id}) if is_news else None


def leave_again(connection: Connection, cid: ConversationId, event_id: EventId) -> None:
    """Have one of our files uploaded once more, and the message that names it sent once more behind it."""
    row = files.file_of(connection, cid, event_id)
    if row is not None:
        files.mark_undone(connection, row)
        outbox.say_again(connection, cid, outbox.messages_of(connection, cid, event_id))


_HEARD = {Kind.FETCHED: EventKind.FILE_FETCHED, Kind.MISSING: EventKind.FILE_ASKED}
