"""The header of a model file, read in Python before llama.cpp's C++ sees it.

GGUF parsers have overflowed more than once (CVE-2025-53630, CVE-2026-27940). So a file is handed on only when each
count, length, type, dimension and offset in its header is within bounds and inside the file. Weights are not read.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

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
    try:
        with path.open("rb") as file:
            contents = Reader(file, os.fstat(file.fileno()).st_size).contents()
    except OSError as problem:
        raise GgufError(GgufProblem.UNREADABLE) from problem
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
    try:
        with path.open("rb") as file:
            while chunk := file.read(_HASH_CHUNK_BYTES):
                digest.update(chunk)
    except OSError as problem:
        raise GgufError(GgufProblem.UNREADABLE) from problem
    return digest.hexdigest()
