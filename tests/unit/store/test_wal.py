"""Reading a write-ahead log: what SQLite will use, and what it would silently drop."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.store.cipher import Access, CipherKey, connect, create_database
from app.store.wal import WalScan, scan_bytes, scan_wal

KEY = CipherKey(bytes(range(32)))
HEADER_BYTES = 32
FRAME_BYTES = 24 + 4096
NOTHING = WalScan(0, is_cut_short=False, wrong_byte=None)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Any]:
    create_database(tmp_path / "vault.db", KEY)
    made = connect(tmp_path / "vault.db", KEY, Access.WRITE)
    made.execute("CREATE TABLE t (b BLOB)")
    for _ in range(8):
        made.execute("INSERT INTO t VALUES (?)", (os.urandom(900),))
    yield made
    made.close()


@pytest.fixture
def log(connection: Any, tmp_path: Path) -> Path:
    return tmp_path / "vault.db-wal"


def used_by_sqlite(connection: Any) -> int:
    return connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()[1]


def test_it_counts_the_frames_that_sqlite_counts(connection: Any, log: Path) -> None:
    scan = scan_wal(log)
    assert scan == WalScan(used_by_sqlite(connection), is_cut_short=False, wrong_byte=None)
    assert scan.committed_frames >= 9


def test_a_missing_and_an_empty_log_hold_nothing(tmp_path: Path) -> None:
    assert scan_wal(tmp_path / "vault.db-wal") == NOTHING
    assert scan_bytes(b"") == NOTHING


def test_frames_of_an_earlier_round_mean_nothing(connection: Any, log: Path) -> None:
    before = scan_wal(log).committed_frames
    connection.execute("PRAGMA wal_checkpoint(RESTART)")
    connection.execute("INSERT INTO t VALUES (1)")
    scan = scan_wal(log)
    assert log.stat().st_size == HEADER_BYTES + before * FRAME_BYTES
    assert scan == WalScan(used_by_sqlite(connection), is_cut_short=False, wrong_byte=None)
    assert 0 < scan.committed_frames < before


def test_frames_without_a_commit_are_not_counted(log: Path) -> None:
    data = log.read_bytes()
    torn = data[: len(data) - FRAME_BYTES]
    assert scan_bytes(torn).committed_frames < scan_bytes(data).committed_frames


@pytest.mark.parametrize("place", [*range(24), *range(28, 32)])
def test_a_flip_in_the_header_makes_the_whole_log_void(log: Path, place: int) -> None:
    data = bytearray(log.read_bytes())
    data[place] ^= 1
    assert scan_bytes(bytes(data)) == WalScan(0, is_cut_short=True, wrong_byte=0)


@pytest.mark.parametrize("place", [0, 7, 8, 15, 16, 23, 24, 2000, FRAME_BYTES - 1])
def test_a_flip_in_a_frame_cuts_the_log_there(log: Path, place: int) -> None:
    data = bytearray(log.read_bytes())
    data[HEADER_BYTES + 4 * FRAME_BYTES + place] ^= 1
    scan = scan_bytes(bytes(data))
    assert scan.committed_frames <= 4
    assert (scan.is_cut_short, scan.wrong_byte) == (True, HEADER_BYTES + 4 * FRAME_BYTES)


def test_a_torn_last_frame_is_told(log: Path) -> None:
    data = log.read_bytes()
    assert scan_bytes(data[:-10]).is_cut_short


@given(some.binary(max_size=200))
def test_rubbish_is_no_log_and_no_crash(rubbish: bytes) -> None:
    assert scan_bytes(rubbish).committed_frames == 0
