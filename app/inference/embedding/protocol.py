"""Messages between the console and the process that makes vectors. Numbers, codes and text.

Order: parent sends LOAD; child answers READY or PROBLEM with request 0. Then, one at a time: EMBED, answered by one
EMBEDDED or one PROBLEM with its number.
"""

import base64
import binascii
import math
import sys
from array import array
from enum import Enum
from typing import Final

from app.inference.protocol import MAX_CONTENT_BYTES, MAX_THREADS
from app.isolation.frames import Shape, one_of, text, whole_number

MIN_DIMS: Final = 8
MAX_DIMS: Final = 8_192
"""The widest embedding models have 4,096."""
MAX_TEXT_BYTES: Final = MAX_CONTENT_BYTES
_BYTES_A_NUMBER: Final = 4
_MAX_VECTOR_CHARS: Final = MAX_DIMS * _BYTES_A_NUMBER * 4 // 3 + 4

_REQUEST = whole_number(1, 2**53)


class EmbeddingProblem(Enum):
    """Why there is no vector. Codes cross the process wall."""

    ENGINE_MISSING = "engine_missing"
    """llama.cpp cannot be loaded behind the walls, or the walls cannot be raised."""
    MODEL_REFUSED = "model_refused"
    """llama.cpp refused the file, or it makes no vectors of texts."""
    TEXT_INVALID = "text_invalid"
    DECODE_FAILED = "decode_failed"
    WORKER_LOST = "worker_lost"
    """The process ended, took too long, or answered what the protocol does not allow."""


LOAD: Final = Shape(16, "load_embedder", {"model": text(4096), "threads": whole_number(1, MAX_THREADS)})
EMBED: Final = Shape(17, "embed", {"request": _REQUEST, "text": text(MAX_TEXT_BYTES)})
READY: Final = Shape(32, "embedder_ready", {"dims": whole_number(MIN_DIMS, MAX_DIMS)})
EMBEDDED: Final = Shape(33, "embedded", {"request": _REQUEST, "vector": text(_MAX_VECTOR_CHARS)})
PROBLEM: Final = Shape(
    34,
    "embedding_problem",
    {"request": whole_number(0, 2**53), "code": one_of(*(problem.value for problem in EmbeddingProblem))},
)

TO_EMBEDDER: Final = (LOAD, EMBED)
FROM_EMBEDDER: Final = (READY, EMBEDDED, PROBLEM)


def packed(vector: "array[float]") -> str:
    """Return a vector as it crosses the wall: float32, little-endian, base64."""
    return base64.b64encode(_little(vector).tobytes()).decode("ascii")


def unpacked(untrusted_vector: str, dims: int) -> "array[float] | None":
    """Return the vector, scaled to length one; None unless it has ``dims`` finite numbers that are not all zero."""
    try:
        raw = base64.b64decode(untrusted_vector, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != dims * _BYTES_A_NUMBER:
        return None
    vector = array("f")
    vector.frombytes(raw)
    vector = _little(vector)
    length = math.sqrt(sum(number * number for number in vector))
    if not math.isfinite(length) or length == 0.0:
        return None
    return array("f", (number / length for number in vector))


def _little(vector: "array[float]") -> "array[float]":
    if sys.byteorder == "little":
        return vector
    swapped = array("f", vector)
    swapped.byteswap()
    return swapped
