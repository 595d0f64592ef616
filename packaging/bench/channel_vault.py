"""Words of patients all the way into a real vault: what ``channel.py`` measures up to the link, measured to the disk.

A console without windows (its own process, with dialler, wall, confined link and an SQLCipher vault, as the suite
drives it) is connected to a real gateway. Patients are Python sessions over WebSockets. A message counts as arrived
when the desk's acknowledgement, which is written in the same transaction as the message, has named it: so each figure
holds the way there, the commit, and the way back.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from channel_echo import paced

from app.channel.documents import OfficeDocument
from app.channel.invitation import Invitation
from app.channel.kinds import Kind
from app.channel.patient_session import PatientSession
from app.channel.received import Received
from app.domain.post import Ok, Put, Taken
from app.domain.post_sign_in import PatientSignIn, SignedIn
from app.domain.post_sizes import FrameType, read_envelope
from tests.support.channel_practice import Practice, practice
from tests.support.gateway_client import GatewayClient

Row = dict[str, object]

PATIENTS = 100
_WAIT_S = 60.0
_AT_ONCE = 20


@dataclass
class Visitor:
    """One patient: writes, listens, and notes when each message was acknowledged."""

    session: PatientSession
    address: bytes
    client: GatewayClient
    left_s: dict[tuple[bytes, int], float] = field(default_factory=dict)
    took_ms: list[float] = field(default_factory=list)
    met: asyncio.Event = field(default_factory=asyncio.Event)
    nothing_left: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.nothing_left.set()

    async def hello(self) -> None:
        """Say who it is, and wait until the desk has answered."""
        self.session, item = self.session.compose(Kind.TEXT, {"text": "Good morning"}, _now_ms())
        self.session, frame = self.session.hello(items=[item], receipt=None)
        assert isinstance(await self.client.ask(Put(0, self.address, frame)), Ok)
        await asyncio.wait_for(self.met.wait(), _WAIT_S)

    def write(self, text: str) -> None:
        """Say something; what has not arrived yet is in ``left_s``."""
        left_s = time.perf_counter()
        frame = self._seal(Kind.TEXT, {"text": text})
        envelope = read_envelope(frame)
        self.left_s[envelope.chain, envelope.number] = left_s
        self.nothing_left.clear()
        self.client.begin(Put(0, self.address, frame))

    async def listen(self) -> None:
        """Take what comes, for good."""
        while True:
            came = await self.client.next_frame()
            if read_envelope(came.frame).type is FrameType.ANSWER:
                self.session = self.session.accept(came.frame, _now_ms())
                self.client.begin(Put(0, self.address, self._seal(Kind.ACK, {})))
                self.met.set()
            else:
                self.session, found = self.session.receive(came.frame, _now_ms())
                if isinstance(found, Received):
                    self._note(found)
            self.client.begin(Taken(0, self.address, came.seq))

    def _note(self, found: Received) -> None:
        now_s = time.perf_counter()
        for chain, height in found.delivered:
            for place in [one for one in self.left_s if one[0] == chain and one[1] <= height]:
                self.took_ms.append((now_s - self.left_s.pop(place)) * 1000)
        if not self.left_s:
            self.nothing_left.set()

    def _seal(self, kind: Kind, content: dict[str, object]) -> bytes:
        self.session, sealed = self.session.send(kind, content, _now_ms())
        return sealed.frame


def measure_vault(patients: int, seconds: float, rate: int, text: str) -> list[Row]:
    """Return the figures."""
    with tempfile.TemporaryDirectory(prefix="vestibule-bench-") as folder, practice(Path(folder) / "practice") as made:
        links = [made.console.ask("desk.channel.invite", f"Patient {number}", "en").link for number in range(patients)]
        with _until_open(made, links):
            return asyncio.run(_measure(made, links, seconds, rate, text))


async def _measure(made: Practice, links: list[str], seconds: float, rate: int, text: str) -> list[Row]:
    visitors = [await _visitor(made, link, number) for number, link in enumerate(links)]
    tasks = [asyncio.create_task(one.listen()) for one in visitors]
    gate = asyncio.Semaphore(_AT_ONCE)

    async def meet(one: Visitor) -> None:
        async with gate:
            await one.hello()

    began_s = time.perf_counter()
    await asyncio.gather(*map(meet, visitors))
    meeting_s = time.perf_counter() - began_s
    await _all_arrived(visitors)

    async def send(number: int) -> None:
        visitors[number % len(visitors)].write(f"{number} {text}")

    took_ms = await _at_pace(visitors, send, rate, seconds)
    began_s = time.perf_counter()
    burst = rate * 5
    for number in range(burst):
        await send(number)
    await _all_arrived(visitors)
    per_s = burst / (time.perf_counter() - began_s)
    lost = sum(len(one.left_s) for one in visitors)
    for task in tasks:
        task.cancel()
    for one in visitors:
        await one.client.drop()
    name = f"words of a patient into the vault and back at {rate} messages/s"
    return [
        _row(f"{name}, p50", statistics.median(took_ms), "ms"),
        _row(f"{name}, p99", statistics.quantiles(took_ms, n=100)[-1], "ms", "≤ 250"),
        _row(f"{name}, longest", max(took_ms), "ms"),
        _row("messages into the vault as fast as they are taken", per_s, "per s", f"≥ {rate}"),
        _row("messages that the vault did not acknowledge", lost, "", "≤ 0"),
        _row(f"first messages of {len(visitors)} new patients into the vault", len(visitors) / meeting_s, "per s"),
    ]


async def _at_pace(
    visitors: list[Visitor], send: Callable[[int], Awaitable[None]], rate: int, seconds: float
) -> list[float]:
    for one in visitors:
        one.took_ms.clear()
    await paced(send, rate, seconds)
    await _all_arrived(visitors)
    return [ms for one in visitors for ms in one.took_ms]


async def _visitor(made: Practice, link: str, number: int) -> Visitor:
    invitation = Invitation.parse(link)
    document = OfficeDocument.open(made.office_document(), invitation.fingerprint, now_s=_now_ms() // 1000)
    session = PatientSession.begin(document, invitation.address, invitation.psk(document.office_id))
    client = await GatewayClient.connect("127.0.0.1", made.port, source=f"127.0.1.{number % 40 + 1}")
    signed = await client.sign_in(PatientSignIn(invitation.address, invitation.token, os.urandom(32)))
    assert isinstance(signed, SignedIn), signed
    return Visitor(session, invitation.address, client)


@contextmanager
def _until_open(made: Practice, links: list[str]) -> Iterator[None]:
    """Wait until the gateway knows every mailbox."""
    until_s = time.monotonic() + _WAIT_S
    while len(made.console.ask("desk.channel.holdings").mailboxes) < len(links):
        assert time.monotonic() < until_s, "the gateway does not know every mailbox"
        time.sleep(0.1)
    yield


async def _all_arrived(visitors: list[Visitor]) -> None:
    """Wait until nothing of anybody is on its way, or a minute."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_WAIT_S):
            for one in visitors:
                await one.nothing_left.wait()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _row(what: str, value: float, unit: str, budget: str = "") -> Row:
    return {"what": what, "value": value, "unit": unit, "budget": budget}
