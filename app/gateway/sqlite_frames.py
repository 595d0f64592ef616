"""Frames in the embedded file: what a change decides and does inside its transaction."""

import sqlite3
from hashlib import blake2b
from typing import Final

from app.domain.post import NoCode
from app.domain.post_sizes import FrameType, read_envelope
from app.gateway.errors import RefusedError
from app.gateway.mailbox import MAX_HELD_FRAMES, MAX_NUMBERS, Direction, Held

_FINGERPRINT_BYTES: Final = 16
_ALLOWED: Final = {
    Direction.TO_DESK: (FrameType.HELLO, FrameType.FRAME),
    Direction.TO_PATIENT: (FrameType.ANSWER, FrameType.FRAME),
}


def put(db: sqlite3.Connection, address: bytes, direction: Direction, frame: bytes, now_ms: int) -> tuple[int, bool]:
    """Keep a frame; return its seq, and whether it is new.

    Raises:
        RefusedError: MALFORMED, UNKNOWN, CONFLICT or FULL; nothing was changed.
    """
    try:
        envelope = read_envelope(frame)
    except ValueError as problem:
        raise RefusedError(NoCode.MALFORMED) from problem
    if envelope.type not in _ALLOWED[direction]:
        raise RefusedError(NoCode.NOT_YOURS)
    next_seq, numbers = _box(db, address)
    fingerprint = blake2b(frame, digest_size=_FINGERPRINT_BYTES).digest()
    key = (address, int(direction), envelope.chain, envelope.number)
    known = db.execute(
        "SELECT seq, fingerprint FROM number WHERE address=? AND direction=? AND chain=? AND number=?", key
    ).fetchone()
    if known is not None:
        if known[1] != fingerprint:
            raise RefusedError(NoCode.CONFLICT)
        return int(known[0]), False
    if numbers >= MAX_NUMBERS or held_count(db, address, direction) >= MAX_HELD_FRAMES:
        raise RefusedError(NoCode.FULL)
    db.execute("INSERT INTO number VALUES (?,?,?,?,?,?,?)", (*key, fingerprint, next_seq, now_ms))
    db.execute(
        "INSERT INTO held (address, direction, seq, at_ms, frame) VALUES (?,?,?,?,?)",
        (address, int(direction), next_seq, now_ms, frame),
    )
    db.execute("UPDATE box SET next_seq=next_seq+1, numbers=numbers+1 WHERE address=?", (address,))
    return next_seq, True


def waiting(db: sqlite3.Connection, direction: Direction, address: bytes | None, after: int, limit: int) -> list[Held]:
    """Return the frames of one mailbox, or of all, behind the place ``after``."""
    where, key = ("", ()) if address is None else ("AND address=? ", (address,))
    found = db.execute(
        f"SELECT place, address, seq, frame FROM held WHERE direction=? {where}AND place>? ORDER BY place LIMIT ?",  # noqa: S608  two fixed texts
        (int(direction), *key, after, limit),
    )
    return [Held(*row) for row in found]


def taken(db: sqlite3.Connection, address: bytes, direction: Direction, seq: int) -> None:
    """Delete what was taken.

    Raises:
        RefusedError: UNKNOWN: there is no such mailbox, or it never gave such a seq.
    """
    next_seq, _ = _box(db, address)
    if seq >= next_seq:
        raise RefusedError(NoCode.UNKNOWN)
    db.execute("DELETE FROM held WHERE address=? AND direction=? AND seq<=?", (address, int(direction), seq))


def held_count(db: sqlite3.Connection, address: bytes, direction: Direction) -> int:
    """Return how many frames wait in one direction; reads the index alone."""
    query = "SELECT count(*) FROM held WHERE address=? AND direction=?"
    return int(db.execute(query, (address, int(direction))).fetchone()[0])


def forget_old(db: sqlite3.Connection, before_ms: int) -> None:
    """Forget frames and numbers that came before."""
    db.execute("DELETE FROM held WHERE at_ms<?", (before_ms,))
    old = db.execute("SELECT address, count(*) FROM number WHERE at_ms<? GROUP BY address", (before_ms,)).fetchall()
    db.executemany("UPDATE box SET numbers=numbers-? WHERE address=?", [(count, address) for address, count in old])
    db.execute("DELETE FROM number WHERE at_ms<?", (before_ms,))


def _box(db: sqlite3.Connection, address: bytes) -> tuple[int, int]:
    row = db.execute("SELECT next_seq, numbers FROM box WHERE address=?", (address,)).fetchone()
    if row is None:
        raise RefusedError(NoCode.UNKNOWN)
    return int(row[0]), int(row[1])
