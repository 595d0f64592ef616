"""Words for what an import refuses or remarks: what happened, what to do. For the console and the command line."""

from typing import Final

from app.knowledge.errors import ArticleFault
from app.language import DocumentFault, ReadingNote
from app.services.knowledge_import.files import OTHER_KIND, SAME_NAME, UNREADABLE

NOTHING_CHANGED: Final = "Nothing was changed."

_D, _A, _N = DocumentFault, ArticleFault, ReadingNote

REFUSALS: Final[dict[str, str]] = {
    _D.NOT_THIS_KIND.value: "This is not the kind of file that its ending says.",
    _D.DAMAGED.value: "This file is damaged. Open it in the program that wrote it and save it anew.",
    _D.PASSWORD.value: "This file is locked with a password. Save it without one, then import it.",
    _D.OLD_WORD.value: "This is a Word file of the old kind (.doc). Save it as .docx, then import it.",
    _D.MACROS.value: "This file holds macros (programs). Save it as .docx without them, then import it.",
    _D.PICTURES_ONLY.value: "This PDF holds pictures of pages; no text can be read.",
    _D.NO_TEXT.value: "There is no text in this file.",
    _D.NOT_UTF8.value: "This text is not in UTF-8. Save it as UTF-8, then import it.",
    _D.TOO_LARGE.value: "This file is too large: an answer's document may have 20 MB.",
    _D.TOO_MANY_PAGES.value: "This PDF has more than 500 pages. Import the chapters that hold answers.",
    _D.TOO_MUCH_TEXT.value: "There is too much text under one heading, or in the whole. Divide the document.",
    _D.TOO_MANY_PARTS.value: "This file unpacks to more than a document has. It was not read any further.",
    _D.READER_MISSING.value: "PDF files cannot be read here: a part of the installation is missing.",
    _D.READER_FAILED.value: "The reader could not make sense of this file.",
    _D.TOO_SLOW.value: "Reading this file took too long and was stopped.",
    _D.READER_DIED.value: "This file brought its reader down, which was locked in and has been started anew.",
    _D.NOT_CONFINED.value: "This machine cannot lock the reader in, so nothing is read.",
    _D.CANCELLED.value: "The import was cancelled.",
    _A.NAME.value: "A file's name becomes the answer's name; this one holds characters that a name may not.",
    _A.NO_TITLE.value: "The answer has no title: begin the file with a heading (# Title).",
    _A.TITLE_TOO_LONG.value: "The title is too long: at most 120 characters.",
    _A.BAD_DATE.value: "A date at the end is not one: write it as 2026-11-02.",
    _A.BAD_FLAG.value: "The line Internal: at the end says neither yes nor no.",
    OTHER_KIND: "Only Markdown, Word (.docx) and PDF files are read.",
    SAME_NAME: "Another document of this run has the same file name.",
    UNREADABLE: "This file cannot be opened.",
    "clashes": "Another document of this run gives an answer of the same name.",
    "run_full": "The documents before this one hold more than one run can show. Import the rest in another.",
    # the run as a whole
    "no_such_path": "There is no such file or folder.",
    "no_documents": "There is no Markdown, Word (.docx) or PDF file here.",
    "too_many_documents": "There are more than 500 documents here. Import them in parts.",
    "import_cancelled": "The import was cancelled.",
    "import_stale": "An answer was changed meanwhile. Read the documents again.",
}
"""By code; every code of a refusal and every error of a run is here."""

NOTES: Final[dict[str, str]] = {
    _N.FOOTNOTES_LEFT_OUT.value: "Footnotes were left out.",
    _N.PICTURES_LEFT_OUT.value: "Pictures were left out.",
    _N.HIDDEN_TEXT_LEFT_OUT.value: "Text that the document hides was left out.",
    _N.CHANGES_TAKEN.value: "Tracked changes are open; the text was read as if all were accepted.",
    _N.OPENING_LEFT_OUT.value: "A few words in front of the first heading were left out.",
    _N.HEADINGS_GUESSED.value: "No heading is marked as one; large or bold lines were taken for them. Please check.",
    _N.SCANNED_TEXT.value: "These pages were scanned and read by a machine. Please check every number.",
    _N.TITLES_CUT.value: "A heading is longer than 120 characters and was cut.",
    _N.LETTERS_UNKNOWN.value: "Some letters could not be told; words may be wrong. Please check.",
}


def refusal_words(code: str) -> str:
    """Return one or two sentences for a refusal's code."""
    return REFUSALS.get(code, f"Refused ({code}).")


def note_words(code: str) -> str:
    """Return a sentence for a note's code."""
    return NOTES.get(code, code)
