"""Mailboxes in the embedded file: made, claimed, closed, listed, forgotten."""

import sqlite3
from hmac import compare_digest
from typing import Final

from app.domain.post import NoCode
from app.domain.post_sign_in import SignInCode
from app.domain.strict_json import to_base64
from app.gateway.errors import RefusedError
from app.gateway.mailbox import HOLDINGS_PAGE, KEEP_MS, UNFINISHED_MS, Direction, Newcomer

_SEQ_PER_MS: Final = 1_000
"""A mailbox counts from its opening time on, so that one that is made again never gives a seq a second time."""
_CONTENTS: Final = ("held", "number", "chunk", "blob", "box")


def admit(db: sqlite3.Connection, newcomer: Newcomer, now_ms: int) -> SignInCode | None:
    """Return None when the mailbox is this newcomer's, else why not; claims it at first contact."""
    code, claims = decide(db, newcomer, now_ms)
    if code is SignInCode.UNKNOWN and newcomer.may_make:
        _insert(db, newcomer.address, newcomer.token_hash, until_ms=now_ms, now_ms=now_ms, is_open_door=True)
        code, claims = None, True
    if claims:
        claim = newcomer.claim_hash or newcomer.token_hash
        db.execute("UPDATE box SET claim_hash=? WHERE address=?", (claim, newcomer.address))
    return code


def decide(db: sqlite3.Connection, newcomer: Newcomer, now_ms: int) -> tuple[SignInCode | None, bool]:
    """Return (why not, whether this first contact would claim the mailbox); changes nothing.

    Of a mailbox that is claimed, the invitation's own token opens nothing any more; only the page that claimed it may
    repeat its first contact, because the answer to it may have been lost.
    """
    query = "SELECT invite_hash, claim_hash, until_ms FROM box WHERE address=?"
    row = db.execute(query, (newcomer.address,)).fetchone()
    if row is None:
        return (SignInCode.CLOSED if _is_closed(db, newcomer.address) else SignInCode.UNKNOWN), False
    invite_hash, claim_hash, until_ms = row
    is_invited = compare_digest(newcomer.token_hash, invite_hash)
    if claim_hash is None:
        if not is_invited:
            return SignInCode.TOKEN, False
        return (SignInCode.EXPIRED, False) if now_ms >= until_ms else (None, True)
    if compare_digest(newcomer.token_hash, claim_hash):
        return None, False
    if not is_invited:
        return SignInCode.TOKEN, False
    is_repeated = newcomer.claim_hash is not None and compare_digest(newcomer.claim_hash, claim_hash)
    return (None if is_repeated else SignInCode.CLAIMED), False


def make(db: sqlite3.Connection, address: bytes, token_hash: bytes, until_ms: int, now_ms: int) -> None:
    """Make a mailbox for an invitation; the same again changes nothing.

    Raises:
        RefusedError: CONFLICT: it is closed, or another token's.
    """
    row = db.execute("SELECT invite_hash, claim_hash FROM box WHERE address=?", (address,)).fetchone()
    if row is None and not _is_closed(db, address):
        _insert(db, address, token_hash, until_ms=until_ms, now_ms=now_ms, is_open_door=False)
    elif row is None or token_hash not in row:
        raise RefusedError(NoCode.CONFLICT)


def close(db: sqlite3.Connection, address: bytes, now_ms: int) -> None:
    """Forget everything at an address but that it is closed."""
    _forget(db, address)
    db.execute("INSERT OR IGNORE INTO closed VALUES (?,?)", (address, now_ms))


