"""The link against the real gateway: walls, dialler, child, TLS and all, on loopback."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.post_sign_in import DeskSignIn, PatientSignIn, token_hash
from app.domain.post_sizes import CHUNK_BYTES
from tests.support.channel import Office
from tests.support.certificates import make_certificate
from tests.support.gateway_client import signed_in
from tests.support.gateways import RunningGateway, running_gateway, start_gateway
from tests.support.linking import LinkedConsole, linked_console
from tests.support.post import make_frame

pytestmark = pytest.mark.loopback

ADDRESS = bytes(range(16))
TOKEN = bytes(32)
FAR_MS = 4_102_444_800_000


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.fixture
def console(gateway: RunningGateway) -> Iterator[LinkedConsole]:
    with linked_console(*gateway.address, gateway.desk) as linked:
        linked.wait_for_state("on")
        yield linked


def test_frames_travel_both_ways_and_the_console_never_holds_a_socket(
    gateway: RunningGateway, console: LinkedConsole
) -> None:
    address = b"both ways       "
    console.ask("open_mailbox", address, token_hash(TOKEN), FAR_MS)
    coming, going = make_frame(), make_frame()

    async def patient() -> bytes:
        async with signed_in(*gateway.address, PatientSignIn(address, TOKEN)) as browser:
            from app.domain.post import Put  # noqa: PLC0415

            await browser.ask(Put(0, address, coming))
            return (await browser.next_frame()).frame

    seq = console.ask("put", address, going)
    assert seq > 0
    assert asyncio.run(patient()) == going
    arrived = console.wait_for(lambda one: "frame" in one and one["frame"][0] == address.hex())["frame"]
    assert arrived[2] == coming.hex()
    assert console.ask("taken", address, arrived[1]) is None
    assert console.look() == {"internet": [], "loaded": []}
