"""An open vault: the keys, the engines, the head, until it is closed."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from nacl.utils import random as random_bytes
from sqlalchemy import Engine

from app.crypto.derive import KEY_BYTES
from app.crypto.identities import Identity
from app.domain.ids import ConversationId, PersonId
from app.domain.office import Person
from app.store.cipher import (
    BEGIN_IMMEDIATE,
    Access,
    CipherKey,
    Durability,
    connect,
    create_database,
    export_database,
    make_engine,
    translated,
)
from app.store.errors import StoreError, VaultBusyError, VaultDamagedError
from app.store.files import sync_folder
from app.store.folder_lock import FolderLock
from app.store.head import HeadFile
from app.store.inspection import FileProblem, FileReport, FileTrouble, inspect_database
from app.store.keyring import Keyring
from app.store.latch import WriteLatch
from app.store.migrate import upgrade
from app.store.people import VaultPeople
from app.store.probe import Finding
from app.store.slots import SLOTS_NAME, Unlocked, read_slot_file

VAULT_NAME = "vault.db"
INDEX_NAME = "index.db"
NEXT_INDEX_NAME = "index.next"
"""The index that an erasure puts in place of the old one; left over from a crash it is nothing."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Repair:
    """Something that was found broken while opening and made good: from its second copy, or built anew.

    ``vault.db-wal`` means that its end was dropped; projections should be built again, the events are complete.
    """

    file_name: str


