"""The desk's side of a connection to the gateway, without socket, thread or clock: bytes in, events and bytes out.

Order: TLS (unless on loopback), the WebSocket's request, the sign-in, then the messages of ``app.domain.post``.
Whatever the gateway sends, :meth:`Wire.receive` answers with events and never with an exception; the first thing that
is not as it should be ends the connection with a code.
"""

import ssl
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Message,
    Ping,
    Pong,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from app.channel.link.errors import LinkCode, SecureError
from app.channel.link.secure import SecurePipe
from app.channel.link.trust import is_loopback
from app.domain.post import MAX_REPLY_BYTES, MalformedPostError, decode_reply
from app.domain.post_sign_in import (
    MAX_SIGN_IN_BYTES,
    DeskSignIn,
    SignInRefused,
    decode_welcome,
    encode_sign_in,
)

PATH: Final = "/ws"
NORMAL: Final = 1000
_TOO_BIG: Final = 1009
_TRY_LATER: Final = 1013
_BY_CLOSE_CODE: Final = {_TOO_BIG: LinkCode.TOO_LARGE, _TRY_LATER: LinkCode.BUSY}
_OVERLOADED: Final = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class SignedInEvent:
    """The gateway let this desk in; ``now_ms`` is its clock."""

    now_ms: int


@dataclass(frozen=True, slots=True, repr=False)
class Arrived:
    """One message of the gateway, checked by ``decode_reply``; ``raw`` are its bytes."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class Alive:
    """The other side pinged or answered a ping."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Over; nothing comes after it, and what :meth:`Wire.to_send` still gives may be sent or dropped."""

    code: LinkCode


WireEvent = SignedInEvent | Arrived | Alive | Ended


class _Stage(Enum):
    UPGRADING = auto()
    SIGNING_IN = auto()
    OPEN = auto()
    OVER = auto()


class _EndedError(Exception):
    """Leaves the reading of what came."""

    def __init__(self, code: LinkCode) -> None:
        super().__init__(code.value)
        self.code = code


