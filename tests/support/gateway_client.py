"""A client of the gateway over a real socket, speaking WebSocket by wsproto and nothing cleverer.

It can also do what no client should: send malformed bytes, read nothing, stop in the middle.
"""

import asyncio
import contextlib
import itertools
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Self

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Message,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)

from app.domain.post import No, Ok, Pushed, decode_reply, encode
from app.domain.post import Request as PostRequest
from app.domain.post_sign_in import (
    DeskSignIn,
    PatientSignIn,
    SignedIn,
    SignInRefused,
    decode_welcome,
    encode_sign_in,
)

LIMIT_S = 20.0


class ClosedError(Exception):
    """The gateway closed the connection; ``code`` says how, None when it was cut."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"closed: {code}")
        self.code = code


class GatewayClient:
    """One connection. Frames that are pushed gather in ``pushed``; answers are matched by their number."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._wire = WSConnection(ConnectionType.CLIENT)
        self._texts: asyncio.Queue[str] = asyncio.Queue()
        self.pushed: asyncio.Queue[Pushed] = asyncio.Queue()
        self._waiting: dict[int, asyncio.Future[Ok | No]] = {}
        self._numbers = itertools.count(1)
        self._accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._reading: asyncio.Task[None] | None = None
        self._buffer = bytearray()

    @classmethod
    async def connect(
        cls,
        host: str,
        port: int,
        *,
        tls: ssl.SSLContext | None = None,
        name: str | None = None,
        headers: tuple[tuple[bytes, bytes], ...] = (),
        source: str | None = None,
    ) -> Self:
        """Return an open WebSocket. ``name``: the host that is asked for; ``source``: the loopback address we use."""
        local = (source, 0) if source else None
        server_name = (name or host) if tls else None
        reader, writer = await asyncio.open_connection(
            host, port, ssl=tls, local_addr=local, server_hostname=server_name
        )
        client = cls(reader, writer)
        client._reading = asyncio.create_task(client._read())
        writer.write(
            client._wire.send(Request(host=name or f"{host}:{port}", target="/ws", extra_headers=list(headers)))
        )
        try:
            await asyncio.wait_for(client._accepted, LIMIT_S)
        except ClosedError:
            await client.drop()
            raise
        return client

    async def sign_in(self, message: PatientSignIn | DeskSignIn | str) -> SignedIn | SignInRefused:
        """Send a first message and return the answer."""
        self.send_text(message if isinstance(message, str) else encode_sign_in(message))
        return await self.welcome()

    async def welcome(self) -> SignedIn | SignInRefused:
        """Return the next answer to a sign-in; a gateway that is busy gives it unasked."""
        return decode_welcome(await asyncio.wait_for(self._texts.get(), LIMIT_S))

    async def ask(self, request: PostRequest) -> Ok | No:
        """Send a request under a number of its own and return its answer."""
        return await asyncio.wait_for(self.begin(request), LIMIT_S)

    def begin(self, request: PostRequest) -> "asyncio.Future[Ok | No]":
        """Send a request and return what will be its answer."""
        numbered = replace(request, req=next(self._numbers))
        answer: asyncio.Future[Ok | No] = asyncio.get_running_loop().create_future()
        self._waiting[numbered.req] = answer
        self.send_raw(encode(numbered))
        return answer

    async def next_frame(self, limit_s: float = LIMIT_S) -> Pushed:
        """Return the next frame that the gateway pushes."""
        return await asyncio.wait_for(self.pushed.get(), limit_s)

    def send_raw(self, raw: bytes) -> None:
        """Send one binary message, whatever it is."""
        self._writer.write(self._wire.send(Message(data=raw)))

    def send_text(self, text: str) -> None:
        """Send one text message, whatever it is."""
        self._writer.write(self._wire.send(Message(data=text)))

    async def drain(self) -> None:
        """Wait until the socket takes more."""
        await self._writer.drain()

    def stop_reading(self) -> None:
        """Take nothing out of the socket any more."""
        assert self._reading is not None
        self._reading.cancel()
        self._writer.transport.pause_reading()

    async def closing(self, limit_s: float = LIMIT_S) -> int | None:
        """Wait until the gateway closes, and return its code (None: cut off)."""
        return await asyncio.wait_for(asyncio.shield(self.closed), limit_s)

    async def close(self) -> None:
        """Leave politely."""
        with contextlib.suppress(Exception):
            self._writer.write(self._wire.send(CloseConnection(code=1000)))
        await self.drop()

    async def drop(self) -> None:
        """Cut the connection."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
        self._fail(None)

    async def _read(self) -> None:
        code: int | None = None
        try:
            while code is None and (raw := await self._reader.read(1 << 16)):
                self._wire.receive_data(raw)
                for event in self._wire.events():
                    code = self._take(event) or code
        except OSError:
            pass
        finally:
            self._fail(code)

    def _take(self, event: object) -> int | None:
        if isinstance(event, AcceptConnection):
            self._accepted.set_result(None)
        elif isinstance(event, RejectConnection):
            return event.status_code
        elif isinstance(event, Ping):
            self._writer.write(self._wire.send(event.response()))
        elif isinstance(event, CloseConnection):
            with contextlib.suppress(Exception):
                self._writer.write(self._wire.send(event.response()))
            return event.code
        elif isinstance(event, TextMessage):
            self._texts.put_nowait(event.data)
        elif isinstance(event, BytesMessage):
            self._buffer += event.data
            if event.message_finished:
                raw, self._buffer = bytes(self._buffer), bytearray()
                self.take_message(raw)
        return None

    def take_message(self, raw: bytes) -> None:
        """Sort one message from the gateway: a frame, or the answer to a request."""
        reply = decode_reply(raw)
        if isinstance(reply, Pushed):
            self.pushed.put_nowait(reply)
        elif (waiting := self._waiting.pop(reply.req, None)) is not None and not waiting.done():
            waiting.set_result(reply)

    def _fail(self, code: int | None) -> None:
        for future in (self._accepted, *self._waiting.values()):
            if not future.done():
                future.set_exception(ClosedError(code))
                future.exception()
        if not self.closed.done():
            self.closed.set_result(code)


@contextlib.asynccontextmanager
async def signed_in(
    host: str, port: int, who: PatientSignIn | DeskSignIn, **options: object
) -> AsyncIterator[GatewayClient]:
    """Give a client that was let in."""
    client = await GatewayClient.connect(host, port, **options)
    try:
        welcome = await client.sign_in(who)
        assert isinstance(welcome, SignedIn), welcome
        yield client
    finally:
        await client.close()