class OpenVault:
    """A vault whose checks have passed. Use it as a context manager, or call ``close``."""

    def __init__(
        self,
        directory: Path,
        unlocked: Unlocked,
        keyring: Keyring,
        head: HeadFile,
        database_key: CipherKey,
        lock: FolderLock,
        latch: WriteLatch,
    ) -> None:
        self.directory = directory
        self.vault_id = unlocked.file.vault_id
        self.person: Person = unlocked.person
        self.people = VaultPeople(directory, unlocked, keyring, self, latch)
        self.keyring = keyring
        self.head = head
        self._database_key = database_key
        self._lock = lock
        self._latch = latch
        self._engine = make_engine(
            directory / VAULT_NAME,
            database_key,
            Durability.FULL,
            on_error=latch.note,
            may_write=latch.require_open,
        )
        self._index: Engine | None = None
        self._repairs: list[Repair] = []
        self._is_closed = False

    def __repr__(self) -> str:
        return "<OpenVault hidden>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What was found broken and made good; worth telling an administrator."""
        return tuple(self._repairs)

    @property
    def is_closed(self) -> bool:
        """Say whether the vault was closed."""
        return self._is_closed

    @property
    def is_stopped(self) -> bool:
        """Say whether the disk has failed. Nothing is acknowledged until the vault is reopened."""
        return self._latch.is_shut

    def connect(self) -> Engine:
        """Return the engine of the vault's database; see ``app.store.cipher.make_engine`` for its transactions."""
        return self._engine

    def index_engine(self) -> Engine:
        """Return the engine of the search index; a missing or unreadable index comes back empty, under a new key."""
        if self._index is None:
            try:
                connect(self.directory / INDEX_NAME, self._index_key(), Access.WRITE, Durability.NORMAL).close()
            except VaultDamagedError:
                return self.mend_index()
            self._index = self._make_index_engine()
        return self._index

    def mend_index(self) -> Engine:
        """Put an empty index in place of one whose bytes are damaged, and have that told among the repairs."""
        self._repairs.append(Repair(INDEX_NAME))
        return self.renew_index()

    def renew_index(self) -> Engine:
        """Return the engine of a new, empty index under a new key; the old file and its key are gone.

        The key goes first: should the process die in between, the old file cannot be read any more and is made anew.
        """
        if self._index is not None:
            self._index.dispose()
        self.keyring.rotate_index_key()
        self.keyring.save()
        self._remove_index()
        (self.directory / NEXT_INDEX_NAME).unlink(missing_ok=True)
        create_database(self.directory / INDEX_NAME, self._index_key())
        self._index = self._make_index_engine()
        return self._index

    def stage_index(self) -> bytes | None:
        """Write all of the index into a file beside it and return its new key; None while somebody is reading.

        Whoever calls keeps writers away until ``adopt_index``. Until the key is in the keyring the file is nothing.
        """
        following, key = self.directory / NEXT_INDEX_NAME, random_bytes(KEY_BYTES)
        if not self._fold_wal(self.index_engine()):
            return None
        following.unlink(missing_ok=True)
        with self._latch.guard():
            export_database(self.directory / INDEX_NAME, self._index_key(), following, CipherKey(key))
        return key

    def adopt_index(self) -> Engine:
        """Put the staged file, whose key is durable by now, in place of the index; a crash here costs a rebuild."""
        if self._index is not None:
            self._index.dispose()
        self._remove_index()
        with self._latch.guard():
            (self.directory / NEXT_INDEX_NAME).replace(self.directory / INDEX_NAME)
            sync_folder(self.directory)
        self._index = self._make_index_engine()
        return self._index

    def _remove_index(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            (self.directory / f"{INDEX_NAME}{suffix}").unlink(missing_ok=True)

    @property
    def may_read_messages(self) -> bool:
        """Say whether the person who is here holds the keys of conversations."""
        return self.people.unlocked.keys.are_full

    @property
    def password_holders(self) -> tuple[Person, ...]:
        """Everybody who opens this vault with a password."""
        return self.people.password_holders

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature (64 bytes) of the person at the desk over ``message``."""
        return Identity(self.people.unlocked.seed).sign(message)

    @property
    def signing_key(self) -> bytes:
        """The public half that ``sign`` is checked with, 32 bytes; the slot file vouches for it."""
        return Identity(self.people.unlocked.seed).public.signing_key

    def signing_key_of(self, person_id: PersonId) -> bytes | None:
        """Return the key that a person's signatures are checked with now; None for nobody of this vault."""
        entry = self.people.unlocked.file.current(person_id)
        return None if entry is None else entry.signing_key

    def box_key_of(self, person_id: PersonId) -> bytes | None:
        """Return the X25519 key that a person is written to now, as administrators vouch for it; None for who left."""
        entry = self.people.unlocked.file.current(person_id)
        return entry.box_key if entry is not None and entry.is_active else None

    def freshen_keys(self, conversation_ids: Iterable[ConversationId]) -> None:
        """Give conversations that are about to be written to another key, where somebody who left kept theirs."""
        for cid in conversation_ids:
            if self.keyring.is_stale(cid):
                self.keyring.freshen(cid, self.box_key_of)

    def empty_wals(self) -> bool:
        """Fold both logs beside the databases into them and cut them to nothing; False while a reader is in the way."""
        engines = [self._engine] if self._index is None else [self._engine, self._index]
        with self._latch.guard():
            return sum(self._fold_wal(engine) for engine in engines) == len(engines)

    def verify_files(self) -> FileReport:
        """Read every page and every copy, and say which bytes are not what was written."""
        reports = [inspect_database(self.directory / VAULT_NAME, self._database_key)]
        if self.may_read_messages and (self.directory / INDEX_NAME).exists():
            reports.append(inspect_database(self.directory / INDEX_NAME, self._index_key()))
        broken = [*self.head.find_broken(), *self.keyring.find_broken()]
        try:
            read_slot_file(self.directory / SLOTS_NAME)
        except StoreError:
            broken.append(SLOTS_NAME)
        copies = tuple(FileProblem(name, FileTrouble.COPY) for name in broken)
        problems = [problem for report in reports for problem in report.problems]
        return FileReport(sum(report.pages for report in reports), (*problems, *copies))

    def settle_in(self, finding: Finding, *, slots_generation: int) -> None:
        """Do the writing part of opening, after every check has passed. Called once by ``VaultFiles``."""
        self._repairs += [Repair(name) for name in (*self.head.broken_copies, *self.keyring.broken_copies)]
        if finding.is_log_cut_short:
            self._repairs.append(Repair(f"{VAULT_NAME}-wal"))
        self.head.repair()
        self.keyring.repair()
        self.head.note_slots(slots_generation)
        if finding.slots_seen < slots_generation:
            self._tell_database(slots_generation)
        if not finding.is_schema_current:
            upgrade(self._engine)

    def note_slots(self, generation: int) -> None:
        """Remember, durably and in two places, which slot file was written last, so that no older one passes for it."""
        self.head.note_slots(generation)
        self._tell_database(generation)

    def _tell_database(self, slots_generation: int) -> None:
        with self._engine.connect().execution_options(**{BEGIN_IMMEDIATE: True}) as connection, connection.begin():
            connection.exec_driver_sql(f"PRAGMA user_version = {slots_generation:d}")

    def close(self) -> None:
        """Fold the WAL into the file, write the head a last time, let go of the lock. Safe to call twice."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            if not self._latch.is_shut:
                self._settle_down()
        finally:
            self.abandon()

    def close_keeping_lock(self) -> FolderLock:
        """Close and return the lock of the folder, still held, for work on the files of a vault that nobody uses.

        Raises:
            VaultBusyError: a connection was still in use, so that not everything stands in the files; closed all the
                same, and the lock is let go.
            DiskFullError, DiskFailedError: likewise.
        """
        is_settled = False
        try:
            self._latch.require_open()
            is_settled = self._settle_down()
        finally:
            if not is_settled:
                self.abandon()
        if not is_settled:
            raise VaultBusyError("a connection was still in use")
        self._let_go()
        return self._lock

    def abandon(self) -> None:
        """Let go of everything without another write of our own."""
        self._let_go()
        self._lock.release()

    def _settle_down(self) -> bool:
        """Write what is still to be written; say whether both databases then stand in their files alone."""
        engines = [self._engine] if self._index is None else [self._engine, self._index]
        are_folded = [self._fold_wal(engine) for engine in engines]
        self.keyring.tidy()
        self.head.settle()
        return all(are_folded)

    def _let_go(self) -> None:
        self._is_closed = True
        self._engine.dispose()
        if self._index is not None:
            self._index.dispose()
        self.head.close()

    def _fold_wal(self, engine: Engine) -> bool:
        """Write the log of an engine's file back and cut it to nothing; False when a connection is still reading."""
        with translated():
            raw = engine.raw_connection()
        try:
            with translated():
                busy, _, _ = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            raw.close()
        if busy:
            _log.warning("a connection was still reading; the WAL stays beside its file for now")
        return not busy

    def _index_key(self) -> CipherKey:
        return CipherKey(self.keyring.index_key)

    def _make_index_engine(self) -> Engine:
        return make_engine(
            self.directory / INDEX_NAME,
            self._index_key(),
            Durability.NORMAL,
            on_error=self._latch.note,
            may_write=self._latch.require_open,
        )


__all__ = ["INDEX_NAME", "VAULT_NAME", "OpenVault", "Repair"]