class Wire:
    """One connection from its first byte to its end.

    Args:
        host: as it stands in the certificate, and for the request.
        port: for the request.
        context: of ``secure.client_context``; None speaks without TLS, on loopback only.
        who: how this desk signs in.

    Raises:
        ValueError: no TLS to another machine.
    """

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, who: DeskSignIn) -> None:
        if context is None and not is_loopback(host):
            raise ValueError("without TLS to this machine only")
        self._who = who
        self._pipe = None if context is None else SecurePipe(context, host)
        self._plain_out = bytearray()
        self._socket = WSConnection(ConnectionType.CLIENT)
        self._stage = _Stage.UPGRADING
        self._message = bytearray()
        self._text: list[str] = []
        self._text_bytes = 0
        authority = f"[{host}]" if ":" in host else host
        self._say(Request(host=f"{authority}:{port}", target=PATH))

    def __repr__(self) -> str:
        return f"<Wire {self._stage.name.lower()}>"

    @property
    def is_open(self) -> bool:
        """Whether messages can be posted."""
        return self._stage is _Stage.OPEN

    def receive(self, untrusted: bytes) -> list[WireEvent]:
        """Return what the bytes of the network mean; ``b""`` says that the network ended. Never raises."""
        events: list[WireEvent] = []
        if self._stage is _Stage.OVER:
            return events
        try:
            plain, is_last = self._open(untrusted)
            if plain:
                self._socket.receive_data(plain)
                for event in self._socket.events():
                    events += self._understand(event)
            if is_last:
                events.append(self._end(LinkCode.CLOSED))
        except SecureError as problem:
            events.append(self._end(problem.code))
        except _EndedError as end:
            events.append(self._end(end.code))
        except (RemoteProtocolError, LocalProtocolError):
            is_early = self._stage is _Stage.UPGRADING
            events.append(self._end(LinkCode.NOT_A_GATEWAY if is_early else LinkCode.MALFORMED))
        return events

    def post(self, message: bytes) -> None:
        """Send one encoded request.

        Raises:
            RuntimeError: nobody is signed in (any more): a bug of the caller.
        """
        if not self.is_open:
            raise RuntimeError("not signed in")
        self._say(Message(data=message))

    def ping(self) -> None:
        """Ask for a sign of life, which comes as :class:`Alive`; does nothing before the sign-in and after the end."""
        if self.is_open:
            self._say(Ping())

    def close(self) -> None:
        """Say goodbye; the connection is over at once."""
        if self._stage in {_Stage.SIGNING_IN, _Stage.OPEN}:
            self._say(CloseConnection(code=NORMAL))
        self._stage = _Stage.OVER

    def to_send(self) -> bytes:
        """Return what must go to the network now; it is given once."""
        if self._pipe is not None:
            return self._pipe.to_send()
        plain, self._plain_out = bytes(self._plain_out), bytearray()
        return plain

    def _open(self, untrusted: bytes) -> tuple[bytes, bool]:
        """Return (plain bytes, whether they are the last)."""
        if not untrusted:
            return b"", True
        return (untrusted, False) if self._pipe is None else self._pipe.feed(untrusted)

    def _understand(self, event: Event) -> list[WireEvent]:
        if isinstance(event, AcceptConnection):
            return self._sign_in(event)
        if isinstance(event, RejectConnection):
            raise _EndedError(LinkCode.BUSY if event.status_code in _OVERLOADED else LinkCode.NOT_A_GATEWAY)
        if isinstance(event, Ping):
            self._say(event.response())
            return [Alive()]
        if isinstance(event, Pong):
            return [Alive()]
        if isinstance(event, CloseConnection):
            with suppress(LocalProtocolError):
                self._say(event.response())
            raise _EndedError(_BY_CLOSE_CODE.get(event.code, LinkCode.CLOSED))
        if isinstance(event, TextMessage):
            return self._gather_text(event)
        if isinstance(event, BytesMessage):
            return self._gather(event)
        return []

    def _sign_in(self, event: AcceptConnection) -> list[WireEvent]:
        if event.extensions or event.subprotocol is not None:
            raise _EndedError(LinkCode.NOT_A_GATEWAY)
        self._stage = _Stage.SIGNING_IN
        self._say(Message(data=encode_sign_in(self._who)))
        return []

    def _gather_text(self, event: TextMessage) -> list[WireEvent]:
        """Take the one text that may come: the answer to the sign-in."""
        if self._stage is not _Stage.SIGNING_IN:
            raise _EndedError(LinkCode.MALFORMED)
        self._text.append(event.data)
        self._text_bytes += len(event.data.encode("utf-8"))
        if self._text_bytes > MAX_SIGN_IN_BYTES:
            raise _EndedError(LinkCode.TOO_LARGE)
        if not event.message_finished:
            return []
        try:
            welcome = decode_welcome("".join(self._text))
        except ValueError as problem:
            raise _EndedError(LinkCode.MALFORMED) from problem
        if isinstance(welcome, SignInRefused):
            raise _EndedError(LinkCode(f"sign_in_{welcome.code.value}"))
        self._stage = _Stage.OPEN
        return [SignedInEvent(welcome.now_ms)]

    def _gather(self, event: BytesMessage) -> list[WireEvent]:
        if self._stage is not _Stage.OPEN:
            raise _EndedError(LinkCode.MALFORMED)
        self._message += event.data
        if len(self._message) > MAX_REPLY_BYTES:
            raise _EndedError(LinkCode.TOO_LARGE)
        if not event.message_finished:
            return []
        raw, self._message = bytes(self._message), bytearray()
        try:
            decode_reply(raw)
        except MalformedPostError as problem:
            raise _EndedError(LinkCode.MALFORMED) from problem
        return [Arrived(raw)]

    def _say(self, event: Event) -> None:
        raw = self._socket.send(event)
        if self._pipe is None:
            self._plain_out += raw
        else:
            self._pipe.write(raw)

    def _end(self, code: LinkCode) -> Ended:
        self._stage = _Stage.OVER
        return Ended(code)
