"""The gateway under load: from a browser's socket to the desk's, frames a second, memory, and what a bare echo costs.

``make bench-channel`` starts the real gateway on loopback with a real mailbox file (every frame fsynced before it is
acknowledged), connects 1,000 patients, 5,000 further connections that only wait, and one desk, and sends 200 frames a
second for a while; then as many as it takes. The peer is a WebSocket that sends back what it gets, on the same stack
(uvicorn, wsproto) with the same client in the same run: it stores nothing and serves no second person, so the ratio is
what storing durably and handing over costs. Frames are random bytes of a real size: the gateway could not tell.
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
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

from app.domain.post import Ok, Open, Pushed, Put, Taken
from app.domain.post_sign_in import PatientSignIn, SignedIn, token_hash
from app.domain.post_sizes import HEADER_BYTES
from app.gateway.listening import Listen, bind
from app.gateway.server import silence_others
from tests.support.gateway_client import GatewayClient
from tests.support.gateways import RunningGateway, running_gateway
from tests.support.post import make_frame

Row = dict[str, object]

RATE_PER_S = 200
SECONDS = 30
PATIENTS = 1_000
IDLE = 5_000
FLOOD = 10_000
FLOOD_PATIENTS = 100
FRAME_CLASS = 1
"""A text of up to about 800 characters: 1,102 bytes with its header."""
_SOURCES = 40
"""So many loopback addresses the clients come from: the gateway's limits by address stay as they are."""
_AT_ONCE = 50
_TAKE_EVERY = 32
_WAIT_S = 60.0


@dataclass
class Traffic:
    """When each frame left, and how long it took to arrive. Frames are told apart by their headers."""

    sent_s: dict[bytes, float] = field(default_factory=dict)
    took_ms: list[float] = field(default_factory=list)
    twice: int = 0
    _nothing_left: asyncio.Event = field(default_factory=asyncio.Event)

    def leave(self, frame: bytes) -> None:
        """Note a departure."""
        self.sent_s[frame[:HEADER_BYTES]] = time.perf_counter()

    def arrive(self, frame: bytes) -> None:
        """Note an arrival."""
        left_s = self.sent_s.pop(frame[:HEADER_BYTES], None)
        if left_s is None:
            self.twice += 1
        else:
            self.took_ms.append((time.perf_counter() - left_s) * 1000)
            if not self.sent_s:
                self._nothing_left.set()

    async def all_arrived(self) -> None:
        """Wait until nothing is on its way, or a minute."""
        if self.sent_s:
            self._nothing_left.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nothing_left.wait(), _WAIT_S)


def measure(
    patients: int = PATIENTS, idle: int = IDLE, seconds: float = SECONDS, flood: int = FLOOD, rate: int = RATE_PER_S
) -> list[Row]:
    """Return the figures; takes about two minutes with the sizes of the targets."""
    with tempfile.TemporaryDirectory(prefix="vestibule-bench-") as folder, running_gateway(Path(folder)) as gateway:
        rows = asyncio.run(_measure_gateway(gateway, patients, idle, seconds, flood, rate))
    with _running_echo() as port:
        echo = asyncio.run(_measure_echo(port, seconds / 3, flood, rate))
    found = {row["what"]: row["value"] for row in rows}
    latency = float(found[f"browser to desk at {rate} frames/s, p50"]) / statistics.median(echo.paced)
    speed = float(found["as fast as it goes"]) / echo.per_s
    return [
        *rows,
        _row(f"bare echo at {rate} frames/s, p50", statistics.median(echo.paced), "ms"),
        _row("bare echo, as fast as it goes", echo.per_s, "frames/s"),
        _row("browser to desk against bare echo, p50", latency, "ratio"),
        _row("frames a second against bare echo", speed, "ratio"),
    ]


