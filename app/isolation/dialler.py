"""The console's way to a connection without ever opening one: a process that dials, made before the wall goes up.

``start_dialler`` forks it (``dial_server.py``) while this process is still nothing but Python: no key, no vault and no
third-party code has been in its memory. It connects TCP and reads no byte from the network. What it connects it does
not give to the console but to one end of a fresh pair of sockets, whose other end a child holds that has not confined
itself yet (``child.py``): the console never holds an internet socket, not even for a moment.

Locking replaces the console (exec); the door to the dialler survives it as an inherited descriptor whose number stands
in the environment. When the console ends, the door closes and the dialler ends.
"""

import os
import socket
import threading
from collections.abc import MutableMapping, Sequence
from contextlib import suppress
from typing import Final

from app.isolation.errors import DialError, DialProblem
from app.isolation.wall import is_wall_up

DOOR_VARIABLE: Final = "VESTIBULE_DIALLER"
"""Number of the inherited descriptor, from the hand-over until the new image has found it."""

_WITH_DIALLER: Final = frozenset({"open", "tour", "channel"})
_CONSOLE_OPTION: Final = "--vault"
_HELP: Final = frozenset({"-h", "--help"})
_SEND_S: Final = 2.0


class Dialler:
    """The door to the process that dials. May be used from any thread."""

    def __init__(self, door: socket.socket) -> None:
        self._door = door
        self._door.settimeout(_SEND_S)
        self._lock = threading.Lock()

    def dial(self, host: str, port: int, *, is_local_only: bool = False) -> socket.socket:
        """Ask for a connection; return the end of a pair on which it will arrive, or the reason why not.

        Give that end to a ``SupervisedChild``. Does not wait for the connection.

        Args:
            host: a name in ASCII or an address.
            port: 1 to 65535.
            is_local_only: nobody but this machine may be connected to.

        Raises:
            DialError: NO_DIALLER: it is gone, or does not take what is sent.
        """
        import json  # noqa: PLC0415  the door is made at every start and used at few

        order = json.dumps({"host": host, "port": port, "is_local_only": is_local_only}).encode("ascii")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                with self._lock:
                    socket.send_fds(self._door, [order], [theirs.fileno()])
            except OSError as problem:
                ours.close()
                raise DialError(DialProblem.NO_DIALLER) from problem
        return ours

    def hand_over(self, environment: MutableMapping[str, str]) -> None:
        """Let the door survive the exec that follows at once."""
        self._door.set_inheritable(True)
        environment[DOOR_VARIABLE] = str(self._door.fileno())

    def close(self) -> None:
        """End the dialler."""
        self._door.close()


def needs_dialler(arguments: Sequence[str]) -> bool:
    """Return whether the command may want a connection: the console, its tour and the patient channel; no other."""
    if _HELP.intersection(arguments):
        return False
    return not arguments or arguments[0] in _WITH_DIALLER or arguments[0].partition("=")[0] == _CONSOLE_OPTION


def start_dialler() -> Dialler | None:
    """Fork the process that dials and return the door to it. Call it before the wall goes up, with one thread.

    None behind a wall: what starts there inherits it and could not dial.
    """
    if is_wall_up():
        return None
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        status = 1
        try:
            from app.isolation.dial_server import main  # noqa: PLC0415  its imports cost the dialler, not the console

            status = main(theirs.detach())
        finally:
            os._exit(status)
    theirs.close()
    return Dialler(ours)


def find_dialler(environment: MutableMapping[str, str]) -> Dialler | None:
    """Return the door that an earlier image of this process handed over, and take its number from the environment.

    A number that is no such door is ignored: whoever may set our environment may also start a program of their own.
    """
    number = environment.pop(DOOR_VARIABLE, "")
    if not (number.isascii() and number.isdecimal() and int(number) > 2):  # noqa: PLR2004  0 to 2 are the streams
        return None
    door: socket.socket | None = None
    with suppress(OSError):
        door = socket.socket(fileno=int(number))
        if door.family == socket.AF_UNIX and door.type == socket.SOCK_SEQPACKET:
            door.set_inheritable(False)
            return Dialler(door)
    if door is not None:
        door.detach()
    return None
