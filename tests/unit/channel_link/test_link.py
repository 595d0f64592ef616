"""The link against the real gateway: wall, dialler, child, TLS and all, on loopback."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.post import Put
from app.domain.post_sign_in import DeskSignIn, PatientSignIn, token_hash
from app.domain.post_sizes import CHUNK_BYTES
from tests.support.certificates import make_certificate
from tests.support.gateway_client import signed_in
from tests.support.gateways import RunningGateway, running_gateway, start_gateway
from tests.support.linking import LinkedConsole, linked_console
from tests.support.post import make_frame

pytestmark = pytest.mark.loopback

TOKEN = bytes(32)
FAR_MS = 4_102_444_800_000


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.fixture(scope="module")
def console(gateway: RunningGateway) -> Iterator[LinkedConsole]:
    with linked_console(*gateway.address, gateway.desk) as linked:
        linked.wait_for_state("on")
        yield linked


def mailbox(console: LinkedConsole, name: bytes) -> bytes:
    address = name.ljust(16)
    console.ask("open_mailbox", address, token_hash(TOKEN), FAR_MS)
    return address


def of(address: bytes) -> object:
    return lambda one: "frame" in one and one["frame"][0] == address.hex()


async def exchange(gateway: RunningGateway, address: bytes, frame: bytes) -> bytes:
    async with signed_in(*gateway.address, PatientSignIn(address, TOKEN)) as browser:
        await browser.ask(Put(0, address, frame))
        return (await browser.next_frame()).frame


def test_frames_travel_both_ways(gateway: RunningGateway, console: LinkedConsole) -> None:
    address = mailbox(console, b"both ways")
    coming, going = make_frame(), make_frame(size=3)
    seq = console.ask("put", address, going)
    assert console.ask("put", address, going) == seq, "the same bytes again are the same frame"
    assert asyncio.run(exchange(gateway, address, coming)) == going
    arrived = console.wait_for(of(address))["frame"]
    assert arrived[2] == coming.hex()
    assert console.ask("taken", address, arrived[1]) is None


def test_the_console_holds_no_socket_and_knows_nothing_of_the_web(console: LinkedConsole) -> None:
    assert console.look() == {"internet": [], "loaded": []}


def test_files_are_left_and_fetched_chunk_by_chunk(console: LinkedConsole) -> None:
    address, blob = mailbox(console, b"files"), bytes(range(16))
    chunks = [bytes([number]) * CHUNK_BYTES for number in range(2)]
    for index, chunk in enumerate(chunks):
        assert console.ask("blob_put", address, blob, index, 2, chunk) is None
    assert console.ask("blob_get", address, blob, 1) == [2, chunks[1].hex()]
    assert console.ask("blob_drop", address, blob) is None
    with pytest.raises(LookupError, match="unknown"):
        console.ask("blob_get", address, blob, 0)


def test_a_refusal_is_told_by_its_code_and_ends_nothing(console: LinkedConsole) -> None:
    address = mailbox(console, b"conflict")
    first = make_frame(5, chain=bytes(16))
    console.ask("put", address, first)
    with pytest.raises(LookupError, match="conflict"):
        console.ask("put", address, make_frame(5, chain=bytes(16)))
    with pytest.raises(LookupError, match="unknown"):
        console.ask("put", b"no such mailbox ", make_frame())
    assert console.ask("put", address, first) > 0


def test_the_office_document_is_published_and_the_gateway_says_what_it_holds(
    gateway: RunningGateway, console: LinkedConsole
) -> None:
    address = mailbox(console, b"holdings")
    console.ask("put", address, make_frame())
    assert console.ask("publish", gateway.office.document_json()) is None
    held = console.ask("holdings")
    assert held.keys() == {"now_ms", "closed", "disk_bytes", "mailboxes"}
    assert {"count", "bytes", "oldest_ms"} == held["mailboxes"][0]["to_patient"].keys()


def test_many_requests_at_once_are_all_answered(console: LinkedConsole) -> None:
    address = mailbox(console, b"many")
    seen = len(console.told)
    numbers = [console.order("put", address, make_frame(number)) for number in range(200)]
    console.wait_for(lambda one: one.get("answer") == numbers[-1])
    answers = {one["answer"]: one["result"] for one in console.told[seen:] if "answer" in one}
    assert [*answers] == numbers
    assert sorted(answers.values()) == [*answers.values()]


def test_over_tls_with_an_authority_of_the_settings(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path / "tls")
    options = ("--tls-cert", str(certificate.chain), "--tls-key", str(certificate.key))
    with running_gateway(tmp_path, *options) as secure:
        with linked_console("localhost", secure.port, secure.desk, is_tls=True, ca_file=certificate.chain) as console:
            console.wait_for_state("on")
            address = mailbox(console, b"over tls")
            chunk = bytes(CHUNK_BYTES)
            assert console.ask("blob_put", address, bytes(16), 0, 1, chunk) is None
            assert console.ask("blob_get", address, bytes(16), 0) == [1, chunk.hex()]
        other = make_certificate(tmp_path / "other").chain
        for trusted in (other, None):
            with linked_console("localhost", secure.port, secure.desk, is_tls=True, ca_file=trusted) as console:
                assert console.wait_for_state("refused")["code"] == "certificate"


def test_a_gateway_without_tls_where_tls_is_asked_for_is_refused(gateway: RunningGateway, tmp_path: Path) -> None:
    trusted = make_certificate(tmp_path / "tls").chain
    with linked_console("localhost", gateway.port, gateway.desk, is_tls=True, ca_file=trusted) as console:
        assert console.wait_for_state("waiting")["code"] == "tls"


def test_without_tls_only_this_machine_is_dialled(gateway: RunningGateway) -> None:
    with linked_console("203.0.113.7", gateway.port, gateway.desk) as console:
        assert console.wait_for_state("waiting")["code"] == "not_local"


def test_when_the_token_is_wrong_then_the_gateway_refuses_and_a_person_has_to_look(gateway: RunningGateway) -> None:
    stranger = DeskSignIn(gateway.office.id, bytes(32))
    with linked_console(*gateway.address, stranger) as console:
        told = console.wait_for_state("refused")
        assert told["code"].startswith("sign_in_")
        assert told["retry"]
        with pytest.raises(LookupError, match="link_down sign_in_"):
            console.ask("put", bytes(16), make_frame())


def test_when_nobody_listens_then_it_waits_and_tries_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with linked_console("127.0.0.1", port, DeskSignIn(bytes(32), bytes(32))) as console:
        assert console.wait_for_state("waiting")["code"] == "refused"
        seen = len(console.told)
        console.wait_for_state("dialling", since=seen)
        with pytest.raises(LookupError, match="link_down refused"):
            console.ask("holdings")


def test_when_the_gateway_restarts_then_the_link_comes_back_and_what_was_not_taken_comes_again(tmp_path: Path) -> None:
    first = start_gateway(tmp_path)
    address, frame = b"restart         ", make_frame()
    with linked_console(*first.address, first.desk) as console:
        console.wait_for_state("on")
        console.ask("open_mailbox", address, token_hash(TOKEN), FAR_MS)
        asyncio.run(put_only(first, address, frame))
        console.wait_for(of(address))
        seen = len(console.told)
        first.stop(signal.SIGKILL)
        down = console.wait_for_state("waiting", since=seen)
        assert down["contact"]
        with pytest.raises(LookupError):
            console.ask("taken", address, 1)
        again = start_gateway(tmp_path, office=first.office, listen=f"127.0.0.1:{first.port}")
        console.order("retry")
        console.wait_for_state("on", since=seen)
        repeated = console.wait_for(of(address), seen)["frame"]
        assert repeated[2] == frame.hex()
        assert console.ask("taken", address, repeated[1]) is None
    again.stop()


def test_when_the_desk_cannot_take_a_frame_then_it_comes_again(gateway: RunningGateway) -> None:
    with linked_console(*gateway.address, gateway.desk) as console:
        console.wait_for_state("on")
        address = mailbox(console, b"full disk")
        console.order("fail", times=1)
        frame = make_frame()
        asyncio.run(put_only(gateway, address, frame))
        assert console.wait_for_state("waiting")["code"] == "not_taken"
        assert console.wait_for(of(address))["frame"][2] == frame.hex()


def test_when_the_desk_hangs_up_then_what_was_not_taken_comes_again(gateway: RunningGateway) -> None:
    with linked_console(*gateway.address, gateway.desk) as console:
        console.wait_for_state("on")
        address = mailbox(console, b"hung up")
        frame = make_frame()
        asyncio.run(put_only(gateway, address, frame))
        first = console.wait_for(of(address))["frame"]
        seen = len(console.told)
        console.order("hang_up")
        assert console.wait_for_state("waiting", since=seen)["code"] == "not_taken"
        assert console.wait_for(of(address), seen)["frame"] == first


def test_when_the_child_is_killed_then_requests_fail_and_a_new_one_takes_over(gateway: RunningGateway) -> None:
    with linked_console(*gateway.address, gateway.desk) as console:
        pid = console.wait_for_state("on")["pid"]
        seen = len(console.told)
        os.kill(pid, signal.SIGKILL)
        assert console.wait_for_state("waiting", since=seen)["code"] == "worker_died"
        assert console.wait_for_state("on", since=seen)["pid"] != pid
        assert console.look()["internet"] == []


def test_stopping_takes_leave_at_once(gateway: RunningGateway) -> None:
    with linked_console(*gateway.address, gateway.desk) as console:
        pid = console.wait_for_state("on")["pid"]
        begun = time.monotonic()
    assert time.monotonic() - begun < 5
    assert not Path(f"/proc/{pid}/exe").exists()
    assert console.told[-2] == {"state": "off", "code": "", "retry": False, "contact": True, "pid": None}


async def put_only(gateway: RunningGateway, address: bytes, frame: bytes) -> None:
    async with signed_in(*gateway.address, PatientSignIn(address, TOKEN)) as browser:
        await browser.ask(Put(0, address, frame))
