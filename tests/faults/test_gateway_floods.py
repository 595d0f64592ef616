"""Clients that send too much, too slowly, too little or nonsense: they are slowed or cut off, nobody else notices."""

import asyncio
import contextlib
import itertools
import os
import random
import time
from pathlib import Path

import pytest
from wsproto.utilities import LocalProtocolError

from app.domain.post import MAX_REQUEST_BYTES, BlobGet, No, NoCode, Ok, Open, Put, Taken
from app.domain.post_sign_in import (
    DeskSignIn,
    PatientSignIn,
    SignedIn,
    SignInCode,
    SignInRefused,
    encode_sign_in,
    token_hash,
)
from app.domain.post_sizes import CHUNK_BYTES
from app.gateway.limits import Limits, Rate
from tests.support.channel import Office
from tests.support.gateway_client import ClosedError, GatewayClient, signed_in
from tests.support.gateways import DESK_TOKEN, gateway_here
from tests.support.post import make_chunk, make_frame, mutated_request

pytestmark = pytest.mark.loopback

FUZZED = 3_000
_ADDRESS, _INVITE, _CLAIM = b"a" * 16, b"i" * 32, b"c" * 32
_PATIENT = PatientSignIn(_ADDRESS, _INVITE, _CLAIM)
_DESK = DeskSignIn(Office().id, DESK_TOKEN)
Place = tuple[str, int]


async def invite(place: Place, *addresses: bytes) -> None:
    async with signed_in(*place, _DESK) as desk:
        for address in addresses or (_ADDRESS,):
            assert isinstance(await desk.ask(Open(0, address, token_hash(_INVITE), 2**50)), Ok)


async def is_alive(place: Place) -> bool:
    """A desk from another address still comes in and is answered."""
    async with signed_in(*place, _DESK, source="127.0.0.9") as desk:
        return isinstance(await desk.ask(Taken(0, b"z" * 16, 1)), No)


def test_a_flooding_patient_is_slowed_and_the_others_are_not(tmp_path):
    limits = Limits(patient_frames=Rate(20.0, 30.0))

    async def scene() -> None:
        async with gateway_here(tmp_path, limits) as place:
            await invite(place, _ADDRESS, b"b" * 16)
            async with (
                signed_in(*place, _PATIENT) as flooder,
                signed_in(*place, PatientSignIn(b"b" * 16, _INVITE, _CLAIM)) as other,
            ):
                started_s = time.perf_counter()
                answers = [flooder.begin(Put(0, _ADDRESS, make_frame(number))) for number in range(60)]
                took_s = []
                for number in range(10):
                    began_s = time.perf_counter()
                    await other.ask(Put(0, b"b" * 16, make_frame(number)))
                    took_s.append(time.perf_counter() - began_s)
                await asyncio.wait_for(asyncio.gather(*answers), 20)
                assert time.perf_counter() - started_s > 30 / 20 * 0.9
                assert sorted(took_s)[5] < 0.5

    asyncio.run(scene())


def test_a_client_that_takes_nothing_is_cut_off_and_its_frames_wait(tmp_path):
    limits = Limits(stalled_s=0.5)
    frames = [make_frame(number, size=3) for number in range(250)]

    async def scene() -> None:
        async with gateway_here(tmp_path, limits) as place:
            await invite(place)
            lazy = await GatewayClient.connect(*place)
            assert isinstance(await lazy.sign_in(_PATIENT), SignedIn)
            blob = make_chunk(_ADDRESS, _ADDRESS)
            assert isinstance(await lazy.ask(blob), Ok)
            lazy.stop_reading()
            for _ in range(400):
                lazy.begin(BlobGet(0, _ADDRESS, _ADDRESS, 0))
            async with signed_in(*place, _DESK) as desk:
                for frame in frames:
                    assert isinstance(await desk.ask(Put(0, _ADDRESS, frame)), Ok)
            await asyncio.sleep(1.2)
            lazy._writer.transport.resume_reading()
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await lazy._reader.readexactly(400 * CHUNK_BYTES)
            await lazy.drop()
            async with signed_in(*place, PatientSignIn(_ADDRESS, _CLAIM)) as patient:
                assert [(await patient.next_frame()).frame for _ in frames] == frames

    asyncio.run(scene())


