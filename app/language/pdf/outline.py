"""The bookmarks of a PDF, which name its headings when its producer wrote them. Source: ISO 32000-2, 12.3.3."""

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from app.language.blocks import BlockKind
from app.language.guessing import Styled
from app.language.hygiene import clean
from app.language.sections import SECTION_LEVELS

MAX_BOOKMARKS: Final = 2_000
MAX_DEPTH: Final = 6
MAX_TITLE_BYTES: Final = 1_024
MIN_FOUND: Final = 0.5
"""Of the bookmarks of the first two levels: with fewer found in the text they are about something else."""

_LETTERS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """One bookmark; ``level`` counts from 1, ``page`` from 1, 0 when it leads nowhere."""

    title: str
    level: int
    page: int


def read_outline(pdfium: Any, document: Any) -> tuple[Bookmark, ...]:
    """Return the bookmarks in order; loops and floods end at the limits."""
    return tuple(_walk(pdfium, document))


def _walk(pdfium: Any, document: Any) -> Iterator[Bookmark]:
    seen: set[int] = set()
    stack = [(pdfium.FPDFBookmark_GetFirstChild(document, None), 1)]
    while stack and len(seen) < MAX_BOOKMARKS:
        mark, level = stack.pop()
        address = ctypes.cast(mark, ctypes.c_void_p).value
        if not address or address in seen:
            continue
        seen.add(address)
        stack.append((pdfium.FPDFBookmark_GetNextSibling(document, mark), level))
        if level < MAX_DEPTH:
            stack.append((pdfium.FPDFBookmark_GetFirstChild(document, mark), level + 1))
        title = _title(pdfium, mark)
        if title:
            yield Bookmark(title, level, _page(pdfium, document, mark))


def _title(pdfium: Any, mark: Any) -> str:
    buffer = ctypes.create_string_buffer(MAX_TITLE_BYTES)
    length = pdfium.FPDFBookmark_GetTitle(mark, buffer, MAX_TITLE_BYTES)
    if length > MAX_TITLE_BYTES:
        return ""
    return clean(buffer.raw[: max(length - 2, 0)].decode("utf-16-le", "ignore"))


def _page(pdfium: Any, document: Any, mark: Any) -> int:
    target = pdfium.FPDFBookmark_GetDest(document, mark)
    return int(pdfium.FPDFDest_GetDestPageIndex(document, target)) + 1 if target else 0


def mark_headings(lines: Sequence[Styled], outline: Sequence[Bookmark]) -> list[Styled]:
    """Return the lines with those marked as headings that a bookmark names, or unchanged when too few are found."""
    wanted: dict[tuple[int, str], list[int]] = {}
    for mark in reversed(outline):
        wanted.setdefault((mark.page, _key(mark.title)), []).append(mark.level)
    found = list(lines)
    hits = 0
    for place, line in enumerate(lines):
        levels = wanted.get((line.block.page, _key(line.block.text)))
        if levels:
            level = levels.pop()
            hits += level <= SECTION_LEVELS
            found[place] = replace(line, block=replace(line.block, kind=BlockKind.HEADING, level=level))
    upper = sum(mark.level <= SECTION_LEVELS for mark in outline)
    return found if hits and hits >= MIN_FOUND * upper else list(lines)


def _key(text: str) -> str:
    return _LETTERS.sub("", text).casefold()
