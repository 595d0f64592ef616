"""What can go wrong in the room of the text model.

::

    InferenceError
    ├── GenerationError      one request ended without a text; carries a ProblemCode
    ├── ModelFileError       the model file or the engine for it is absent
    └── GgufError            a model file was refused by the header check; carries a GgufProblem
"""

from enum import Enum

from app.inference.generation import ProblemCode


class InferenceError(Exception):
    """Root of this room's errors."""


class GenerationError(InferenceError):
    """A request ended without a text."""

    def __init__(self, code: ProblemCode) -> None:
        super().__init__(code.value)
        self.code = code


class ModelFileError(InferenceError):
    """There is no such model file, or llama.cpp is not installed."""


class GgufProblem(Enum):
    """Why a model file was refused. The file is hostile until every one of these was ruled out."""

    UNREADABLE = "unreadable"
    NOT_GGUF = "not_gguf"
    UNSUPPORTED_VERSION = "unsupported_version"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    BAD_STRING = "bad_string"
    BAD_TYPE = "bad_type"
    BAD_VALUE = "bad_value"
    DUPLICATE_KEY = "duplicate_key"
    MISSING_KEY = "missing_key"
    BAD_ALIGNMENT = "bad_alignment"
    BAD_TENSOR = "bad_tensor"
    DUPLICATE_TENSOR = "duplicate_tensor"
    TENSOR_OUT_OF_FILE = "tensor_out_of_file"
    TENSORS_OVERLAP = "tensors_overlap"
    DIGEST_MISMATCH = "digest_mismatch"


class GgufError(InferenceError):
    """The header of a model file is not one that we hand to llama.cpp."""

    def __init__(self, code: GgufProblem) -> None:
        super().__init__(code.value)
        self.code = code
