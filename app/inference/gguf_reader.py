"""Walks the header of a model file: metadata and tensor table, each number within bounds before it is used.

Layout (little-endian)::

    "GGUF" 4 B | version 4 B | tensor count 8 B | value count 8 B
    values:  key | type 4 B | value                  (string: length 8 B, bytes; array: type 4 B, count 8 B, items)
    tensors: name | dimensions 4 B | size 8 B each | type 4 B | offset 8 B
    padding to the alignment | data

Source: ggml ``docs/gguf.md``, versions 2 and 3.
"""

import math
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from app.inference.errors import GgufError, GgufProblem
from app.inference.gguf_types import TENSOR_LAYOUTS, Kind

MAX_HEADER_BYTES: Final = 64 << 20
"""Vocabularies of 256,000 tokens with merges need about 12 MB."""
MAX_VALUES: Final = 2_000
MAX_TENSORS: Final = 20_000
MAX_KEY_BYTES: Final = 256
MAX_NAME_BYTES: Final = 64
"""GGML_MAX_NAME: longer tensor names are cut by ggml and could then collide."""
MAX_STRING_BYTES: Final = 1 << 20
MAX_ARRAY_ITEMS: Final = 2_000_000
MAX_DIMENSIONS: Final = 4
MAX_ELEMENTS: Final = 1 << 48
MIN_ALIGNMENT: Final = 8
MAX_ALIGNMENT: Final = 1 << 16
DEFAULT_ALIGNMENT: Final = 32

_MAGIC: Final = b"GGUF"
_VERSIONS: Final = (2, 3)

Value = int | float | bool | str | None
"""A metadata value; None stands for an array, of which only the length is kept."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One line of the tensor table."""

    elements: int
    offset: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Contents:
    """A header within bounds, not interpreted yet."""

    values: Mapping[str, Value]
    lengths: Mapping[str, int]
    """Of the arrays."""
    tensors: tuple[Tensor, ...]
    header_bytes: int
    size_bytes: int


