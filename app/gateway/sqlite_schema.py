"""The file of the embedded mailbox: its tables, its pragmas, and the refusal of any other file.

Two tables hold a frame: ``held`` its bytes until they are taken, ``number`` a fingerprint of it for 30 days, so that a
resend is recognised and a second answer meets the first (threat-model.md §6.2, §6.7).
"""

import sqlite3
from pathlib import Path
from typing import Final

from app.gateway.errors import MailboxPlaceError, PlaceProblem

SCHEMA_VERSION: Final = 1
APPLICATION_ID: Final = 0x56706F73
"""``Vpos``: so that no other program's database is ever taken for a mailbox."""

_BUSY_TIMEOUT_S: Final = 5.0
_GIVEN_BACK_PAGES: Final = 65_536
"""256 MB."""
_PRAGMAS: Final = (
    "synchronous=FULL",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "wal_autocheckpoint=2000",
    "temp_store=MEMORY",  # the walls leave no other folder to put a temporary file into
)
_NOT_A_MAILBOX: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

_SCHEMA: Final = (
    """CREATE TABLE box (
        address BLOB PRIMARY KEY, invite_hash BLOB NOT NULL, claim_hash BLOB, until_ms INTEGER NOT NULL,
        opened_ms INTEGER NOT NULL, next_seq INTEGER NOT NULL, numbers INTEGER NOT NULL, is_open_door INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE closed (address BLOB PRIMARY KEY, closed_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE number (
        address BLOB NOT NULL, direction INTEGER NOT NULL, chain BLOB NOT NULL, number INTEGER NOT NULL,
        fingerprint BLOB NOT NULL, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL,
        PRIMARY KEY (address, direction, chain, number)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX number_age ON number (at_ms)",
    """CREATE TABLE held (
        place INTEGER PRIMARY KEY AUTOINCREMENT, address BLOB NOT NULL, direction INTEGER NOT NULL,
        seq INTEGER NOT NULL, at_ms INTEGER NOT NULL, frame BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX held_box ON held (address, direction, seq)",
    "CREATE INDEX held_direction ON held (direction, place)",
    "CREATE INDEX held_age ON held (at_ms)",
    """CREATE TABLE blob (
        address BLOB NOT NULL, blob BLOB NOT NULL, total INTEGER NOT NULL, chunks INTEGER NOT NULL,
        at_ms INTEGER NOT NULL, PRIMARY KEY (address, blob)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE chunk (
        id INTEGER PRIMARY KEY, address BLOB NOT NULL, blob BLOB NOT NULL, position INTEGER NOT NULL,
        bytes BLOB NOT NULL, UNIQUE (address, blob, position)
    ) STRICT""",
    "CREATE TABLE kept (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
)


def open_for_writing(file: Path) -> sqlite3.Connection:
    """Return the one connection that changes ``file``; makes the file and its tables when it is new.

    WAL with ``synchronous=FULL``: a commit returns after its fsync. ``secure_delete``: deleted frames are overwritten.

    Raises:
        MailboxPlaceError: DAMAGED, NEWER, or FOLDER.
    """
    try:
        db = sqlite3.connect(file, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA auto_vacuum=INCREMENTAL")  # of a new file, before anything stands in it
            db.execute("PRAGMA journal_mode=WAL")
            for pragma in _PRAGMAS:
                db.execute(f"PRAGMA {pragma}")
            _make_or_check(db)
        except BaseException:
            db.close()
            raise
    except sqlite3.Error as problem:
        code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        is_other = code in _NOT_A_MAILBOX
        raise MailboxPlaceError(PlaceProblem.DAMAGED if is_other else PlaceProblem.FOLDER) from problem
    return db


def open_for_reading(file: Path) -> sqlite3.Connection:
    """Return a connection that cannot change the file."""
    db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA query_only=ON")
    db.execute("PRAGMA temp_store=MEMORY")
    return db


def empty_log(db: sqlite3.Connection) -> None:
    """Bring everything into the file, cut the write-ahead log to nothing, and give what is free back to the disk.

    What was deleted is gone from both. A gateway whose disk was full takes in again what others have made room for; at
    most ``_GIVEN_BACK_PAGES`` at once, because nobody can write meanwhile.
    """
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    # Not `execute`: the pragma gives a row of no columns for each page, and Python stops at the first of those.
    db.executescript(f"PRAGMA incremental_vacuum({_GIVEN_BACK_PAGES})")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _make_or_check(db: sqlite3.Connection) -> None:
    version, application = _pragma(db, "user_version"), _pragma(db, "application_id")
    if version == 0 and application == 0 and not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        db.execute("BEGIN IMMEDIATE")
        for statement in (*_SCHEMA, f"PRAGMA application_id={APPLICATION_ID}", f"PRAGMA user_version={SCHEMA_VERSION}"):
            db.execute(statement)
        db.execute("COMMIT")
        return
    if application != APPLICATION_ID:
        raise MailboxPlaceError(PlaceProblem.DAMAGED)
    if version != SCHEMA_VERSION:
        raise MailboxPlaceError(PlaceProblem.NEWER)
    if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise MailboxPlaceError(PlaceProblem.DAMAGED)


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])
