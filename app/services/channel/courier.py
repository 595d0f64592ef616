"""Carrying what waits to the gateway: errands and frames, with the same bytes again, until it has them; and files.

``round`` does everything that can be done now, on the caller's thread. ``Courier.start`` has a thread of its own do so
whenever something was written, the link comes up, or half a minute has gone by.

A mailbox that the gateway does not take more for (full, a disk, too fast) rests for a minute, and the others go on:
nobody who never fetches his messages stops those of somebody else.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from app.channel.errors import ChannelError
from app.channel.link.errors import LinkRefusedError
from app.domain.channel import LinkPhase
from app.domain.events import Event
from app.services.channel.conversing import Conversing
from app.services.channel.files_moving import FileMover
from app.services.channel.mailboxes import Mailboxes
from app.services.channel.ports import ChannelLink
from app.services.ledger import Ledger
from app.store.channel import outbox
from app.store.channel.invitations import Errand, due_errands, put_off, remove_errand
from app.store.channel.outbox import OutboxRow

BATCH = 64
ANSWER_S = 60.0
IDLE_S = 30.0
GRACE_S = 5.0
REST_MS, HOUR_MS = 60_000, 3_600_000
_GIVE_UP = frozenset({"conflict", "malformed", "not_yours", "unknown", "too_large"})
"""Refusals that the same bytes will meet again; after any other, the frame waits and is tried once more."""

_log = logging.getLogger(__name__)


class Courier:
    """Carries for one link."""

    def __init__(
        self, ledger: Ledger, conversing: Conversing, link: ChannelLink, upkeep: Callable[[], object] = lambda: None
    ) -> None:
        """Serve a link; ``upkeep`` is called before each round of the thread: cards, gaps, invitations."""
        self._ledger = ledger
        self._link = link
        self._upkeep = upkeep
        self._wake = threading.Event()
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None
        self._resting: dict[bytes, int] = {}
        self._mailboxes = Mailboxes(ledger)
        self._compare_ms = -HOUR_MS
        self.files = FileMover(ledger, conversing, link, self._send_frames, self._is_over.is_set)

    # -- the thread ----------------------------------------------------------------------------------------------

    def start(self, *, has_thread: bool = True) -> None:
        """Begin to carry."""
        if has_thread:
            self._thread = threading.Thread(target=self._run, name="vestibule-courier", daemon=True)
            self._thread.start()

    def connected(self) -> None:
        """Hear that the gateway can be reached: what has not arrived counts as unsent, in case it lost something."""
        self._resting.clear()
        self.look_again()
        self._ledger.settle(lambda connection, _events: outbox.send_all_again(connection))
        self.wake()

    def look_again(self) -> None:
        """Compare mailboxes at the next round; else it is done once an hour."""
        self._compare_ms = -HOUR_MS

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
            self._compare_mailboxes()
            self._run_errands()
            self._send_frames()
            self.files.move()
            self._send_frames()
        except ChannelError as error:
            _log.debug("the rest waits: %s", error.code)

    def _compare_mailboxes(self) -> None:
        """See whether the gateway still has what it had, and have the rest made again; learn whose page came in."""
        now_ms = self._ledger.now_ms()
        if now_ms - self._compare_ms >= HOUR_MS:
            self._mailboxes.compare(self._link.holdings().result(ANSWER_S))
            self._compare_ms = now_ms

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
        except LinkRefusedError as refusal:
            if refusal.code not in _GIVE_UP:
                self._ledger.settle(lambda connection, _events: put_off(connection, one.row_id, now_ms + REST_MS))
                return
        self._ledger.settle(lambda connection, _events: remove_errand(connection, one.row_id))

    def _errand(self, one: Errand) -> "Future[Any]":
        match one.kind:
            case "open":
                return self._link.open_mailbox(one.address, one.payload, one.until_ms)
            case "close":
                return self._link.close_mailbox(one.address)
            case "drop":
                return self._link.blob_drop(one.address, one.payload)
            case _:
                return self._link.put(one.address, one.payload)

    def _send_frames(self) -> None:
        while not self._is_over.is_set():
            now_ms = self._ledger.now_ms()
            self._resting = {address: until for address, until in self._resting.items() if until > now_ms}
            with self._ledger.reading() as connection:
                rows = outbox.unsent(connection, BATCH, tuple(self._resting))
            if not rows or not self._send(rows, now_ms):
                return

    def _send(self, rows: Sequence[OutboxRow], now_ms: int) -> bool:
        """Send frames and note which of them the gateway has; say whether it is worth going on."""
        futures = [(row, self._link.put(row.address, row.frame)) for row in rows]
        wait([future for _row, future in futures], ANSWER_S)
        stored, given_up, is_down = [], [], False
        for row, future in futures:
            error = future.exception() if future.done() else TimeoutError()
            if error is None:
                stored.append(row)
            elif not isinstance(error, LinkRefusedError):
                is_down = True
            elif error.code in _GIVE_UP:
                given_up.append(row)
            else:
                self._resting[row.address] = now_ms + REST_MS
        self._note(stored, given_up)
        return not is_down

    def _note(self, stored: Sequence[OutboxRow], given_up: Sequence[OutboxRow]) -> None:
        if given_up:
            _log.warning("the gateway does not take %d frames", len(given_up))

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            for row in stored:
                outbox.mark_stored(connection, row)
            for row in given_up:  # it stays here until it has arrived, which it will not; the message stays unsent
                outbox.mark_stored(connection, replace(row, message_id=None))

        if stored or given_up:
            self._ledger.settle(also)
            for cid in dict.fromkeys(row.conversation_id for row in stored if row.message_id is not None):
                self._ledger.tell(cid)
