"""Reading a write-ahead log without SQLite, because SQLite says nothing about the frames it drops.

SQLite stops at the first frame whose checksum is wrong and forgets every commit from there on (threat-model.md §8).
Layout, big-endian; ``x`` is one page, encrypted by SQLCipher::

    header: magic 4 | version 4 | page size 4 | checkpoint 4 | salt 8 | checksum of the 24 bytes before 8
    frame: page number 4 | pages after commit, else 0, 4 | salt 8 | running checksum 8 | x

The checksum runs from the header through the first 8 bytes and the page of every frame. Frames under another salt are
left over from an earlier round and mean nothing.

Source: the SQLite file format, section 4 (the write-ahead log).
"""

import struct
from dataclasses import dataclass
from pathlib import Path

from app.store.files import read_bounded

MAX_WAL_BYTES = 512 * 1024 * 1024
_HEADER = struct.Struct(">IIIIQII")
_FRAME = struct.Struct(">IIQII")
_HEADER_SUMMED_BYTES = 24
_FRAME_SUMMED_BYTES = 8
_MAGIC_LITTLE, _MAGIC_BIG = 0x377F0682, 0x377F0683
_MASK = 0xFFFFFFFF
_PAGE_BYTES = frozenset(1 << power for power in range(9, 17))

_Sum = tuple[int, int]


@dataclass(frozen=True, slots=True)
class WalScan:
    """What a log holds.

    ``committed_frames`` are those SQLite will use. ``is_cut_short`` says that frames of the same round follow that it
    will not: a write that a power cut tore, or damage. ``wrong_byte`` is where the log stopped making sense, or None.
    """

    committed_frames: int
    is_cut_short: bool
    wrong_byte: int | None


_EMPTY = WalScan(0, is_cut_short=False, wrong_byte=None)


def scan_wal(path: Path) -> WalScan:
    """Return what the log at ``path`` holds; a missing or empty one holds nothing.

    Raises:
        VaultDamagedError: longer than ``MAX_WAL_BYTES``.
    """
    try:
        data = read_bounded(path, MAX_WAL_BYTES)
    except FileNotFoundError:
        return _EMPTY
    return scan_bytes(data)


def scan_bytes(data: bytes) -> WalScan:
    """Return what a log with these bytes holds."""
    if not data:
        return _EMPTY
    header = _read_header(data)
    if header is None:
        return WalScan(0, is_cut_short=True, wrong_byte=0)
    page_bytes, salt, words, running = header
    frame_bytes = _FRAME.size + page_bytes
    position, frames, committed = _HEADER.size, 0, 0
    while position + frame_bytes <= len(data):
        number, pages_after, frame_salt, first, second = _FRAME.unpack_from(data, position)
        body = position + _FRAME.size
        running = _add(running, words, data[position : position + _FRAME_SUMMED_BYTES])
        running = _add(running, words, data[body : body + page_bytes])
        if number == 0 or frame_salt != salt or running != (first, second):
            break
        frames, position = frames + 1, position + frame_bytes
        committed = frames if pages_after else committed
    is_cut_short = _has_frame_of_round(data, position, frame_bytes, salt)
    return WalScan(committed, is_cut_short=is_cut_short, wrong_byte=position if is_cut_short else None)


def _read_header(data: bytes) -> tuple[int, int, str, _Sum] | None:
    """Return page size, salt, byte order of the summed words and the sum so far; None when it is not genuine."""
    if len(data) < _HEADER.size:
        return None
    magic, _, page_bytes, _, salt, first, second = _HEADER.unpack_from(data)
    if magic not in {_MAGIC_LITTLE, _MAGIC_BIG} or page_bytes not in _PAGE_BYTES:
        return None
    words = "<" if magic == _MAGIC_LITTLE else ">"
    running = _add((0, 0), words, data[:_HEADER_SUMMED_BYTES])
    return (page_bytes, salt, words, running) if running == (first, second) else None


def _has_frame_of_round(data: bytes, position: int, frame_bytes: int, salt: int) -> bool:
    """Say whether anything from ``position`` on carries the salt of this round, whole frame or torn one."""
    while position + _FRAME.size <= len(data):
        if _FRAME.unpack_from(data, position)[2] == salt:
            return True
        position += frame_bytes
    return False


def _add(running: _Sum, words: str, data: bytes) -> _Sum:
    first, second = running
    numbers = iter(struct.unpack(f"{words}{len(data) // 4}I", data))
    for one, two in zip(numbers, numbers, strict=True):
        first = first + one + second & _MASK
        second = second + two + first & _MASK
    return first, second
