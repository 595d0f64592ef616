"""The tripwire in front of the egress wall: it names the Python module that tried to leave.

A Python audit hook sees only Python's own calls (threat-model.md §8: C sockets raise no event). It enforces nothing;
the wall does. It turns a puzzling EACCES deep in a library into the name of the culprit.
"""

import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Final

_SOCKET_EVENTS: Final = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"})
_LOOKUP_EVENTS: Final = frozenset(
    {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
)
_FETCH_EVENTS: Final = frozenset(
    {
        "urllib.Request",
        "http.client.connect",
        "ftplib.connect",
        "smtplib.connect",
        "imaplib.open",
        "poplib.connect",
        "telnetlib.Telnet.open",
        "nntplib.connect",
    }
)
_PLUMBING: Final = frozenset(
    "socket _socket ssl http urllib ftplib smtplib imaplib poplib asyncio selectors socketserver".split()  # noqa: SIM905
)
"""Top-level modules between the culprit and the event; never blamed when somebody stands behind them."""

_MAX_FRAMES: Final = 64


@dataclass(frozen=True, slots=True)
class Trip:
    """One attempt to leave: where in our code or a library, never where to and never what."""

    event: str
    module: str
    line: int


class EgressAttemptError(PermissionError):
    """Raised where the attempt was made, so that the library sees its network call fail as it would at the wall."""


def install_tripwire(report: Callable[[Trip], None]) -> None:
    """Call ``report`` with every Python-level attempt at the network and fail the attempt. Cannot be taken out again.

    ``report`` runs inside the attempt, on its thread; it must be quick and must not raise.
    """

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if is_egress(event, arguments):
            trip = _blame(event, sys._getframe(1))  # noqa: SLF001 - the only way to see the caller from a hook
            report(trip)
            raise EgressAttemptError(f"{trip.event} by {trip.module}:{trip.line}")

    sys.addaudithook(hook)


def is_egress(event: str, arguments: tuple[object, ...]) -> bool:
    """Return whether an audit event is an attempt to reach beyond this machine's AF_UNIX sockets."""
    if event in _LOOKUP_EVENTS or event in _FETCH_EVENTS:
        return True
    if event == "socket.__new__":
        return len(arguments) > 1 and arguments[1] not in (socket.AF_UNIX, -1)
    if event in _SOCKET_EVENTS and arguments:
        return getattr(arguments[0], "family", None) != socket.AF_UNIX
    return False


def _blame(event: str, frame: FrameType | None) -> Trip:
    """Return the nearest caller that is not network plumbing of the standard library; the outermost when all are."""
    culprit = Trip(event, "?", 0)
    for _ in range(_MAX_FRAMES):
        if frame is None:
            break
        module = str(frame.f_globals.get("__name__", "?"))
        culprit = Trip(event, module, frame.f_lineno)
        if module.partition(".")[0] not in _PLUMBING:
            break
        frame = frame.f_back
    return culprit