class Reader:
    """Walks the header once, front to back. Every number is compared with its bound before it is used.

    Args:
        file: open for reading, at its beginning.
        size_bytes: of the whole file.
    """

    def __init__(self, file: BinaryIO, size_bytes: int) -> None:
        self._file = file
        self._size = size_bytes
        self._position = 0
        self._lengths: dict[str, int] = {}

    def contents(self) -> Contents:
        """Return the metadata and the tensor table. Raises GgufError."""
        tensor_count, value_count = self._counts()
        values = self._values(value_count)
        tensors = self._tensors(tensor_count)
        alignment = _alignment(values)
        header_bytes = self._position
        data_start = -(-header_bytes // alignment) * alignment
        _check_places(tensors, alignment, self._size - data_start)
        return Contents(values, self._lengths, tensors, header_bytes, self._size)

    def _counts(self) -> tuple[int, int]:
        if self._size < len(_MAGIC) or self._take(len(_MAGIC)) != _MAGIC:
            raise GgufError(GgufProblem.NOT_GGUF)
        version = self._number("<I")
        if version not in _VERSIONS:  # a big-endian file ends here too
            raise GgufError(GgufProblem.UNSUPPORTED_VERSION)
        return self._bounded("<Q", MAX_TENSORS), self._bounded("<Q", MAX_VALUES)

    def _values(self, count: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for _ in range(count):
            key = self._string(MAX_KEY_BYTES)
            if not key or key in values:
                raise GgufError(GgufProblem.DUPLICATE_KEY if key else GgufProblem.BAD_STRING)
            kind = self._kind()
            if kind is Kind.ARRAY:
                self._lengths[key] = self._skip_array()
                values[key] = None
            else:
                values[key] = self._scalar(kind)
        return values

    def _scalar(self, kind: Kind) -> Value:
        if kind is Kind.STRING:
            return self._string(MAX_STRING_BYTES)
        if kind is Kind.BOOL:
            return bool(self._bounded("<B", 1, GgufProblem.BAD_VALUE))
        layout = kind.layout
        value: int | float = struct.unpack(layout, self._take(struct.calcsize(layout)))[0]
        return value

    def _skip_array(self) -> int:
        """Pass over an array and return its length. Arrays of arrays exist in the format and in no model: refused."""
        kind = self._kind()
        if kind is Kind.ARRAY:
            raise GgufError(GgufProblem.BAD_TYPE)
        count = self._bounded("<Q", MAX_ARRAY_ITEMS)
        if kind is not Kind.STRING:
            self._skip(count * struct.calcsize(kind.layout))
            return count
        for _ in range(count):
            self._skip(self._bounded("<Q", MAX_STRING_BYTES, GgufProblem.BAD_STRING))
        return count

    def _tensors(self, count: int) -> tuple[Tensor, ...]:
        names: set[str] = set()
        tensors = []
        for _ in range(count):
            name = self._string(MAX_NAME_BYTES - 1)
            if not name or name in names:
                raise GgufError(GgufProblem.DUPLICATE_TENSOR if name else GgufProblem.BAD_STRING)
            names.add(name)
            tensors.append(self._tensor())
        return tuple(tensors)

    def _tensor(self) -> Tensor:
        dimension_count = self._bounded("<I", MAX_DIMENSIONS, GgufProblem.BAD_TENSOR)
        dimensions = [self._bounded("<Q", MAX_ELEMENTS, GgufProblem.BAD_TENSOR) for _ in range(dimension_count)]
        elements = math.prod(dimensions)
        layout = TENSOR_LAYOUTS.get(self._number("<I"))
        offset = self._number("<Q")
        if not dimensions or not 0 < elements <= MAX_ELEMENTS or layout is None or dimensions[0] % layout.block:
            raise GgufError(GgufProblem.BAD_TENSOR)
        return Tensor(elements, offset, elements // layout.block * layout.block_bytes)

    def _kind(self) -> Kind:
        try:
            return Kind(self._number("<I"))
        except ValueError as problem:
            raise GgufError(GgufProblem.BAD_TYPE) from problem

    def _string(self, max_bytes: int) -> str:
        raw = self._take(self._bounded("<Q", max_bytes, GgufProblem.BAD_STRING))
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as problem:
            raise GgufError(GgufProblem.BAD_STRING) from problem

    def _bounded(self, layout: str, maximum: int, problem: GgufProblem = GgufProblem.TOO_LARGE) -> int:
        value = self._number(layout)
        if value > maximum:
            raise GgufError(problem)
        return value

    def _number(self, layout: str) -> int:
        return int(struct.unpack(layout, self._take(struct.calcsize(layout)))[0])

    def _take(self, count: int) -> bytes:
        self._advance(count)
        taken = self._file.read(count)
        if len(taken) < count:
            raise GgufError(GgufProblem.TRUNCATED)
        return taken

    def _skip(self, count: int) -> None:
        self._advance(count)
        self._file.seek(count, os.SEEK_CUR)

    def _advance(self, count: int) -> None:
        self._position += count
        if self._position > self._size:
            raise GgufError(GgufProblem.TRUNCATED)
        if self._position > MAX_HEADER_BYTES:
            raise GgufError(GgufProblem.TOO_LARGE)


def _alignment(values: dict[str, Value]) -> int:
    alignment = values.get("general.alignment", DEFAULT_ALIGNMENT)
    is_number = isinstance(alignment, int) and not isinstance(alignment, bool)
    if not is_number or not MIN_ALIGNMENT <= alignment <= MAX_ALIGNMENT or alignment & (alignment - 1):  # type: ignore[operator]
        raise GgufError(GgufProblem.BAD_ALIGNMENT)
    return alignment  # type: ignore[return-value]


def _check_places(tensors: tuple[Tensor, ...], alignment: int, data_bytes: int) -> None:
    """Every tensor inside the file, on the alignment, on nobody else's bytes."""
    end = 0
    for tensor in sorted(tensors, key=lambda tensor: tensor.offset):
        if tensor.offset % alignment:
            raise GgufError(GgufProblem.BAD_ALIGNMENT)
        if tensor.offset < end:
            raise GgufError(GgufProblem.TENSORS_OVERLAP)
        end = tensor.offset + tensor.size_bytes
        if end > data_bytes:
            raise GgufError(GgufProblem.TENSOR_OUT_OF_FILE)
