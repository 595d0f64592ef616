"""From the bytes of a PDF to a reading."""

import ctypes
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from app.language.errors import DocumentError, DocumentFault
from app.language.guessing import guess_headings
from app.language.pdf.furniture import without_furniture
from app.language.pdf.letters import PageReader, PageText, View
from app.language.pdf.library import load_pdfium
from app.language.pdf.outline import mark_headings, read_outline
from app.language.pdf.paragraphs import all_words, build_blocks
from app.language.pdf.rows import build_rows
from app.language.protocol import MAX_PAGES
from app.language.records import Reading, ReadingNote
from app.language.sections import assemble

MAX_LETTERS: Final = 2_000_000
"""Of the whole document: about 600 full pages."""
MAX_UNKNOWN_SHARE: Final = 0.02
"""Letters that a font does not name; a few are ornaments."""

_HEADER_WITHIN: Final = 1_024
_ERROR_PASSWORD: Final = 4
_ERROR_SECURITY: Final = 5
_PAGE_OBJECT_IMAGE: Final = 3
_MAX_OBJECTS: Final = 2_000
_DATE_BYTES: Final = 64
_DATE: Final = re.compile(r"D:(\d{4})(\d{2})(\d{2})")


def read_pdf(untrusted_bytes: bytes) -> Reading:
    """Return the sections of a PDF. Links, actions, scripts, forms and attachments are not looked at.

    Raises:
        DocumentError: with the code of what is wrong.
    """
    if b"%PDF-" not in untrusted_bytes[:_HEADER_WITHIN]:
        raise DocumentError(DocumentFault.NOT_THIS_KIND)
    pdfium = load_pdfium()
    with _opened(pdfium, untrusted_bytes) as document:
        count = pdfium.FPDF_GetPageCount(document)
        if count > MAX_PAGES:
            raise DocumentError(DocumentFault.TOO_MANY_PAGES)
        if count < 1:
            raise DocumentError(DocumentFault.DAMAGED)
        pages, has_pictures = _read_pages(pdfium, document, count)
        outline = read_outline(pdfium, document)
        modified_on = _modified_on(pdfium, document)
    if not any(page.pieces for page in pages):
        raise DocumentError(DocumentFault.PICTURES_ONLY if has_pictures else DocumentFault.NO_TEXT)
    rows = without_furniture([row for page in pages for row in build_rows(page)], pages)
    lines = mark_headings(build_blocks(rows, all_words(rows)), outline)
    lines, guess_notes = guess_headings(lines)
    sections, notes = assemble([line.block for line in lines])
    found = {*notes, *guess_notes, *_page_notes(pages, has_pictures=has_pictures)}
    return Reading(sections, tuple(sorted(found, key=lambda note: note.value)), count, modified_on)


@contextmanager
def _opened(pdfium: Any, untrusted_bytes: bytes) -> Iterator[Any]:
    document = pdfium.FPDF_LoadMemDocument64(untrusted_bytes, len(untrusted_bytes), None)
    if not document:
        is_locked = pdfium.FPDF_GetLastError() in {_ERROR_PASSWORD, _ERROR_SECURITY}
        raise DocumentError(DocumentFault.PASSWORD if is_locked else DocumentFault.DAMAGED)
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


def _read_pages(pdfium: Any, document: Any, count: int) -> tuple[list[PageText], bool]:
    pages: list[PageText] = []
    has_pictures = False
    letters = 0
    for index in range(count):
        page = pdfium.FPDF_LoadPage(document, index)
        if not page:
            continue
        try:
            pages.append(_read_page(pdfium, page, index + 1))
            has_pictures = has_pictures or _has_picture(pdfium, page)
        finally:
            pdfium.FPDF_ClosePage(page)
        letters += pages[-1].visible + pages[-1].invisible
        if letters > MAX_LETTERS:
            raise DocumentError(DocumentFault.TOO_MUCH_TEXT)
    if not pages:
        raise DocumentError(DocumentFault.DAMAGED)
    return pages, has_pictures


def _read_page(pdfium: Any, page: Any, number: int) -> PageText:
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return PageText(number, width, height, ())
    try:
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, box)
        view = View(width, height, pdfium.FPDFPage_GetRotation(page) % 4, box.left, box.bottom)
        reader = PageReader(pdfium, text_page, view)
        pieces = reader.read(with_invisible=False)
        if not pieces and reader.invisible:  # a scanned page with the words of a reading machine under it
            pieces = reader.read(with_invisible=True)
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    return PageText(number, width, height, pieces, reader.invisible, reader.visible, reader.unknown)


def _has_picture(pdfium: Any, page: Any) -> bool:
    count = min(pdfium.FPDFPage_CountObjects(page), _MAX_OBJECTS)
    objects = (pdfium.FPDFPage_GetObject(page, index) for index in range(count))
    return any(pdfium.FPDFPageObj_GetType(one) == _PAGE_OBJECT_IMAGE for one in objects if one)


def _page_notes(pages: Sequence[PageText], *, has_pictures: bool) -> Iterator[ReadingNote]:
    letters = sum(len(piece.text) for page in pages for piece in page.pieces)
    if any(page.invisible and not page.visible for page in pages):
        yield ReadingNote.SCANNED_TEXT
    elif has_pictures:
        yield ReadingNote.PICTURES_LEFT_OUT
    if any(page.invisible and page.visible for page in pages):
        yield ReadingNote.HIDDEN_TEXT_LEFT_OUT
    if sum(page.unknown for page in pages) > MAX_UNKNOWN_SHARE * letters:
        yield ReadingNote.LETTERS_UNKNOWN


def _modified_on(pdfium: Any, document: Any) -> date | None:
    """Return the day on which the file says it was changed last. A hint: nobody vouches for it."""
    for tag in (b"ModDate", b"CreationDate"):
        buffer = ctypes.create_string_buffer(_DATE_BYTES)
        pdfium.FPDF_GetMetaText(document, tag, buffer, _DATE_BYTES)
        match = _DATE.match(buffer.raw.decode("utf-16-le", "ignore"))
        if match is not None:
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
    return None
