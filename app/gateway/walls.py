"""The gateway's own walls: after it listens, no new socket but those it accepts, no program, no file but its own.

The egress wall of the console would forbid listening, so this command has walls of its own. They go up when the
address is bound and before the first client is heard.
"""

import errno
import os
import resource
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.gateway.errors import ListenError, ListenProblem
from app.isolation import landlock
from app.isolation.bpf import AllowValues, Refuse, RequireBit, Rule, assemble, load
from app.isolation.confine import interpreter_folders
from app.isolation.errors import ConfineError, ConfineProblem
from app.isolation.syscalls import prctl, this_machine

_PR_SET_DUMPABLE: Final = 4
_PR_SET_NO_NEW_PRIVS: Final = 38
_CLONE_THREAD: Final = 0x00010000
_MAX_OPEN_FILES: Final = 65_536

_REFUSED_CALLS: Final = (  # noqa: SIM905 - one call a line would hide the groups
    "io_uring_setup io_uring_enter io_uring_register "
    "ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_open pidfd_getfd pidfd_send_signal "
    "execve execveat fork vfork "
    "unshare setns mount umount2 move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr pivot_root chroot "
    "bpf perf_event_open userfaultfd keyctl add_key request_key open_by_handle_at name_to_handle_at "
    "init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct "
    "settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname"
).split()


_ELSEWHERE: Final = ("/proc/self/environ", "/etc/passwd", "/etc/hostname")
"""Files that any program may read, and that are none of the gateway's."""


@dataclass(frozen=True, slots=True)
class Walls:
    """What holds around this process, as it found by trying, not as it was asked for.

    ``landlock``: the version of the kernel's interface in force, 0 when it has none. ``are_files_fenced``: a file that
    is none of its own could not be opened just now, by Landlock or by whatever started the gateway.
    """

    landlock: int
    are_files_fenced: bool
    has_seccomp: bool = True
    """Always so: without it the gateway does not start."""


def rules() -> tuple[Rule, ...]:
    """Return the seccomp rules: accepting works, opening and connecting do not.

    ``socketpair`` of the local family stays, because the event loop wakes itself through one.
    """
    return (
        Refuse("socket", errno.EACCES),
        Refuse("connect", errno.EACCES),
        Refuse("bind", errno.EACCES),
        AllowValues("socketpair", argument=0, values=(int(socket.AF_UNIX),), error=errno.EACCES),
        *(Refuse(call) for call in _REFUSED_CALLS),
        Refuse("clone3", errno.ENOSYS),
        RequireBit("clone", argument=0, mask=_CLONE_THREAD),
    )


def raise_walls(*, writable: Path, readable: Sequence[Path]) -> Walls:
    """Put the walls up for good; return what holds then. Call it with one thread running.

    A kernel without Landlock still gets the others: a gateway may run on a rented machine or in a container, where
    the service file's own sandbox stands in for it.

    Args:
        writable: the folder of the mailbox.
        readable: folders of the certificate and the office file, which are read again on SIGHUP.

    Raises:
        ListenError: WALLS: seccomp refused the filter, or it does not hold.
    """
    machine = this_machine()
    if machine is None:
        raise ListenError(ListenProblem.WALLS)
    prctl(_PR_SET_NO_NEW_PRIVS, 1)
    prctl(_PR_SET_DUMPABLE, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    landlock_version = _fence_files(writable, readable)
    if load(machine, assemble(machine, rules())) or not _is_refused():
        raise ListenError(ListenProblem.WALLS)
    return Walls(landlock_version, _are_files_fenced())


def raise_file_limit() -> None:
    """Allow as many open connections as the system lets this user have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MAX_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _MAX_OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _fence_files(writable: Path, readable: Sequence[Path]) -> int:
    """Return the version of Landlock in force, 0 where the kernel has none."""
    machine = this_machine()
    assert machine is not None
    folders = dict.fromkeys((*interpreter_folders(), *(str(folder) for folder in readable if folder.is_dir())))
    try:
        return landlock.restrict(machine, read_files=(), read_folders=tuple(folders), write_folders=(str(writable),))
    except ConfineError as problem:
        if problem.code is ConfineProblem.LANDLOCK_MISSING:
            return 0
        raise ListenError(ListenProblem.WALLS) from problem


def _are_files_fenced() -> bool:
    """Try to open what is none of its own."""
    was_refused = False
    for file in _ELSEWHERE:
        try:
            os.close(os.open(file, os.O_RDONLY | os.O_CLOEXEC))
        except PermissionError:
            was_refused = True
        except OSError:
            continue  # not there: nothing learned
        else:
            return False
    return was_refused


def _is_refused() -> bool:
    """Try what must not work."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    except PermissionError:
        return os.getpid() > 0
    return False
