"""The one door to SQLCipher: no other module opens a database file.

Every trap of threat-model.md §8 that concerns a connection is closed here: a plain file is refused before it is opened,
a missing one is never created, the key is raw and set before anything is read, the library is really SQLCipher and
keeps quiet, schema and extensions are not trusted, and ``app.store.authoriser`` denies what would make a weaker file.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from app.crypto.derive import KEY_BYTES, derive_key
from app.store.authoriser import authorise
from app.store.errors import (
    DiskFailedError,
    DiskFullError,
    NotEncryptedError,
    StoreBugError,
    StoreError,
    VaultDamagedError,
)
from app.store.files import create_file, read_bounded, read_start, sync_file

PLAIN_HEADER = b"SQLite format 3\0"
SALT_BYTES = 16
BEGIN_IMMEDIATE = "begin_immediate"
"""Execution option of a connection whose transactions will write."""

_BUSY_TIMEOUT_MS = 5_000
_POOL_SIZE = 4
_POOL_OVERFLOW = 12
_PRIMARY_CODE = 0xFF  # the low byte of an extended result code
_ERRORS: dict[int, type[StoreError]] = {
    4874: DiskFullError,  # SQLITE_IOERR_SHMSIZE: no room for the file that readers and writers share
    10: DiskFailedError,  # SQLITE_IOERR
    11: VaultDamagedError,  # SQLITE_CORRUPT: a page whose HMAC does not match
    13: DiskFullError,  # SQLITE_FULL
    14: DiskFailedError,  # SQLITE_CANTOPEN: the database is there (``refuse_plain_file``), its log cannot be made
    26: VaultDamagedError,  # SQLITE_NOTADB: wrong key, or page 1 does not match
}
_EXPORT_ERRORS: dict[str, type[StoreError]] = {
    "disk I/O error": DiskFailedError,
    "database or disk is full": DiskFullError,
    "database disk image is malformed": VaultDamagedError,
    "file is not a database": VaultDamagedError,
}


class Access(Enum):
    """How a file is opened. ``READ`` neither writes the file nor folds its WAL into it at close."""

    READ = "ro"
    WRITE = "rw"


class Durability(Enum):
    """When a commit counts: the vault waits for the disk; the index can be built again."""

    FULL = "FULL"
    NORMAL = "NORMAL"


class CipherKey:
    """A raw 256-bit key with its explicit salt; never a passphrase."""

    __slots__ = ("_key", "salt")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a database key has 32 bytes")
        self._key = key
        self.salt = derive_key(key, "database salt")[:SALT_BYTES]

    def __repr__(self) -> str:
        return "<CipherKey hidden>"

    def unlock(self, connection: Any) -> None:
        """Hand the raw key to SQLCipher: ``x'`` 64 hex of key, 32 hex of salt ``'``."""
        connection.set_key(self.for_attaching())

    def for_attaching(self) -> str:
        """Return the raw key as the ``KEY`` of an ATTACH takes it; bound as a value, it stands in no statement."""
        return f"x'{self._key.hex()}{self.salt.hex()}'"


def refuse_plain_file(path: Path) -> None:
    """Do nothing when ``path`` could be an encrypted database; it is not opened by SQLite for this.

    Raises:
        NotEncryptedError: it begins as a plain SQLite file does.
        VaultDamagedError: missing, empty or not a regular file.
    """
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            header = file.read(len(PLAIN_HEADER))
    except OSError:
        raise VaultDamagedError(f"{path.name} cannot be read") from None
    if header == PLAIN_HEADER:
        raise NotEncryptedError
    if len(header) < len(PLAIN_HEADER):
        raise VaultDamagedError(f"{path.name} is empty")


def create_database(path: Path, key: CipherKey) -> None:
    """Make a new, empty, encrypted database file that must not exist yet."""
    create_file(path, b"")
    connection = _open(path, key, Access.WRITE, Durability.FULL)
    connection.close()
    if read_bounded(path, 1 << 20)[:SALT_BYTES] != key.salt:
        raise StoreBugError("a new database does not begin with its salt")


def connect(path: Path, key: CipherKey, access: Access, durability: Durability = Durability.FULL) -> Any:
    """Return one DB-API connection to an existing encrypted file, after reading its schema.

    Raises:
        NotEncryptedError: a plain SQLite file.
        VaultDamagedError: missing, empty, under another key or salt, or page 1 is not what was written.
        DiskFailedError, DiskFullError: the disk says so.
    """
    refuse_plain_file(path)
    connection = None
    try:
        connection = _open(path, key, access, durability)
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except dbapi2.Error as error:
        if connection is not None:
            connection.close()
        raise translate(error) or error from error
    connection.set_authorizer(authorise)
    return connection


def export_database(source: Path, key: CipherKey, target: Path, new_key: CipherKey) -> None:
    """Write what stands in ``source`` into a new file under another key, and wait until it is on the disk.

    The one place that attaches a file, and always under a raw key; never ``PRAGMA rekey`` (threat-model.md §5.6).
    Nobody else may have ``source`` open, and nothing of it may stand in a WAL only.

    Raises:
        VaultDamagedError, NotEncryptedError: ``source`` is not what was written.
        DiskFullError, DiskFailedError: ``target`` is of no use.
    """
    refuse_plain_file(source)
    create_file(target, b"")
    connection = None
    try:
        connection = _open(source, key, Access.WRITE, Durability.FULL)
        uri = f"file:{quote(str(target.absolute()))}?mode=rw"
        connection.execute("ATTACH DATABASE ? AS rotated KEY ?", (uri, new_key.for_attaching()))
        connection.execute("PRAGMA rotated.journal_mode = MEMORY")  # whatever a crash leaves here is thrown away
        connection.execute("PRAGMA rotated.synchronous = OFF")
        connection.execute("SELECT sqlcipher_export('rotated')")
        connection.execute("DETACH DATABASE rotated")
    except dbapi2.Error as error:
        raise translate(error) or _of_export(error) or error from error
    finally:
        if connection is not None:
            connection.close()
    if read_start(target, SALT_BYTES) != new_key.salt:
        raise StoreBugError("an exported database does not begin with its salt")
    sync_file(target)


def _of_export(error: BaseException) -> StoreError | None:
    """Return what an error of ``sqlcipher_export`` means: of the inner statement's error it hands on only the words."""
    kind = _EXPORT_ERRORS.get(str(error))
    return None if kind is None else kind("export")


