"""A fault of our own: the connection ends, the operator reads where it was, and nobody reads what it carried."""

import asyncio
from collections.abc import Awaitable

import pytest

from app.domain.post import Put
from app.domain.post_sign_in import DeskSignIn, SignedIn
from app.gateway.limits import Limits
from app.gateway.office_file import read_office_file
from app.gateway.post_office import PostOffice
from app.gateway.sqlite_mailbox import SqliteMailbox
from app.gateway.web import make_web
from tests.support.asgi import request
from tests.support.channel import Office
from tests.support.gateway_client import GatewayClient
from tests.support.gateways import DESK_TOKEN, gateway_here, write_office_file
from tests.support.post import make_frame

_SECRET = "the heron sleeps in the copper kettle"


class FaultyMailbox(SqliteMailbox):
    """A mailbox with a bug in it."""

    def put(self, *_: object) -> Awaitable[int]:
        raise KeyError(_SECRET)

    @property
    def is_well(self) -> bool:
        raise KeyError(_SECRET)


@pytest.mark.loopback
def test_a_bug_ends_the_connection_and_is_told_without_its_contents(tmp_path):
    said: list[str] = []

    async def scene() -> None:
        async with gateway_here(tmp_path, make_mailbox=FaultyMailbox, said=said) as place:
            client = await GatewayClient.connect(*place)
            assert isinstance(await client.sign_in(DeskSignIn(Office().id, DESK_TOKEN)), SignedIn)
            client.begin(Put(0, b"a" * 16, make_frame()))
            assert await client.closing() == 1011
            await client.drop()

    asyncio.run(scene())
    (line,) = said
    assert line.startswith("a fault of the gateway: KeyError in test_gateway_bugs.py, line ")
    assert _SECRET not in line


def test_a_bug_in_a_page_is_told_the_same_way(tmp_path):
    said: list[str] = []
    enrolled = read_office_file(write_office_file(tmp_path, Office()).read_bytes())
    office = PostOffice(enrolled, FaultyMailbox(tmp_path / "box"), Limits(), say=said.append)
    with pytest.raises(KeyError):
        asyncio.run(request(make_web(office, ()), "/health"))
    assert len(said) == 1
    assert _SECRET not in said[0]
