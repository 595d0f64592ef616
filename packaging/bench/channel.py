"""The channel under load: from a patient's words to the desk's, frames a second, memory, and what a bare echo costs.

``make bench-channel`` starts the real gateway on loopback with a real mailbox file (every frame is on the disk before
it is acknowledged) and one desk. 1,000 patients claim their invitations, shake hands with the desk through the gateway
and write 200 messages a second between them, while 5,000 further connections wait: each message is sealed in the
patient's session, carried, opened in the desk's, and only then counts as arrived. Then 100 connections send random
frames of the same size as fast as they are taken. Patients, desk and the measuring share one process beside the
gateway's. After that 100 patients write at the same pace to a console with a real vault (``channel_vault.py``).

The peer is a WebSocket that sends back what it gets, on the same stack (uvicorn, wsproto) with the same client in the
same run: it seals nothing, stores nothing and serves no second person, so the ratio is what all that costs.
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from channel_echo import CLIENTS, Traffic, measure_echo, paced, running_echo
from channel_vault import PATIENTS as AT_A_VAULT
from channel_vault import measure_vault

from app.channel.invitation import Invitation
from app.channel.kinds import Kind
from app.channel.patient_session import PatientSession
from app.domain.post import Ok, Open, Pushed, Put, Taken
from app.domain.post_sign_in import PatientSignIn, SignedIn, token_hash
from tests.support.channel import Office, Pair
from tests.support.gateway_client import GatewayClient
from tests.support.gateways import RunningGateway, running_gateway
from tests.support.post import make_frame

Row = dict[str, object]

RATE_PER_S = 200
SECONDS = 30
PATIENTS = 1_000
IDLE = 5_000
FLOOD = 10_000
FRAME_CLASS = 1
"""A text of up to about 500 characters: 1,102 bytes with its header."""
TEXT = "Could you tell me whether I can move my appointment on Tuesday to the week after? " * 5
_SOURCES = 40
"""So many loopback addresses the clients come from: the gateway's limits by address stay as they are."""
_AT_ONCE = 50
_TAKE_EVERY = 32


def measure(
    patients: int = PATIENTS,
    idle: int = IDLE,
    seconds: float = SECONDS,
    flood: int = FLOOD,
    rate: int = RATE_PER_S,
    at_a_vault: int = AT_A_VAULT,
) -> list[Row]:
    """Return the figures; takes about three minutes with the sizes of the targets."""
    with tempfile.TemporaryDirectory(prefix="vestibule-bench-") as folder, running_gateway(Path(folder)) as gateway:
        rows = asyncio.run(_measure_gateway(gateway, patients, idle, seconds, flood, rate))
    with running_echo() as port:
        echo = asyncio.run(measure_echo(port, seconds / 3, flood, rate, FRAME_CLASS))
    rows += measure_vault(at_a_vault, seconds, rate, TEXT) if at_a_vault else []
    found = {str(row["what"]): float(str(row["value"])) for row in rows}
    echo_ms = statistics.median(echo.paced_ms)
    return [
        *rows,
        _row(f"bare echo at {rate} frames/s, p50", echo_ms, "ms"),
        _row("bare echo, as fast as it goes", echo.per_s, "frames/s"),
        _row("words of a patient to the desk against bare echo, p50", found[_name(rate, "p50")] / echo_ms, "ratio"),
        _row("frames a second against bare echo", found[_FAST] / echo.per_s, "ratio"),
    ]


_FAST = "random frames as fast as they are taken"


def _name(rate: int, figure: str) -> str:
    return f"words of a patient to the desk at {rate} messages/s, {figure}"


async def _measure_gateway(
    gateway: RunningGateway, patients: int, idle: int, seconds: float, flood: int, rate: int
) -> list[Row]:
    started_mb = _memory_mb(gateway.process.pid)
    desk = await _Desk.connect(gateway)
    people = [_Person(gateway.office, number) for number in range(patients)]
    others = [os.urandom(16) for _ in range(idle)]
    await desk.open([*(person.address for person in people), *others])
    began_s = time.perf_counter()
    clients = await _connect_all(gateway, [*(person.address for person in people), *others])
    connecting_s = time.perf_counter() - began_s
    began_s = time.perf_counter()
    await _meet_all(people, clients, desk)
    meeting_s = time.perf_counter() - began_s
    quiet_mb = _memory_mb(gateway.process.pid)
    took_ms, acknowledged_ms = await _write_paced(people, desk, rate, seconds)
    flooders = list(zip(others, clients[patients:], strict=True))[:CLIENTS] or [(p.address, p.client) for p in people]
    per_s = await _flood(flooders, desk, flood)
    peak_mb = _memory_mb(gateway.process.pid, "VmHWM")
    closed = sum(client.closed.done() for client in clients)
    for client in (*clients, desk.client):
        await client.drop()
    return [
        _row(_name(rate, "p50"), statistics.median(took_ms), "ms"),
        _row(_name(rate, "p99"), _p99(took_ms), "ms", "≤ 250"),
        _row(_name(rate, "longest"), max(took_ms), "ms"),
        _row("acknowledged by the gateway (on disk), p50", statistics.median(acknowledged_ms), "ms"),
        _row("acknowledged by the gateway (on disk), p99", _p99(acknowledged_ms), "ms"),
        _row("messages and frames sent", int(rate * seconds) + flood, ""),
        _row("that did not arrive", len(desk.traffic.sent_s), "", "≤ 0"),
        _row("that arrived twice", desk.traffic.twice, "", "≤ 0"),
        _row(_FAST, per_s, "frames/s", f"≥ {rate}"),
        _row(f"signing in {len(clients):,} connections", len(clients) / connecting_s, "per s"),
        _row(f"handshakes of {patients:,} patients with the desk", patients / meeting_s, "per s"),
        _row("connections that were lost meanwhile", closed, "", "≤ 0"),
        _row("gateway's memory, just started", started_mb, "MB"),
        _row(f"gateway's memory, {len(clients):,} connections", quiet_mb, "MB"),
        _row("gateway's memory, at most", peak_mb, "MB", "≤ 512"),
    ]


