"""The lock of a vault folder: two consoles never have one vault open.

The kernel lets go of it when the process ends, however it ends; also at exec, which is how the console locks itself.
"""

import fcntl
import os
from pathlib import Path

from app.store.errors import VaultBusyError
from app.store.files import PRIVATE_FILE_MODE, disk_errors

LOCK_NAME = "lock"


class FolderLock:
    """Held from ``acquire`` to ``release``."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, directory: Path) -> "FolderLock":
        """Return the lock of ``directory``, at once or not at all.

        Raises:
            VaultBusyError: another console holds it.
        """
        with disk_errors():
            descriptor = os.open(
                directory / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE_MODE
            )
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                raise VaultBusyError from None
        return cls(descriptor)

    def release(self) -> None:
        """Let go; does nothing the second time."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