async def _measure_gateway(
    gateway: RunningGateway, patients: int, idle: int, seconds: float, flood: int, rate: int
) -> list[Row]:
    started_mb = _memory_mb(gateway.process.pid)
    addresses = [os.urandom(16) for _ in range(patients + idle)]
    desk = await _Desk.connect(gateway)
    await desk.open(addresses)
    began_s = time.perf_counter()
    connected = await _connect_all(gateway, addresses)
    connecting_s = time.perf_counter() - began_s
    quiet_mb = _memory_mb(gateway.process.pid)
    people = list(zip(addresses[:patients], connected[:patients], strict=True))
    paced, acknowledged = await _send_paced(people, desk, rate, seconds)
    flooded = await _send_flood(people[:FLOOD_PATIENTS], desk, flood)
    peak_mb = _memory_mb(gateway.process.pid, "VmHWM")
    closed = sum(client.closed.done() for client in connected)
    for client in (*connected, desk.client):
        await client.drop()
    lost = len(desk.traffic.sent_s)
    return [
        _row(f"browser to desk at {rate} frames/s, p50", statistics.median(paced), "ms"),
        _row(f"browser to desk at {rate} frames/s, p99", _p99(paced), "ms", "≤ 250"),
        _row(f"browser to desk at {rate} frames/s, longest", max(paced), "ms"),
        _row("acknowledged (on disk), p50", statistics.median(acknowledged), "ms"),
        _row("acknowledged (on disk), p99", _p99(acknowledged), "ms"),
        _row("frames that did not arrive", lost, "frames", "≤ 0"),
        _row("frames that arrived twice", desk.traffic.twice, "frames", "≤ 0"),
        _row("as fast as it goes", flooded, "frames/s", f"≥ {rate}"),
        _row(f"signing in {len(addresses):,} connections", len(addresses) / connecting_s, "per s"),
        _row("connections that were lost meanwhile", closed, "", "≤ 0"),
        _row("gateway's memory, just started", started_mb, "MB"),
        _row(f"gateway's memory, {len(addresses):,} connections", quiet_mb, "MB"),
        _row("gateway's memory, at most", peak_mb, "MB", "≤ 512"),
    ]


class _Desk:
    """The office's one connection: takes what comes, in bundles as the console does."""

    def __init__(self, client: GatewayClient) -> None:
        self.client = client
        self.traffic = Traffic()
        self._taking = asyncio.create_task(self._take())

    @classmethod
    async def connect(cls, gateway: RunningGateway) -> "_Desk":
        client = await GatewayClient.connect(*gateway.address)
        assert isinstance(await client.sign_in(gateway.desk), SignedIn)
        return cls(client)

    async def open(self, addresses: list[bytes]) -> None:
        """Make the mailboxes; the token of each is made of its address."""
        until_ms = time.time_ns() // 1_000_000 + 3_600_000
        for some in _bundles(addresses, 500):
            answers = [self.client.begin(Open(0, address, token_hash(address * 2), until_ms)) for address in some]
            assert all(isinstance(answer, Ok) for answer in await asyncio.gather(*answers))

    async def _take(self) -> None:
        newest: dict[bytes, Pushed] = {}
        while True:
            came = await self.client.pushed.get()
            self.traffic.arrive(came.frame)
            newest[came.address] = came
            if len(newest) >= _TAKE_EVERY or self.client.pushed.empty():
                for one in newest.values():
                    self.client.begin(Taken(0, one.address, one.seq))
                newest.clear()


async def _connect_all(gateway: RunningGateway, addresses: list[bytes]) -> list[GatewayClient]:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def connect(number: int, address: bytes) -> GatewayClient:
        async with gate:
            client = await GatewayClient.connect(*gateway.address, source=f"127.0.1.{number % _SOURCES + 1}")
            assert isinstance(await client.sign_in(PatientSignIn(address, address * 2, os.urandom(32))), SignedIn)
            return client

    return await asyncio.gather(*(connect(number, address) for number, address in enumerate(addresses)))


async def _send_paced(
    people: list[tuple[bytes, GatewayClient]], desk: _Desk, rate: int, seconds: float
) -> tuple[list[float], list[float]]:
    """Send at an even pace whatever becomes of it; return (browser to desk, browser to acknowledgement), in ms."""
    acknowledged: list[float] = []

    def note(answer: "asyncio.Future[object]", left_s: float) -> None:
        if isinstance(answer.result(), Ok):
            acknowledged.append((time.perf_counter() - left_s) * 1000)

    async def send(number: int) -> None:
        address, client = people[number % len(people)]
        frame, left_s = make_frame(number, size=FRAME_CLASS), time.perf_counter()
        desk.traffic.leave(frame)
        client.begin(Put(0, address, frame)).add_done_callback(lambda answer: note(answer, left_s))

    await _paced(send, rate, seconds)
    await desk.traffic.all_arrived()
    took_ms, desk.traffic.took_ms = desk.traffic.took_ms, []
    return took_ms, acknowledged


