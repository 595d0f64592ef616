"""Markdown: decoded and cleaned here, its headings and footer lines read by ``app.knowledge.markdown``.

One file is one answer, as it always was; so there is one section, whose title is still in its text.
"""

from typing import Final

from app.language.errors import DocumentError, DocumentFault
from app.language.hygiene import clean_lines
from app.language.protocol import MAX_SECTION_CHARS
from app.language.records import Reading, Section

_MAX_UTF8_BYTES: Final = 4


def read_markdown(untrusted_bytes: bytes) -> Reading:
    """Return the text of a file as one section without a title.

    Raises:
        DocumentError: NOT_UTF8, TOO_MUCH_TEXT, NO_TEXT.
    """
    if len(untrusted_bytes) > _MAX_UTF8_BYTES * MAX_SECTION_CHARS:
        raise DocumentError(DocumentFault.TOO_MUCH_TEXT)
    try:
        text = untrusted_bytes.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise DocumentError(DocumentFault.NOT_UTF8) from problem
    text = clean_lines(text)
    if len(text) > MAX_SECTION_CHARS:
        raise DocumentError(DocumentFault.TOO_MUCH_TEXT)
    if not any(map(str.isalnum, text)):
        raise DocumentError(DocumentFault.NO_TEXT)
    return Reading((Section("", text),))
