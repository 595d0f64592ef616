"""Files of a conversation: kept as the sealed chunks that travel, opened only when somebody looks."""

import mimetypes
from pathlib import PurePath

from sqlalchemy import Connection

from app.channel.attachments import open_file, seal_file
from app.channel.errors import AttachmentRefusedError
from app.domain.channel import FileInfo
from app.domain.events import Event, EventKind, JsonValue
from app.domain.ids import ConversationId, EventId
from app.domain.roles import Right
from app.services.channel.contents import file_body, file_content
from app.services.channel.facts import read_event
from app.services.channel.file_fates import read_fates
from app.services.errors import ChannelFault, ChannelRefusedError
from app.services.ledger import Ledger
from app.store.channel import files
from app.store.channel.files import FileRow
from app.store.channel.peers import address_of
from app.store.logged import NewEvent

_ANYTHING = "application/octet-stream"
_MAX_NAME_BYTES = 255
_FAULTS = {"empty": ChannelFault.FILE_EMPTY, "too_large": ChannelFault.FILE_TOO_LARGE}


class Attachments:
    """Takes files from people at the desk and gives them back. Safe from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def attach(self, cid: ConversationId, untrusted_name: str, data: bytes) -> EventId:
        """Send a file: it leaves once the gateway has all of it; return its place in the thread.

        Raises:
            NotYoursError: the role does not answer clients.
            ChannelRefusedError: empty, more than 25 MB, or the conversation did not come over the channel.
        """
        self._ledger.require(Right.ANSWER_CLIENTS)
        with self._ledger.reading() as connection:
            if address_of(connection, cid) is None:
                raise ChannelRefusedError(ChannelFault.NOT_OVER_CHANNEL)
        try:
            sealed = seal_file(data)
        except AttachmentRefusedError as error:
            raise ChannelRefusedError(_FAULTS[error.code]) from None
        name = safe_name(untrusted_name)
        body: dict[str, JsonValue] = {"file": file_body(sealed.content(name, media_type_of(name)))}

        def also(connection: Connection, events: tuple[Event, ...]) -> None:
            row = FileRow(cid, sealed.blob, events[0].event_id, len(sealed.chunks), is_ours=True)
            files.add_file(connection, row)
            for number, chunk in enumerate(sealed.chunks):
                files.write_chunk(connection, row, number, chunk)

        with self._ledger.lock:
            return self._ledger.write_all((NewEvent(cid, EventKind.FILE_SENT, body),), cid, also)[0].event_id

    def read(self, event_id: EventId) -> bytes:
        """Return a file of a thread.

        Raises:
            NotYoursError: the role never sees a message.
            ChannelRefusedError: it is no file, not all of it is here yet, or it is not what its sender described.
        """
        self._ledger.require(Right.READ_MESSAGES)
        with self._ledger.reading() as connection:
            event = read_event(self._ledger, connection, event_id)
            if event is None or event.kind not in {EventKind.FILE_RECEIVED, EventKind.FILE_SENT}:
                raise ChannelRefusedError(ChannelFault.FILE_NOT_HERE)
            row = files.file_of(connection, event.conversation_id, event_id)
            if (EventKind.FILE_LOST, event_id) in read_fates(self._ledger, connection, event.conversation_id):
                raise ChannelRefusedError(ChannelFault.FILE_LOST)
            if row is None or files.count_chunks(connection, row) < row.total:
                raise ChannelRefusedError(ChannelFault.FILE_NOT_HERE)
            try:
                return open_file(file_content(event.body["file"]), files.walk_chunks(connection, row))
            except AttachmentRefusedError:
                raise ChannelRefusedError(ChannelFault.FILE_BROKEN) from None

    def of(self, connection: Connection, cid: ConversationId) -> dict[EventId, FileInfo]:
        """Return the files of a conversation, those that were lost among them."""
        fates = read_fates(self._ledger, connection, cid)
        here = {row.event_id: row.is_ours or row.is_done for row in files.files_of(connection, cid)}
        lost = {event_id: False for kind, event_id in fates if kind is EventKind.FILE_LOST}
        found = {}
        for event_id, is_here in (lost | here).items():
            event = read_event(self._ledger, connection, event_id)
            if event is not None:
                content = file_content(event.body["file"])
                found[event_id] = FileInfo(
                    content["name"],
                    content["type"],
                    content["size"],
                    is_here,
                    is_lost=event_id in lost,
                    is_fetched=(EventKind.FILE_FETCHED, event_id) in fates,
                )
        return found


def safe_name(untrusted_name: str) -> str:
    """Return the last part of a file's name as the protocol takes it: one line, no path, at most 255 bytes."""
    name = "".join(char if char >= " " and char not in "/\\" else "_" for char in PurePath(untrusted_name).name)
    stem, dot, ending = name.rpartition(".")
    ending = f"{dot}{ending}" if stem and len(ending.encode()) <= _MAX_NAME_BYTES // 8 else ""
    stem = name[: len(name) - len(ending)]
    while len(f"{stem}{ending}".encode()) > _MAX_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem}{ending}" or "file"


def media_type_of(name: str) -> str:
    """Return what a file's name says it is."""
    return (mimetypes.guess_type(name, strict=True)[0] or _ANYTHING).lower()
