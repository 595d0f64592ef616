"""The process that dials. It holds no key, reads no byte from the network, runs nothing and writes nowhere.

Each request is served by a child of its own that ends after it: a name server that lies to the C library meets a
process that knows one host name, may read seven files about name servers, and can start, signal or trace nobody. The
server itself only forks; it never resolves.

A request is one packet ``{"host", "port", "is_local_only"}`` with one descriptor, to which the child answers one
packet: ``CONNECTED`` with the connected descriptor, or a ``DialProblem``. Then all copies are closed.
"""

import ipaddress
import json
import os
import resource
import signal
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from app.isolation import landlock
from app.isolation.bpf import AllowValues, Refuse, Rule, assemble, load
from app.isolation.confine import REFUSED_CALLS, SYSTEM_FOLDERS
from app.isolation.connecting import Address, connect_first
from app.isolation.errors import ConfineError, ConfineProblem, DialError, DialProblem
from app.isolation.orders import CONNECTED
from app.isolation.syscalls import Machine, prctl, this_machine

MAX_ORDER_BYTES: Final = 1_024
MAX_DIALLING: Final = 8
DIAL_S: Final = 20.0
"""How long all addresses of a name may take together, after the name is resolved."""
LIFE_S: Final = 40
"""How long the child of one request lives at most: names resolve within 20 s or not at all."""

RESOLVER_FILES: Final = (
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/ld.so.cache",
)
_RESOLVER_FOLDERS: Final = ("/etc", "/run/systemd/resolve", "/run/NetworkManager", "/run/resolvconf")
"""What the server may open so that its children may: those files are replaced when the network changes, and a grant
for a file ends with the file. Each child grants itself the files that are there when it starts."""

_DOOR: Final = 3
_FORK_FLAGS: Final = 0x01200011
"""CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD: what libc's fork asks for, and nothing else."""
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_NO_NEW_PRIVS: Final = 38
_NOT_FORK: Final = tuple(Refuse(call) for call in REFUSED_CALLS)
_SOCKET_RULES: Final[tuple[Rule, ...]] = (
    AllowValues("socket", argument=0, values=(int(socket.AF_INET), int(socket.AF_INET6))),
    *(Refuse(call) for call in ("socketpair", "bind", "listen", "accept", "accept4")),
)


def main(door: int) -> int:
    """Serve the console until its door closes; return the exit status. Called in the forked child."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=_keep_only(door)) as requests:
        confine_server()
        living: set[int] = set()
        while True:
            order, descriptors, _, _ = socket.recv_fds(requests, MAX_ORDER_BYTES, 1)
            if not order and not descriptors:
                return 0
            living = _still(living)
            if len(descriptors) == 1 and len(living) < MAX_DIALLING:
                living.add(_serve(order, descriptors[0]))
            for descriptor in descriptors:
                os.close(descriptor)


def confine_server() -> None:
    """Confine this process: it may fork, connect and read about name servers.

    Raises:
        ConfineError: it is not confined; the process must end.
    """
    machine = _machine()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    for option, value in ((_PR_SET_NO_NEW_PRIVS, 1), (_PR_SET_DUMPABLE, 0)):
        if prctl(option, value)[1]:
            raise ConfineError(ConfineProblem.PRCTL_FAILED)
    target = str(Path("/etc/resolv.conf").resolve().parent)
    folders = _those_here(*_RESOLVER_FOLDERS, target, *SYSTEM_FOLDERS)
    landlock.restrict(machine, read_files=(), read_folders=folders, may_connect=True)
    _load(machine, (AllowValues("clone", argument=0, values=(_FORK_FLAGS,)), Refuse("clone3", 38), *_NOT_FORK))
    _load(machine, (*_SOCKET_RULES, AllowValues("kill", 0, (os.getpid(),)), AllowValues("tgkill", 0, (os.getpid(),))))


def _serve(order: bytes, answers: int) -> int:
    """Fork the child of one request; return its number."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(_DOOR)
            _answer(order, socket.socket(fileno=answers))
            status = 0
        finally:
            os._exit(status)
    return child


def _answer(order: bytes, answers: socket.socket) -> None:
    """Dial, hand over what was connected or say why not. Runs in the child of one request."""
    signal.alarm(LIFE_S)
    prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    try:
        _confine_child()
        connection = _dial(order)
    except DialError as problem:
        answers.send(problem.code.value.encode())
        return
    with connection:
        socket.send_fds(answers, [CONNECTED], [connection.fileno()])


def _confine_child() -> None:
    machine = _machine()
    files = tuple(file for file in RESOLVER_FILES if Path(file).is_file())
    landlock.restrict(machine, read_files=files, read_folders=_those_here(*SYSTEM_FOLDERS), may_connect=True)
    _load(machine, (Refuse("clone"),))


def _dial(order: bytes) -> socket.socket:
    host, port, is_local_only = _read(order)
    addresses = _resolve(host, port)
    if is_local_only:
        addresses = [one for one in addresses if ipaddress.ip_address(one.where[0].partition("%")[0]).is_loopback]
        if not addresses:
            raise DialError(DialProblem.NOT_LOCAL)
    return connect_first(addresses, DIAL_S)


def _read(order: bytes) -> tuple[str, int, bool]:
    try:
        fields: dict[str, Any] = json.loads(order)
        host, port, is_local_only = fields["host"], fields["port"], fields["is_local_only"]
        is_fit = isinstance(host, str) and 0 < len(host) < 254 and host.isascii() and "\0" not in host  # noqa: PLR2004
        is_fit = is_fit and type(port) is int and 0 < port < 1 << 16 and isinstance(is_local_only, bool)
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise DialError(DialProblem.BAD_REQUEST) from problem
    if not is_fit:
        raise DialError(DialProblem.BAD_REQUEST)
    return host, port, is_local_only


def _resolve(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except OSError as problem:
        raise DialError(DialProblem.UNRESOLVED) from problem
    families = (socket.AF_INET, socket.AF_INET6)
    return [Address(family, where) for family, _, _, _, where in found if family in families]


def _keep_only(door: int) -> int:
    """Put the door at ``_DOOR``, nothing behind the three streams, and close everything else."""
    nothing = os.open(os.devnull, os.O_RDWR)
    if door != _DOOR:
        if nothing == _DOOR:
            nothing = os.dup(nothing)
        os.dup2(door, _DOOR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.set_inheritable(_DOOR, False)
    others = [int(name) for name in os.listdir("/proc/self/fd")]  # noqa: PTH208  names, and nothing left open
    for descriptor in others:
        if descriptor > _DOOR:
            with suppress(OSError):
                os.close(descriptor)
    return _DOOR


def _still(living: set[int]) -> set[int]:
    """Return those of our children that have not ended."""
    return {child for child in living if os.waitpid(child, os.WNOHANG)[0] == 0}


def _those_here(*folders: str) -> tuple[str, ...]:
    """Return the folders that exist. No Python code is among them: all that is needed is in memory by now."""
    return tuple(dict.fromkeys(folder for folder in folders if Path(folder).is_dir()))


def _machine() -> Machine:
    machine = this_machine()
    if machine is None:
        raise ConfineError(ConfineProblem.MACHINE_UNKNOWN)
    return machine


def _load(machine: Machine, rules: tuple[Rule, ...]) -> None:
    if load(machine, assemble(machine, rules)):
        raise ConfineError(ConfineProblem.SECCOMP_FAILED)
