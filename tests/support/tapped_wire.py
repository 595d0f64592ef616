"""A small TCP proxy on loopback that writes down every byte, and can cut, delay, halve or silence what it carries."""

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_PIECE = 1 << 16


@dataclass
class Carried:
    """One connection: what went up (to the gateway) and down, in the order of its bytes."""

    up: bytearray = field(default_factory=bytearray)
    down: bytearray = field(default_factory=bytearray)

    def messages(self) -> tuple[list[bytes], list[bytes]]:
        """Return the WebSocket messages both ways, unmasked; none where the connection was no WebSocket."""
        return websocket_messages(self.up), websocket_messages(self.down)


@dataclass
class TappedWire:
    """Carries to ``target``; ``port`` is where to connect. Everything may be changed while it runs.

    Attributes:
        delay_s: added to each piece, each way.
        cut_after: a new connection is cut after so many bytes in all, in the middle of whatever it is; None: never.
        is_down: nobody gets through, and nobody stays connected.
    """

    target: tuple[str, int]
    delay_s: float = 0.0
    cut_after: int | None = None
    is_down: bool = False
    carried: list[Carried] = field(default_factory=list)
    cuts: int = 0
    _pairs: set[tuple[socket.socket, socket.socket]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, name="tap", daemon=True).start()

    def cut(self) -> None:
        """Cut every connection at once, as a lost network does: reset, nothing said."""
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            self.cuts += 1
            for one in pair:
                with suppress(OSError):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()

    def go_down(self, is_down: bool = True) -> None:
        """Let nobody through, or everybody again."""
        self.is_down = is_down
        if is_down:
            self.cut()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if self.is_down:
                near.close()
                continue
            try:
                far = socket.create_connection(self.target, 5)
                far.settimeout(None)
            except OSError:
                near.close()
                continue
            carried = Carried()
            with self._lock:
                self.carried.append(carried)
                self._pairs.add((near, far))
            ways = (Way(near, far, True, carried, (near, far)), Way(far, near, False, carried, (near, far)))
            for way in ways:
                threading.Thread(target=self._carry, args=(way,), name="tap", daemon=True).start()

    def _carry(self, way: "Way") -> None:
        limit = self.cut_after
        with suppress(OSError):
            while piece := way.source.recv(_PIECE):
                if self.delay_s:
                    time.sleep(random.uniform(0, self.delay_s))
                carried = len(way.carried.up) + len(way.carried.down)
                if limit is not None and carried + len(piece) > limit:
                    way.pass_on(piece[: max(0, limit - carried)])
                    self.cuts += 1
                    break
                way.pass_on(piece)
        self._end(way.pair)

    def _end(self, pair: tuple[socket.socket, socket.socket]) -> None:
        with self._lock:
            self._pairs.discard(pair)
        for one in pair:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@dataclass(frozen=True)
class Way:
    """One direction of one connection."""

    source: socket.socket
    sink: socket.socket
    is_up: bool
    carried: Carried
    pair: tuple[socket.socket, socket.socket]

    def pass_on(self, piece: bytes) -> None:
        """Write down and send."""
        taken = self.carried.up if self.is_up else self.carried.down
        taken += piece
        self.sink.sendall(piece)


@contextmanager
def tapped(target: tuple[str, int]) -> Iterator[TappedWire]:
    """Carry until the block ends."""
    wire = TappedWire(target)
    try:
        yield wire
    finally:
        wire.close()


def everything_written_below(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, as somebody who takes the disk finds them."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def websocket_messages(stream: bytes | bytearray) -> list[bytes]:
    """Return the messages in one direction of a connection, unmasked (RFC 6455 §5.2); none where it was plain HTTP.

    A last message that was cut off is left out; pings and the like are too.
    """
    head, _, rest = bytes(stream).partition(b"\r\n\r\n")
    if b"upgrade: websocket" not in head.lower():
        return []
    found, part, at = [], b"", 0
    while at + 2 <= len(rest):
        first, second = rest[at], rest[at + 1]
        at += 2
        size, more = second & 0x7F, {126: 2, 127: 8}.get(second & 0x7F, 0)
        size = int.from_bytes(rest[at : at + more]) if more else size
        mask = rest[at + more : at + more + 4] if second & 0x80 else bytes(4)
        at += more + (4 if second & 0x80 else 0)
        body = rest[at : at + size]
        at += size
        if len(body) < size:
            break
        if first & 0x0F > 2:  # a control frame
            continue
        part += (int.from_bytes(body) ^ int.from_bytes((mask * (size // 4 + 1))[:size])).to_bytes(size)
        if first & 0x80:
            found.append(part)
            part = b""
    return found
