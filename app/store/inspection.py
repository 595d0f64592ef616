"""Reading every byte of an open vault's files and saying which are not what was written.

A page carries its own HMAC, but nothing covers the salt in front of page 1, the log beside the database, or the copies
of small files; each is looked at here. What this cannot see, old pages and old files that are genuine, the event chain
and the head file see.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from app.store.cipher import Access, CipherKey, connect
from app.store.errors import StoreError
from app.store.wal import scan_wal

PAGE_BYTES = 4096
_MAX_PROBLEMS = 1_000
_PAGE_MESSAGE = re.compile(r"page (\d+)")


class FileTrouble(Enum):
    """What is wrong with a file; the interface owns the words."""

    UNREADABLE = "unreadable"
    SALT = "salt"
    LENGTH = "length"
    PAGE = "page"
    STRUCTURE = "structure"
    LOG = "log"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One finding. ``place`` is a page number, a byte offset in a log, or 0."""

    file_name: str
    trouble: FileTrouble
    place: int = 0


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a look at every file found; ``pages`` were read and checked."""

    pages: int
    problems: tuple[FileProblem, ...]

    @property
    def is_sound(self) -> bool:
        """Say whether everything is as it was written."""
        return not self.problems


def inspect_database(path: Path, key: CipherKey) -> FileReport:
    """Return what is wrong with an encrypted file and the log beside it.

    Writers wait while this reads, so that no half-written page is taken for damage.
    """
    problems = list(_look_at_ends(path, key))
    try:
        connection = connect(path, key, Access.WRITE)
    except StoreError:
        return FileReport(0, (*problems, FileProblem(path.name, FileTrouble.UNREADABLE)))
    try:
        problems += _look_at_log(path, connection)
        connection.execute("BEGIN IMMEDIATE")
        problems += _look_at_pages(path, connection)
    except dbapi2.Error:
        problems.append(FileProblem(path.name, FileTrouble.UNREADABLE))
    finally:
        connection.close()
    return FileReport(path.stat().st_size // PAGE_BYTES, tuple(problems[:_MAX_PROBLEMS]))


def _look_at_ends(path: Path, key: CipherKey) -> Iterator[FileProblem]:
    with path.open("rb") as file:
        # SQLCipher is given the salt with the key and never compares it with the file (measured).
        if file.read(len(key.salt)) != key.salt:
            yield FileProblem(path.name, FileTrouble.SALT)
    if path.stat().st_size % PAGE_BYTES:
        yield FileProblem(path.name, FileTrouble.LENGTH)


def _look_at_log(path: Path, connection: Any) -> Iterator[FileProblem]:
    """Compare the log on disk with what SQLite believes it holds; asked twice, in case a writer came between."""
    log = path.with_name(f"{path.name}-wal")
    believed = _frames_in_use(connection)
    scan = scan_wal(log)
    is_missing_frames = scan.committed_frames < believed == _frames_in_use(connection)
    if scan.is_cut_short or is_missing_frames:
        yield FileProblem(log.name, FileTrouble.LOG, scan.wrong_byte or 0)


def _frames_in_use(connection: Any) -> int:
    frames: int = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()[1]
    return frames


def _look_at_pages(path: Path, connection: Any) -> Iterator[FileProblem]:
    for (message,) in connection.execute("PRAGMA cipher_integrity_check"):
        found = _PAGE_MESSAGE.search(message)
        yield FileProblem(path.name, FileTrouble.PAGE, int(found[1]) if found else 0)
    for (message,) in connection.execute("PRAGMA integrity_check(10)"):
        if message != "ok":
            yield FileProblem(path.name, FileTrouble.STRUCTURE)
