"""nginx and Caddy from the distribution, with the examples that we ship, in front of a real gateway."""

import asyncio
import http.client
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.post import BlobGet, Ok, Open, Put, chunk_of
from app.domain.post_sign_in import DeskSignIn, PatientSignIn, SignInCode, SignInRefused, token_hash
from app.gateway.limits import Limits
from tests.support.certificates import make_certificate, trusting
from tests.support.channel import Office
from tests.support.gateway_client import GatewayClient, signed_in
from tests.support.gateways import DESK_TOKEN, gateway_here
from tests.support.post import make_chunk, make_frame
from tests.support.proxies import caddy, nginx

pytestmark = pytest.mark.loopback

_ADDRESS, _INVITE, _CLAIM = b"a" * 16, b"i" * 32, b"c" * 32
_DESK = DeskSignIn(Office().id, DESK_TOKEN)


@pytest.fixture(params=[nginx, caddy], ids=["nginx", "caddy"])
def proxy(request):
    return request.param


def through(proxy: Callable, folder: Path, scene: Callable, limits: Limits | None = None) -> None:
    """Run ``scene(port, trust, options)`` on a gateway behind this proxy."""
    certificate = make_certificate(folder / "tls")
    trust = trusting(certificate)

    async def run() -> None:
        async with gateway_here(folder, limits, proxies=("127.0.0.1/32",)) as (_, port):
            place = folder / "proxy"
            place.mkdir()
            front = proxy(place, port, certificate)
            front_port = await asyncio.to_thread(front.__enter__)
            try:
                await scene(front_port, {"tls": trust, "name": "localhost"})
            finally:
                await asyncio.to_thread(front.__exit__, None, None, None)
            written = b"".join(
                file.read_bytes() for file in place.rglob("*") if file.is_file() and file.suffix != ".pem"
            )
            assert b"127.0.0.2" not in written

    asyncio.run(run())


def test_a_conversation_and_an_attachment_go_through(proxy, tmp_path):
    frames = [make_frame(number, size=number % 4) for number in range(12)]
    chunk = make_chunk(_ADDRESS, _ADDRESS)

    async def scene(port: int, options: dict) -> None:
        async with signed_in("127.0.0.1", port, _DESK, **options) as desk:
            await desk.ask(Open(0, _ADDRESS, token_hash(_INVITE), 2**50))
            patient_options = {**options, "headers": ((b"Origin", b"https://localhost"),), "source": "127.0.0.2"}
            async with signed_in(
                "127.0.0.1", port, PatientSignIn(_ADDRESS, _INVITE, _CLAIM), **patient_options
            ) as patient:
                for frame in frames:
                    assert isinstance(await patient.ask(Put(0, _ADDRESS, frame)), Ok)
                    assert (await desk.next_frame()).frame == frame
                await desk.ask(Put(0, _ADDRESS, frames[0]))
                assert (await patient.next_frame()).frame == frames[0]
                assert isinstance(await patient.ask(chunk), Ok)
            assert chunk_of(await desk.ask(BlobGet(0, _ADDRESS, _ADDRESS, 0))) == (1, chunk.chunk)

    through(proxy, tmp_path, scene)


def test_the_page_comes_with_its_headers_once_and_strict_transport(proxy, tmp_path):
    def get(port: int, options: dict, path: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPSConnection("localhost", port, context=options["tls"], timeout=20)
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.body = answer.read()
        connection.close()
        return answer

    async def scene(port: int, options: dict) -> None:
        health = await asyncio.to_thread(get, port, options, "/health")
        assert (health.status, json.loads(health.body)["ok"]) == (200, True)
        for name in ("content-security-policy", "referrer-policy", "strict-transport-security", "x-frame-options"):
            assert len(health.msg.get_all(name)) == 1
        assert f"wss://localhost:{port};" in health.getheader("content-security-policy")
        assert health.getheader("content-encoding") is None
        assert (await asyncio.to_thread(get, port, options, "/nowhere")).status == 404

    through(proxy, tmp_path, scene)


def test_a_client_is_counted_by_its_own_address_whatever_it_claims(proxy, tmp_path):
    async def scene(port: int, options: dict) -> None:
        here = [await GatewayClient.connect("127.0.0.1", port, source="127.0.0.2", **options) for _ in range(2)]
        claims = ((b"X-Forwarded-For", b"127.0.0.99"),)
        third = await GatewayClient.connect("127.0.0.1", port, source="127.0.0.2", headers=claims, **options)
        assert await third.welcome() == SignInRefused(SignInCode.BUSY)
        async with signed_in("127.0.0.1", port, _DESK, source="127.0.0.3", **options):
            pass
        for client in (*here, third):
            await client.drop()

    through(proxy, tmp_path, scene, Limits(connections_per_client=2))


def test_from_elsewhere_a_forwarded_address_is_not_believed(tmp_path):
    async def scene() -> None:
        async with gateway_here(tmp_path, Limits(connections_per_client=2), proxies=("127.0.0.9/32",)) as place:
            clients = []
            for number in range(3):
                claims = ((b"X-Forwarded-For", f"192.0.2.{number}".encode()),)
                clients.append(await GatewayClient.connect(*place, headers=claims))
            assert await clients[2].welcome() == SignInRefused(SignInCode.BUSY)
            for client in clients:
                await client.drop()

    asyncio.run(scene())
