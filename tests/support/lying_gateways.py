"""A server on loopback that behaves as no gateway should, connection by connection."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, Message, Ping, Request, TextMessage

from app.domain.post_sign_in import SignedIn, encode_welcome

Behave = Callable[["Accepted"], None]


class Accepted:
    """One accepted connection, with what a gateway says at its beginning."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.wire = WSConnection(ConnectionType.SERVER)

    def let_in(self) -> None:
        """Do what an honest gateway does until the desk is signed in."""
        self.next_of(Request)
        self.send(AcceptConnection())
        self.next_of(TextMessage)
        self.send(Message(data=encode_welcome(SignedIn(1))))

    def next_of(self, kind: type) -> object:
        """Read until an event of this kind; pings are answered."""
        while True:
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionError
            self.wire.receive_data(data)
            for event in self.wire.events():
                if isinstance(event, Ping):
                    self.send(event.response())
                if isinstance(event, kind):
                    return event

    def next_message(self) -> bytes:
        """Return the next request of the desk."""
        event = self.next_of(BytesMessage)
        assert isinstance(event, BytesMessage)
        return bytes(event.data)

    def send(self, event: object) -> None:
        """Say something by the book."""
        self.socket.sendall(self.wire.send(event))

    def post(self, raw: bytes) -> None:
        """Say a binary message."""
        self.send(Message(data=raw))

    def wait_for_end(self) -> None:
        """Swallow everything until the desk goes away."""
        with contextlib.suppress(OSError):
            while self.socket.recv(65536):
                pass


@dataclass
class LyingGateway:
    """Where it listens and how many came."""

    host: str
    port: int
    accepted: int = 0
    open: list[socket.socket] = field(default_factory=list)


@contextmanager
def lying_gateway(behave: Behave) -> Iterator[LyingGateway]:
    """Give a listening server that does ``behave`` with each connection, then closes it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = LyingGateway(*server.getsockname()[:2])

        def serve(connection: socket.socket) -> None:
            with connection, contextlib.suppress(OSError):
                behave(Accepted(connection))

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    here.accepted += 1
                    here.open.append(connection)
                    threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield here
        finally:
            server.shutdown(socket.SHUT_RDWR)
            for connection in here.open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
