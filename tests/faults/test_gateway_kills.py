"""The gateway is killed in the middle of traffic, again and again: what it acknowledged is there, once, in order.

The patient behaves as the page does: it keeps every frame until it was acknowledged, and sends the same bytes again
after the connection broke.
"""

import asyncio
import contextlib
import random
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.domain.post import Ok, Open, Put, Taken, seq_of
from app.domain.post_sign_in import PatientSignIn, SignedIn, token_hash
from tests.support.gateway_client import ClosedError, GatewayClient, signed_in
from tests.support.gateways import RunningGateway, start_gateway
from tests.support.post import make_frame

pytestmark = pytest.mark.loopback

ROUNDS = 6
FRAMES = 300
_ADDRESS, _INVITE, _CLAIM = b"a" * 16, b"i" * 32, b"c" * 32
_CHAIN = b"k" * 16
_PATIENT = PatientSignIn(_ADDRESS, _INVITE, _CLAIM)


class Page:
    """A patient's outbox and what became of it."""

    def __init__(self) -> None:
        self.frames = [make_frame(number, chain=_CHAIN) for number in range(FRAMES)]
        self.seqs: dict[int, int] = {}

    async def send(self, client: GatewayClient) -> None:
        """Send everything that is not acknowledged, until all is or the connection breaks."""
        waiting = {number: client.begin(Put(0, _ADDRESS, self.frames[number])) for number in self.left()}
        with contextlib.suppress(ClosedError):
            for number, answer in waiting.items():
                done = await answer
                assert isinstance(done, Ok)
                self.seqs[number] = seq_of(done)

    def left(self) -> list[int]:
        """Return what is not acknowledged yet."""
        return [number for number in range(FRAMES) if number not in self.seqs]


async def _one_life(gateway: RunningGateway, page: Page, after_s: float) -> None:
    client = await GatewayClient.connect(*gateway.address)
    assert isinstance(await client.sign_in(_PATIENT), SignedIn)
    sending = asyncio.create_task(page.send(client))
    await asyncio.sleep(after_s)
    gateway.process.send_signal(signal.SIGKILL)
    await sending
    await client.drop()


async def _open(gateway: RunningGateway) -> None:
    async with signed_in(*gateway.address, gateway.desk) as desk:
        assert isinstance(await desk.ask(Open(0, _ADDRESS, token_hash(_INVITE), 2**50)), Ok)


async def _collect(gateway: RunningGateway) -> list[tuple[int, bytes]]:
    async with signed_in(*gateway.address, gateway.desk) as desk:
        came = []
        while len(came) < FRAMES:
            one = await desk.next_frame()
            came.append((one.seq, one.frame))
            if len(came) % 50 == 0:  # of one mailbox a desk has 64 on the way
                assert isinstance(await desk.ask(Taken(0, _ADDRESS, one.seq)), Ok)
        with pytest.raises(TimeoutError):
            await desk.next_frame(0.3)
    return came


def play_to_the_end(folder: Path, lives_s: Sequence[float]) -> int:
    """Kill a gateway after each of these times, then let everything arrive; return what the last life acknowledged."""
    page, gateway = Page(), start_gateway(folder)
    asyncio.run(_open(gateway))
    for after_s in lives_s:
        asyncio.run(_one_life(gateway, page, after_s))
        gateway.process.communicate(timeout=20)
        gateway = start_gateway(folder)
    acknowledged = len(page.seqs)

    async def finish() -> list[tuple[int, bytes]]:
        async with signed_in(*gateway.address, _PATIENT) as client:
            await page.send(client)
        return await _collect(gateway)

    came = asyncio.run(finish())
    gateway.stop()
    assert page.left() == []
    assert sorted(frame for _, frame in came) == sorted(page.frames)
    assert dict(came) == {page.seqs[number]: page.frames[number] for number in range(FRAMES)}
    assert [seq for seq, _ in came] == sorted(seq for seq, _ in came)
    return acknowledged


def test_what_was_acknowledged_outlives_every_kill(tmp_path: Path) -> None:
    chance = random.Random(20261124)
    acknowledged = play_to_the_end(tmp_path, [chance.uniform(0.005, 0.06) for _ in range(ROUNDS)])
    assert acknowledged > 0, "the kills came before anything was sent: the test shows nothing"
