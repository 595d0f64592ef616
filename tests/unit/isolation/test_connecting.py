"""A connection to whichever address answers first."""

import socket
import time
from collections.abc import Iterator

import pytest

from app.isolation.connecting import STAGGER_S, Address, alternate, connect_first
from app.isolation.errors import DialError, DialProblem

pytestmark = pytest.mark.loopback

V4, V6 = socket.AF_INET, socket.AF_INET6


def local(port: int) -> Address:
    return Address(V4, ("127.0.0.1", port))


@pytest.fixture
def open_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port whose queue is full: the kernel drops what asks for a connection, as a firewall does."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        where = server.getsockname()
        held = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(where)
            held.append(one)
        yield where[1]
        for one in held:
            one.close()


def test_the_families_take_turns_beginning_with_the_first() -> None:
    ours = [Address(V6, ("a",)), Address(V6, ("b",)), Address(V6, ("c",)), Address(V4, ("d",))]
    assert [one.where[0] for one in alternate(ours)] == ["a", "d", "b", "c"]
    assert alternate([]) == []


def test_an_address_that_refuses_costs_no_time(open_port: int, closed_port: int) -> None:
    begun = time.monotonic()
    with connect_first([local(closed_port), local(open_port)], 5) as connected:
        assert connected.getpeername()[1] == open_port
        assert connected.getblocking()
        assert connected.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
    assert time.monotonic() - begun < STAGGER_S


def test_an_address_that_is_silent_costs_a_quarter_of_a_second(open_port: int, deaf_port: int) -> None:
    begun = time.monotonic()
    with connect_first([local(deaf_port), local(open_port)], 10) as connected:
        assert connected.getpeername()[1] == open_port
    assert STAGGER_S * 0.9 <= time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("ports", "code"),
    [
        ([], DialProblem.UNRESOLVED),
        (["closed"], DialProblem.REFUSED),
        (["deaf"], DialProblem.TIMED_OUT),
        (["deaf", "closed"], DialProblem.TIMED_OUT),
    ],
)
def test_what_does_not_come_about_has_a_code(
    ports: list[str], code: DialProblem, closed_port: int, deaf_port: int
) -> None:
    named = {"closed": closed_port, "deaf": deaf_port}
    with pytest.raises(DialError) as caught:
        connect_first([local(named[name]) for name in ports], 0.4)
    assert caught.value.code is code


def test_a_network_that_is_not_there_is_told() -> None:
    with pytest.raises(DialError) as caught:
        connect_first([Address(V4, ("203.0.113.7", 9)), Address(V6, ("2001:db8::7", 9, 0, 0))], 2)
    assert caught.value.code is DialProblem.UNREACHABLE
