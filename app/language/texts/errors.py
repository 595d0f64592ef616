"""What can go wrong while texts are anonymised.

::

    LanguageError
    └── TextsError    texts were not anonymised, whatever the reason; carries a TextsFault

Only codes cross the process wall; none carries text, a name or a path. There is no fault after which a text goes on
as it was: who catches one has no text to hand out.
"""

from enum import Enum

from app.language.errors import LanguageError


class TextsFault(Enum):
    """Why texts were not anonymised."""

    # what the child says
    PIPELINE_MISSING = "pipeline_missing"
    """The trained pipeline is not on this machine."""
    PIPELINE_ALTERED = "pipeline_altered"
    """A file of the pipeline is not the one that its manifest names, or there is no manifest."""
    PIPELINE_UNREADABLE = "pipeline_unreadable"
    """spaCy is not installed, or cannot read the pipeline."""
    BAD_RULES = "bad_rules"
    """A rule of the office is none."""
    FINDER_FAILED = "finder_failed"
    """Our finder met something that nobody foresaw, or its answer does not fit the text."""
    OUT_OF_MEMORY = "out_of_memory"
    # what the parent finds
    TOO_LARGE = "too_large"
    """More characters than ``MAX_TEXT_CHARS``."""
    TOO_SLOW = "too_slow"
    """Not done within the time limit, which grows with the text; the child was ended."""
    WORKER_DIED = "worker_died"
    """The child crashed over it; only the child is lost."""
    NOT_CONFINED = "not_confined"
    """This machine cannot lock the child in, so nothing is read."""
    CANCELLED = "cancelled"


SAID_BY_CHILD = frozenset({
    TextsFault.PIPELINE_MISSING,
    TextsFault.PIPELINE_ALTERED,
    TextsFault.PIPELINE_UNREADABLE,
    TextsFault.BAD_RULES,
    TextsFault.FINDER_FAILED,
    TextsFault.OUT_OF_MEMORY,
})  # fmt: skip

NOT_HERE = frozenset({
    TextsFault.PIPELINE_MISSING,
    TextsFault.PIPELINE_ALTERED,
    TextsFault.PIPELINE_UNREADABLE,
    TextsFault.NOT_CONFINED,
})  # fmt: skip
"""No text at all can be anonymised on this machine."""


class TextsError(LanguageError):
    """Texts were not anonymised."""

    def __init__(self, code: TextsFault) -> None:
        super().__init__(code.value)
        self.code = code
