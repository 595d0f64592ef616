"""The tensor table of a model file: names, shapes, types, and where in the file each tensor lies."""

import math
from dataclasses import dataclass
from typing import Final

from app.inference.errors import GgufError, GgufProblem
from app.inference.gguf_types import TENSOR_LAYOUTS
from app.inference.gguf_walk import Walk

MAX_NAME_BYTES: Final = 64
"""GGML_MAX_NAME: longer tensor names are cut by ggml and could then collide."""
MAX_DIMENSIONS: Final = 4
MAX_ELEMENTS: Final = 1 << 48


@dataclass(frozen=True, slots=True)
class Tensor:
    """One line of the tensor table."""

    elements: int
    offset: int
    size_bytes: int


def read_tensors(walk: Walk, count: int) -> tuple[Tensor, ...]:
    """Return the table, whose lines have names of their own. Raises GgufError."""
    names: set[str] = set()
    tensors = []
    for _ in range(count):
        name = walk.name(MAX_NAME_BYTES - 1)
        if name in names:
            raise GgufError(GgufProblem.DUPLICATE_TENSOR)
        names.add(name)
        tensors.append(_tensor(walk))
    return tuple(tensors)


def check_places(tensors: tuple[Tensor, ...], alignment: int, data_bytes: int) -> None:
    """Every tensor inside the file, on the alignment, on nobody else's bytes. Raises GgufError."""
    end = 0
    for tensor in sorted(tensors, key=lambda tensor: tensor.offset):
        if tensor.offset % alignment:
            raise GgufError(GgufProblem.BAD_ALIGNMENT)
        if tensor.offset < end:
            raise GgufError(GgufProblem.TENSORS_OVERLAP)
        end = tensor.offset + tensor.size_bytes
        if end > data_bytes:
            raise GgufError(GgufProblem.TENSOR_OUT_OF_FILE)


def _tensor(walk: Walk) -> Tensor:
    dimension_count = walk.bounded("<I", MAX_DIMENSIONS, GgufProblem.BAD_TENSOR)
    dimensions = [walk.bounded("<Q", MAX_ELEMENTS, GgufProblem.BAD_TENSOR) for _ in range(dimension_count)]
    elements = math.prod(dimensions)
    layout = TENSOR_LAYOUTS.get(walk.number("<I"))
    offset = walk.number("<Q")
    if not dimensions or not 0 < elements <= MAX_ELEMENTS or layout is None or dimensions[0] % layout.block:
        raise GgufError(GgufProblem.BAD_TENSOR)
    return Tensor(elements, offset, elements // layout.block * layout.block_bytes)
