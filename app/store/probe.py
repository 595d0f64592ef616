"""Looking at a database without leaving a trace, before a writing connection may touch it.

A read-only connection never folds the WAL into the file. It does leave an index of the WAL (``-shm``) and an empty WAL
behind; both are put back as they were.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from app.domain.ids import VaultId
from app.store import chain
from app.store.cipher import Access, CipherKey, Durability, make_engine
from app.store.errors import VaultDamagedError, VaultRolledBackError
from app.store.files import disk_errors, read_bounded
from app.store.head import HeadState
from app.store.logged import walk
from app.store.migrate import is_current
from app.store.tables import event
from app.store.tombstones import shed_excuse
from app.store.wal import scan_wal

_MAX_SHM_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look at the database says when it may be opened.

    ``is_log_cut_short``: the WAL holds frames that SQLite will drop, torn by a power cut or damaged. The acknowledged
    events are all there; projections may have lost their newest pages and are worth building again.
    """

    is_schema_current: bool
    is_log_cut_short: bool
    slots_seen: int = 0
    """The newest generation of the slot file that the database was told of."""


def probe_database(path: Path, key: CipherKey, vault_id: VaultId, head: HeadState, slots_generation: int) -> Finding:
    """Return what has to be done to a database that may be opened; leave every byte of it as it is.

    Args:
        path: the database file.
        key: its key.
        vault_id: where the hash chain of its events begins.
        head: what was last acknowledged.
        slots_generation: of the slot file that stands beside it.

    Raises:
        VaultDamagedError: page 1 or the schema is not what was written, or the newest events are unreadable.
        NewerSchemaError: written by a newer program.
        VaultRolledBackError: genuine, but older than ``head``; or the slot file is.
    """
    if slots_generation < head.slots_generation:
        raise VaultRolledBackError("slot file")
    with leaving_no_trace(path):
        engine = make_engine(path, key, Durability.FULL, access=Access.READ)
        try:
            is_schema_current = is_current(engine)
            if is_schema_current or head.event_count:  # also an older schema holds every acknowledged event
                compare_with_head(engine, vault_id, head)
            slots_seen = read_slots_seen(engine)
            if slots_generation < slots_seen:
                raise VaultRolledBackError("slot file")
        except DBAPIError as error:
            raise VaultDamagedError("database") from error
        finally:
            engine.dispose()
    is_log_cut_short = scan_wal(path.with_name(f"{path.name}-wal")).is_cut_short
    return Finding(is_schema_current, is_log_cut_short, slots_seen)


def read_slots_seen(engine: Engine) -> int:
    """Return which slot file the database was told of last; 0 for none.

    The head file knows it too, but an old slot file can come back with the old head beside it.
    """
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def compare_with_head(engine: Engine, vault_id: VaultId, head: HeadState) -> None:
    """Do nothing when the database holds the event that ``head`` remembers, and an unbroken chain from there on.

    More events than the head knows are a commit whose process died before the head was written: accepted.

    Raises:
        VaultRolledBackError: that event is missing.
        VaultDamagedError: another one stands in its place, or those behind it do not chain.
    """
    with engine.connect() as connection:
        known = head.head_hash if head.event_count else chain.genesis(vault_id)
        if head.event_count:
            found = _hash_at(connection, head.event_count)
            if found is None:
                raise VaultRolledBackError("database")
            if found != known:
                raise VaultDamagedError("log")
        walked = chain.ChainWalk(known, head.event_count, shed_excuse(connection))
        if any(problem for stored in walk(connection, head.event_count) for problem in walked.step(stored)):
            raise VaultDamagedError("log")


@contextmanager
def leaving_no_trace(path: Path) -> Iterator[None]:
    """Put the files beside a database back as they were before a read-only visit."""
    wal, shm = (path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))
    had_wal = wal.exists()
    old_shm = read_bounded(shm, _MAX_SHM_BYTES) if shm.exists() else None
    try:
        yield
    finally:
        if not had_wal and wal.exists() and wal.stat().st_size == 0:
            wal.unlink()
        with suppress(FileNotFoundError):
            if old_shm is None:
                shm.unlink()
            elif read_bounded(shm, _MAX_SHM_BYTES) != old_shm:
                with disk_errors():
                    shm.write_bytes(old_shm)


def _hash_at(connection: Connection, position: int) -> bytes | None:
    return connection.execute(select(event.c.hash).where(event.c.seq == position)).scalar_one_or_none()
