"""Asking the kernel to stop a process before every call that changes files, and reading which call it is.

A seccomp filter sends such calls to whoever holds its listener; the call waits until that answers (Linux 5.0). No root,
no compiler, nothing preloaded: the store, SQLite and Python's own library are all met, by their system calls.

Source: ``seccomp_unotify(2)``, Linux ``include/uapi/linux/seccomp.h``.
"""

import ctypes
import os
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.isolation.bpf import Instruction
from app.isolation.syscalls import prctl, this_machine

# x86-64, aarch64 (None: no such call), and which argument says where: a descriptor, a path, or a folder and a path
_BY_DESCRIPTOR = {
    "write": (1, 64),
    "pwrite64": (18, 68),
    "writev": (20, 66),
    "pwritev": (296, 70),
    "ftruncate": (77, 46),
    "fallocate": (285, 47),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "sendfile": (40, 71),
}
_BY_PATH = {"rename": (82, None), "unlink": (87, None), "mkdir": (83, None), "rmdir": (84, None)}
_BY_FOLDER = {
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "unlinkat": (263, 35),
    "mkdirat": (258, 34),
    "openat": (257, 56),
}
_TARGET_ARGUMENT = {"rename": (None, 1), "renameat": (2, 3), "renameat2": (2, 3)}
_KIND = {
    "pwrite64": "write",
    "writev": "write",
    "pwritev": "write",
    "sendfile": "write",
    "fdatasync": "fsync",
    "renameat": "rename",
    "renameat2": "rename",
    "unlinkat": "unlink",
    "rmdir": "unlink",
    "mkdirat": "mkdir",
    "openat": "create",
}
_RET_USER_NOTIF, _RET_ALLOW = 0x7FC00000, 0x7FFF0000
_NEW_LISTENER = 8
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_OFFSET_NUMBER, _OFFSET_OPEN_FLAGS = 0, 16 + 8 * 2
_AT_FDCWD, _NOWHERE = -100, -1
_MAX_PATH_BYTES = 4096
NOTIFICATION = struct.Struct("=QIIiIQ6Q")
"""id | thread | flags | number, machine, instruction | six arguments."""


@dataclass(frozen=True, slots=True)
class FileCall:
    """One call that waits: ``kind`` (write, fsync, create, rename, unlink, mkdir, ftruncate, fallocate), where to."""

    kind: str
    path: Path
    is_new: bool
    """Whether ``path`` is not there yet."""
    mark: str = ""
    """What the process itself called this place (``mark``)."""


def mark(name: str) -> None:
    """Tell whoever watches where we are, in order with the calls: a write to no file at all."""
    with suppress(OSError):
        os.write(_NOWHERE, name.encode())


def _number(pair: tuple[int | None, int | None]) -> int | None:
    machine = this_machine()
    assert machine is not None
    return pair[0] if machine.name == "x86_64" else pair[1]


_NAMES = {_number(pair): name for name, pair in (_BY_DESCRIPTOR | _BY_PATH | _BY_FOLDER).items()}


def install() -> int:
    """Put the filter on this thread and what it starts; return the listener's descriptor.

    Raises:
        OSError: this kernel, or a container around us, does not allow it.
    """
    code = b"".join(instruction.pack() for instruction in _program())
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("=H6xQ", len(code) // 8, ctypes.addressof(buffer))
    prctl(38, 1)  # no_new_privs, which a filter of an ordinary user needs
    libc = ctypes.CDLL(None, use_errno=True)
    number = 317 if _number((0, 1)) == 0 else 277
    descriptor = int(libc.syscall(number, 1, _NEW_LISTENER, ctypes.create_string_buffer(header, len(header))))
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return descriptor


def _program() -> list[Instruction]:
    program = [Instruction(_LOAD, 0, 0, _OFFSET_NUMBER)]
    for number, name in _NAMES.items():
        if number is None:
            continue
        if name == "openat":  # only where it may make a file
            program += [
                Instruction(_EQUAL, 0, 4, number),
                Instruction(_LOAD, 0, 0, _OFFSET_OPEN_FLAGS),
                Instruction(_ANY_BIT, 0, 1, os.O_CREAT),
                Instruction(_RETURN, 0, 0, _RET_USER_NOTIF),
                Instruction(_RETURN, 0, 0, _RET_ALLOW),
            ]
        else:
            program += [Instruction(_EQUAL, 0, 1, number), Instruction(_RETURN, 0, 0, _RET_USER_NOTIF)]
    return [*program, Instruction(_RETURN, 0, 0, _RET_ALLOW)]


def read_call(notification: bytes) -> FileCall | None:
    """Return which call waits; None for one that names no file (a pipe, a socket) or whose process is gone."""
    _, thread, _, number, _, _, *arguments = NOTIFICATION.unpack(notification)
    name = _NAMES[number]
    try:
        if name == "write" and _signed(arguments[0]) == _NOWHERE:
            said = _read_memory(thread, arguments[1], arguments[2]).decode()
            return FileCall("mark", Path("/"), is_new=False, mark=said)
        if name in _BY_DESCRIPTOR:
            path = str(Path(f"/proc/{thread}/fd/{_signed(arguments[0])}").readlink())
        else:
            folder, place = _TARGET_ARGUMENT.get(name, (0, 1) if name in _BY_FOLDER else (None, 0))
            base = "" if folder is None else _folder(thread, _signed(arguments[folder]))
            path = str(Path(base, os.fsdecode(_read_string(thread, arguments[place]))))
    except OSError:
        return None
    if not path.startswith("/"):
        return None
    return FileCall(_KIND.get(name, name), Path(path), is_new=not os.path.lexists(path))


def _signed(argument: int) -> int:
    return ctypes.c_int(argument & 0xFFFFFFFF).value


def _folder(thread: int, descriptor: int) -> str:
    where = "cwd" if descriptor == _AT_FDCWD else f"fd/{descriptor}"
    return str(Path(f"/proc/{thread}/{where}").readlink())


def _read_string(thread: int, address: int) -> bytes:
    return _read_memory(thread, address, _MAX_PATH_BYTES).split(b"\0", 1)[0]


def _read_memory(thread: int, address: int, length: int) -> bytes:
    """Return at most ``length`` bytes; fewer where the mapping ends."""
    with Path(f"/proc/{thread}/mem").open("rb", buffering=0) as memory:
        memory.seek(address)
        return memory.read(length)
