"""A vault on disk: made, opened, checked before anything is written, closed.

::

    folder, 0700
    ├── slots.json             who may open it, and how               app.store.slots
    ├── keyring.a, keyring.b   one key per conversation               app.store.keyring
    ├── head.a, head.b         how far it had come                    app.store.head
    ├── vault.db               events and projections, SQLCipher      app.store.cipher
    ├── index.db               full text, SQLCipher, own key; may be lost and built again
    ├── lock                   held by the one console that has it open
    └── rotation.new, .ready   while the vault gets a new key         app.store.rotation

Opening goes from cheap to dear and from reading to writing. Until every check has passed nothing is written: the
database is looked at through a read-only connection, because a writing one would fold a damaged WAL into the file when
it closes.
"""

import secrets
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

from app.crypto.passwords import DEFAULT, KdfParameters
from app.crypto.recovery_code import RecoveryCode
from app.domain.ids import PersonId, VaultId, make_ulid
from app.domain.office import Person, Role
from app.store.cipher import CipherKey, Durability, create_database, make_engine, refuse_plain_file
from app.store.errors import (
    SlotFileMissingError,
    VaultDamagedError,
    VaultExistsError,
    VaultMissingError,
)
from app.store.files import create_file, make_private_folder, replace_file, require_private_folder, sync_folder
from app.store.folder_lock import LOCK_NAME, FolderLock
from app.store.head import HeadFile, HeadState
from app.store.keyring import Keyring
from app.store.latch import WriteLatch
from app.store.migrate import upgrade
from app.store.office_keyring import OfficeKeyring
from app.store.open_vault import INDEX_NAME, VAULT_NAME, OpenVault
from app.store.probe import probe_database
from app.store.rotation_files import settle_rotation
from app.store.signing_in import unlock_with_password, unlock_with_recovery_code
from app.store.slot_records import SlotKind
from app.store.slot_seconds import NOTHING_MORE, Proof
from app.store.slot_writing import make_slot_file, require_good_password
from app.store.slots import (
    SLOTS_NAME,
    Unlocked,
    read_slot_file,
    with_names,
)

RECOVERY_NAME = "Recovery code"


class VaultFiles:
    """The ways to get an ``OpenVault``."""

    @staticmethod
    def create(
        directory: Path, *, password: str, person_name: str, now_ms: int, kdf: KdfParameters = DEFAULT
    ) -> tuple[OpenVault, RecoveryCode]:
        """Make a vault with one administrator and a recovery code, and return both, open.

        Everything is built in a folder beside ``directory`` and renamed at the end, so there is never half a vault.

        Raises:
            VaultExistsError: ``directory`` holds something.
            WeakPasswordError: guessers would try this one first; views and commands say so before they call this.
            KdfDowngradeError: ``kdf`` is below the floor.
            DiskFullError, DiskFailedError: nothing is left behind.
        """
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise VaultExistsError
        require_good_password(password, person_name)
        vault_id = VaultId(_make_id(now_ms))
        person = Person(PersonId(_make_id(now_ms)), person_name, Role.ADMINISTRATOR)
        rescuer = Person(PersonId(_make_id(now_ms)), RECOVERY_NAME, Role.ADMINISTRATOR)
        code = RecoveryCode.generate()
        unlocked = make_slot_file(vault_id, person, password, (rescuer, code), kdf)
        staging = directory.with_name(f".{directory.name}.new-{secrets.token_hex(8)}")
        make_private_folder(staging)
        try:
            _fill(staging, unlocked)
            lock = FolderLock.acquire(staging)
            staging.rename(directory)
        except BaseException:
            with suppress(OSError):
                shutil.rmtree(staging)
            raise
        try:
            sync_folder(directory.parent)
            return open_unlocked(directory, unlocked, lock), code
        except BaseException:
            lock.release()
            raise

    @staticmethod
    def open(
        directory: Path, password: str, person_id: PersonId | None = None, proof: Proof = NOTHING_MORE
    ) -> OpenVault:
        """Open a vault with a person's password and what else was brought; without ``person_id`` try everybody's.

        A code that was taken is spent in the slot file before the vault is handed over.

        Raises:
            StoreError: one of its own class for each cause, see ``app.store.errors``; nothing was written.
        """
        with _Approach(directory) as approach:
            file = read_slot_file(directory / SLOTS_NAME)
            return approach.finish(unlock_with_password(file, password, person_id, proof))

    @staticmethod
    def open_with_recovery(directory: Path, code: RecoveryCode, kind: SlotKind = SlotKind.RECOVERY) -> OpenVault:
        """Open a vault with the printed recovery code, or with the one that printed shares gave.

        Raises:
            StoreError: as ``open``.
        """
        with _Approach(directory) as approach:
            return approach.finish(unlock_with_recovery_code(read_slot_file(directory / SLOTS_NAME), code, kind))

    @staticmethod
    def check_recovery_code(directory: Path, code: RecoveryCode) -> None:
        """Really open the recovery slot, and nothing else; also while the vault is open.

        Raises:
            WrongRecoveryCodeError: it is another vault's code.
            SlotFileMissingError, SlotFileDamagedError, VaultMissingError, VaultExposedError: as ``open``.
        """
        _require_vault(directory)
        unlock_with_recovery_code(read_slot_file(directory / SLOTS_NAME), code)