async def _send_flood(people: list[tuple[bytes, GatewayClient]], desk: _Desk, flood: int) -> float:
    """Send so many frames at once; return how many arrived a second."""
    began_s = time.perf_counter()
    for number, (address, client) in zip(range(flood), itertools.cycle(people), strict=False):
        frame = make_frame(number, size=FRAME_CLASS)
        desk.traffic.leave(frame)
        client.begin(Put(0, address, frame))
        if number % len(people) == 0:
            await asyncio.sleep(0)
    await desk.traffic.all_arrived()
    return flood / (time.perf_counter() - began_s)


async def _paced(send: Callable[[int], Awaitable[None]], rate: int, seconds: float) -> None:
    began_s = time.perf_counter()
    for number in range(int(rate * seconds)):
        due_s = began_s + number / rate - time.perf_counter()
        if due_s > 0:
            await asyncio.sleep(due_s)
        await send(number)


# --- the peer --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Echo:
    paced: list[float]
    per_s: float


async def _measure_echo(port: int, seconds: float, flood: int, rate: int) -> _Echo:
    async with _echo_clients(port, FLOOD_PATIENTS) as clients:
        traffic = Traffic()
        taking = [asyncio.create_task(_note_echoes(client, traffic)) for client in clients]

        async def send(number: int) -> None:
            frame = make_frame(number, size=FRAME_CLASS)
            traffic.leave(frame)
            clients[number % len(clients)].send_raw(frame)

        await _paced(send, rate, seconds)
        await traffic.all_arrived()
        paced, traffic.took_ms = traffic.took_ms, []
        began_s = time.perf_counter()
        for number in range(flood):
            await send(number)
            if number % len(clients) == 0:
                await asyncio.sleep(0)
        await traffic.all_arrived()
        per_s = flood / (time.perf_counter() - began_s)
        for task in taking:
            task.cancel()
    return _Echo(paced, per_s)


class _EchoClient(GatewayClient):
    """The same client, which takes any bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super().__init__(reader, writer)
        self.came: asyncio.Queue[bytes] = asyncio.Queue()

    def take_message(self, raw: bytes) -> None:
        """Keep it as it is."""
        self.came.put_nowait(raw)


async def _note_echoes(client: _EchoClient, traffic: Traffic) -> None:
    while True:
        traffic.arrive(await client.came.get())


@asynccontextmanager
async def _echo_clients(port: int, number: int) -> AsyncIterator[list[_EchoClient]]:
    clients = [await _EchoClient.connect("127.0.0.1", port) for _ in range(number)]
    yield clients
    for client in clients:
        await client.drop()


@contextmanager
def _running_echo() -> Iterator[int]:
    command = [sys.executable, __file__, "--echo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  ourselves
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.terminate()


def _serve_echo() -> None:
    """Serve the bare echo on a free port, which is printed."""

    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                await socket.send_bytes(await socket.receive_bytes())
        except WebSocketDisconnect:
            return

    silence_others()
    server = bind(Listen("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    web = Starlette(routes=[WebSocketRoute("/ws", echo)])
    config = uvicorn.Config(
        web, ws="wsproto", http="h11", ws_per_message_deflate=False, log_config=None, access_log=False, loop="asyncio"
    )
    uvicorn.Server(config).run(sockets=[server])


# --- figures ---------------------------------------------------------------------------------------------------------


def _memory_mb(pid: int, name: str = "VmRSS") -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[-1]


def _bundles(values: list[bytes], size: int) -> Iterator[list[bytes]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _row(what: str, value: float, unit: str, budget: str = "") -> Row:
    return {"what": what, "value": value, "unit": unit, "budget": budget}


def main() -> int:
    """Measure at the sizes that were asked for, print a table and write JSON."""
    parser = argparse.ArgumentParser(prog="make bench-channel", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("bench-channel.json"))
    for name, default in (("patients", PATIENTS), ("idle", IDLE), ("flood", FLOOD), ("rate", RATE_PER_S)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--echo", action="store_true", help=argparse.SUPPRESS)
    arguments = vars(parser.parse_args())
    out, is_echo = arguments.pop("out"), arguments.pop("echo")
    if is_echo:
        _serve_echo()
        return 0
    rows = measure(**arguments)
    for row in rows:
        print(f"  {row['what']:<66} {row['value']:>10,.4g} {row['unit']:<8} {row['budget']}")
    out.write_text(json.dumps({**arguments, "rows": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
