"""Landlock: after ``restrict`` this process can use the listed files and folders and touch nothing else.

Source: Linux ``Documentation/userspace-api/landlock.rst``, ``include/uapi/linux/landlock.h``. ABI history: 1 Linux
5.13, 2 refer (5.19), 3 truncate (6.2), 4 TCP (6.7), 5 device ioctl (6.10), 6 signals and abstract sockets (6.12).
"""

import ctypes
import os
import struct
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from app.isolation.errors import ConfineError, ConfineProblem
from app.isolation.syscalls import Machine, raw_call

READ_FILE: Final = 1 << 2
READ_DIR: Final = 1 << 3

_ABI_REFER, _ABI_TRUNCATE, _ABI_TCP, _ABI_IOCTL, _ABI_SCOPES = 2, 3, 4, 5, 6

_ALL_FS_V1: Final = (1 << 13) - 1
_EXECUTE: Final = 1 << 0
_MAKE_CHAR_SOCK_FIFO_BLOCK: Final = (1 << 6) | (1 << 9) | (1 << 10) | (1 << 11)
_REFER: Final = 1 << 13
_TRUNCATE: Final = 1 << 14
_IOCTL_DEV: Final = 1 << 15
_BIND_TCP: Final = 0b01
_CONNECT_TCP: Final = 0b10
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS: Final = 0b11

_CREATE_VERSION: Final = 1
_RULE_PATH_BENEATH: Final = 1


def abi_version(machine: Machine) -> int:
    """Return the kernel's Landlock version, 0 when there is none (not built in, or switched off at boot)."""
    result, _ = raw_call(machine, "landlock_create_ruleset", None, ctypes.c_size_t(0), ctypes.c_uint(_CREATE_VERSION))
    return max(result, 0)


def handled_rights(abi: int) -> tuple[int, int, int]:
    """Return the rights to take away under ``abi``: (file system, network, scopes). All that it knows."""
    file_system = _ALL_FS_V1
    file_system |= _REFER if abi >= _ABI_REFER else 0
    file_system |= _TRUNCATE if abi >= _ABI_TRUNCATE else 0
    file_system |= _IOCTL_DEV if abi >= _ABI_IOCTL else 0
    network = _BIND_TCP | _CONNECT_TCP if abi >= _ABI_TCP else 0
    scopes = _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if abi >= _ABI_SCOPES else 0
    return file_system, network, scopes


def writing_rights(abi: int) -> int:
    """Return the rights to a folder that may be written: all to files and folders; no programs, devices or sockets."""
    file_system, _, _ = handled_rights(abi)
    return file_system & ~(_EXECUTE | _MAKE_CHAR_SOCK_FIFO_BLOCK | _IOCTL_DEV)


def restrict(
    machine: Machine,
    *,
    read_files: Sequence[str],
    read_folders: Sequence[str],
    list_folders: Sequence[str] = (),
    write_folders: Sequence[str] = (),
    may_connect: bool = False,
) -> int:
    """Take away every right to files but to what is listed; return the ABI version in force.

    ``no_new_privs`` must be set. Holds for this thread and those it starts: call it while there is only one.

    Args:
        machine: whose numbers to use.
        read_files: single files, readable.
        read_folders: folders, readable with everything beneath them.
        list_folders: folders whose names can be listed, but whose files cannot be read.
        may_connect: TCP connections may be made; never accepted.
        write_folders: folders beneath which files and folders can be read, written, made and removed, never run.

    Raises:
        ConfineError: LANDLOCK_MISSING, GRANT_MISSING (a listed path is not there), LANDLOCK_FAILED.
    """
    abi = abi_version(machine)
    if abi == 0:
        raise ConfineError(ConfineProblem.LANDLOCK_MISSING)
    ruleset = _create_ruleset(machine, abi, _CONNECT_TCP if may_connect else 0)
    try:
        for path in read_files:
            _allow(machine, ruleset, path, READ_FILE)
        for path in read_folders:
            _allow(machine, ruleset, path, READ_FILE | READ_DIR)
        for path in list_folders:
            _allow(machine, ruleset, path, READ_DIR)
        for path in write_folders:
            _allow(machine, ruleset, path, writing_rights(abi))
        _, error = raw_call(machine, "landlock_restrict_self", ctypes.c_int(ruleset), ctypes.c_uint(0))
        if error:
            raise ConfineError(ConfineProblem.LANDLOCK_FAILED)
    finally:
        os.close(ruleset)
    return abi


def _create_ruleset(machine: Machine, abi: int, kept_network: int) -> int:
    """Return the descriptor of a ruleset. Layout: fs 8 B | network 8 B (ABI 4) | scopes 8 B (ABI 6)."""
    file_system, network, scopes = handled_rights(abi)
    words = 3 if abi >= _ABI_SCOPES else 2 if abi >= _ABI_TCP else 1
    attributes = struct.pack(f"={words}Q", *(file_system, network & ~kept_network, scopes)[:words])
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    ruleset, error = raw_call(
        machine, "landlock_create_ruleset", buffer, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0)
    )
    if error:
        raise ConfineError(ConfineProblem.LANDLOCK_FAILED)
    return ruleset


def _allow(machine: Machine, ruleset: int, path: str, rights: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as problem:
        raise ConfineError(ConfineProblem.GRANT_MISSING) from problem
    try:
        rule = struct.pack("=Qi", rights, folder)  # struct landlock_path_beneath_attr is packed: 8 B + 4 B
        buffer = ctypes.create_string_buffer(rule, len(rule))
        _, error = raw_call(
            machine,
            "landlock_add_rule",
            ctypes.c_int(ruleset),
            ctypes.c_int(_RULE_PATH_BENEATH),
            buffer,
            ctypes.c_uint(0),
        )
    finally:
        with suppress(OSError):
            os.close(folder)
    if error:
        raise ConfineError(ConfineProblem.LANDLOCK_FAILED)
