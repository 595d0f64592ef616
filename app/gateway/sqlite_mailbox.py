"""The embedded mailbox: one SQLite file, one thread that writes it in groups, one that reads it.

It holds ciphertext, hashes and sizes. Losing it loses time, not messages: senders keep what they sent until the other
end has it (threat-model.md §6.7).
"""

import asyncio
import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from app.domain.post import BlobPut, NoCode
from app.domain.post_sign_in import SignInCode
from app.gateway import sqlite_blobs, sqlite_boxes, sqlite_frames
from app.gateway.errors import MailboxPlaceError, PlaceProblem, RefusedError
from app.gateway.mailbox import KEEP_MS, UNFINISHED_MS, Arrival, Direction, Held, Newcomer
from app.gateway.sqlite_schema import empty_log, open_for_reading, open_for_writing
from app.gateway.sqlite_writer import GroupWriter

MIN_FREE_BYTES: Final = 64 * 1024 * 1024
"""Nothing new is kept when the disk has less: what is taken or closed must still be deleted, and that writes too."""
MAX_FILE_BYTES: Final = 20 * 1024**3
_FOR_TEXTS: Final = 4
"""Attachments leave a quarter of the file to texts, and stop at four times the free space at which texts stop."""
_LOOK_AGAIN_S: Final = 0.25
_PRIVATE_FOLDER: Final = 0o700

T = TypeVar("T")


class SqliteMailbox:
    """The mailboxes of one gateway in one file; see :class:`~app.gateway.mailbox.Mailbox` for every call.

    Args:
        file: where; its folder is made when it is missing.
        min_free_bytes: see ``MIN_FREE_BYTES``.
        max_file_bytes: see ``MAX_FILE_BYTES``.
    """

    def __init__(
        self, file: Path, *, min_free_bytes: int = MIN_FREE_BYTES, max_file_bytes: int = MAX_FILE_BYTES
    ) -> None:
        self._file = file
        self._room = _Room(file, min_free_bytes, max_file_bytes)
        self._writer = GroupWriter(lambda: open_for_writing(file))
        self._reading: ThreadPoolExecutor | None = None
        self._reader: sqlite3.Connection | None = None
        self._lock = -1
        self._on_arrival: Arrival = lambda _address, _direction: None

    def __repr__(self) -> str:
        return "<SqliteMailbox>"

    @property
    def is_well(self) -> bool:
        """Whether the last change became durable and there is room for the next."""
        return self._writer.is_well and self._room.problem() is None

    async def start(self, on_arrival: Arrival) -> None:
        """Open the file, and nobody else may.

        Raises:
            MailboxPlaceError: FOLDER, BUSY, DAMAGED or NEWER.
        """
        self._on_arrival = on_arrival
        self._lock = _lock_out_others(self._file)
        self._writer.start()
        self._reader = open_for_reading(self._file)
        self._reading = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mailbox-reader")

    async def stop(self) -> None:
        """Finish what was accepted, then close the file."""
        if self._reading is not None and self._reader is not None:
            self._reading.shutdown(wait=True)
            self._reader.close()
        await self._writer.stop()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    async def admit(self, newcomer: Newcomer, now_ms: int) -> SignInCode | None:
        """See the interface. A return to one's own mailbox reads; only a first contact writes."""
        code, claims = await self._read(lambda db: sqlite_boxes.decide(db, newcomer, now_ms))
        if newcomer.is_peek:
            return code
        if claims or (code is SignInCode.UNKNOWN and newcomer.may_make):
            self._room.require()
            return await self._writer.run(lambda db: sqlite_boxes.admit(db, newcomer, now_ms))
        return code

    async def put(self, address: bytes, direction: Direction, frame: bytes, now_ms: int) -> int:
        """See the interface."""
        self._room.require()
        seq, _ = await self._writer.run(
            lambda db: sqlite_frames.put(db, address, direction, frame, now_ms),
            after=lambda kept: self._on_arrival(address, direction) if kept[1] else None,
        )
        return seq

    async def waiting(self, direction: Direction, address: bytes | None, after: int, limit: int) -> list[Held]:
        """See the interface."""
        return await self._read(lambda db: sqlite_frames.waiting(db, direction, address, after, limit))

    async def taken(self, address: bytes, direction: Direction, seq: int) -> None:
        """See the interface."""
        await self._writer.run(lambda db: sqlite_frames.taken(db, address, direction, seq))

    async def put_chunk(self, put: BlobPut, now_ms: int) -> None:
        """See the interface."""
        self._room.require(is_attachment=True)
        await self._writer.run(lambda db: sqlite_blobs.put_chunk(db, put, now_ms))

    async def chunk(self, address: bytes, blob: bytes, index: int) -> tuple[int, bytes]:
        """See the interface."""
        return await self._read(lambda db: sqlite_blobs.chunk(db, address, blob, index))

    async def drop_blob(self, address: bytes, blob: bytes) -> None:
        """See the interface."""
        await self._writer.run(lambda db: sqlite_blobs.drop(db, address, blob))

    async def make(self, address: bytes, token_hash: bytes, until_ms: int, now_ms: int) -> None:
        """See the interface."""
        self._room.require()
        await self._writer.run(lambda db: sqlite_boxes.make(db, address, token_hash, until_ms, now_ms))

    async def close(self, address: bytes, now_ms: int) -> None:
        """See the interface."""
        await self._writer.run(lambda db: sqlite_boxes.close(db, address, now_ms))
        await self._writer.tidy(empty_log)

    async def holdings(self, after: bytes, now_ms: int) -> dict[str, object]:
        """See the interface."""
        return await self._read(lambda db: sqlite_boxes.holdings(db, after, now_ms))

    async def wipe(self) -> None:
        """See the interface."""
        await self._writer.run(sqlite_boxes.wipe)
        await self._writer.tidy(empty_log)

    async def document(self) -> bytes | None:
        """See the interface."""
        return await self._read(lambda db: sqlite_boxes.kept(db, "document"))

    async def keep_document(self, document: bytes, seq: int) -> None:
        """See the interface."""
        await self._writer.run(lambda db: sqlite_boxes.keep_document(db, document, seq))

    async def sweep(self, now_ms: int) -> None:
        """See the interface; what was deleted leaves the write-ahead log, too."""

        def forget(db: sqlite3.Connection) -> None:
            sqlite_frames.forget_old(db, now_ms - KEEP_MS)
            sqlite_blobs.forget_old(db, now_ms - KEEP_MS, now_ms - UNFINISHED_MS)
            sqlite_boxes.forget_old(db, now_ms)

        await self._writer.run(forget)
        await self._writer.tidy(empty_log)

    async def _read(self, step: Callable[[sqlite3.Connection], T]) -> T:
        assert self._reading is not None
        assert self._reader is not None
        try:
            return await asyncio.get_running_loop().run_in_executor(self._reading, step, self._reader)
        except sqlite3.Error as problem:
            raise RefusedError(NoCode.DISK) from problem


