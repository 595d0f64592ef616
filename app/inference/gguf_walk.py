"""The lowest step of reading a model file: bytes, numbers and texts from front to back, each within its bound."""

import os
import struct
from typing import BinaryIO, Final

from app.inference.errors import GgufError, GgufProblem

MAX_HEADER_BYTES: Final = 64 << 20
"""Vocabularies of 256,000 tokens with merges need about 12 MB."""


class Walk:
    """Goes through a file once. Every number is compared with its bound before it is used.

    Args:
        file: open for reading, at its beginning.
        size_bytes: of the whole file.
    """

    def __init__(self, file: BinaryIO, size_bytes: int) -> None:
        self._file = file
        self.size_bytes = size_bytes
        self.position = 0
        """How many bytes lie behind."""

    def name(self, max_bytes: int) -> str:
        """Return a key or a tensor's name: printable ASCII, as every name in every real model file is.

        Others would reach C strings and people's eyes: a NUL ends a name for ggml where it goes on for us, so two
        names that differ here could be one there; marks of direction show a name as another.

        Raises:
            GgufError: BAD_STRING, it is empty, too long, or holds another character.
        """
        name = self.string(max_bytes)
        if not name or not name.isascii() or not name.isprintable():
            raise GgufError(GgufProblem.BAD_STRING)
        return name

    def string(self, max_bytes: int) -> str:
        """Return a text. Raises GgufError: BAD_STRING, too long or not UTF-8."""
        raw = self.take(self.bounded("<Q", max_bytes, GgufProblem.BAD_STRING))
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as problem:
            raise GgufError(GgufProblem.BAD_STRING) from problem

    def bounded(self, layout: str, maximum: int, problem: GgufProblem = GgufProblem.TOO_LARGE) -> int:
        """Return a whole number of at most ``maximum``. Raises GgufError: ``problem``, it is larger."""
        value = self.number(layout)
        if value > maximum:
            raise GgufError(problem)
        return value

    def number(self, layout: str) -> int:
        """Return a whole number of one struct ``layout``."""
        return int(struct.unpack(layout, self.take(struct.calcsize(layout)))[0])

    def take(self, count: int) -> bytes:
        """Return the next ``count`` bytes. Raises GgufError: TRUNCATED, TOO_LARGE."""
        self._advance(count)
        taken = self._file.read(count)
        if len(taken) < count:
            raise GgufError(GgufProblem.TRUNCATED)
        return taken

    def skip(self, count: int) -> None:
        """Pass over ``count`` bytes. Raises GgufError: TRUNCATED, TOO_LARGE."""
        self._advance(count)
        self._file.seek(count, os.SEEK_CUR)

    def _advance(self, count: int) -> None:
        self.position += count
        if self.position > self.size_bytes:
            raise GgufError(GgufProblem.TRUNCATED)
        if self.position > MAX_HEADER_BYTES:
            raise GgufError(GgufProblem.TOO_LARGE)
