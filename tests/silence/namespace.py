"""A network namespace of its own for the whole suite, whose counters say at the end whether anything left.

A fresh namespace has no way out and its counters start at zero, so after the last test they are a recording of every IP
packet that any process of the suite tried to send, whoever sent it and however.
"""

import ctypes
import fcntl
import itertools
import os
import socket
import struct
import sys
from pathlib import Path

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 0x1
_COUNTERS = {
    Path("/proc/net/snmp"): {"Ip:": ("OutRequests",), "Tcp:": ("ActiveOpens",), "Udp:": ("OutDatagrams",)},
    Path("/proc/net/snmp6"): {"Ip6OutRequests": (), "Udp6OutDatagrams": ()},
}


def enter() -> bool:
    """Move this process, and so all it starts, into a fresh network namespace; False where the kernel forbids it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    return True


def raise_loopback() -> None:
    """Switch on the one interface of this namespace, over which its processes reach each other and nobody else."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def bytes_beyond_loopback() -> int:
    """Return how many bytes any interface but loopback of this namespace has sent."""
    rows = (line.split(":") for line in Path("/proc/net/dev").read_text(encoding="ascii").splitlines()[2:])
    return sum(int(counters.split()[8]) for name, counters in rows if name.strip() != "lo")


def packets() -> int:
    """Return how many IP packets, datagrams and connection attempts this namespace has seen leave."""
    return sum(_count(path, wanted) for path, wanted in _COUNTERS.items() if path.exists())


def control() -> bool:
    """Prove in a child and a namespace of its own that a single datagram to loopback is counted."""
    child = os.fork()
    if child == 0:
        os._exit(0 if _sends_and_sees() else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _sends_and_sees() -> bool:
    try:
        if not enter():
            return False
        before = packets()
        raise_loopback()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"x", ("127.0.0.1", 9))
        return before == 0 and packets() > 0
    except OSError as error:
        sys.stderr.write(f"silence: the control failed, errno {error.errno}\n")
        return False


def _count(path: Path, wanted: dict[str, tuple[str, ...]]) -> int:
    rows = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    total = 0
    for names, values in itertools.pairwise(rows):
        for column in wanted.get(names[0], ()):
            if names[0] == values[0] and column in names:
                total += int(values[names.index(column)])
    return total + sum(int(row[1]) for row in rows if row[0] in wanted and not wanted[row[0]])