class _Room:
    """Whether there is room for more; looked up a few times a second."""

    def __init__(self, file: Path, min_free_bytes: int, max_file_bytes: int) -> None:
        self._file, self._min_free_bytes, self._max_file_bytes = file, min_free_bytes, max_file_bytes
        self._seen: tuple[int, int] | None = None
        self._again_s = 0.0

    def problem(self, *, is_attachment: bool = False) -> NoCode | None:
        """Return why nothing more is taken; attachments stop before texts do."""
        if time.monotonic() >= self._again_s:
            self._again_s = time.monotonic() + _LOOK_AGAIN_S
            self._seen = self._look()
        if self._seen is None:
            return NoCode.DISK
        free, size = self._seen
        kept_free, most = self._min_free_bytes, self._max_file_bytes
        if is_attachment:
            kept_free, most = kept_free * _FOR_TEXTS, most - most // _FOR_TEXTS
        if free < kept_free:
            return NoCode.DISK
        return NoCode.FULL if size > most else None

    def require(self, *, is_attachment: bool = False) -> None:
        """Raise RefusedError when there is no room."""
        problem = self.problem(is_attachment=is_attachment)
        if problem is not None:
            raise RefusedError(problem)

    def _look(self) -> tuple[int, int] | None:
        """Return (free bytes of the disk, bytes of the file and its log); None when neither can be told."""
        written = (self._file, self._file.with_name(f"{self._file.name}-wal"))
        try:
            free = shutil.disk_usage(self._file.parent).free
            return free, sum(file.stat().st_size for file in written if file.exists())
        except OSError:
            return None


def _lock_out_others(file: Path) -> int:
    """Return the descriptor of a lock beside the file: two gateways on one would not hear of each other's arrivals.

    Raises:
        MailboxPlaceError: FOLDER or BUSY.
    """
    try:
        file.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        lock = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise MailboxPlaceError(PlaceProblem.FOLDER) from problem
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        os.close(lock)
        raise MailboxPlaceError(PlaceProblem.BUSY) from problem
    return lock
