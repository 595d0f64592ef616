"""The confinement of a worker: no sockets, no other processes, no files but the listed ones, read-only.

Runs in the child before any third-party import, in the order of threat-model.md §3: close descriptors,
``no_new_privs``, no core dump, not dumpable, Landlock, seccomp. Then it tries the forbidden things; no confinement, no
start.
"""

import ctypes
import errno
import os
import resource
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.isolation import landlock
from app.isolation.bpf import AllowValues, Refuse, RequireBit, Rule, assemble, load
from app.isolation.errors import ConfineError, ConfineProblem
from app.isolation.syscalls import NEWEST_KNOWN, Machine, prctl, raw_call, this_machine
from app.isolation.wall import IMPOSSIBLE_KIND

FIRST_OTHER_DESCRIPTOR: Final = 3
MAX_OPEN_FILES: Final = 64

_PR_SET_DUMPABLE: Final = 4
_PR_SET_NO_NEW_PRIVS: Final = 38
_CLONE_THREAD: Final = 0x00010000

_SOCKET_CALLS: Final = (  # noqa: SIM905 - one call a line would hide the groups
    "socket socketpair connect bind listen accept accept4 sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg shutdown "
    "getsockname getpeername setsockopt getsockopt"
).split()

REFUSED_CALLS: Final = (  # noqa: SIM905
    "io_uring_setup io_uring_enter io_uring_register "
    "ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_open pidfd_getfd pidfd_send_signal "
    "tkill rt_sigqueueinfo rt_tgsigqueueinfo setpriority ioprio_set migrate_pages move_pages "
    "execve execveat fork vfork "
    "unshare setns mount umount2 move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr pivot_root chroot "
    "bpf perf_event_open userfaultfd keyctl add_key request_key open_by_handle_at name_to_handle_at "
    "init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct quotactl quotactl_fd "
    "syslog vhangup iopl ioperm modify_ldt personality fanotify_init fanotify_mark "
    "settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname "
    "chmod fchmod fchmodat chown fchown lchown fchownat utime utimes utimensat futimesat "
    "setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr "
    "setuid setgid setreuid setregid setresuid setresgid setgroups "
    "shmget shmat shmctl msgget msgsnd msgrcv msgctl semget semop semctl semtimedop mq_open mq_unlink"
).split()

SYSTEM_FOLDERS: Final = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
"""Shared libraries of the system: public, and the same on every machine of the release."""

_LOADER_CACHE: Final = Path("/etc/ld.so.cache")


def worker_rules(pid: int) -> tuple[Rule, ...]:
    """Return the seccomp rules of a worker with process id ``pid``.

    Threads are allowed (clone with CLONE_THREAD), new processes are not; ``clone3`` hides its flags behind a pointer,
    so it is answered ENOSYS and libc falls back to ``clone``. Signals reach only the worker itself, for abort().
    """
    return (
        *(Refuse(call, errno.EACCES) for call in _SOCKET_CALLS),
        *(Refuse(call) for call in REFUSED_CALLS),
        Refuse("clone3", errno.ENOSYS),
        RequireBit("clone", argument=0, mask=_CLONE_THREAD),
        AllowValues("kill", argument=0, values=(pid,)),
        AllowValues("tgkill", argument=0, values=(pid,)),
        AllowValues("prlimit64", argument=0, values=(0, pid)),
    )


def confine(*, files: tuple[str, ...] = (), folders: tuple[str, ...] = (), keep: Sequence[int] = ()) -> int:
    """Confine this process for good; return the Landlock version in force. Call it with one thread running.

    Keeps descriptors 0, 1 and 2, and ``keep``: a connected socket among them can be read and written from then on, and
    nothing else. Readable afterwards: ``files``, ``folders`` and :func:`interpreter_folders`.

    Raises:
        ConfineError: it is not confined as it should be; the caller must end the process.
    """
    machine = this_machine()
    if machine is None:
        raise ConfineError(ConfineProblem.MACHINE_UNKNOWN)
    _close_other_descriptors(keep)
    _require_prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _limit_resources()
    _require_prctl(_PR_SET_DUMPABLE, 0)
    loader_cache = (str(_LOADER_CACHE),) if _LOADER_CACHE.exists() else ()
    abi = landlock.restrict(
        machine, read_files=(*files, *loader_cache), read_folders=(*folders, *interpreter_folders())
    )
    if load(machine, assemble(machine, worker_rules(os.getpid()), newest_call=NEWEST_KNOWN)):
        raise ConfineError(ConfineProblem.SECCOMP_FAILED)
    check_walls(machine)
    return abi


def interpreter_folders() -> tuple[str, ...]:
    """Return the folders of the running interpreter, the system's libraries and our own package."""
    own = Path(__file__).absolute().parent.parent
    standard_library = Path(os.__file__).absolute().parent
    wanted = (own, standard_library, Path(sys.base_prefix, "lib"), *map(Path, (*sys.path, *SYSTEM_FOLDERS)))
    return tuple(dict.fromkeys(str(path) for path in wanted if path.is_dir()))


def check_walls(machine: Machine) -> None:
    """Try what must not work, without effect should it work after all.

    Raises:
        ConfineError: CHECK_FAILED.
    """
    kind = ctypes.c_int(IMPOSSIBLE_KIND)  # EINVAL without the filter; none is opened, not even for a moment
    _, socket_error = raw_call(machine, "socket", ctypes.c_int(socket.AF_INET), kind, ctypes.c_int(0))
    _, local_error = raw_call(machine, "socket", ctypes.c_int(socket.AF_UNIX), kind, ctypes.c_int(0))
    _, run_error = raw_call(machine, "execve", None, None, None)  # EFAULT without the filter
    if (socket_error, local_error, run_error) != (errno.EACCES, errno.EACCES, errno.EPERM):
        raise ConfineError(ConfineProblem.CHECK_FAILED)
    if _can_read("/etc/passwd") or _can_read("/proc/self/environ"):
        raise ConfineError(ConfineProblem.CHECK_FAILED)


def _can_read(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
    except OSError:
        return False
    return True


def _close_other_descriptors(keep: Sequence[int]) -> None:
    """Close 3 and above, whatever the parent left open. Looked up, not counted: limits of a billion are common."""
    for descriptor in _other_descriptors():
        if descriptor not in keep:
            with suppress(OSError):
                os.close(descriptor)
    if any(descriptor not in keep and _is_open(descriptor) for descriptor in _other_descriptors()):
        raise ConfineError(ConfineProblem.FILES_LEFT_OPEN)


def _other_descriptors() -> list[int]:
    """Return the numbers listed as open; the listing's own is among them and closed already."""
    try:
        numbers = [int(name) for name in os.listdir("/proc/self/fd")]  # noqa: PTH208 - names, and nothing left open
    except OSError as problem:
        raise ConfineError(ConfineProblem.FILES_LEFT_OPEN) from problem
    return [number for number in numbers if number >= FIRST_OTHER_DESCRIPTOR]


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _limit_resources() -> None:
    """No core dump (it would hold the prompt), no file ever written, few descriptors."""
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_OPEN_FILES, MAX_OPEN_FILES))
    except (OSError, ValueError) as problem:
        raise ConfineError(ConfineProblem.LIMIT_FAILED) from problem


def _require_prctl(option: int, value: int) -> None:
    _, error = prctl(option, value)
    if error:
        raise ConfineError(ConfineProblem.PRCTL_FAILED)
