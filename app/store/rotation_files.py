"""Putting the files of a rotation in place, in a way that any crash leaves the old vault or the new one.

::

    rotation.new/     being built; whatever stops that, it is thrown away
    rotation.ready/   complete and on the disk: from the one rename on that made it so, the new vault counts
        slots.json, keyring.a, keyring.b, head.a, head.b, vault.db, index.db

Moving the files takes no key, so opening a vault finishes what a crash interrupted before it reads anything.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from app.store.files import disk_errors, sync_folder
from app.store.head import HEAD_NAMES
from app.store.keyring import KEYRING_NAMES
from app.store.leftovers import sweep_beside, sweep_files

NEW_NAME = "rotation.new"
READY_NAME = "rotation.ready"
DATABASE_NAMES = ("vault.db", "index.db")
ROTATED_NAMES = ("slots.json", *KEYRING_NAMES, *HEAD_NAMES, *DATABASE_NAMES)
_BESIDE = ("-wal", "-shm", "-journal")


def settle_rotation(directory: Path, moved: Callable[[], None] = lambda: None) -> None:
    """Finish a rotation that was ready, throw away one that was not and whatever else somebody who died left behind.

    Call it while holding the folder's lock.

    Args:
        directory: the vault's folder.
        moved: called after each file that was put in place.

    Raises:
        DiskFullError, DiskFailedError: call it again later; nothing is lost.
    """
    new, ready = directory / NEW_NAME, directory / READY_NAME
    if _is_folder(ready):
        _put_in_place(directory, ready, moved)
    if _is_folder(new):
        with disk_errors():
            shutil.rmtree(new)
    sweep_files(directory)
    sweep_beside(directory)


def _put_in_place(directory: Path, ready: Path, moved: Callable[[], None]) -> None:
    with disk_errors():
        for name in ROTATED_NAMES:
            if (ready / name).is_file():
                _forget_logs_of(directory / name)
                (ready / name).replace(directory / name)
                moved()
        sync_folder(directory)
        shutil.rmtree(ready)
    sync_folder(directory)


def _forget_logs_of(path: Path) -> None:
    """Take away what stands beside a database that is about to be replaced; it would be read into the new one."""
    if path.name in DATABASE_NAMES:
        for suffix in _BESIDE:
            with suppress(FileNotFoundError):
                path.with_name(path.name + suffix).unlink()


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
