"""Walks the header of a model file: metadata and tensor table, each number within bounds before it is used.

Layout (little-endian)::

    "GGUF" 4 B | version 4 B | tensor count 8 B | value count 8 B
    values:  key | type 4 B | value                  (string: length 8 B, bytes; array: type 4 B, count 8 B, items)
    tensors: name | dimensions 4 B | size 8 B each | type 4 B | offset 8 B
    padding to the alignment | data

Source: ggml ``docs/gguf.md``, versions 2 and 3.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from app.inference.errors import GgufError, GgufProblem
from app.inference.gguf_tensors import Tensor, check_places, read_tensors
from app.inference.gguf_types import Kind
from app.inference.gguf_walk import Walk

MAX_VALUES: Final = 2_000
MAX_TENSORS: Final = 20_000
MAX_KEY_BYTES: Final = 256
MAX_STRING_BYTES: Final = 1 << 20
MAX_ARRAY_ITEMS: Final = 2_000_000
MAX_ITEMS: Final = 4_000_000
"""Of all arrays together. The largest vocabularies, with scores, types and merges, have about 1.4 million."""
MIN_ALIGNMENT: Final = 8
MAX_ALIGNMENT: Final = 1 << 16
DEFAULT_ALIGNMENT: Final = 32

_MAGIC: Final = b"GGUF"
_VERSIONS: Final = (2, 3)

Value = int | float | bool | str | None
"""A metadata value; None stands for an array, of which only the length is kept."""


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
    """Reads one header, front to back.

    Args:
        file: open for reading, at its beginning.
        size_bytes: of the whole file.
    """

    def __init__(self, file: BinaryIO, size_bytes: int) -> None:
        self._walk = Walk(file, size_bytes)
        self._lengths: dict[str, int] = {}
        self._items_left = MAX_ITEMS

    def contents(self) -> Contents:
        """Return the metadata and the tensor table. Raises GgufError."""
        walk = self._walk
        tensor_count, value_count = self._counts()
        if not tensor_count:  # a vocabulary without weights: llama.cpp loads it and has nothing to compute with
            raise GgufError(GgufProblem.BAD_TENSOR)
        values = self._values(value_count)
        tensors = read_tensors(walk, tensor_count)
        alignment = _alignment(values)
        header_bytes = walk.position
        data_start = -(-header_bytes // alignment) * alignment
        check_places(tensors, alignment, walk.size_bytes - data_start)
        return Contents(values, self._lengths, tensors, header_bytes, walk.size_bytes)

    def _counts(self) -> tuple[int, int]:
        walk = self._walk
        if walk.size_bytes < len(_MAGIC) or walk.take(len(_MAGIC)) != _MAGIC:
            raise GgufError(GgufProblem.NOT_GGUF)
        version = walk.number("<I")
        if version not in _VERSIONS:  # a big-endian file ends here too
            raise GgufError(GgufProblem.UNSUPPORTED_VERSION)
        return walk.bounded("<Q", MAX_TENSORS), walk.bounded("<Q", MAX_VALUES)

    def _values(self, count: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for _ in range(count):
            key = self._walk.name(MAX_KEY_BYTES)
            if key in values:
                raise GgufError(GgufProblem.DUPLICATE_KEY)
            kind = self._kind()
            if kind is Kind.ARRAY:
                self._lengths[key] = self._skip_array()
                values[key] = None
            else:
                values[key] = self._scalar(kind)
        return values

    def _scalar(self, kind: Kind) -> Value:
        if kind is Kind.STRING:
            return self._walk.string(MAX_STRING_BYTES)
        if kind is Kind.BOOL:
            return bool(self._walk.bounded("<B", 1, GgufProblem.BAD_VALUE))
        layout = kind.layout
        value: int | float = struct.unpack(layout, self._walk.take(struct.calcsize(layout)))[0]
        return value

    def _skip_array(self) -> int:
        """Pass over an array and return its length. Arrays of arrays exist in the format and in no model: refused."""
        walk, kind = self._walk, self._kind()
        if kind is Kind.ARRAY:
            raise GgufError(GgufProblem.BAD_TYPE)
        count = walk.bounded("<Q", min(MAX_ARRAY_ITEMS, self._items_left))
        self._items_left -= count
        if kind is not Kind.STRING:
            walk.skip(count * struct.calcsize(kind.layout))
            return count
        for _ in range(count):
            walk.skip(walk.bounded("<Q", MAX_STRING_BYTES, GgufProblem.BAD_STRING))
        return count

    def _kind(self) -> Kind:
        try:
            return Kind(self._walk.number("<I"))
        except ValueError as problem:
            raise GgufError(GgufProblem.BAD_TYPE) from problem


def _alignment(values: dict[str, Value]) -> int:
    alignment = values.get("general.alignment", DEFAULT_ALIGNMENT)
    is_number = isinstance(alignment, int) and not isinstance(alignment, bool)
    if not is_number or not MIN_ALIGNMENT <= alignment <= MAX_ALIGNMENT or alignment & (alignment - 1):  # type: ignore[operator]
        raise GgufError(GgufProblem.BAD_ALIGNMENT)
    return alignment  # type: ignore[return-value]
