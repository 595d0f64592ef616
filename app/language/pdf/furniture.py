"""What stands on every page and is no text of the document: running heads, page numbers, tables of contents."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from app.language.pdf.letters import PageText
from app.language.pdf.rows import Row

MARGIN: Final = 0.12
"""Of the page's height, above and below: where running heads stand."""
MIN_PAGES: Final = 3
"""At the same height of so many pages (or of all, when there are two) the same words are no chance."""

OUTERMOST: Final = 0.07
"""Of the page's height: no body text begins or ends so near to the edge."""

_DIGITS: Final = re.compile(r"\d+")
_PAGE_NUMBER: Final = re.compile(
    r"\W*(?:page|page no\.|p\.|seite|página|pág\.)?\s*\d{1,4}(?:\s*(?:of|/|von|de)\s*\d{1,4})?\W*", re.IGNORECASE
)
_LEADER: Final = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}\s*$|…{2,}\s*\d{1,4}\s*$")


def without_furniture(rows: Sequence[Row], pages: Sequence[PageText]) -> list[Row]:
    """Return the rows that belong to the text."""
    heights = {page.number: page.height for page in pages}
    by_page = itertools.groupby(rows, key=lambda row: row.page)
    rows = [row for number, members in by_page for row in _in_order(list(members), heights[number])]
    at_edge = [_is_at_edge(row, heights[row.page]) for row in rows]
    seen = Counter(_shape(row) for row, edge in zip(rows, at_edge, strict=True) if edge)
    often = min(MIN_PAGES, max(2, len(pages)))
    kept = []
    for row, edge in zip(rows, at_edge, strict=True):
        is_running = edge and (seen[_shape(row)] >= often or _PAGE_NUMBER.fullmatch(row.text) is not None)
        if not is_running and not _LEADER.search(row.text):
            kept.append(row)
    return kept


def _in_order(rows: list[Row], height: float) -> list[Row]:
    """Return the rows of a page without a head that was painted after the text, and a foot that was before it."""
    at_top = [row.first.y > (1 - OUTERMOST) * height for row in rows]
    at_foot = [row.first.y < OUTERMOST * height for row in rows]
    text = [place for place in range(len(rows)) if not (at_top[place] or at_foot[place])]
    if not text:
        return rows
    return [
        row
        for place, row in enumerate(rows)
        if not (at_top[place] and place > text[-1]) and not (at_foot[place] and place < text[0])
    ]


def _is_at_edge(row: Row, height: float) -> bool:
    return row.first.y < MARGIN * height or row.first.y > (1 - MARGIN) * height


def _shape(row: Row) -> tuple[str, int]:
    return _DIGITS.sub("#", row.text), round(row.first.y / 2)
