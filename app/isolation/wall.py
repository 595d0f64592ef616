"""The egress wall of the console.

After :func:`raise_egress_wall` no code in this process, nor in any it starts, can open an internet socket. The kernel
enforces it (seccomp); it stays up across exec, so the lock screen is behind it too.

Allowed: AF_UNIX, which the display and the input method need. Refused: every other address family (EACCES), and
``io_uring``, whose ring could open sockets out of the filter's sight (EPERM). A foreign ABI kills the process, because
its numbers slip past the filter.

What the wall does not stop: a process on this machine that is asked over AF_UNIX to fetch something, or that hands us
an open socket. The console asks nobody (threat-model.md §8, portals and resolvers).
"""

import ctypes
import errno
import socket
from typing import Final

from app.isolation.bpf import AllowValues, Refuse, Rule, assemble, load
from app.isolation.errors import WallError
from app.isolation.syscalls import Machine, raw_call, this_machine

RULES: Final[tuple[Rule, ...]] = (
    AllowValues("socket", argument=0, values=(int(socket.AF_UNIX),), error=errno.EACCES),
    AllowValues("socketpair", argument=0, values=(int(socket.AF_UNIX),), error=errno.EACCES),
    Refuse("io_uring_setup"),
    Refuse("io_uring_enter"),
    Refuse("io_uring_register"),
)

_IMPOSSIBLE_TYPE: Final = 0xF00
_PROBED_FAMILIES: Final = (int(socket.AF_INET), int(socket.AF_INET6), int(socket.AF_NETLINK), 40)
"""Internet, kernel and (40) virtual-machine sockets: another sandbox that forbids only some of them is not our wall."""

_UNKNOWN_FAMILY: Final = 63
"""No such family exists; only a filter can answer EACCES."""

IMPOSSIBLE_KIND: Final = 0xF00
"""A socket type with flags that do not exist: refused by the kernel (EINVAL) before anything is made."""

_MACHINE_ERROR: Final = "egress wall: neither x86-64 nor aarch64"


def raise_egress_wall() -> bool:
    """Put the wall up, or find that it is up already; return whether this call raised it.

    Safe to call after exec and again: filters would stack and each costs time on every call, so it looks first.

    Raises:
        WallError: it cannot be raised, or does not hold. Do not go on.
    """
    machine = this_machine()
    if machine is None:
        raise WallError(_MACHINE_ERROR)
    if is_wall_up():
        return False
    error = load(machine, assemble(machine, RULES))
    if error:
        raise WallError(f"egress wall: seccomp refused the filter, errno {error}")
    if not is_wall_up():
        raise WallError("egress wall: the filter is loaded and does not hold")
    return True


def is_wall_up() -> bool:
    """Return whether the kernel refuses internet sockets to this process. Opens none, not even for a moment.

    It asks for an impossible kind of socket: without the wall the kernel answers EINVAL, behind it the filter EACCES.
    Asked under Python's audit hooks, so that the tripwire does not report the question.
    """
    machine = this_machine()
    if machine is None:
        return False
    families = (*_PROBED_FAMILIES, _UNKNOWN_FAMILY)
    return all(_socket_errno(machine, family) == errno.EACCES for family in families) and _ring_is_refused(machine)


def _socket_errno(machine: Machine, family: int) -> int:
    _, error = raw_call(machine, "socket", ctypes.c_int(family), ctypes.c_int(IMPOSSIBLE_KIND), ctypes.c_int(0))
    return error


def _ring_is_refused(machine: Machine) -> bool:
    # A null parameter block: EFAULT where rings are allowed, EPERM behind the wall, ENOSYS where there are none.
    _, error = raw_call(machine, "io_uring_setup", ctypes.c_uint(1), None)
    return error in (errno.EPERM, errno.ENOSYS)
