"""Why a model cannot be used, taken in or removed: one error, ``ModelError``, with a code."""

from enum import Enum


class ModelFault(Enum):
    """Codes only; the interfaces own the words."""

    UNKNOWN = "unknown_model"
    EXISTS = "model_exists"
    DUPLICATE = "model_duplicate"
    """The same file is here under another name; ``detail`` is that name."""
    BAD_NAME = "bad_name"
    UNKNOWN_TEMPLATE = "unknown_template"
    LICENCE_UNKNOWN = "licence_unknown"
    """The file names no licence, and nobody said which one it is under."""
    NOT_A_FILE = "not_a_file"
    REFUSED = "refused"
    """A header that llama.cpp must not see; ``detail`` is the header reader's code."""
    CANNOT_RUN = "model_cannot_run"
    """The confined worker could not load it, or wrote nothing; ``detail`` is the worker's code."""
    CHANGED = "changed"
    NO_SPACE = "no_space"
    NO_MEMORY = "no_memory"
    """``detail`` is "bytes needed/bytes free"."""
    COPY_FAILED = "copy_failed"
    IMPORTING = "another_import"
    CANCELLED = "import_cancelled"
    SHIPPED = "model_is_shipped"
    IN_USE = "model_in_use"
    PINNED = "model_is_pinned"
    """The managed settings say which model is used."""
    NO_PREVIOUS = "no_previous_model"
    SEARCH_ONLY = "model_for_search"
    """It makes vectors for finding approved answers; it cannot propose, be measured or be tested."""


class ModelError(Exception):
    """Something with a model cannot be done. ``detail`` is as its code says, else empty."""

    def __init__(self, code: ModelFault, detail: str = "") -> None:
        super().__init__(f"{code.value} {detail}".strip())
        self.code = code
        self.detail = detail
