"""The header of a model file, read in Python before llama.cpp's C++ sees it.

GGUF parsers have overflowed more than once (CVE-2025-53630, CVE-2026-27940). So a file is handed on only when each
count, length, type, dimension and offset in its header is within bounds and inside the file. Weights are not read.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from app.inference.errors import GgufError, GgufProblem
from app.inference.gguf_header import GgufHeader, header_of
from app.inference.gguf_reader import Reader

__all__ = ["CheckedFile", "GgufHeader", "check_file", "read_header", "sha256_of"]

_HASH_CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be handed to llama.cpp, with its digest."""

    header: GgufHeader
    sha256: str


def read_header(path: Path) -> GgufHeader:
    """Return the header of ``path``.

    Raises:
        GgufError: it is not a file that llama.cpp should see; ``code`` says why.
    """
    with _opened(path) as file:
        contents = Reader(file, os.fstat(file.fileno()).st_size).contents()
    return header_of(contents)


def check_file(path: Path, expected_sha256: str | None = None) -> CheckedFile:
    """Check header and digest of ``path``; reads the whole file (about 1 s per GB).

    Args:
        path: the file, which nobody else should be writing.
        expected_sha256: hexadecimal, from a manifest; None only measures.

    Raises:
        GgufError: a bad header, or DIGEST_MISMATCH.
    """
    header = read_header(path)
    digest = sha256_of(path)
    if expected_sha256 is not None and digest != expected_sha256.lower():
        raise GgufError(GgufProblem.DIGEST_MISMATCH)
    return CheckedFile(header, digest)


def sha256_of(path: Path) -> str:
    """Return the digest of a file of any size, in hexadecimal. Raises GgufError: UNREADABLE."""
    digest = hashlib.sha256()
    with _opened(path) as file:
        while chunk := file.read(_HASH_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Yield a regular file; a pipe or a device, which might keep us waiting for ever, is refused without waiting.

    Raises GgufError: UNREADABLE, also for what goes wrong while it is read.
    """
    try:
        with _open_regular(path) as file:
            yield file
    except OSError as problem:
        raise GgufError(GgufProblem.UNREADABLE) from problem


def _open_regular(path: Path) -> BinaryIO:
    """Open a regular file. Raises GgufError: UNREADABLE, it is something else; OSError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except ValueError as problem:  # no path at all: a NUL, half a surrogate pair
        raise GgufError(GgufProblem.UNREADABLE) from problem
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise GgufError(GgufProblem.UNREADABLE)
    return os.fdopen(descriptor, "rb")
