"""The two tables of the GGUF format: types of metadata values, and how tensors of each type lie in the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Kind(Enum):
    """Types of metadata values. Source: ggml ``include/gguf.h``, ``enum gguf_type``."""

    UINT8 = 0
    INT8 = 1
    UINT16 = 2
    INT16 = 3
    UINT32 = 4
    INT32 = 5
    FLOAT32 = 6
    BOOL = 7
    STRING = 8
    ARRAY = 9
    UINT64 = 10
    INT64 = 11
    FLOAT64 = 12

    @property
    def layout(self) -> str:
        """The struct format of one value; KeyError for strings and arrays, which have a length of their own."""
        return _LAYOUTS[self.value]


_LAYOUTS = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<B",
    10: "<Q",
    11: "<q",
    12: "<d",
}


@dataclass(frozen=True, slots=True)
class TensorLayout:
    """Weights come in blocks of ``block`` elements, each ``block_bytes`` long."""

    block: int
    block_bytes: int


TENSOR_LAYOUTS: Mapping[int, TensorLayout] = MappingProxyType(
    {
        0: TensorLayout(1, 4),  # F32
        1: TensorLayout(1, 2),  # F16
        2: TensorLayout(32, 18),  # Q4_0
        3: TensorLayout(32, 20),  # Q4_1
        6: TensorLayout(32, 22),  # Q5_0
        7: TensorLayout(32, 24),  # Q5_1
        8: TensorLayout(32, 34),  # Q8_0
        9: TensorLayout(32, 36),  # Q8_1
        10: TensorLayout(256, 84),  # Q2_K
        11: TensorLayout(256, 110),  # Q3_K
        12: TensorLayout(256, 144),  # Q4_K
        13: TensorLayout(256, 176),  # Q5_K
        14: TensorLayout(256, 210),  # Q6_K
        15: TensorLayout(256, 292),  # Q8_K
        16: TensorLayout(256, 66),  # IQ2_XXS
        17: TensorLayout(256, 74),  # IQ2_XS
        18: TensorLayout(256, 98),  # IQ3_XXS
        19: TensorLayout(256, 50),  # IQ1_S
        20: TensorLayout(32, 18),  # IQ4_NL
        21: TensorLayout(256, 110),  # IQ3_S
        22: TensorLayout(256, 82),  # IQ2_S
        23: TensorLayout(256, 136),  # IQ4_XS
        24: TensorLayout(1, 1),  # I8
        25: TensorLayout(1, 2),  # I16
        26: TensorLayout(1, 4),  # I32
        27: TensorLayout(1, 8),  # I64
        28: TensorLayout(1, 8),  # F64
        29: TensorLayout(256, 56),  # IQ1_M
        30: TensorLayout(1, 2),  # BF16
        34: TensorLayout(256, 54),  # TQ1_0
        35: TensorLayout(256, 66),  # TQ2_0
        39: TensorLayout(32, 17),  # MXFP4
    }
)
"""Type number → layout. Source: ggml ``src/ggml-common.h``, compared with the library's own answers in a test.

Types that are not here are refused: new ones come with a new pinned llama.cpp and a line in this table.
"""
