"""What a document becomes."""

from dataclasses import dataclass
from datetime import date
from enum import Enum


class DocumentKind(Enum):
    """The formats that are read."""

    MARKDOWN = "markdown"
    DOCX = "docx"
    PDF = "pdf"


class ReadingNote(Enum):
    """What a person should know about a reading that went well."""

    FOOTNOTES_LEFT_OUT = "footnotes_left_out"
    PICTURES_LEFT_OUT = "pictures_left_out"
    HIDDEN_TEXT_LEFT_OUT = "hidden_text_left_out"
    """Text that the document does not show when it is printed."""
    CHANGES_TAKEN = "changes_taken"
    """Tracked changes were open; the text is read as if all were accepted."""
    OPENING_LEFT_OUT = "opening_left_out"
    """A few words stood in front of the first heading (a letterhead, an address)."""
    HEADINGS_GUESSED = "headings_guessed"
    """No heading is marked as one; large or bold lines were taken for headings."""
    SCANNED_TEXT = "scanned_text"
    """The words lie invisibly under pictures of pages: a machine read them, and it misreads digits."""
    TITLES_CUT = "titles_cut"
    LETTERS_UNKNOWN = "letters_unknown"
    """A font does not say which letters it draws; some words may be wrong."""


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading, on its way to becoming an approved answer.

    ``title`` is "" where no heading stands. ``body`` is plain text in the layout of a Markdown file: paragraphs apart
    by blank lines, items begin with "- " or "1. ", deeper headings with "### ". ``page`` counts from 1; 0: a kind of
    document that has no pages. The repr shows sizes only.
    """

    title: str
    body: str
    page: int = 0

    def __repr__(self) -> str:
        return f"<Section of {len(self.body)} characters, page {self.page}>"


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole document, read; ``modified_on`` is what the file says of itself, so a hint and no more."""

    sections: tuple[Section, ...]
    notes: tuple[ReadingNote, ...] = ()
    pages: int = 0
    modified_on: date | None = None
