"""Moving files between vault and gateway, chunk by chunk; a transfer that was cut goes on at the chunk that is missing.

What comes is opened once, to see that it is what its sender described, before the gateway may forget it. So much of one
conversation comes by itself; the rest when somebody wants to see it, so that no visitor fills the desk's disk.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from app.channel.attachments import open_file
from app.channel.errors import AttachmentRefusedError
from app.channel.link.errors import LinkRefusedError
from app.domain.events import Event, EventKind
from app.domain.ids import ConversationId, EventId
from app.services.channel.contents import file_content
from app.services.channel.conversing import Conversing
from app.services.channel.facts import read_event
from app.services.channel.file_fates import fate_of
from app.services.channel.ports import ChannelLink
from app.services.ledger import Ledger
from app.store.channel import files
from app.store.channel.files import FileRow
from app.store.channel.peers import address_of
from app.store.logged import Also

ANSWER_S = 60.0
CHUNKS_AT_ONCE = 16
MAX_FILES = 20
MAX_CHUNKS = 3_200
"""About 200 MB of one conversation; more comes when a person asks for it."""
FIRST_REST_MS, LONGEST_REST_MS = 60_000, 3_600_000
MAX_BROKEN = 3
"""So often a file may come other than described before it counts as lost."""

_log = logging.getLogger(__name__)


class FileMover:
    """Moves the files of one link."""

    def __init__(
        self,
        ledger: Ledger,
        conversing: Conversing,
        link: ChannelLink,
        between: Callable[[], object],
        is_over: Callable[[], bool],
    ) -> None:
        """Serve a link; ``between`` lets messages pass between two batches of chunks."""
        self._ledger = ledger
        self._conversing = conversing
        self._link = link
        self._between = between
        self._is_over = is_over
        self._resting: dict[bytes, tuple[int, int]] = {}
        self._wanted: set[EventId] = set()
        self._broken: Counter[bytes] = Counter()

    def want(self, event_id: EventId) -> None:
        """Fetch this file at the next round, whatever has come of its conversation."""
        self._wanted.add(event_id)
        self._resting.clear()

    def move(self) -> None:
        """Move what can be moved now.

        Raises:
            ChannelError: the link went down.
        """
        for row, address in self._due():
            if self._is_over():
                return
            try:
                self._upload(row, address) if row.is_ours else self._download(row, address)
            except (LinkRefusedError, AttachmentRefusedError) as error:
                _log.debug("a file waits: %s", error.code)
                if not row.is_ours and self._is_lost(row, error):
                    self._lose(row)
                else:
                    self._rest(row)

    def _is_lost(self, row: FileRow, error: LinkRefusedError | AttachmentRefusedError) -> bool:
        """Whether the gateway does not have it: a sender leaves a file there before the message that names it."""
        if isinstance(error, LinkRefusedError):
            return error.code == "unknown"
        self._broken[row.blob] += 1
        return self._broken[row.blob] >= MAX_BROKEN

    def _lose(self, row: FileRow) -> None:
        """Give a visitor's file up; its sender is asked to send it again, and the thread says so."""
        with self._ledger.lock:
            self._write_fate(row, EventKind.FILE_LOST, lambda connection, _events: files.remove_file(connection, row))
        self._wanted.discard(row.event_id)
        self._resting.pop(row.blob, None)
        self._broken.pop(row.blob, None)

    def _due(self) -> list[tuple[FileRow, bytes]]:
        now_ms, found = self._ledger.now_ms(), []
        came: dict[ConversationId, tuple[int, int]] = {}
        with self._ledger.reading() as connection:
            for row in files.undone(connection):
                address = address_of(connection, row.conversation_id)
                until_ms, _delay = self._resting.get(row.blob, (0, 0))
                if address is None or until_ms > now_ms:
                    continue
                if not row.is_ours and row.event_id not in self._wanted:
                    if row.conversation_id not in came:
                        came[row.conversation_id] = files.count_come(connection, row.conversation_id)
                    number, chunks = came[row.conversation_id]
                    came[row.conversation_id] = number + 1, chunks + row.total
                    if number >= MAX_FILES or chunks + row.total > MAX_CHUNKS:
                        continue
                found.append((row, address))
        return found

    def _rest(self, row: FileRow) -> None:
        _until, delay_ms = self._resting.get(row.blob, (0, FIRST_REST_MS // 2))
        delay_ms = min(2 * delay_ms, LONGEST_REST_MS)
        self._resting[row.blob] = self._ledger.now_ms() + delay_ms, delay_ms

    def _upload(self, row: FileRow, address: bytes) -> None:
        for index in range(row.total):
            with self._ledger.reading() as connection:
                chunk = files.read_chunk(connection, row, index)
            if chunk is None:
                return  # erased meanwhile
            self._link.blob_put(address, row.blob, index, row.total, chunk).result(ANSWER_S)
            if index % CHUNKS_AT_ONCE == CHUNKS_AT_ONCE - 1:
                self._between()
        self._finish(row)

    def _download(self, row: FileRow, address: bytes) -> None:
        with self._ledger.reading() as connection:
            have = files.count_chunks(connection, row)
        while have < row.total:
            until = min(have + CHUNKS_AT_ONCE, row.total)
            futures = [self._link.blob_get(address, row.blob, index) for index in range(have, until)]
            self._keep(row, have, [future.result(ANSWER_S)[1] for future in futures])
            have = until
            self._between()
        self._require_whole(row)
        self._finish(row)
        self._link.blob_drop(address, row.blob).result(ANSWER_S)

    def _require_whole(self, row: FileRow) -> None:
        """Open what came; what is not as described goes, and is fetched again later."""
        with self._ledger.reading() as connection:
            event = read_event(self._ledger, connection, row.event_id)
            if event is None:
                return
            try:
                open_file(file_content(event.body["file"]), files.walk_chunks(connection, row))
            except AttachmentRefusedError as error:
                problem = error
            else:
                return
        self._ledger.settle(lambda connection, _events: files.drop_chunks(connection, row))
        raise problem

    def _keep(self, row: FileRow, start: int, chunks: Sequence[bytes]) -> None:
        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            if files.file_of(connection, row.conversation_id, row.event_id) is not None:  # not erased meanwhile
                for number, chunk in enumerate(chunks, start):
                    files.write_chunk(connection, row, number, chunk)

        self._ledger.settle(also)

    def _finish(self, row: FileRow) -> None:
        """Note that a file is where it shall be: a message that names ours leaves, a visitor is told of his."""

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            files.mark_done(connection, row)
            if row.is_ours:
                held = self._conversing.load(connection, row.conversation_id)
                if held is not None:
                    self._conversing.write(connection, held)

        if row.is_ours:
            self._ledger.settle(also)
            self._ledger.tell(row.conversation_id)
            return
        with self._ledger.lock:
            self._write_fate(row, EventKind.FILE_KEPT, also)
        self._wanted.discard(row.event_id)
        self._broken.pop(row.blob, None)

    def _write_fate(self, row: FileRow, kind: EventKind, also: Also) -> None:
        """Write what became of a visitor's file; it rides to him in the same transaction."""
        with self._ledger.reading() as connection:
            fate = fate_of(connection, row, kind)
        if fate is not None:
            self._ledger.write_all((fate,), row.conversation_id, also, is_by_visitor=True)