def wipe(db: sqlite3.Connection) -> None:
    """Forget every mailbox and everything in them."""
    for table in (*_CONTENTS, "closed"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608  fixed names


def holdings(db: sqlite3.Connection, after: bytes, now_ms: int) -> dict[str, object]:
    """Return one page of sizes and ages, by address."""
    columns = "address, coalesce(claim_hash, invite_hash), claim_hash IS NOT NULL, until_ms"
    query = f"SELECT {columns} FROM box WHERE address>? ORDER BY address LIMIT ?"  # noqa: S608  fixed names
    rows = db.execute(query, (after, HOLDINGS_PAGE + 1)).fetchall()
    pages, page_bytes = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return {
        "v": 1,
        "now_ms": now_ms,
        "more": len(rows) > HOLDINGS_PAGE,
        "closed": db.execute("SELECT count(*) FROM closed").fetchone()[0],
        "disk_bytes": pages * page_bytes,
        "mailboxes": [_holding(db, *row) for row in rows[:HOLDINGS_PAGE]],
    }


def forget_old(db: sqlite3.Connection, now_ms: int) -> None:
    """Forget closed marks and never-used invitations after 30 days, and open doors through which nobody wrote."""
    db.execute("DELETE FROM closed WHERE closed_ms<?", (now_ms - KEEP_MS,))
    old = db.execute(
        "SELECT address FROM box WHERE (claim_hash IS NULL AND until_ms<?) "
        "OR (is_open_door AND numbers=0 AND opened_ms<? AND next_seq=opened_ms*?)",
        (now_ms - KEEP_MS, now_ms - UNFINISHED_MS, _SEQ_PER_MS),
    ).fetchall()
    for (address,) in old:
        _forget(db, address)


def _holding(
    db: sqlite3.Connection, address: bytes, token_hash: bytes, is_claimed: int, until_ms: int
) -> dict[str, object]:
    frames = "SELECT count(*), coalesce(sum(length(frame)), 0), coalesce(min(at_ms), 0) FROM held"
    chunks = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM chunk WHERE address=?"
    blobs = "SELECT count(*), coalesce(min(at_ms), 0) FROM blob WHERE address=?"
    count, oldest_ms = db.execute(blobs, (address,)).fetchone()
    return {
        "address": to_base64(address),
        "token_hash": to_base64(token_hash),
        "claimed": bool(is_claimed),
        "until_ms": until_ms,
        **{
            name: _amount(*db.execute(f"{frames} WHERE address=? AND direction=?", (address, int(way))).fetchone())
            for name, way in (("to_desk", Direction.TO_DESK), ("to_patient", Direction.TO_PATIENT))
        },
        "blobs": _amount(count, db.execute(chunks, (address,)).fetchone()[1], oldest_ms),
    }


def _amount(count: int, size: int, oldest_ms: int) -> dict[str, int]:
    return {"count": count, "bytes": size, "oldest_ms": oldest_ms}


def _insert(
    db: sqlite3.Connection, address: bytes, token_hash: bytes, *, until_ms: int, now_ms: int, is_open_door: bool
) -> None:
    row = (address, token_hash, None, until_ms, now_ms, now_ms * _SEQ_PER_MS, 0, int(is_open_door))
    db.execute("INSERT INTO box VALUES (?,?,?,?,?,?,?,?)", row)


def _forget(db: sqlite3.Connection, address: bytes) -> None:
    for table in _CONTENTS:
        db.execute(f"DELETE FROM {table} WHERE address=?", (address,))  # noqa: S608  fixed names


def _is_closed(db: sqlite3.Connection, address: bytes) -> bool:
    return db.execute("SELECT 1 FROM closed WHERE address=?", (address,)).fetchone() is not None


def kept(db: sqlite3.Connection, name: str) -> bytes | None:
    """Return what was kept under a name."""
    row = db.execute("SELECT value FROM kept WHERE name=?", (name,)).fetchone()
    return None if row is None else bytes(row[0])


def keep_document(db: sqlite3.Connection, document: bytes, seq: int) -> None:
    """Keep an office document.

    Raises:
        RefusedError: CONFLICT: a newer one is kept.
    """
    known = kept(db, "document_seq")
    if known is not None and seq < int(known):
        raise RefusedError(NoCode.CONFLICT)
    rows = [("document", document), ("document_seq", str(seq).encode())]
    db.executemany("INSERT OR REPLACE INTO kept VALUES (?,?)", rows)
