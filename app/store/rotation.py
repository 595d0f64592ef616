"""A new vault key, and everything below it: the whole vault is written anew under it, checked, and put in place.

Somebody who was let go may have kept the old vault key. What they copied they have; what is written from now on, and
the files as they lie on the disk from now on, they cannot read. The keys of the conversations stay, because the sealed
bodies are what the hash chain covers; they lie in the keyring, and that is sealed under the new vault key. Each
conversation gets a key besides, for what is written to it from then on, before the first word of that (decision 0027).

Source: threat-model.md §5.5-5.8.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from pathlib import Path

from nacl.utils import random as random_bytes
from sqlalchemy import Engine, func, inspect, select, table

from app.crypto.derive import KEY_BYTES
from app.domain.events import EventKind
from app.domain.ids import OFFICE, ConversationId, PersonId
from app.store.cipher import CipherKey, create_database, export_database
from app.store.errors import VaultDamagedError
from app.store.files import create_file, make_private_folder, sync_folder
from app.store.folder_lock import LOCK_NAME, FolderLock
from app.store.head import HeadFile
from app.store.inspection import inspect_database
from app.store.latch import WriteLatch
from app.store.log import EventLog
from app.store.logged import NewEvent
from app.store.open_vault import OpenVault
from app.store.rotation_files import NEW_NAME, READY_NAME, settle_rotation
from app.store.slot_people import rotated
from app.store.slot_records import SlotFile
from app.store.slots import SLOTS_NAME, Unlocked
from app.store.vault import INDEX_NAME, VAULT_NAME, open_unlocked


class RotationPoint(Enum):
    """How far a rotation has come; a crash behind each of them is a test."""

    STARTED = "started"
    COPIED = "copied"
    WRITTEN = "written"
    CHECKED = "checked"
    READY = "ready"
    MOVED = "moved"
    """Once for each file."""
    DONE = "done"


Reached = Callable[[RotationPoint], None]


def rotate(vault: OpenVault, now_ms: int, reached: Reached = lambda _point: None) -> None:
    """Close a vault and give it a new vault key; the next opening finds it under that.

    Takes as long as writing the database once. On any error the vault is closed as it was, and the rotation stays due.

    Args:
        vault: open, at an administrator's desk, and used by nobody else any more.
        now_ms: the wall time of the event that tells of it.
        reached: called at every point.

    Raises:
        NotAllowedError: not an administrator.
        DiskFullError, DiskFailedError, VaultDamagedError: nothing was changed.
    """
    directory, old, counts = vault.directory, vault.people.with_office(), _count_rows(vault.connect())
    fresh = rotated(old, random_bytes(KEY_BYTES))
    lock = vault.close_keeping_lock()
    try:
        reached(RotationPoint.STARTED)
        staging = directory / NEW_NAME
        try:
            _build(vault, staging, old, fresh, reached)
            _check(staging, fresh, counts, now_ms)
        except BaseException:
            with suppress(OSError):
                shutil.rmtree(staging)
            raise
        reached(RotationPoint.CHECKED)
        staging.rename(directory / READY_NAME)
        sync_folder(directory)
        reached(RotationPoint.READY)
        settle_rotation(directory, lambda: reached(RotationPoint.MOVED))
        reached(RotationPoint.DONE)
    finally:
        lock.release()


def _build(vault: OpenVault, staging: Path, old: Unlocked, fresh: Unlocked, reached: Reached) -> None:
    """Write every file of the vault under the new key into a folder of its own."""
    settle_rotation(vault.directory)
    make_private_folder(staging)
    source, target = vault.directory / VAULT_NAME, staging / VAULT_NAME
    export_database(source, CipherKey(old.keys.database), target, CipherKey(fresh.keys.database))
    reached(RotationPoint.COPIED)
    vault_id, keys, latch = fresh.file.vault_id, fresh.keys, WriteLatch()
    head = HeadFile(staging, keys.head, vault_id, latch)
    state = replace(vault.head.state, slots_generation=fresh.file.generation)
    head.create(state)
    keyring = vault.keyring.rewrapped(
        staging, keys.vault_key, vault_id, head, latch, keeps_key=_keeps_key, is_here=_is_here(fresh.file)
    )
    head.note_keyring(keyring.generation, at_once=True)
    head.close()
    create_database(staging / INDEX_NAME, CipherKey(keyring.index_key))
    create_file(staging / SLOTS_NAME, fresh.file.encode())
    create_file(staging / LOCK_NAME, b"")
    sync_folder(staging)
    reached(RotationPoint.WRITTEN)


def _keeps_key(conversation_id: ConversationId) -> bool:
    """Whether a key of the ring seals something else than a conversation; those are named in words, these by ULID."""
    return conversation_id == OFFICE or not conversation_id.isalnum()


def _is_here(file: SlotFile) -> Callable[[PersonId], bool]:
    here = {entry.person.person_id for entry in file.members()}
    return lambda person_id: person_id in here


def _check(staging: Path, fresh: Unlocked, counts: dict[str, int], now_ms: int) -> None:
    """Open the new vault as any vault is opened, compare it with the old one, and have it tell what happened.

    Raises:
        VaultDamagedError: it is not the same.
    """
    if inspect_database(staging / VAULT_NAME, CipherKey(fresh.keys.database)).problems:
        raise VaultDamagedError("the new database")
    with open_unlocked(staging, fresh, FolderLock.acquire(staging)) as vault:
        if _count_rows(vault.connect()) != counts:
            raise VaultDamagedError("the new database")
        told = NewEvent(OFFICE, EventKind.KEYS_ROTATED, {"epoch": fresh.file.epoch})
        EventLog.open(vault).append([told], now_ms=now_ms)
    (staging / LOCK_NAME).unlink()
    sync_folder(staging)


def _count_rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}
