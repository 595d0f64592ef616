"""The real program on loopback, real clients: what goes in comes out once, in order, and only to whom it belongs."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.domain.post import (
    MAX_IN_FLIGHT,
    BlobDrop,
    BlobGet,
    Card,
    Close,
    Holdings,
    No,
    NoCode,
    Ok,
    Open,
    Put,
    Taken,
    Wipe,
    chunk_of,
    seq_of,
)
from app.domain.post_sign_in import DeskSignIn, PatientSignIn, SignInCode, SignInRefused, token_hash
from app.domain.strict_json import load_object, to_base64
from tests.support.channel import Office
from tests.support.gateway_client import ClosedError, GatewayClient, signed_in
from tests.support.gateways import RunningGateway, running_gateway
from tests.support.post import make_answer, make_chunk, make_frame, make_hello

pytestmark = pytest.mark.loopback

_ADDRESS, _OTHER = b"a" * 16, b"b" * 16
_INVITE, _CLAIM, _STRANGER = b"i" * 32, b"c" * 32, b"s" * 32
_PATIENT = PatientSignIn(_ADDRESS, _INVITE, _CLAIM)
_DAY_MS = 86_400_000


def until_ms() -> int:
    return time.time_ns() // 1_000_000 + 3 * _DAY_MS


def play(folder: Path, scene: Callable[[RunningGateway], Awaitable[None]], *options: str, **more: Office) -> None:
    """Run a scene against a gateway of its own."""
    with running_gateway(folder, *options, **more) as gateway:
        asyncio.run(scene(gateway))


async def invite(desk: GatewayClient, address: bytes = _ADDRESS, token: bytes = _INVITE) -> None:
    assert isinstance(await desk.ask(Open(0, address, token_hash(token), until_ms())), Ok)


async def code_of(gateway: RunningGateway, who: PatientSignIn | DeskSignIn | str) -> SignInCode | None:
    client = await GatewayClient.connect(*gateway.address)
    welcome = await client.sign_in(who)
    if isinstance(welcome, SignInRefused):
        assert await client.closing() in {1008, 1013}
    await client.close()
    return welcome.code if isinstance(welcome, SignInRefused) else None


def test_a_conversation_goes_both_ways(tmp_path):
    hello, chain = make_hello(), os.urandom(16)
    answer, texts = make_answer(chain), [make_frame(number) for number in range(3)]

    async def scene(gateway: RunningGateway) -> None:
        async with signed_in(*gateway.address, gateway.desk) as desk:
            await invite(desk)
            async with signed_in(*gateway.address, _PATIENT) as patient:
                seq = seq_of(await patient.ask(Put(0, _ADDRESS, hello)))
                came = await desk.next_frame()
                assert (came.address, came.seq, came.frame) == (_ADDRESS, seq, hello)
                assert isinstance(await desk.ask(Taken(0, _ADDRESS, seq)), Ok)
                await desk.ask(Put(0, _ADDRESS, answer))
                assert (await patient.next_frame()).frame == answer
                for text in texts:
                    await patient.ask(Put(0, _ADDRESS, text))
                assert [(await desk.next_frame()).frame for _ in texts] == texts

    play(tmp_path, scene)


def test_what_was_not_taken_comes_again_and_what_was_taken_does_not(tmp_path):
    texts = [make_frame(number) for number in range(5)]

    async def scene(gateway: RunningGateway) -> None:
        async with signed_in(*gateway.address, gateway.desk) as desk:
            await invite(desk)
        async with signed_in(*gateway.address, _PATIENT) as patient:
            seqs = [seq_of(await patient.ask(Put(0, _ADDRESS, text))) for text in texts]
            assert [seq_of(await patient.ask(Put(0, _ADDRESS, text))) for text in texts] == seqs
        async with signed_in(*gateway.address, gateway.desk) as desk:
            assert [(await desk.next_frame()).frame for _ in texts] == texts
            await desk.ask(Taken(0, _ADDRESS, seqs[2]))
        async with signed_in(*gateway.address, gateway.desk) as desk:
            assert [(await desk.next_frame()).seq for _ in range(2)] == seqs[3:]
            with pytest.raises(TimeoutError):
                await desk.next_frame(0.2)

    play(tmp_path, scene)


def test_only_so_many_frames_fly_until_some_are_taken(tmp_path):
    async def scene(gateway: RunningGateway) -> None:
        async with signed_in(*gateway.address, gateway.desk) as desk:
            await invite(desk)
            for number in range(MAX_IN_FLIGHT + 40):
                desk.begin(Put(0, _ADDRESS, make_frame(number)))
            await desk.ask(Put(0, _ADDRESS, make_frame(9_999)))
            async with signed_in(*gateway.address, _PATIENT) as patient:
                seqs = [(await patient.next_frame()).seq for _ in range(MAX_IN_FLIGHT)]
                with pytest.raises(TimeoutError):
                    await patient.next_frame(0.3)
                await patient.ask(Taken(0, _ADDRESS, seqs[9]))
                assert len([await patient.next_frame() for _ in range(10)]) == 10
                with pytest.raises(TimeoutError):
                    await patient.next_frame(0.3)
                await patient.ask(Taken(0, _ADDRESS, seqs[-1]))
                assert len([await patient.next_frame() for _ in range(31)]) == 31

    play(tmp_path, scene)


def test_nobody_gets_into_a_mailbox_that_is_not_theirs(tmp_path):
    async def scene(gateway: RunningGateway) -> None:
        async with signed_in(*gateway.address, gateway.desk) as desk:
            await invite(desk)
            await invite(desk, _OTHER, _STRANGER)
            peek = PatientSignIn(_ADDRESS, _INVITE, is_peek=True)
            assert await code_of(gateway, peek) is None
            assert await code_of(gateway, _PATIENT) is None
            assert await code_of(gateway, peek) is SignInCode.CLAIMED
            assert await code_of(gateway, PatientSignIn(_ADDRESS, _CLAIM)) is None
            assert await code_of(gateway, PatientSignIn(_ADDRESS, _INVITE, _STRANGER)) is SignInCode.CLAIMED
            assert await code_of(gateway, PatientSignIn(_ADDRESS, _STRANGER)) is SignInCode.TOKEN
            assert await code_of(gateway, PatientSignIn(b"z" * 16, _CLAIM)) is SignInCode.UNKNOWN
            assert await code_of(gateway, PatientSignIn(b"z" * 16, _CLAIM, is_open_door=True)) is SignInCode.UNKNOWN
            assert await code_of(gateway, DeskSignIn(gateway.office.id, _CLAIM)) is SignInCode.TOKEN
            assert await code_of(gateway, DeskSignIn(bytes(32), gateway.desk.token)) is SignInCode.UNKNOWN
            assert await code_of(gateway, '{"v":2}') is SignInCode.VERSION
            assert await code_of(gateway, "hello") is SignInCode.UNKNOWN

    play(tmp_path, scene)


@pytest.mark.parametrize(
    "request_",
    [
        Put(0, _OTHER, make_frame()),
        Taken(0, _OTHER, 1),
        make_chunk(_OTHER, _OTHER),
        BlobGet(0, _OTHER, _OTHER, 0),
        BlobDrop(0, _OTHER, _OTHER),
        Open(0, b"n" * 16, bytes(32), 2**50),
        Close(0, _ADDRESS),
        Card(0, b"{}"),
        Holdings(0),
        Wipe(0),
    ],
    ids=lambda found: type(found).__name__,
)
def test_a_patient_may_ask_nothing_of_other_mailboxes_and_of_the_office(shared_gateway, request_):
    gateway = shared_gateway

    async def scene() -> None:
        async with signed_in(*gateway.address, PatientSignIn(_ADDRESS, _CLAIM)) as patient:
            refusal = await patient.ask(request_)
            assert isinstance(refusal, No)
            assert refusal.code is NoCode.NOT_YOURS
        async with signed_in(*gateway.address, gateway.desk) as desk:
            assert (await holdings(desk))["mailboxes"] != []

    asyncio.run(scene())


async def holdings(desk: GatewayClient) -> dict[str, object]:
    answer = await desk.ask(Holdings(0))
    assert isinstance(answer, Ok)
    return load_object(answer.payload, 1 << 20)


@pytest.fixture(scope="module")
def shared_gateway(tmp_path_factory):
    """A gateway with two mailboxes, of which one is claimed."""
    with running_gateway(tmp_path_factory.mktemp("gateway")) as gateway:

        async def prepare() -> None:
            async with signed_in(*gateway.address, gateway.desk) as desk:
                await invite(desk)
                await invite(desk, _OTHER, _STRANGER)
            async with signed_in(*gateway.address, _PATIENT):
                pass

        asyncio.run(prepare())
        yield gateway


def test_an_attachment_goes_through_in_chunks(tmp_path):
    chunks = [make_chunk(_ADDRESS, _OTHER, index, 8) for index in range(8)]

    async def scene(gateway: RunningGateway) -> None:
        async with signed_in(*gateway.address, gateway.desk) as desk:
            await invite(desk)
            async with signed_in(*gateway.address, _PATIENT) as patient:
                answers = await asyncio.gather(*(patient.begin(chunk) for chunk in chunks))
                assert all(isinstance(answer, Ok) for answer in answers)
            for index, chunk in enumerate(chunks):
                assert chunk_of(await desk.ask(BlobGet(0, _ADDRESS, _OTHER, index))) == (8, chunk.chunk)
            assert isinstance(await desk.ask(BlobDrop(0, _ADDRESS, _OTHER)), Ok)
            assert (await desk.ask(BlobGet(0, _ADDRESS, _OTHER, 0))).code is NoCode.UNKNOWN

    play(tmp_path, scene)


def test_closing_a_mailbox_ends_its_patient_and_leaves_nothing(tmp_path):
    async def scene(gateway: RunningGateway) -> None:
        async with signed_in(*gateway.address, gateway.desk) as desk:
            await invite(desk)
            async with signed_in(*gateway.address, _PATIENT) as patient:
                await patient.ask(Put(0, _ADDRESS, make_frame()))
                await desk.ask(Close(0, _ADDRESS))
                assert await patient.closing() == 4001
            assert await code_of(gateway, PatientSignIn(_ADDRESS, _CLAIM)) is SignInCode.CLOSED
            held = await holdings(desk)
            assert (held["mailboxes"], held["closed"]) == ([], 1)

    play(tmp_path, scene)


def test_closing_and_wiping_overwrite_what_was_held(tmp_path):
    frame, chunk = make_frame(size=1), make_chunk(_ADDRESS, _OTHER)

    async def scene(gateway: RunningGateway) -> None:
        async with signed_in(*gateway.address, gateway.desk) as desk:
            await invite(desk)
            async with signed_in(*gateway.address, _PATIENT) as patient:
                await patient.ask(Put(0, _ADDRESS, frame))
                await patient.ask(chunk)
            assert is_anywhere(gateway, frame[-200:])
            assert is_anywhere(gateway, chunk.chunk[-200:])
            await desk.ask(Wipe(0))
            assert (await holdings(desk))["mailboxes"] == []
            assert not is_anywhere(gateway, frame[-200:])
            assert not is_anywhere(gateway, chunk.chunk[-200:])
            assert not is_anywhere(gateway, _ADDRESS)

    play(tmp_path, scene)


def is_anywhere(gateway: RunningGateway, wanted: bytes) -> bool:
    return any(wanted in file.read_bytes() for file in gateway.mailbox.parent.iterdir())


def test_a_desk_publishes_a_newer_document_and_never_an_older_one(tmp_path):
    office = Office()
    first = office.document_json()

    async def scene(gateway: RunningGateway) -> None:
        async with signed_in(*gateway.address, gateway.desk) as desk:
            office.renew_card()
            assert isinstance(await desk.ask(Card(0, office.document_json())), Ok)
            assert (await desk.ask(Card(0, first))).code is NoCode.CONFLICT
            assert (await desk.ask(Card(0, b'{"v":1}'))).code is NoCode.MALFORMED
            assert (await desk.ask(Card(0, Office(root=office.admin).document_json()))).code is NoCode.NOT_YOURS

    play(tmp_path, scene, office=office)


def test_an_open_door_lets_strangers_in_only_where_the_card_says_so(tmp_path):
    visitor = PatientSignIn(_ADDRESS, _CLAIM, is_open_door=True)

    async def scene(gateway: RunningGateway) -> None:
        async with signed_in(*gateway.address, visitor) as patient:
            await patient.ask(Put(0, _ADDRESS, make_hello()))
        async with signed_in(*gateway.address, gateway.desk) as desk:
            assert (await desk.next_frame()).address == _ADDRESS
        assert await code_of(gateway, PatientSignIn(_ADDRESS, _CLAIM)) is None

    play(tmp_path, scene, office=Office(open_door=True))


def test_a_page_of_another_site_may_not_connect(shared_gateway):
    async def scene() -> None:
        own = f"http://127.0.0.1:{shared_gateway.port}".encode()
        client = await GatewayClient.connect(*shared_gateway.address, headers=((b"Origin", own),))
        await client.close()
        with pytest.raises(ClosedError) as caught:
            await GatewayClient.connect(*shared_gateway.address, headers=((b"Origin", b"https://elsewhere.example"),))
        assert caught.value.code == 403

    asyncio.run(scene())


def test_the_holdings_name_hashes_and_never_a_token(shared_gateway):
    async def scene() -> None:
        async with signed_in(*shared_gateway.address, shared_gateway.desk) as desk:
            found = {one["address"]: one for one in (await holdings(desk))["mailboxes"]}
            assert found[to_base64(_ADDRESS)]["token_hash"] == to_base64(token_hash(_CLAIM))
            assert (found[to_base64(_ADDRESS)]["claimed"], found[to_base64(_OTHER)]["claimed"]) == (True, False)

    asyncio.run(scene())
