"""The link child: it reads and writes one connected socket, and has no other way to anything.

What the gateway sends is understood here (``wire.py``), behind walls: no file but the authorities to trust, no socket
but this one, no key that opens a frame. The console gets checked messages and codes.
"""

import os
import queue
import resource
import select
import threading
import time
from contextlib import suppress
from typing import IO, Final

from app.channel.link.errors import LinkCode, SecureError
from app.channel.link.protocol import (
    ALIVE,
    ARRIVED,
    CONNECT,
    ENDED,
    FROM_CHILD,
    ON,
    POST,
    TO_CHILD,
    decoded,
    encoded,
    place_of,
    who_of,
)
from app.channel.link.secure import client_context, trusted_pem
from app.channel.link.wire import Alive, Arrived, Ended, SignedInEvent, Wire, WireEvent
from app.isolation.errors import FrameError
from app.isolation.frames import Frame, FrameReader, FrameWriter, Protocol

EXIT_BAD_FRAME: Final = 71
MEMORY_BYTES: Final = 512 * 1024 * 1024
_READ_BYTES: Final = 64 * 1024
_MAX_UNSENT_BYTES: Final = 256 * 1024
"""So much waits for a slow network here; the rest waits in the pipe, and then in the console."""
_MAX_ORDERS: Final = 16
_GOODBYE_MS: Final = 200


def run(pipe_in: IO[bytes], pipe_out: IO[bytes], connection: int) -> int:
    """Carry until the connection or the console ends; return the exit status. Called by ``isolation.boot``."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    reader = FrameReader(pipe_in, Protocol(*TO_CHILD))
    writer = FrameWriter(pipe_out, Protocol(*FROM_CHILD))
    try:
        order = reader.read()
        if order.shape is not CONNECT:
            return EXIT_BAD_FRAME
        try:
            wire = _wire(order)
        except SecureError as problem:
            writer.write(Frame(ENDED, {"code": problem.code.value}))
            return 0
        Carrier(wire, connection, Orders(reader), writer, order).carry()
    except (FrameError, ValueError):
        return EXIT_BAD_FRAME
    return 0


def _wire(order: Frame) -> Wire:
    place = place_of(order)
    context = client_context(trusted_pem(place.ca_file)) if place.is_tls else None
    return Wire(place.host, place.port, context, who_of(order))


class Orders:
    """What the console wants sent, read on a thread of its own so that the carrier can wait for both sides at once."""

    def __init__(self, reader: FrameReader) -> None:
        self._reader = reader
        self._waiting: queue.Queue[bytes | None] = queue.Queue(_MAX_ORDERS)
        self.bell, self._ring = os.pipe()
        os.set_blocking(self.bell, False)
        threading.Thread(target=self._read, name="link-orders", daemon=True).start()

    def next(self) -> bytes | None:
        """Return the next message to post; None: the console is gone. Raises queue.Empty."""
        return self._waiting.get_nowait()

    def silence(self) -> None:
        """Take the ringing that was heard."""
        with suppress(BlockingIOError):
            os.read(self.bell, _READ_BYTES)

    def _read(self) -> None:
        """Outermost function of the reading thread."""
        try:
            while True:
                frame = self._reader.read()
                if frame.shape is not POST:
                    break
                self._put(decoded(frame.body["message"]))
        except (FrameError, ValueError):
            pass
        self._put(None)

    def _put(self, message: bytes | None) -> None:
        self._waiting.put(message)
        os.write(self._ring, b"!")


class Carrier:
    """Moves bytes between the socket, the wire and the pipe, and keeps the time."""

    def __init__(self, wire: Wire, connection: int, orders: Orders, writer: FrameWriter, order: Frame) -> None:
        self._wire = wire
        self._connection = connection
        self._orders = orders
        self._writer = writer
        self._unsent = bytearray()
        self._is_over = False
        self._ping_s, self._silent_s = (float(order.body[name]) / 1000 for name in ("ping_ms", "silent_ms"))
        now_s = time.monotonic()
        self._sign_in_until_s: float = now_s + order.body["sign_in_ms"] / 1000
        self._heard_s = self._pinged_s = now_s
        os.set_blocking(connection, False)

    def carry(self) -> None:
        """Return when it is over and the console was told why."""
        while not self._is_over:
            self._send()
            bell_rang, can_read = self._wait()
            if bell_rang:
                self._orders.silence()
            if can_read:
                self._receive()
            self._take_orders()
            self._keep_time()
        self._send(is_last=True)

    def _wait(self) -> tuple[bool, bool]:
        poll = select.poll()
        poll.register(self._orders.bell, select.POLLIN)
        poll.register(self._connection, select.POLLIN | (select.POLLOUT if self._unsent else 0))
        ready = dict(poll.poll(max(1, int(1000 * (self._next_deadline_s() - time.monotonic())))))
        return self._orders.bell in ready, bool(ready.get(self._connection, 0) & ~select.POLLOUT)

    def _next_deadline_s(self) -> float:
        if not self._wire.is_open:
            return self._sign_in_until_s
        return min(max(self._heard_s, self._pinged_s) + self._ping_s, self._heard_s + self._silent_s)

    def _receive(self) -> None:
        try:
            untrusted = os.read(self._connection, _READ_BYTES)
        except BlockingIOError:
            return
        except OSError:  # reset, or gone in another way: the wire is told as of an end
            untrusted = b""
        for event in self._wire.receive(untrusted):
            self._tell(event)

    def _tell(self, event: WireEvent) -> None:
        self._heard_s = time.monotonic()
        if isinstance(event, SignedInEvent):
            self._writer.write(Frame(ON, {"now_ms": event.now_ms}))
        elif isinstance(event, Arrived):
            self._writer.write(Frame(ARRIVED, {"message": encoded(event.raw)}))
        elif isinstance(event, Alive):
            self._writer.write(Frame(ALIVE, {}))
        elif isinstance(event, Ended):
            self._end(event.code)

    def _take_orders(self) -> None:
        """Post what the console wants sent, as far as the network keeps up."""
        with suppress(queue.Empty):
            while not self._is_over and len(self._unsent) < _MAX_UNSENT_BYTES:
                message = self._orders.next()
                if message is None:
                    self._wire.close()
                    self._is_over = True
                elif not self._wire.is_open:
                    raise ValueError("posted before the sign-in")
                else:
                    self._wire.post(message)
                    self._send()

    def _keep_time(self) -> None:
        now_s = time.monotonic()
        if self._is_over:
            return
        if not self._wire.is_open:
            if now_s >= self._sign_in_until_s:
                self._end(LinkCode.SILENT)
        elif now_s >= self._heard_s + self._silent_s:
            self._end(LinkCode.SILENT)
        elif now_s >= max(self._heard_s, self._pinged_s) + self._ping_s:
            self._wire.ping()
            self._pinged_s = now_s

    def _end(self, code: LinkCode) -> None:
        self._is_over = True
        self._writer.write(Frame(ENDED, {"code": code.value}))

    def _send(self, *, is_last: bool = False) -> None:
        """Give the network what it takes now; at the end wait a moment for it to take the goodbye."""
        self._unsent += self._wire.to_send()
        with suppress(OSError):  # what is wrong is told by reading
            while self._unsent:
                try:
                    del self._unsent[: os.write(self._connection, self._unsent)]
                except BlockingIOError:
                    if not is_last or not _can_write(self._connection):
                        return


def _can_write(connection: int) -> bool:
    poll = select.poll()
    poll.register(connection, select.POLLOUT)
    return bool(poll.poll(_GOODBYE_MS))
