"""Files of conversations: chunks of ciphertext as they travel, in both directions; their keys are in the events.

Kept in the padded chunks of the protocol (64 KiB and a tag): what is here can be sent, fetched on and opened as it is,
and a transfer that was cut goes on at the chunk that is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from app.domain.ids import ConversationId, EventId
from app.store.channel.tables import chunk, file, message

_f, _c = file.c, chunk.c
_HERE = _f.conversation_id == bindparam("cid")
_BY_EVENT = select(file).where(_HERE, _f.event_id == bindparam("event"))
_IN_CONVERSATION = select(file).where(_HERE)
_UNDONE = select(file).where(~_f.is_done).order_by(_f.event_id)
_THIS = (_c.conversation_id == bindparam("cid"), _c.blob == bindparam("name"))
_COUNT = select(func.count()).select_from(chunk).where(*_THIS)
_CHUNKS = select(_c.data).where(*_THIS).order_by(_c.number)
_ARRIVED = select(message.c.event_id).where(message.c.is_ours, message.c.state.in_((3, 4)))
_UPLOAD_AGAIN = update(file).where(_f.is_ours, _f.event_id.not_in(_ARRIVED)).values(is_done=False)
_CHUNK = select(_c.data).where(*_THIS, _c.number == bindparam("n"))
_DROP = delete(chunk).where(*_THIS)
_COME = select(func.count(), func.sum(_f.total)).where(_HERE, _f.is_done, ~_f.is_ours)
_DONE = update(file).where(_HERE, _f.blob == bindparam("name")).values(is_done=True)
_UNDONE_AGAIN = update(file).where(_HERE, _f.blob == bindparam("name")).values(is_done=False)
_FORGET = delete(file).where(_HERE, _f.blob == bindparam("name"))
_REPLACE_CHUNK = insert(chunk).prefix_with("OR REPLACE")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a conversation: ``total`` chunks, to the gateway when it is ours, else from there."""

    conversation_id: ConversationId
    blob: bytes
    event_id: EventId
    total: int
    is_ours: bool
    is_done: bool = False


def add_file(connection: Connection, row: FileRow) -> None:
    """Note a file that is to travel."""
    connection.execute(insert(file).prefix_with("OR IGNORE"), {name: getattr(row, name) for name in _FILE})


def file_of(connection: Connection, cid: ConversationId, event_id: EventId) -> FileRow | None:
    """Return the file of an event."""
    row = connection.execute(_BY_EVENT, {"cid": cid, "event": event_id}).one_or_none()
    return None if row is None else _file(row)


def files_of(connection: Connection, cid: ConversationId) -> tuple[FileRow, ...]:
    """Return the files of a conversation."""
    return tuple(_file(row) for row in connection.execute(_IN_CONVERSATION, {"cid": cid}))


def undone(connection: Connection) -> tuple[FileRow, ...]:
    """Return the files that are still to travel, oldest first."""
    return tuple(_file(row) for row in connection.execute(_UNDONE))


def mark_done(connection: Connection, row: FileRow) -> None:
    """Note that all of a file is where it shall be."""
    connection.execute(_DONE, {"cid": row.conversation_id, "name": row.blob})


def mark_undone(connection: Connection, row: FileRow) -> None:
    """Count a file as not travelled: it goes once more."""
    connection.execute(_UNDONE_AGAIN, {"cid": row.conversation_id, "name": row.blob})


def remove_file(connection: Connection, row: FileRow) -> None:
    """Forget a file and what has come of it."""
    drop_chunks(connection, row)
    connection.execute(_FORGET, {"cid": row.conversation_id, "name": row.blob})


def upload_again(connection: Connection) -> None:
    """Count our files whose message has not arrived as not uploaded: the gateway may have lost them as well."""
    connection.execute(_UPLOAD_AGAIN)


def write_chunk(connection: Connection, row: FileRow, number: int, data: bytes) -> None:
    """Keep one chunk."""
    values = {"conversation_id": row.conversation_id, "blob": row.blob, "number": number, "data": data}
    connection.execute(_REPLACE_CHUNK, values)


def count_chunks(connection: Connection, row: FileRow) -> int:
    """Return how many chunks of a file are here; they come in order."""
    return int(connection.execute(_COUNT, {"cid": row.conversation_id, "name": row.blob}).scalar_one())


def read_chunk(connection: Connection, row: FileRow, number: int) -> bytes | None:
    """Return one chunk, None when it is not here."""
    found = connection.execute(_CHUNK, {"cid": row.conversation_id, "name": row.blob, "n": number}).scalar()
    return None if found is None else bytes(found)


def drop_chunks(connection: Connection, row: FileRow) -> None:
    """Forget what has come of a file."""
    connection.execute(_DROP, {"cid": row.conversation_id, "name": row.blob})


def count_come(connection: Connection, cid: ConversationId) -> tuple[int, int]:
    """Return how many files of the visitor are here, and in how many chunks."""
    number, chunks = connection.execute(_COME, {"cid": cid}).one()
    return int(number), int(chunks or 0)


def walk_chunks(connection: Connection, row: FileRow) -> Iterator[bytes]:
    """Yield the chunks of a file in order."""
    yield from connection.execute(_CHUNKS, {"cid": row.conversation_id, "name": row.blob}).scalars()


def _file(row: object) -> FileRow:
    return FileRow(**{name: getattr(row, name) for name in _FILE})


_FILE = ("conversation_id", "blob", "event_id", "total", "is_ours", "is_done")
