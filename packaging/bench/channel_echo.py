"""The peer of ``channel.py``: a WebSocket that sends back what it gets, on the gateway's own stack, measured."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.domain.post_sizes import HEADER_BYTES
from app.gateway.listening import Listen, bind
from app.gateway.server import silence_others
from tests.support.gateway_client import GatewayClient
from tests.support.post import make_frame

CLIENTS = 100
_WAIT_S = 60.0


@dataclass
class Traffic:
    """When each frame left, and how long it took to arrive. Frames are told apart by their headers."""

    sent_s: dict[bytes, float] = field(default_factory=dict)
    took_ms: list[float] = field(default_factory=list)
    twice: int = 0
    _nothing_left: asyncio.Event = field(default_factory=asyncio.Event)

    def leave(self, frame: bytes, at_s: float | None = None) -> None:
        """Note a departure, now or at ``at_s``."""
        self.sent_s[frame[:HEADER_BYTES]] = time.perf_counter() if at_s is None else at_s

    def arrive(self, frame: bytes) -> None:
        """Note an arrival."""
        left_s = self.sent_s.pop(frame[:HEADER_BYTES], None)
        if left_s is None:
            self.twice += 1
            return
        self.took_ms.append((time.perf_counter() - left_s) * 1000)
        if not self.sent_s:
            self._nothing_left.set()

    async def all_arrived(self) -> None:
        """Wait until nothing is on its way, or a minute."""
        if self.sent_s:
            self._nothing_left.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nothing_left.wait(), _WAIT_S)

    def taken_ms(self) -> list[float]:
        """Return what was noted since the last time."""
        took_ms, self.took_ms = self.took_ms, []
        return took_ms


@dataclass(frozen=True)
class Echo:
    """What the bare echo does: milliseconds there and back at an even pace, and messages a second at most."""

    paced_ms: list[float]
    per_s: float


async def paced(send: Callable[[int], Awaitable[None]], rate: int, seconds: float) -> None:
    """Call ``send`` at an even pace, whatever becomes of it."""
    began_s = time.perf_counter()
    for number in range(int(rate * seconds)):
        due_s = began_s + number / rate - time.perf_counter()
        if due_s > 0:
            await asyncio.sleep(due_s)
        await send(number)


async def measure_echo(port: int, seconds: float, flood: int, rate: int, frame_class: int) -> Echo:
    """Send frames to the echo at an even pace, then as many as it takes."""
    async with _clients(port) as clients:
        traffic = Traffic()
        taking = [asyncio.create_task(_note(client, traffic)) for client in clients]

        async def send(number: int) -> None:
            frame = make_frame(number, size=frame_class)
            traffic.leave(frame)
            clients[number % len(clients)].send_raw(frame)

        await paced(send, rate, seconds)
        await traffic.all_arrived()
        paced_ms, began_s = traffic.taken_ms(), time.perf_counter()
        for number in range(flood):
            await send(number)
            if number % len(clients) == 0:
                await asyncio.sleep(0)
        await traffic.all_arrived()
        per_s = flood / (time.perf_counter() - began_s)
        for task in taking:
            task.cancel()
    return Echo(paced_ms, per_s)


@contextmanager
def running_echo() -> Iterator[int]:
    """Give the port of an echo in a process of its own."""
    with subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  this file
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.terminate()


class _EchoClient(GatewayClient):
    """The same client, which takes any bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super().__init__(reader, writer)
        self.came: asyncio.Queue[bytes] = asyncio.Queue()

    def take_message(self, raw: bytes) -> None:
        """Keep it as it is."""
        self.came.put_nowait(raw)


async def _note(client: _EchoClient, traffic: Traffic) -> None:
    while True:
        traffic.arrive(await client.came.get())


@asynccontextmanager
async def _clients(port: int) -> AsyncIterator[list[_EchoClient]]:
    clients = [await _EchoClient.connect("127.0.0.1", port) for _ in range(CLIENTS)]
    yield clients
    for client in clients:
        await client.drop()


def _serve() -> None:
    """Serve the echo on a free port, which is printed."""

    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        with suppress(WebSocketDisconnect):
            while True:
                await socket.send_bytes(await socket.receive_bytes())

    silence_others()
    server = bind(Listen("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    web = Starlette(routes=[WebSocketRoute("/ws", echo)])
    config = uvicorn.Config(
        web, ws="wsproto", http="h11", ws_per_message_deflate=False, log_config=None, access_log=False, loop="asyncio"
    )
    uvicorn.Server(config).run(sockets=[server])


if __name__ == "__main__":
    _serve()
