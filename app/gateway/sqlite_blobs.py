"""Attachments in the embedded file: encrypted chunks of one size, whose count is padded too."""

import sqlite3

from app.domain.post import BlobPut, NoCode
from app.gateway.errors import RefusedError
from app.gateway.mailbox import MAX_BLOBS, MAX_CHUNKS


def put_chunk(db: sqlite3.Connection, put: BlobPut, now_ms: int) -> None:
    """Keep one chunk; the same again changes nothing.

    Raises:
        RefusedError: UNKNOWN, CONFLICT or FULL; nothing was changed.
    """
    require_box(db, put.address)
    key = (put.address, put.blob)
    known = db.execute("SELECT total FROM blob WHERE address=? AND blob=?", key).fetchone()
    if known is None:
        _require_room(db, put.address, put.total)
        db.execute("INSERT INTO blob VALUES (?,?,?,0,?)", (*key, put.total, now_ms))
    elif known[0] != put.total:
        raise RefusedError(NoCode.CONFLICT)
    held = db.execute("SELECT bytes FROM chunk WHERE address=? AND blob=? AND position=?", (*key, put.index)).fetchone()
    if held is not None:
        if held[0] != put.chunk:
            raise RefusedError(NoCode.CONFLICT)
        return
    row = (*key, put.index, put.chunk)
    db.execute("INSERT INTO chunk (address, blob, position, bytes) VALUES (?,?,?,?)", row)
    db.execute("UPDATE blob SET chunks=chunks+1 WHERE address=? AND blob=?", key)


def chunk(db: sqlite3.Connection, address: bytes, blob: bytes, index: int) -> tuple[int, bytes]:
    """Return (count of all chunks, this chunk).

    Raises:
        RefusedError: UNKNOWN: no such mailbox, attachment or chunk.
    """
    row = db.execute(
        "SELECT total, bytes FROM blob JOIN chunk USING (address, blob) WHERE address=? AND blob=? AND position=?",
        (address, blob, index),
    ).fetchone()
    if row is None:
        raise RefusedError(NoCode.UNKNOWN)
    return int(row[0]), bytes(row[1])


def drop(db: sqlite3.Connection, address: bytes, blob: bytes) -> None:
    """Delete an attachment.

    Raises:
        RefusedError: UNKNOWN: no such mailbox.
    """
    require_box(db, address)
    for table in ("chunk", "blob"):
        db.execute(f"DELETE FROM {table} WHERE address=? AND blob=?", (address, blob))  # noqa: S608  two fixed names


def forget_old(db: sqlite3.Connection, whole_before_ms: int, unfinished_before_ms: int) -> None:
    """Forget attachments that came before: whole ones, and, sooner, those that never became whole."""
    old = db.execute(
        "SELECT address, blob FROM blob WHERE at_ms<? OR (chunks<total AND at_ms<?)",
        (whole_before_ms, unfinished_before_ms),
    ).fetchall()
    for table in ("chunk", "blob"):
        db.executemany(f"DELETE FROM {table} WHERE address=? AND blob=?", old)  # noqa: S608  two fixed names


def require_box(db: sqlite3.Connection, address: bytes) -> None:
    """Raise UNKNOWN when there is no such mailbox."""
    if db.execute("SELECT 1 FROM box WHERE address=?", (address,)).fetchone() is None:
        raise RefusedError(NoCode.UNKNOWN)


def _require_room(db: sqlite3.Connection, address: bytes, total: int) -> None:
    query = "SELECT count(*), coalesce(sum(total), 0) FROM blob WHERE address=?"
    blobs, chunks = db.execute(query, (address,)).fetchone()
    if blobs >= MAX_BLOBS or chunks + total > MAX_CHUNKS:
        raise RefusedError(NoCode.FULL)