@contextmanager
def translated() -> Iterator[None]:
    """Raise this room's errors in place of SQLite's, for statements that go past the engine."""
    try:
        yield
    except dbapi2.Error as error:
        raise translate(error) or error from error


def translate(error: BaseException) -> StoreError | None:
    """Return what a database error means in this room's terms, or None when it is about SQL."""
    code = getattr(error, "sqlite_errorcode", None)
    kind = _ERRORS.get(code, _ERRORS.get(code & _PRIMARY_CODE)) if isinstance(code, int) else None
    return None if kind is None else kind("database")


def make_engine(
    path: Path,
    key: CipherKey,
    durability: Durability,
    *,
    access: Access = Access.WRITE,
    on_error: Callable[[StoreError], None] = lambda _: None,
    may_write: Callable[[], None] = lambda: None,
) -> Engine:
    """Return an engine for an encrypted file.

    Connections are pooled, last used first: a thread that uses one transaction at a time keeps meeting the same warm
    connection, no connection is ever in two threads at once, and a thread that ends leaves nothing behind.
    Transactions begin with plain ``BEGIN``, or ``BEGIN IMMEDIATE`` under the execution option ``BEGIN_IMMEDIATE``.
    Values bound to statements never stand in errors or logs.

    Args:
        path: the database file.
        key: its key.
        durability: when a commit counts.
        access: how the file is opened.
        on_error: told when the disk fails or bytes are wrong, before the error is raised.
        may_write: called before a writing transaction; raises to refuse it.
    """
    engine = create_engine(
        "sqlite+pysqlite://",
        module=dbapi2,
        creator=lambda: connect(path, key, access, durability),
        poolclass=QueuePool,
        pool_size=_POOL_SIZE,
        max_overflow=_POOL_OVERFLOW,
        pool_use_lifo=True,
        hide_parameters=True,
    )

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(BEGIN_IMMEDIATE):
            may_write()
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    def explain(context: ExceptionContext) -> None:
        meaning = translate(context.original_exception)
        if meaning is not None:
            on_error(meaning)
            raise meaning from context.original_exception

    event.listen(engine, "begin", begin)
    event.listen(engine, "handle_error", explain)
    return engine


def _open(path: Path, key: CipherKey, access: Access, durability: Durability) -> Any:
    uri = f"file:{quote(str(path.absolute()))}?mode={access.value}"
    connection = dbapi2.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection, key, access, durability)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: Any, key: CipherKey, access: Access, durability: Durability) -> None:
    # Global and before the key: SQLCipher writes page errors to standard error otherwise.
    connection.execute("PRAGMA cipher_log_level = NONE")
    key.unlock(connection)
    version = connection.execute("PRAGMA cipher_version").fetchone()
    if not version or not re.match(r"\d+\.\d+", version[0] or ""):
        raise StoreBugError("the SQL library is not SQLCipher; it would write plain text")
    connection.enable_load_extension(False)
    for pragma in (
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "foreign_keys = ON",
        "temp_store = MEMORY",
        "mmap_size = 0",
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    if access is Access.READ:
        connection.execute("PRAGMA query_only = ON")
        return
    # Reading comes first: under a wrong key this fails before a pragma below could write.
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StoreBugError("the database did not take write-ahead logging")
    connection.execute(f"PRAGMA synchronous = {durability.value}")
    connection.execute("PRAGMA secure_delete = ON")