class _Approach:
    """The steps of opening that come before the key: folder, files and lock. Lets go of the lock when a step fails."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock: FolderLock | None = None

    def __enter__(self) -> Self:
        _require_vault(self._directory)
        refuse_plain_file(self._directory / VAULT_NAME)
        if (self._directory / INDEX_NAME).exists():
            with suppress(VaultDamagedError):  # an unreadable index is made anew, a plain one is refused
                refuse_plain_file(self._directory / INDEX_NAME)
        self._lock = FolderLock.acquire(self._directory)
        try:
            settle_rotation(self._directory)
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._lock is not None:
            self._lock.release()

    def finish(self, unlocked: Unlocked) -> OpenVault:
        assert self._lock is not None
        vault = open_unlocked(self._directory, unlocked, self._lock)
        self._lock = None
        return vault


def _require_vault(directory: Path) -> None:
    require_private_folder(directory)
    has_slots, has_database = ((directory / name).exists() for name in (SLOTS_NAME, VAULT_NAME))
    if not has_slots and not has_database:
        raise VaultMissingError
    if not has_slots:
        raise SlotFileMissingError
    if not has_database:
        raise VaultDamagedError(f"{VAULT_NAME} is missing")


def _fill(directory: Path, unlocked: Unlocked) -> None:
    """Write every file of a new vault."""
    vault_id, keys = unlocked.file.vault_id, unlocked.keys
    create_file(directory / SLOTS_NAME, unlocked.file.encode())
    create_file(directory / LOCK_NAME, b"")
    latch = WriteLatch()
    head = HeadFile(directory, keys.head, vault_id, latch)
    keyring = Keyring(directory, keys.vault_key, vault_id, head, latch)
    keyring.create()
    head.create(HeadState(keyring_generation=keyring.generation, slots_generation=unlocked.file.generation))
    create_database(directory / INDEX_NAME, CipherKey(keyring.index_key))
    key = CipherKey(keys.database)
    create_database(directory / VAULT_NAME, key)
    engine = make_engine(directory / VAULT_NAME, key, Durability.FULL)
    try:
        upgrade(engine)
    finally:
        engine.dispose()
    sync_folder(directory)


def open_unlocked(directory: Path, unlocked: Unlocked, lock: FolderLock) -> OpenVault:
    """Check head, keyring and database, all by reading; then write what has to be written and hand the vault over."""
    file, keys = unlocked.file, unlocked.keys
    key = CipherKey(keys.database)
    latch = WriteLatch()
    head = HeadFile(directory, keys.head, file.vault_id, latch)
    head.load()
    if keys.are_full:
        keyring = Keyring(directory, keys.vault_key, file.vault_id, head, latch)
    else:
        keyring = OfficeKeyring(directory, keys.office or b"", file.vault_id, head, latch)
    keyring.load(head.state.keyring_generation)
    keyring.open_walls(unlocked.person.person_id, unlocked.seed)
    finding = probe_database(directory / VAULT_NAME, key, file.vault_id, head.state, file.generation)
    if unlocked.following is not None:
        file = unlocked.following
        replace_file(directory / SLOTS_NAME, file.encode())
        unlocked = replace(unlocked, file=with_names(file, keys), following=None)
    vault = OpenVault(directory, unlocked, keyring, head, key, lock, latch)
    try:
        vault.settle_in(finding, slots_generation=file.generation)
    except BaseException:
        vault.abandon()
        raise
    return vault


def _make_id(now_ms: int) -> str:
    return make_ulid(now_ms, secrets.token_bytes(10))


__all__ = ["INDEX_NAME", "RECOVERY_NAME", "SLOTS_NAME", "VAULT_NAME", "OpenVault", "VaultFiles", "open_unlocked"]
