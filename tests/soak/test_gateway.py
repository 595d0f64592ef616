"""A million mutated requests and three hundred kills of the gateway.

``VESTIBULE_SOAK_REQUESTS`` and ``VESTIBULE_SOAK_GATEWAY_KILLS`` give other numbers. Run with ``--loopback -m soak``.
"""

import asyncio
import itertools
import os
import random
from pathlib import Path

import pytest

from app.domain.post import Ok, Open, Put, Taken
from app.domain.post_sign_in import DeskSignIn, PatientSignIn, token_hash
from app.gateway.limits import Limits, Rate
from tests.faults.test_gateway_kills import play_to_the_end
from tests.support.channel import Office
from tests.support.gateway_client import signed_in
from tests.support.gateways import DESK_TOKEN, gateway_here
from tests.support.post import make_frame, mutated_request

pytestmark = [pytest.mark.soak, pytest.mark.loopback]

REQUESTS = int(os.environ.get("VESTIBULE_SOAK_REQUESTS", "1000000"))
KILLS = int(os.environ.get("VESTIBULE_SOAK_GATEWAY_KILLS", "300"))
KILLS_PER_MAILBOX = 10
_AT_ONCE = 500
_ADDRESS, _OTHER, _INVITE, _CLAIM = b"a" * 16, b"b" * 16, b"i" * 32, b"c" * 32
_DESK = DeskSignIn(Office().id, DESK_TOKEN)


def test_a_million_mutated_requests_change_nothing_of_anybody_else(tmp_path: Path) -> None:
    chance = random.Random(2026)
    limits = Limits(malformed=10**9, patient_frames=Rate(1e9, 1e9), patient_bytes=Rate(1e12, 1e12))
    kept = make_frame()

    async def scene() -> None:
        async with gateway_here(tmp_path, limits) as place, signed_in(*place, _DESK) as desk:
            for address in (_ADDRESS, _OTHER):
                assert isinstance(await desk.ask(Open(0, address, token_hash(_INVITE), 2**50)), Ok)
            async with signed_in(*place, PatientSignIn(_OTHER, _INVITE, _CLAIM)) as neighbour:
                assert isinstance(await neighbour.ask(Put(0, _OTHER, kept)), Ok)
            assert (await desk.next_frame()).frame == kept
            async with signed_in(*place, PatientSignIn(_ADDRESS, _INVITE, _CLAIM)) as patient:
                patient._numbers = itertools.count(10**6)
                for _ in range(0, REQUESTS, _AT_ONCE):
                    for _ in range(_AT_ONCE):
                        patient.send_raw(mutated_request(chance, _ADDRESS))
                    await patient.ask(Taken(0, _ADDRESS, 1))
                    while not desk.pushed.empty():
                        came = desk.pushed.get_nowait()
                        assert came.address == _ADDRESS
                        desk.begin(Taken(0, _ADDRESS, came.seq))
        async with gateway_here(tmp_path) as place, signed_in(*place, _DESK) as desk:
            came = await desk.next_frame()
            while came.address != _OTHER:
                came = await desk.next_frame()
            assert came.frame == kept

    asyncio.run(scene())


@pytest.mark.parametrize("seed", range((KILLS + KILLS_PER_MAILBOX - 1) // KILLS_PER_MAILBOX))
def test_ten_kills_lose_nothing_that_was_acknowledged(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    play_to_the_end(tmp_path, [chance.uniform(0.001, 0.1) for _ in range(KILLS_PER_MAILBOX)])
