"""Small files written so that a crash leaves the old one or the new one, and folders that only their owner enters."""

import ctypes
import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.store.errors import DiskFailedError, DiskFullError, VaultDamagedError, VaultExposedError, VaultMissingError

PRIVATE_FILE_MODE = 0o600
PRIVATE_FOLDER_MODE = 0o700
_OTHERS = 0o077
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NO_EXCHANGE = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP})
"""What file systems say that cannot exchange two names (NFS, FAT)."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turn what the operating system says about the disk into this room's terms.

    Raises:
        DiskFullError: no space, no quota, or a file as large as allowed.
        DiskFailedError: the device reported an error.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError from error
        if error.errno in {errno.EIO, errno.EROFS}:
            raise DiskFailedError from error
        raise


def require_private_folder(directory: Path) -> None:
    """Do nothing when ``directory`` is a real folder of ours that nobody else may enter.

    Raises:
        VaultMissingError: there is no such folder.
        VaultExposedError: a link, foreign, or open to others.
    """
    try:
        status = directory.lstat()
    except (FileNotFoundError, NotADirectoryError):
        raise VaultMissingError from None
    is_ours = directory.is_dir() and not directory.is_symlink() and status.st_uid == os.geteuid()
    if not is_ours or status.st_mode & _OTHERS:
        raise VaultExposedError


def make_private_folder(directory: Path) -> None:
    """Make one folder with mode 0700, whatever the process mask says; parents are made alike when missing."""
    with disk_errors():
        if not directory.parent.exists():
            make_private_folder(directory.parent)
        directory.mkdir(mode=PRIVATE_FOLDER_MODE)
        directory.chmod(PRIVATE_FOLDER_MODE)


def read_bounded(path: Path, limit_bytes: int) -> bytes:
    """Return the whole file.

    Raises:
        FileNotFoundError: it is not there.
        VaultDamagedError: it is longer than ``limit_bytes``, or not a regular file; longer is refused unread.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with disk_errors(), os.fdopen(descriptor, "rb") as file:
        if os.fstat(descriptor).st_size > limit_bytes:
            raise VaultDamagedError(f"{path.name} is too long")
        return file.read(limit_bytes + 1)


def read_start(path: Path, number: int) -> bytes:
    """Return the first ``number`` bytes of a file however long it is; fewer when it is shorter."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with disk_errors(), os.fdopen(descriptor, "rb") as file:
        return file.read(number)


def sync_file(path: Path) -> None:
    """Wait until what was written to a file by others is on the disk."""
    with disk_errors():
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def create_file(path: Path, data: bytes) -> None:
    """Write a file that must not exist yet, mode 0600, and wait until it is on the disk."""
    with disk_errors():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE_MODE)
        try:
            write_all(descriptor, data, 0)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def replace_file(path: Path, data: bytes) -> None:
    """Put ``data`` in place of ``path`` in one step: a temporary file beside it, fsync, rename, fsync of the folder.

    Raises:
        DiskFullError: the old file is untouched, the temporary one is gone.
        DiskFailedError: likewise.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        create_file(beside, data)
        with disk_errors():
            beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    sync_folder(path.parent)


def exchange(one: Path, other: Path) -> bool:
    """Let two names change what they stand for in one step; False, and nothing done, where the file system cannot.

    Source: ``renameat2(2)``, ``RENAME_EXCHANGE``.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    with disk_errors():
        if libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
            return True
        number = ctypes.get_errno()
        if number in _NO_EXCHANGE:
            return False
        raise OSError(number, os.strerror(number))


def overwrite(path: Path, data: bytes, offset: int) -> None:
    """Write ``data`` at ``offset`` of an existing file, cut the file there, and wait until it is on the disk."""
    with disk_errors():
        descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            write_all(descriptor, data, offset)
            os.ftruncate(descriptor, offset + len(data))
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)


def write_all(descriptor: int, data: bytes, offset: int) -> None:
    """Write every byte at ``offset``, however often the kernel stops short."""
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view, offset = view[written:], offset + written


def sync_folder(directory: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    with disk_errors():
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
