"""A TCP connection to whichever address of a machine answers first.

Every address is tried, the next one as soon as one fails or after ``STAGGER_S``, all of them side by side: a broken
IPv6 route costs a quarter of a second, not a minute.

Source: RFC 8305 (Happy Eyeballs) §4 and §5.
"""

import errno
import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from app.isolation.errors import DialError, DialProblem

STAGGER_S: Final = 0.25
MAX_ADDRESSES: Final = 16
_USER_TIMEOUT_MS: Final = 60_000
"""Unacknowledged so long, and the connection is over: a cable was pulled."""
_KEEPALIVE_S: Final = 60


@dataclass(frozen=True, slots=True)
class Address:
    """One address as ``getaddrinfo`` has it: AF_INET or AF_INET6 and what ``connect`` takes."""

    family: int
    where: tuple[Any, ...]


def connect_first(addresses: Sequence[Address], timeout_s: float) -> socket.socket:
    """Return a connected, blocking socket that may wait for its peer as long as it likes.

    Raises:
        DialError: UNRESOLVED (no address), REFUSED, UNREACHABLE or TIMED_OUT: what the last one failed of.
    """
    waiting = alternate(addresses)[:MAX_ADDRESSES]
    trying: dict[int, socket.socket] = {}
    problem = DialProblem.TIMED_OUT if waiting else DialProblem.UNRESOLVED
    until = time.monotonic() + timeout_s
    try:
        while (waiting or trying) and (left_s := until - time.monotonic()) > 0:
            if waiting:
                begun = _begin(waiting.pop(0))
                if isinstance(begun, DialProblem):
                    problem = begun
                    continue
                trying[begun.fileno()] = begun
            for number in _settled(trying, min(left_s, STAGGER_S) if waiting else left_s):
                error = trying[number].getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if not error:
                    return _ready(trying.pop(number))
                problem = _problem(error)
                trying.pop(number).close()
    finally:
        for one in trying.values():
            one.close()
    raise DialError(DialProblem.TIMED_OUT if trying else problem)


def alternate(addresses: Sequence[Address]) -> list[Address]:
    """Return the addresses with their families in turn, beginning with the first one's."""
    if not addresses:
        return []
    first = [one for one in addresses if one.family == addresses[0].family]
    other = [one for one in addresses if one.family != addresses[0].family]
    return [one for pair in zip_longest(first, other) for one in pair if one is not None]


def _begin(address: Address) -> socket.socket | DialProblem:
    try:
        begun = socket.socket(address.family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    except OSError as error:
        return _problem(error.errno or 0)
    result = begun.connect_ex(address.where)
    if result in (0, errno.EINPROGRESS):
        return begun
    begun.close()
    return _problem(result)


def _settled(trying: dict[int, socket.socket], wait_s: float) -> list[int]:
    poll = select.poll()
    for number in trying:
        poll.register(number, select.POLLOUT)
    return [number for number, _ in poll.poll(max(1, int(wait_s * 1000)))]


def _ready(connected: socket.socket) -> socket.socket:
    connected.setblocking(True)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _KEEPALIVE_S)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _USER_TIMEOUT_MS)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


def _problem(error: int) -> DialProblem:
    if error == errno.ECONNREFUSED:
        return DialProblem.REFUSED
    return DialProblem.TIMED_OUT if error == errno.ETIMEDOUT else DialProblem.UNREACHABLE