def test_who_says_nothing_is_sent_away(tmp_path):
    limits = Limits(sign_in_s=0.2, request_s=0.3)

    async def scene() -> None:
        async with gateway_here(tmp_path, limits) as place:
            silent = await GatewayClient.connect(*place)
            assert await silent.closing() == 1008
            await silent.drop()
            reader, writer = await asyncio.open_connection(*place)
            for byte in b"GET / HT":
                writer.write(bytes((byte,)))
                await asyncio.sleep(0.05)
            with pytest.raises(ConnectionError):
                await asyncio.wait_for(_until_cut(reader), 5)
            writer.close()
            assert await is_alive(place)

    asyncio.run(scene())


async def _until_cut(reader: asyncio.StreamReader) -> None:
    if await reader.read(100) == b"":
        raise ConnectionError


def test_one_address_has_so_many_connections_and_no_more(tmp_path):
    limits = Limits(connections_per_client=5)

    async def scene() -> None:
        async with gateway_here(tmp_path, limits) as place:
            clients = [await GatewayClient.connect(*place) for _ in range(5)]
            sixth = await GatewayClient.connect(*place)
            assert await sixth.welcome() == SignInRefused(SignInCode.BUSY)
            assert await sixth.closing() == 1013
            assert await is_alive(place)
            for client in (*clients, sixth):
                await client.drop()
            assert await _comes_in(place)

    asyncio.run(scene())


async def _comes_in(place: Place) -> bool:
    """Whether a desk comes in within some seconds: the gateway hears of those who left in its own time."""
    for _ in range(100):
        try:
            client = await GatewayClient.connect(*place)
        except (ClosedError, ConnectionError):
            await asyncio.sleep(0.05)
            continue
        is_in = isinstance(await _first_word(client), SignedIn)
        await client.drop()
        if is_in:
            return True
        await asyncio.sleep(0.05)
    return False


async def _first_word(client: GatewayClient) -> SignedIn | SignInRefused:
    with contextlib.suppress(LocalProtocolError):  # refused before we said anything
        client.send_text(encode_sign_in(_DESK))
    return await client.welcome()


def test_in_all_there_are_so_many_connections_and_no_more(tmp_path):
    async def scene() -> None:
        async with gateway_here(tmp_path, Limits(connections=5)) as place:
            clients = [await GatewayClient.connect(*place) for _ in range(5)]
            with pytest.raises((ClosedError, ConnectionError)):
                await GatewayClient.connect(*place)
            await clients.pop().drop()
            assert await _comes_in(place)
            for client in clients:
                await client.drop()

    asyncio.run(scene())


def test_guessing_tokens_ends_in_being_told_to_wait(tmp_path):
    limits = Limits(failures_per_client=Rate(0.001, 5.0))

    async def scene() -> None:
        async with gateway_here(tmp_path, limits) as place:
            await invite(place)
            codes = []
            for _ in range(7):
                client = await GatewayClient.connect(*place)
                answer = await client.sign_in(PatientSignIn(_ADDRESS, os.urandom(32)))
                assert isinstance(answer, SignInRefused)
                codes.append(answer.code)
                await client.drop()
            assert codes == [SignInCode.TOKEN] * 5 + [SignInCode.BUSY] * 2
            assert await is_alive(place)

    asyncio.run(scene())


def test_new_open_door_conversations_are_limited_by_address_and_in_all(tmp_path):
    limits = Limits(doors_per_client=Rate(0.001, 3.0), doors=Rate(0.001, 4.0))

    async def visit(place: Place, source: str, address: bytes) -> SignInCode | None:
        client = await GatewayClient.connect(*place, source=source)
        answer = await client.sign_in(PatientSignIn(address, _CLAIM, is_open_door=True))
        await client.drop()
        return answer.code if isinstance(answer, SignInRefused) else None

    async def scene() -> None:
        async with gateway_here(tmp_path, limits, office=Office(open_door=True)) as place:
            first = [await visit(place, "127.0.0.2", bytes((number,)) * 16) for number in range(5)]
            assert first == [None, None, None, SignInCode.BUSY, SignInCode.BUSY]
            assert await visit(place, "127.0.0.2", bytes(16)) is None, "a return is not a new conversation"
            second = [await visit(place, "127.0.0.3", bytes((number,)) * 16) for number in range(10, 13)]
            assert second == [None, SignInCode.BUSY, SignInCode.BUSY]

    asyncio.run(scene())


