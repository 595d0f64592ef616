"""What can go wrong while a document is read.

::

    LanguageError
    └── DocumentError    one document was refused, whatever the reason; carries a DocumentFault

Only codes cross the process wall; none carries text, a name or a path.
"""

from enum import Enum


class DocumentFault(Enum):
    """Why a document was refused."""

    # what the worker says
    NOT_THIS_KIND = "not_this_kind"
    """The bytes are not what the file's ending says."""
    DAMAGED = "damaged"
    """Broken, cut off, or against the rules of its format."""
    PASSWORD = "password"  # noqa: S105 - a code
    """Locked with a password."""
    OLD_WORD = "old_word"
    """A ``.doc`` of Word 97, whatever its ending says."""
    MACROS = "macros"
    PICTURES_ONLY = "pictures_only"
    """A PDF of photographed pages: nothing on them can be read as text."""
    NO_TEXT = "no_text"
    NOT_UTF8 = "not_utf8"
    TOO_LARGE = "too_large"
    """More bytes than ``MAX_DOCUMENT_BYTES``."""
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MUCH_TEXT = "too_much_text"
    TOO_MANY_PARTS = "too_many_parts"
    """More pieces, packed text or nesting than a document for an office has: as a zip bomb has."""
    READER_MISSING = "reader_missing"
    """The PDF library cannot be loaded behind the walls."""
    READER_FAILED = "reader_failed"
    """Our reader met something that nobody foresaw."""
    # what the parent finds
    TOO_SLOW = "too_slow"
    """Not read within the time limit; the worker was ended."""
    READER_DIED = "reader_died"
    """The worker crashed over it; only the worker is lost."""
    NOT_CONFINED = "not_confined"
    """This machine cannot lock the reader in, so nothing is read."""
    CANCELLED = "cancelled"


SAID_BY_WORKER = frozenset(DocumentFault) - {
    DocumentFault.TOO_SLOW,
    DocumentFault.READER_DIED,
    DocumentFault.NOT_CONFINED,
    DocumentFault.CANCELLED,
}


class LanguageError(Exception):
    """Root of this room's errors."""


class DocumentError(LanguageError):
    """One document was refused."""

    def __init__(self, code: DocumentFault) -> None:
        super().__init__(code.value)
        self.code = code
