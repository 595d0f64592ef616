"""The other end of a link in memory: a gateway that says what a test wants, over TLS or without, byte by byte."""

import ssl
from collections.abc import Sequence

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, Event, Message, Request, TextMessage

from app.channel.link.wire import Wire, WireEvent
from app.gateway.listening import Certificate, make_context


class MemoryGateway:
    """Speaks with one wire. ``heard`` gathers what the desk's side sent, as WebSocket events."""

    def __init__(self, wire: Wire, certificate: Certificate | None = None) -> None:
        self._wire = wire
        self._socket = WSConnection(ConnectionType.SERVER)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls: ssl.SSLObject | None = None
        if certificate is not None:
            context = make_context(certificate)
            self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.heard: list[Event] = []
        self.events: list[WireEvent] = []

    def run(self) -> list[WireEvent]:
        """Carry bytes both ways until nothing moves; return what the wire reported meanwhile."""
        before = len(self.events)
        while self._take(self._wire.to_send()) or self._give():
            pass
        return self.events[before:]

    def accept(self) -> list[WireEvent]:
        """Take the upgrade."""
        self.run()
        assert isinstance(self.heard[0], Request)
        return self.say(AcceptConnection())

    def say(self, event: Event) -> list[WireEvent]:
        """Send one WebSocket event; return what the wire makes of it."""
        return self.say_raw(self._socket.send(event))

    def say_raw(self, raw: bytes, sizes: Sequence[int] = ()) -> list[WireEvent]:
        """Send bytes as they are, cut after these sizes; return what the wire makes of them."""
        before = len(self.events)
        for start, end in zip((0, *sizes), (*sizes, len(raw)), strict=True):
            self._write(raw[start:end])
            self.run()
        return self.events[before:]

    def texts(self) -> list[str]:
        """Return the texts that the desk's side sent."""
        return [event.data for event in self.heard if isinstance(event, TextMessage)]

    def messages(self) -> list[bytes]:
        """Return the binary messages that it sent."""
        return [bytes(event.data) for event in self.heard if isinstance(event, BytesMessage)]

    def _take(self, raw: bytes) -> bool:
        if not raw:
            return False
        if self._tls is None:
            self._hear(raw)
            return True
        self._incoming.write(raw)
        try:
            self._tls.do_handshake()
            while plain := self._tls.read(1 << 16):
                self._hear(plain)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            return False
        return True

    def _hear(self, plain: bytes) -> None:
        self._socket.receive_data(plain)
        self.heard += self._socket.events()

    def _give(self) -> bool:
        raw = self._outgoing.read()
        if raw:
            self.events += self._wire.receive(raw)
        return bool(raw)

    def _write(self, plain: bytes) -> None:
        if self._tls is not None:
            self._tls.write(plain)
        elif plain:
            self.events += self._wire.receive(plain)


def welcome(gateway: MemoryGateway, text: str = '{"v":1,"ok":true,"now_ms":5}') -> list[WireEvent]:
    """Take the upgrade and answer the sign-in."""
    gateway.accept()
    gateway.run()
    return gateway.say(Message(data=text))
