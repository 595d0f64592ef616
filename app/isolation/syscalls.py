"""System call numbers that our filters name, and the raw calls that libc may lack a wrapper for.

Source: Linux ``arch/x86/entry/syscalls/syscall_64.tbl`` and ``include/uapi/asm-generic/unistd.h`` (aarch64). Numbers
from 424 on are the same on both machines. ``None``: the machine has no such call.
"""

import ctypes
import os
from dataclasses import dataclass
from typing import Final

NEWEST_KNOWN: Final = 451
"""``cachestat``, Linux 6.5. A worker's calls beyond it are answered ENOSYS: nobody knows what they will do."""

_TABLE: Final[dict[str, tuple[int | None, int | None]]] = {
    # sockets
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
    "sendmmsg": (307, 269),
    "recvmmsg": (299, 243),
    "shutdown": (48, 210),
    "getsockname": (51, 204),
    "getpeername": (52, 205),
    "setsockopt": (54, 208),
    "getsockopt": (55, 209),
    # rings run other calls out of sight of the filter
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "prlimit64": (302, 261),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # new processes and programs
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "clone": (56, 220),
    "clone3": (435, 435),
    # namespaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    # doors of the kernel
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "personality": (135, 92),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    # file attributes, which Landlock does not govern
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "utimensat": (280, 88),
    "futimesat": (261, None),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    # identities
    "setuid": (105, 146),
    "setgid": (106, 144),
    "setreuid": (113, 145),
    "setregid": (114, 143),
    "setresuid": (117, 147),
    "setresgid": (119, 149),
    "setgroups": (116, 159),
    # System V and POSIX messages and shared memory
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # what we call ourselves
    "close_range": (436, 436),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
    "seccomp": (317, 277),
}


@dataclass(frozen=True, slots=True)
class Machine:
    """One processor family as seccomp sees it."""

    name: str
    audit_arch: int
    """``AUDIT_ARCH_*`` of linux/audit.h; another value means a foreign ABI."""
    x32_bit: int | None
    """Numbers with this bit belong to the x32 ABI of x86-64."""

    def number(self, call: str) -> int | None:
        """Return the number of ``call``, None where this machine has none; KeyError for a name not in the table."""
        x86_64, aarch64 = _TABLE[call]
        return x86_64 if self.name == "x86_64" else aarch64


MACHINES: Final = {
    "x86_64": Machine("x86_64", audit_arch=0xC000003E, x32_bit=0x40000000),
    "aarch64": Machine("aarch64", audit_arch=0xC00000B7, x32_bit=None),
}


def this_machine() -> Machine | None:
    """Return the machine we run on, or None when our filters do not know it."""
    return MACHINES.get(os.uname().machine)


def known_calls() -> tuple[str, ...]:
    """Return every name of the table."""
    return tuple(_TABLE)


_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def raw_call(machine: Machine, call: str, *arguments: object) -> tuple[int, int]:
    """Make a system call without libc's wrapper and return ``(result, errno)``; errno is 0 unless the result is -1.

    Integers must be wrapped in ctypes types where they are wider than a C int.
    """
    number = machine.number(call)
    if number is None:
        raise KeyError(call)
    ctypes.set_errno(0)
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    return result, ctypes.get_errno() if result == -1 else 0


def prctl(option: int, *arguments: int) -> tuple[int, int]:
    """Return ``(result, errno)`` of the call that sets a property of this process."""
    padded = (*arguments, 0, 0, 0, 0)[:4]
    ctypes.set_errno(0)
    result = int(_libc.prctl(option, *(ctypes.c_ulong(value) for value in padded)))
    return result, ctypes.get_errno() if result == -1 else 0
