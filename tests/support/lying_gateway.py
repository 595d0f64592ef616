"""A gateway that lies: it stands where the real one does, speaks its protocol, and does to messages what a test wants.

It sits before a real gateway (which does the honest part) and reads and writes the WebSocket messages in between with
the codec of ``app.domain.post``. It holds no key, like every gateway.
"""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from app.domain.post import MalformedPostError, Ok, Pushed, Put, Reply, Request, decode_reply, decode_request, encode
from tests.support.tapped_wire import TappedWire, Way

_HEAD_END = b"\r\n\r\n"
_TEXT, _BINARY, _CONTROL = 1, 2, 8

Pushing = Callable[[Pushed], Sequence[Pushed]]
Taking = Callable[[Put], Put | None]


@dataclass
class LyingGateway(TappedWire):
    """Honest until told otherwise.

    Attributes:
        push: what a client is sent in place of a stored frame; [] keeps it back.
        take: what is stored in place of a frame that was put; None: it is thrown away and called stored.
        document: served as /office.json in place of the office's own.
        pushed: every frame that was on its way to a client, by whether a desk or a patient signed in there.
    """

    push: Pushing = lambda pushed: [pushed]
    take: Taking = lambda put: put
    document: bytes | None = None
    pushed: list[Pushed] = field(default_factory=list)

    def _carry(self, way: Way) -> None:
        with suppress(OSError, ConnectionError):
            stream = _Stream(way.source)
            while (head := stream.until(_HEAD_END)) is not None:
                if way.is_up and self._answers_itself(head, way):
                    continue
                way.pass_on(head)
                if b"upgrade: websocket" in head.lower():
                    self._lie(stream, way)
                    break
                if not way.is_up:
                    way.pass_on(stream.body(head))
        self._end(way.pair)

    def _answers_itself(self, head: bytes, way: Way) -> bool:
        if self.document is None or not head.startswith(b"GET /office.json "):
            return False
        answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncache-control: no-store\r\ncontent-length: "
        way.source.sendall(answer + str(len(self.document)).encode() + _HEAD_END + self.document)
        return True

    def _lie(self, stream: "_Stream", way: Way) -> None:
        for kind, message in stream.messages():
            if kind != _BINARY:
                way.pass_on(_framed(kind, message, is_masked=way.is_up))
                continue
            try:
                decoded: Request | Reply = decode_request(message) if way.is_up else decode_reply(message)
            except MalformedPostError:
                way.pass_on(_framed(kind, message, is_masked=way.is_up))
                continue
            for each in self._instead(decoded, way):
                way.pass_on(_framed(_BINARY, encode(each), is_masked=way.is_up))

    def _instead(self, message: Request | Reply, way: Way) -> Sequence[Request | Reply]:
        if isinstance(message, Pushed):
            self.pushed.append(message)
            return self.push(message)
        if isinstance(message, Put):
            taken = self.take(message)
            if taken is None:
                way.source.sendall(_framed(_BINARY, encode(Ok(message.req, (1).to_bytes(8))), is_masked=False))
                return ()
            return (taken,)
        return (message,)


class _Stream:
    """Reads one direction piece by piece."""

    def __init__(self, source: socket.socket) -> None:
        self._source = source
        self._held = b""

    def until(self, mark: bytes) -> bytes | None:
        """Return everything up to and with the mark, None at the end."""
        while mark not in self._held:
            if not self._more():
                return None
        head, _, self._held = self._held.partition(mark)
        return head + mark

    def body(self, head: bytes) -> bytes:
        """Return the body that an HTTP head announces."""
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        return self._exactly(int(lengths[0].split(b":")[1]) if lengths else 0)

    def messages(self) -> Iterator[tuple[int, bytes]]:
        """Yield opcode and payload of whole messages and of control frames."""
        kind, parts = _BINARY, b""
        while True:
            first, second = self._exactly(2)
            size = second & 0x7F
            if size > 125:
                size = int.from_bytes(self._exactly(2 if size == 126 else 8))
            mask = self._exactly(4) if second & 0x80 else bytes(4)
            body = self._exactly(size)
            plain = (int.from_bytes(body) ^ int.from_bytes((mask * (size // 4 + 1))[:size])).to_bytes(size)
            opcode = first & 0x0F
            if opcode >= _CONTROL:
                yield opcode, plain
                continue
            kind, parts = opcode or kind, parts + plain
            if first & 0x80:
                yield kind, parts
                parts = b""

    def _exactly(self, size: int) -> bytes:
        while len(self._held) < size:
            if not self._more():
                raise ConnectionError
        found, self._held = self._held[:size], self._held[size:]
        return found

    def _more(self) -> bool:
        piece = self._source.recv(1 << 16)
        self._held += piece
        return bool(piece)


def _framed(opcode: int, payload: bytes, *, is_masked: bool) -> bytes:
    """Return one WebSocket frame; the mask of a client may be zero."""
    size = len(payload)
    mark = 0x80 if is_masked else 0
    if size < 126:
        length = bytes([mark | size])
    elif size < 1 << 16:
        length = bytes([mark | 126]) + size.to_bytes(2)
    else:
        length = bytes([mark | 127]) + size.to_bytes(8)
    return bytes([0x80 | opcode]) + length + (bytes(4) if is_masked else b"") + payload


@contextmanager
def lying(target: tuple[str, int]) -> Iterator[LyingGateway]:
    """Give a lying gateway before an honest one."""
    gateway = LyingGateway(target)
    try:
        yield gateway
    finally:
        gateway.close()
