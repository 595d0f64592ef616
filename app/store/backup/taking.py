"""Taking a backup of an open vault while people work at it.

A reader that begins while the write-ahead log is empty keeps every checkpoint from touching ``vault.db`` until it ends
(SQLite, ``WAL_READ_LOCK(0)``): the file stands still and can be copied, and new events gather in the log meanwhile.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.store.backup.place import BLOCK_BYTES, BackupPlace
from app.store.backup.snapshot import MAC_LABEL, Snapshot, parse_snapshot
from app.store.cipher import translated
from app.store.errors import BackupDamagedError, BackupStoppedError, VaultBusyError
from app.store.files import read_bounded
from app.store.head import HeadState
from app.store.keyring import KEYRING_NAMES, MAX_KEYRING_BYTES
from app.store.open_vault import VAULT_NAME, OpenVault
from app.store.slot_records import MAX_SLOT_FILE_BYTES
from app.store.slots import SLOTS_NAME

Progress = Callable[[int, int], None]
"""Called with how many of how many bytes were looked at."""

TRIES = 40
WAIT_S = 0.25
"""How often, and how far apart, a moment without readers of the log is looked for: ten seconds in all."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one backup did; ``new_bytes`` were written, the rest was there already."""

    snapshot: Snapshot
    new_bytes: int
    seconds: float


def take(
    vault: OpenVault, place: BackupPlace, now_ms: int, progress: Progress, is_stopped: Callable[[], bool]
) -> Taken:
    """Copy what changed since the last snapshot and write a new one.

    Raises:
        BackupPlaceError: the folder is gone or cannot be written.
        BackupStoppedError: ``is_stopped`` said so; earlier snapshots are untouched.
        VaultBusyError: somebody read the log for ten seconds on end.
        DiskFullError, DiskFailedError: at the place; earlier snapshots are untouched.
    """
    began = time.monotonic()
    place.prepare()
    number = max(place.numbers(), default=0) + 1
    with _still(vault) as (state, slots):
        blocks, size, new_bytes = _copy(vault.directory / VAULT_NAME, place, progress, is_stopped)
    snapshot = Snapshot(
        vault.vault_id, number, now_ms, state.event_count, size, blocks, slots, vault.head.encoded(state)
    )
    copy_keyring(vault, place)
    place.write_snapshot(number, snapshot.sealed(vault.head.mac(MAC_LABEL, snapshot.to_bytes())))
    return Taken(snapshot, new_bytes, time.monotonic() - began)


def copy_keyring(vault: OpenVault, place: BackupPlace) -> None:
    """Replace the keyring at a place with the vault's; after an erasure this is what erases there."""
    place.write_keyring({name: read_bounded(vault.directory / name, MAX_KEYRING_BYTES) for name in KEYRING_NAMES})


def prune(vault: OpenVault, place: BackupPlace, keep: int) -> int:
    """Remove all but the newest ``keep`` snapshots of this vault's present keys; return how many went.

    Snapshots from before a change of the keys go too: the keyring that opened them is no longer there.
    """
    genuine = [number for number in place.numbers() if _is_genuine(vault, place, number)]
    kept = frozenset(genuine[-keep:])
    gone = [number for number in place.numbers() if number not in kept]
    for number in gone:
        place.remove_snapshot(number)
    if gone:
        snapshots = (parse_snapshot(place.read_snapshot(number))[0] for number in kept)
        place.sweep(frozenset(digest for snapshot in snapshots for digest in snapshot.blocks))
    return len(gone)


def _is_genuine(vault: OpenVault, place: BackupPlace, number: int) -> bool:
    try:
        snapshot, mac = parse_snapshot(place.read_snapshot(number))
    except BackupDamagedError:
        return False
    return vault.head.is_mac(MAC_LABEL, snapshot.to_bytes(), mac)


@contextmanager
def _still(vault: OpenVault) -> Iterator[tuple[HeadState, bytes]]:
    """Keep ``vault.db`` as it is; yield the head and the slot file that belong to it."""
    with translated():
        reader = vault.connect().raw_connection()
    try:
        for _ in range(TRIES):
            with translated():
                found = _try_to_hold(vault, reader.cursor())
            if found is not None:
                break
            time.sleep(WAIT_S)
        else:
            raise VaultBusyError
        yield found
    finally:
        reader.rollback()
        reader.close()


def _try_to_hold(vault: OpenVault, reader: Any) -> tuple[HeadState, bytes] | None:
    """Begin reading at a moment when the log is empty and nobody writes; None when there was no such moment."""
    if not vault.empty_wals():
        return None
    writer = vault.connect().raw_connection()
    try:
        cursor = writer.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        log = vault.directory / f"{VAULT_NAME}-wal"
        if log.exists() and log.stat().st_size:
            return None
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return vault.head.state, read_bounded(vault.directory / SLOTS_NAME, MAX_SLOT_FILE_BYTES)
    finally:
        writer.rollback()
        writer.close()


def _copy(
    path: Path, place: BackupPlace, progress: Progress, is_stopped: Callable[[], bool]
) -> tuple[tuple[str, ...], int, int]:
    """Return the digests of the file's blocks, its size, and how many bytes were new to the place."""
    total, done, new_bytes = path.stat().st_size, 0, 0
    digests: list[str] = []
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            if is_stopped():
                raise BackupStoppedError
            digest, is_new = place.put_block(block)
            digests.append(digest)
            done += len(block)
            new_bytes += len(block) if is_new else 0
            progress(done, total)
    return tuple(digests), done, new_bytes