def test_a_fifth_tab_takes_the_place_of_the_first(tmp_path):
    async def scene() -> None:
        async with gateway_here(tmp_path) as place:
            await invite(place)
            tabs = []
            for _ in range(5):
                tabs.append(await GatewayClient.connect(*place))
                assert isinstance(await tabs[-1].sign_in(_PATIENT), SignedIn)
            assert await tabs[0].closing() == 4000
            async with signed_in(*place, _DESK) as desk:
                await desk.ask(Put(0, _ADDRESS, make_frame()))
            for tab in tabs[1:]:
                await tab.next_frame()
            for tab in tabs:
                await tab.drop()

    asyncio.run(scene())


def test_a_message_that_is_too_long_ends_the_connection_alone(tmp_path):
    async def scene() -> None:
        async with gateway_here(tmp_path) as place:
            await invite(place)
            async with signed_in(*place, _PATIENT) as patient:
                patient.send_raw(bytes(MAX_REQUEST_BYTES + 1))
                assert await patient.closing() == 1009
            assert await is_alive(place)

    asyncio.run(scene())


def test_a_little_nonsense_is_answered_and_more_of_it_ends_the_connection(tmp_path):
    async def scene() -> None:
        async with gateway_here(tmp_path, Limits(malformed=3)) as place:
            await invite(place)
            async with signed_in(*place, _PATIENT) as patient:
                for _ in range(3):
                    patient.send_raw(b"\x01\x00\x00\x00\x01rest")
                assert (await patient.ask(Put(0, _ADDRESS, make_frame()))) is not None
                patient.send_text("text is nonsense here")
                assert await patient.closing() == 1008
            assert await is_alive(place)

    asyncio.run(scene())


def test_mutated_requests_of_a_patient_change_nothing_of_anybody_else(tmp_path: Path) -> None:
    chance = random.Random(7)
    limits = Limits(malformed=10**9, patient_frames=Rate(1e9, 1e9), patient_bytes=Rate(1e12, 1e12))
    other = make_frame()

    async def scene() -> None:
        async with gateway_here(tmp_path, limits) as place:
            await invite(place, _ADDRESS, b"b" * 16)
            async with signed_in(*place, PatientSignIn(b"b" * 16, _INVITE, _CLAIM)) as neighbour:
                assert isinstance(await neighbour.ask(Put(0, b"b" * 16, other)), Ok)
            async with signed_in(*place, _PATIENT) as patient:
                patient._numbers = itertools.count(10**6)
                for number in range(FUZZED):
                    patient.send_raw(mutated_request(chance, _ADDRESS))
                    if number % 200 == 0:
                        await patient.drain()
                        await asyncio.sleep(0)
                last = await patient.ask(Put(0, _ADDRESS, make_frame(2**31)))
                assert isinstance(last, Ok) or last.code is NoCode.FULL
            async with signed_in(*place, _DESK) as desk:
                seen = []
                while not seen or seen[-1].address != b"b" * 16:
                    seen.append(await desk.next_frame())
                assert seen[-1].frame == other
            assert await is_alive(place)

    asyncio.run(scene())


def test_broken_websocket_bytes_end_their_connection_alone(tmp_path):
    chance = random.Random(11)

    async def scene() -> None:
        async with gateway_here(tmp_path) as place:
            await invite(place)
            for _ in range(40):
                client = await GatewayClient.connect(*place)
                await client.sign_in(_PATIENT)
                client._writer.write(chance.randbytes(chance.randrange(1, 300)))
                await client.drop()
            for line in (
                b"",
                b"\0" * 100,
                b"GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
                b"PRI * HTTP/2.0\r\n\r\n",
            ):
                reader, writer = await asyncio.open_connection(*place)
                writer.write(line + os.urandom(50) + b"\r\n\r\n")
                writer.write_eof()
                await asyncio.wait_for(reader.read(), 5)
                writer.close()
            assert await is_alive(place)

    asyncio.run(scene())
