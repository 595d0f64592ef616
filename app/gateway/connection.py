"""One WebSocket whose client is signed in, to its end: ask and be told.

Three tasks: one reads requests and lets them begin in their order, one sends the answers in the same order, one pushes
frames. What a client sends faster than it is worked off stays in its own socket.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.domain.post import (
    MAX_SEQ,
    BlobGet,
    BlobPut,
    Close,
    MalformedPostError,
    No,
    NoCode,
    Ok,
    Pushed,
    Reply,
    Request,
    Taken,
    Wipe,
    decode_request,
    encode,
)
from app.domain.post_sizes import CHUNK_BYTES
from app.gateway.answering import Asker, answer
from app.gateway.errors import RefusedError
from app.gateway.flight import Flight
from app.gateway.limits import Bucket
from app.gateway.mailbox import Held
from app.gateway.post_office import PostOffice

GOING_AWAY: Final = 1001
POLICY: Final = 1008
INTERNAL: Final = 1011
_LAST_ANSWERS_S: Final = 4.0
_READ_AGAIN_S: Final = 1.0

_Answer = asyncio.Task[Ok | No]


class Connection:
    """A connection that is signed in. It is a member from the beginning to the end of :meth:`run`."""

    def __init__(self, socket: WebSocket, office: PostOffice, asker: Asker) -> None:
        limits, now_s = office.limits, time.monotonic()
        is_desk = asker.address is None
        self._socket, self._office, self._asker = socket, office, asker
        self._frames = Bucket(limits.desk_frames if is_desk else limits.patient_frames, now_s)
        self._bytes = Bucket(limits.desk_bytes if is_desk else limits.patient_bytes, now_s)
        self._malformed_left = limits.malformed
        self._answers: asyncio.Queue[_Answer | None] = asyncio.Queue(limits.pending_answers)
        self._arrived = asyncio.Event()
        self._arrived.set()
        self._flight = Flight(is_desk=is_desk)
        self._ending: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._ended = asyncio.Event()

    def __repr__(self) -> str:
        return f"<Connection of {self._asker!r}>"

    def wake(self) -> None:
        """Something may have arrived."""
        self._arrived.set()

    async def end(self, code: int) -> None:
        """Read no more, answer what was asked, close with ``code``."""
        if not self._ending.done():
            self._ending.set_result(code)
        await self._ended.wait()

    async def run(self) -> None:
        """Serve until either side ends it."""
        self._office.members.enter(self, self._asker.address)
        reading, replying, pushing = (asyncio.create_task(part) for part in (self._read(), self._reply(), self._push()))
        try:
            await _first_of(reading, replying, pushing, self._ending)
            for fault in filter(None, map(_fault_of, (reading, replying, pushing))):
                self._office.report(fault)
                self._end_soon(INTERNAL)
            await _stop(reading, pushing)
            if self._ending.done():
                await self._say_goodbye(replying, self._ending.result())
        finally:
            self._office.members.leave(self, self._asker.address)
            await _stop(reading, replying, pushing)
            self._ended.set()

    async def _read(self) -> None:
        """Take requests from the socket until the client leaves or has sent too much nonsense."""
        while (raw := await _next_message(self._socket)) is not None:
            await asyncio.sleep(self._bytes.owe(time.monotonic(), len(raw)))
            try:
                request = decode_request(raw)
            except MalformedPostError as problem:
                await self._refuse_malformed(problem)
                continue
            await asyncio.sleep(self._due_s(request))
            await self._answers.put(asyncio.create_task(self._work(request)))

    def _due_s(self, request: Request) -> float:
        """Return how long this request has to wait so that its connection keeps within its rates."""
        now_s = time.monotonic()
        if isinstance(request, BlobPut):
            return 0.0
        if isinstance(request, BlobGet):
            return self._bytes.owe(now_s, CHUNK_BYTES)
        return self._frames.owe(now_s, 1.0)

    async def _refuse_malformed(self, problem: MalformedPostError) -> None:
        self._malformed_left -= 1
        if self._malformed_left < 0:
            self._end_soon(POLICY)
            await asyncio.Event().wait()  # the end cancels this task
        if problem.req is not None:
            await self._answers.put(asyncio.create_task(_say(No(problem.req, NoCode.MALFORMED))))

    async def _work(self, request: Request) -> Ok | No:
        done = await answer(self._office, self._asker, request)
        if isinstance(request, Taken) and (isinstance(done, Ok) or done.code is NoCode.UNKNOWN):
            self._flight.landed(request.address, request.seq)
        elif isinstance(request, Close):
            self._flight.landed(request.address, MAX_SEQ)
        elif isinstance(request, Wipe):
            self._flight.landed_all(MAX_SEQ)
        else:
            return done
        self._arrived.set()
        return done

    async def _reply(self) -> None:
        """Send the answers in the order of the requests."""
        while (pending := await self._answers.get()) is not None:
            await self._send(await pending)

    async def _push(self) -> None:
        """Send what waits, and what arrives, as long as enough of it was taken."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            try:
                while await self._push_some():
                    pass
            except RefusedError:
                await asyncio.sleep(_READ_AGAIN_S)
                self._arrived.set()

    async def _push_some(self) -> bool:
        """Send some frames; return whether more may wait."""
        found, has_more = await self._flight.next(self._waiting)
        for held in found:
            await self._send(Pushed(held.address, held.seq, held.frame))
        return has_more

    async def _waiting(self, address: bytes | None, after: int, limit: int) -> Sequence[Held]:
        asker = self._asker
        mine = asker.address if address is None else address
        return await self._office.mailbox.waiting(asker.receives, mine, after, limit)

    async def _send(self, reply: Reply) -> None:
        await self._socket.send_bytes(encode(reply))

    def _end_soon(self, code: int) -> None:
        if not self._ending.done():
            self._ending.set_result(code)

    async def _say_goodbye(self, replying: asyncio.Task[None], code: int) -> None:
        """Send the answers to what was asked, then the close; a client that takes neither waits for nothing."""
        with contextlib.suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(_LAST_ANSWERS_S):
                await self._answers.put(None)
                await asyncio.wait({replying})
                await self._socket.close(code)


async def _next_message(socket: WebSocket) -> bytes | None:
    """Return the next message, b"" for one that is text, None at the end."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        return None
    return message.get("bytes") or b""


async def _say(reply: Ok | No) -> Ok | No:
    return reply


def _fault_of(task: asyncio.Task[None]) -> BaseException | None:
    """Return the fault of ours by which a part ended; a client that leaves is none."""
    problem = task.exception() if task.done() and not task.cancelled() else None
    return None if isinstance(problem, WebSocketDisconnect) else problem


async def _first_of(*parts: asyncio.Future[None] | asyncio.Future[int]) -> None:
    """Wait until one of them is done."""
    await asyncio.wait([*parts], return_when=asyncio.FIRST_COMPLETED)


async def _stop(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
