"""Carrying what waits to the gateway: errands, frames, files; again and again with the same bytes, until it is there.

``round`` does everything that can be done now, on the caller's thread. ``Courier.start`` has a thread of its own do so
whenever something was written, the link comes up, or half a minute has gone by.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from app.channel.errors import ChannelError
from app.domain.channel import LinkPhase
from app.domain.events import Event
from app.services.channel.conversing import Conversing
from app.services.channel.ports import ChannelLink
from app.services.ledger import Ledger
from app.store.channel import files, outbox
from app.store.channel.files import FileRow
from app.store.channel.invitations import Errand, due_errands, put_off, remove_errand
from app.store.channel.outbox import OutboxRow
from app.store.channel.peers import address_of
from app.store.errors import StoreError

BATCH = 64
ANSWER_S = 60.0
IDLE_S = 30.0
GRACE_S = 5.0
AGAIN_MS = 60_000
CHUNKS_AT_ONCE = 16
_GIVE_UP = frozenset({"conflict", "malformed", "not_yours", "unknown", "closed", "too_large"})
"""Answers that the same bytes will get again; whatever else comes, the frame waits and is tried once more."""

_log = logging.getLogger(__name__)


class Courier:
    """Carries for one link."""

    def __init__(
        self, ledger: Ledger, conversing: Conversing, link: ChannelLink, upkeep: Callable[[], object] = lambda: None
    ) -> None:
        """Serve a link; ``upkeep`` is called before each round of the thread: cards, gaps, invitations."""
        self._ledger = ledger
        self._conversing = conversing
        self._link = link
        self._upkeep = upkeep
        self._wake = threading.Event()
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None

    # -- the thread ----------------------------------------------------------------------------------------------

    def start(self, *, has_thread: bool = True) -> None:
        """Begin to carry. What had not arrived when the program ended counts as unsent."""
        self._ledger.settle(lambda connection, _events: outbox.send_all_again(connection))
        if not has_thread:
            return
        self._thread = threading.Thread(target=self._run, name="vestibule-courier", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Do a round soon."""
        self._wake.set()

    def stop(self) -> None:
        """End the thread; a round under way ends with the link. Waits at most ``GRACE_S``."""
        self._is_over.set()
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(GRACE_S)

    def _run(self) -> None:
        while not self._is_over.is_set():
            self._wake.wait(IDLE_S)
            self._wake.clear()
            if self._is_over.is_set():
                return
            try:
                self._upkeep()
                if self._link.state.phase is LinkPhase.ON:
                    self.round()
            except Exception as error:  # noqa: BLE001 - the outermost function of a thread
                _log.error("the courier failed: %s", type(error).__name__)

    # -- one round -----------------------------------------------------------------------------------------------

    def round(self) -> None:
        """Do everything that can be done now; ends early when the link goes down."""
        try:
            self._run_errands()
            self._send_frames()
            self._move_files()
            self._send_frames()
        except ChannelError as error:
            _log.debug("the rest waits: %s", error.code)

    def _run_errands(self) -> None:
        while True:
            now_ms = self._ledger.now_ms()
            with self._ledger.reading() as connection:
                due = due_errands(connection, now_ms, BATCH)
            if not due:
                return
            for one in due:
                self._run_errand(one, now_ms)

    def _run_errand(self, one: Errand, now_ms: int) -> None:
        try:
            self._errand(one).result(ANSWER_S)
        except ChannelError as error:
            if error.code not in _GIVE_UP:
                self._ledger.settle(lambda connection, _events: put_off(connection, one.row_id, now_ms + AGAIN_MS))
                raise
        self._ledger.settle(lambda connection, _events: remove_errand(connection, one.row_id))

    def _errand(self, one: Errand) -> "Future[Any]":
        match one.kind:
            case "open":
                return self._link.open_mailbox(one.address, one.payload, one.until_ms)
            case "close":
                return self._link.close_mailbox(one.address)
            case _:
                return self._link.put(one.address, one.payload)

    def _send_frames(self) -> None:
        while True:
            with self._ledger.reading() as connection:
                rows = outbox.unsent(connection, BATCH)
            if not rows or not self._send(rows):
                return

    def _send(self, rows: Sequence[OutboxRow]) -> bool:
        """Send frames and note which of them the gateway has; say whether none is left."""
        futures = [(row, self._link.put(row.address, row.frame)) for row in rows]
        wait([future for _row, future in futures], ANSWER_S)
        stored, given_up = [], []
        for row, future in futures:
            code = _code_of(future)
            if code is None:
                stored.append(row)
            elif code in _GIVE_UP:
                given_up.append(row)
        if given_up:
            _log.warning("the gateway does not take %d frames", len(given_up))

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            for row in stored:
                outbox.mark_stored(connection, row)
            for row in given_up:
                outbox.mark_stored(connection, replace(row, message_id=None))

        if stored or given_up:
            self._ledger.settle(also)
            for cid in dict.fromkeys(row.conversation_id for row in stored if row.message_id is not None):
                self._ledger.tell(cid)
        return len(stored) + len(given_up) == len(rows)

    # -- files ---------------------------------------------------------------------------------------------------

    def _move_files(self) -> None:
        with self._ledger.reading() as connection:
            rows = files.undone(connection)
        for row in rows:
            with self._ledger.reading() as connection:
                address = address_of(connection, row.conversation_id)
            if address is None or self._is_over.is_set():
                continue
            try:
                self._upload(row, address) if row.is_ours else self._download(row, address)
            except ChannelError as error:
                if error.code not in _GIVE_UP:
                    raise
                _log.debug("a file waits: %s", error.code)

    def _upload(self, row: FileRow, address: bytes) -> None:
        for index in range(row.total):
            with self._ledger.reading() as connection:
                chunk = files.read_chunk(connection, row, index)
            if chunk is None:
                return  # erased meanwhile
            self._link.blob_put(address, row.blob, index, row.total, chunk).result(ANSWER_S)
        self._finish(row)

    def _download(self, row: FileRow, address: bytes) -> None:
        with self._ledger.reading() as connection:
            have = files.count_chunks(connection, row)
        while have < row.total:
            until = min(have + CHUNKS_AT_ONCE, row.total)
            futures = [self._link.blob_get(address, row.blob, index) for index in range(have, until)]
            chunks = [future.result(ANSWER_S)[1] for future in futures]
            self._keep(row, have, chunks)
            have = until
        self._finish(row)
        self._link.blob_drop(address, row.blob).result(ANSWER_S)

    def _keep(self, row: FileRow, start: int, chunks: Sequence[bytes]) -> None:
        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            if address_of(connection, row.conversation_id) is not None:  # not erased meanwhile
                for number, chunk in enumerate(chunks, start):
                    files.write_chunk(connection, row, number, chunk)

        self._ledger.settle(also)

    def _finish(self, row: FileRow) -> None:
        """Note that a file is where it shall be; the message that names one of ours leaves now."""

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            files.mark_done(connection, row)
            if row.is_ours:
                held = self._conversing.load(connection, row.conversation_id)
                if held is not None:
                    self._conversing.write(connection, held)

        self._ledger.settle(also)
        self._ledger.tell(row.conversation_id)


def _code_of(future: "Future[Any]") -> str | None:
    """Return why a frame was not taken, None when it was."""
    if not future.done():
        return "down"
    error = future.exception()
    if error is None:
        return None
    if isinstance(error, ChannelError):
        return error.code
    if isinstance(error, StoreError):
        raise error
    return "down"