class _Person:
    """A patient and what the desk knows of them: the two sessions of one conversation."""

    client: GatewayClient

    def __init__(self, office: Office, number: int) -> None:
        invitation = Invitation.make(office.id)
        session = PatientSession.begin(office.document(), invitation.address, invitation.psk(office.id))
        self.pair = Pair(office, invitation, session, random=os.urandom)
        self.address = invitation.address
        self.number = number

    def write(self, text: str) -> bytes:
        """Seal a text."""
        return self.pair.say(Kind.TEXT, {"text": text})

    def read(self, frame: bytes) -> None:
        """Open it at the desk."""
        self.pair.to_desk(frame)


class _Desk:
    """The office's one connection: opens what comes, and takes it in bundles as the console does."""

    def __init__(self, client: GatewayClient) -> None:
        self.client = client
        self.traffic = Traffic()
        self.readers: dict[bytes, Callable[[bytes], None]] = {}
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
            if came.address in self.readers:
                self.readers[came.address](came.frame)
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


async def _meet_all(people: list[_Person], clients: list[GatewayClient], desk: _Desk) -> None:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def meet(person: _Person, client: GatewayClient) -> None:
        async with gate:
            person.client = client
            hello = person.pair.hello("Good morning")
            await _carry(client, desk, person, hello)
            answered = person.pair.answer(hello)
            await desk.client.ask(Put(0, person.address, answered.frame))
            came = await client.next_frame()
            client.begin(Taken(0, person.address, came.seq))
            person.pair.patient = person.pair.patient.accept(came.frame, person.pair.now_ms)
            desk.readers[person.address] = person.read
            await _carry(client, desk, person, person.pair.say(Kind.ACK, {}))

    await asyncio.gather(*(meet(*both) for both in zip(people, clients, strict=False)))
    desk.traffic.taken_ms()


async def _carry(client: GatewayClient, desk: _Desk, person: _Person, frame: bytes) -> None:
    desk.traffic.leave(frame)
    assert isinstance(await client.ask(Put(0, person.address, frame)), Ok)


async def _write_paced(
    people: list[_Person], desk: _Desk, rate: int, seconds: float
) -> tuple[list[float], list[float]]:
    """Write at an even pace; return (words to the desk, words to the gateway's acknowledgement), in ms."""
    acknowledged_ms: list[float] = []

    def note(answer: "asyncio.Future[object]", left_s: float) -> None:
        if isinstance(answer.result(), Ok):
            acknowledged_ms.append((time.perf_counter() - left_s) * 1000)

    async def send(number: int) -> None:
        person, left_s = people[number % len(people)], time.perf_counter()
        frame = person.write(f"{number} {TEXT}")
        desk.traffic.leave(frame, left_s)
        person.client.begin(Put(0, person.address, frame)).add_done_callback(lambda answer: note(answer, left_s))

    await paced(send, rate, seconds)
    await desk.traffic.all_arrived()
    return desk.traffic.taken_ms(), acknowledged_ms


async def _flood(flooders: list[tuple[bytes, GatewayClient]], desk: _Desk, flood: int) -> float:
    """Send so many frames at once; return how many arrived a second."""
    for address, _ in flooders:
        desk.readers.pop(address, None)
    began_s = time.perf_counter()
    for number, (address, client) in zip(range(flood), itertools.cycle(flooders), strict=False):
        frame = make_frame(number, size=FRAME_CLASS)
        desk.traffic.leave(frame)
        client.begin(Put(0, address, frame))
        if number % len(flooders) == 0:
            await asyncio.sleep(0)
    await desk.traffic.all_arrived()
    return flood / (time.perf_counter() - began_s)


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
    for name, default in (
        ("patients", PATIENTS),
        ("idle", IDLE),
        ("flood", FLOOD),
        ("rate", RATE_PER_S),
        ("at-a-vault", AT_A_VAULT),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    arguments = vars(parser.parse_args())
    out = arguments.pop("out")
    rows = measure(**arguments)
    for row in rows:
        print(f"  {row['what']:<66} {row['value']:>10,.4g} {row['unit']:<8} {row['budget']}")
    out.write_text(json.dumps({**arguments, "rows": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
