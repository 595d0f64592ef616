"""Building a vault again from a place, beside where it shall stand; it takes its name only after every check.

Opening decides what is genuine: the slot file opens with a password or not, the head is held against the log, every
page against its HMAC, the snapshot against its MAC. Conversations that were erased after the snapshot have no key and
become tombstones before anything is shown.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.store.backup.place import BackupPlace
from app.store.backup.snapshot import MAC_LABEL, Snapshot, parse_snapshot
from app.store.backup.taking import Progress
from app.store.errors import BackupDamagedError, BackupMissingError, VaultExistsError
from app.store.files import create_file, disk_errors, exchange, make_private_folder, sync_folder
from app.store.folder_lock import LOCK_NAME, FolderLock
from app.store.head import HEAD_NAMES
from app.store.leftovers import building
from app.store.open_vault import VAULT_NAME, OpenVault
from app.store.slots import SLOTS_NAME

Open = Callable[[Path], OpenVault]
"""Opens the vault in a folder, with a password or a code that a person typed."""


@dataclass(frozen=True, slots=True)
class Found:
    """A snapshot at a place, as far as one can see without a key."""

    snapshot: Snapshot
    mac: bytes


def find_snapshot(place: BackupPlace, number: int | None = None) -> Found:
    """Return a snapshot by its number, or the newest that can be read.

    Raises:
        BackupMissingError: there is none (of that number).
        BackupDamagedError: the one that was asked for cannot be read.
    """
    numbers = place.numbers()
    if number is not None:
        if number not in numbers:
            raise BackupMissingError("no such snapshot")
        return Found(*parse_snapshot(place.read_snapshot(number)))
    for candidate in reversed(numbers):
        with suppress(BackupDamagedError):
            return Found(*parse_snapshot(place.read_snapshot(candidate)))
    raise BackupMissingError("no readable snapshot")


@contextmanager
def staged(place: BackupPlace, found: Found, target: Path, open_vault: Open, progress: Progress) -> Iterator[OpenVault]:
    """Build the files in a folder beside ``target``, open them, and check that the snapshot is of this vault.

    The folder goes when the block ends; ``settle`` gives it the target's name before.

    Raises:
        BackupDamagedError: a block or the snapshot is not what was written.
        StoreError: what opening says, a wrong password among it.
    """
    folder = target.with_name(f".{target.name}.restoring-{secrets.token_hex(8)}")
    make_private_folder(folder)
    try:
        with building(folder):
            _assemble(place, found.snapshot, folder, progress)
            vault = open_vault(folder)
            try:
                if not vault.head.is_mac(MAC_LABEL, found.snapshot.to_bytes(), found.mac):
                    raise BackupDamagedError("a snapshot")
                yield vault
            finally:
                vault.close()
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)


def settle(vault: OpenVault, target: Path, replaced_at_ms: int | None) -> None:
    """Close a staged vault and give its folder the name that it shall have.

    Args:
        vault: staged, checked.
        target: the name.
        replaced_at_ms: None refuses a folder that holds something; a time moves it aside under a name with that time.

    Raises:
        VaultExistsError: something stands there; nothing was changed.
        VaultBusyError: a console holds the vault that would be moved aside; nothing was changed.
    """
    is_taken = target.exists() and (not target.is_dir() or any(target.iterdir()))
    if is_taken and replaced_at_ms is None:
        raise VaultExistsError
    vault.close()
    with disk_errors():
        if is_taken:
            lock = FolderLock.acquire(target)
            try:
                _change_places(
                    vault.directory, target, target.with_name(f"{target.name}.before-restore-{replaced_at_ms}")
                )
            finally:
                lock.release()
        else:
            vault.directory.rename(target)
    sync_folder(target.parent)


def _change_places(new: Path, target: Path, aside: Path) -> None:
    """Put ``new`` in place of ``target``, which stands ``aside`` from then on; at no moment is there no vault.

    Only where the file system cannot exchange names does a crash in between leave the name free for a moment; both
    vaults are then beside it.
    """
    new.rename(aside)
    if not exchange(aside, target):
        aside.rename(new)
        target.rename(aside)
        new.rename(target)


def _assemble(place: BackupPlace, snapshot: Snapshot, folder: Path, progress: Progress) -> None:
    create_file(folder / SLOTS_NAME, snapshot.slots)
    create_file(folder / LOCK_NAME, b"")
    for name in HEAD_NAMES:
        create_file(folder / name, snapshot.head)
    for name, data in place.read_keyring().items():
        create_file(folder / name, data)
    create_file(folder / VAULT_NAME, b"")
    done = 0
    with disk_errors(), (folder / VAULT_NAME).open("r+b") as file:
        for digest in snapshot.blocks:
            done += file.write(place.block(digest))
            progress(done, snapshot.size)
    if done != snapshot.size:
        raise BackupDamagedError("a snapshot")
    sync_folder(folder)
