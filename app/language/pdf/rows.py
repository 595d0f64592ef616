"""From pieces to rows: what stands side by side on one height, cell by cell.

Most producers write a page in reading order: column after column, and in a table cell after cell. So a row is built
from pieces that follow one another; a piece that jumps back up, a few lines at most and to the right of everything
since, is the next cell of a row whose first cells had several lines.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.language.blocks import BULLETS
from app.language.pdf.letters import PageText, Piece

MAX_CELL_LINES: Final = 5
"""A first cell of more lines is taken for a column of text."""
LINE_PITCH: Final = 1.65
"""Of the size: lines of one cell stand no further apart."""

MAX_MARKS: Final = 200
"""Of one page; more are a drawing made of dots, and looking for the words of each would take the square of them."""
MARK_DRIFT: Final = 0.5
MAX_MARK_GAP: Final = 3.0
"""Of the size: how far above or below its words, and how far in front of them, a mark may stand."""

_NUMBER: Final = re.compile(r"\d{1,2}[.)]")

MIN_COLUMN_ROWS: Final = 6
MIN_COLUMN_CHARS: Final = 24


@dataclass(slots=True)
class Cell:
    """The lines of one cell from top to bottom."""

    lines: list[Piece] = field(default_factory=list)

    @property
    def x0(self) -> float:
        """Left edge."""
        return min(line.x0 for line in self.lines)

    @property
    def x1(self) -> float:
        """Right edge."""
        return max(line.x1 for line in self.lines)

    @property
    def text(self) -> str:
        """Its words on one line; a hyphen at a line's end is left to the caller."""
        return " ".join(line.text for line in self.lines)


@dataclass(slots=True)
class Row:
    """Cells from left to right; a plain line of text is a row of one cell."""

    page: int
    cells: list[Cell]
    mark: str = ""
    """The bullet or number in front of it."""

    @property
    def first(self) -> Piece:
        """The first line of the first cell."""
        return self.cells[0].lines[0]

    @property
    def is_bold(self) -> bool:
        """True when every letter is."""
        return all(line.is_bold for cell in self.cells for line in cell.lines)

    @property
    def size(self) -> float:
        """The largest size in it."""
        return max(line.size for cell in self.cells for line in cell.lines)

    @property
    def text(self) -> str:
        """All its words."""
        return " ".join(cell.text for cell in self.cells)


def build_rows(page: PageText) -> list[Row]:
    """Return the rows of a page in reading order."""
    rows: list[Row] = []
    marks = [piece for piece in page.pieces if _is_mark(piece.text)]
    if len(marks) > MAX_MARKS:
        marks = []
    for piece in page.pieces:
        if marks and _is_mark(piece.text):
            continue
        if not (rows and (_beside(rows, piece) or _continues_cell(rows[-1], piece) or _jumps_back(rows, piece))):
            rows.append(Row(page.number, [Cell([piece])]))
    rows = _unzip_columns(rows)
    for mark in marks:
        _hang(rows, mark, page.number)
    return rows


def _hang(rows: list[Row], mark: Piece, page: int) -> None:
    """Put a mark in front of the row it stands before; some producers paint them all at the end of the page.

    A number in front of a row of several cells is a cell of it, and one that stands alone is a row.
    """
    for row in rows:
        first = row.first
        gap = first.x0 - mark.x1
        if abs(first.y - mark.y) <= MARK_DRIFT * first.size and 0 <= gap + 0.5 <= MAX_MARK_GAP * first.size:
            if len(row.cells) > 1 and mark.text not in BULLETS:
                row.cells.insert(0, Cell([mark]))
            else:
                row.mark = row.mark or mark.text
            return
    if mark.text not in BULLETS:
        rows.append(Row(page, [Cell([mark])]))


def _is_mark(text: str) -> bool:
    """Return whether a piece is a bullet or "12." and nothing else."""
    return text in BULLETS or _NUMBER.fullmatch(text) is not None


def _beside(rows: list[Row], piece: Piece) -> bool:
    """Take a piece that stands to the right of the last one on the same line."""
    last = rows[-1].cells[-1]
    line = last.lines[-1]
    if abs(piece.y - line.y) > 0.4 * max(piece.size, line.size) or piece.x0 < line.x1 - 0.5 * piece.size:
        return False
    rows[-1].cells.append(Cell([piece]))
    return True


def _continues_cell(row: Row, piece: Piece) -> bool:
    """Take the next line of the last cell, where the row has several and the line cannot belong to the first."""
    if len(row.cells) == 1:
        return False
    cell = row.cells[-1]
    drop = cell.lines[-1].y - piece.y
    is_next_line = 0 < drop <= LINE_PITCH * max(piece.size, cell.lines[-1].size)
    if not is_next_line or piece.x0 < row.cells[-2].x1 or len(cell.lines) >= 2 * MAX_CELL_LINES:
        return False
    cell.lines.append(piece)
    return True


def _jumps_back(rows: list[Row], piece: Piece) -> bool:
    """Take the first line of a second cell whose row has a first cell of several lines."""
    depth = 0
    for row in reversed(rows[-MAX_CELL_LINES:]):
        if row.page != rows[-1].page or len(row.cells) > 1 or (depth and not _is_one_cell(row, rows[-depth])):
            break
        depth += 1
    block = rows[len(rows) - depth :]
    if not block or piece.x0 <= max(row.cells[0].x1 for row in block):
        return False
    tops = [place for place, row in enumerate(block) if abs(row.first.y - piece.y) <= 0.4 * piece.size]
    if not tops or tops[-1] == len(block) - 1:
        return False
    merged = block[tops[-1] :]
    cell = Cell([line for row in merged for line in row.cells[0].lines])
    del rows[len(rows) - len(merged) :]
    rows.append(Row(merged[0].page, [cell, Cell([piece])]))
    return True


def _is_one_cell(upper: Row, lower: Row) -> bool:
    drop = upper.first.y - lower.first.y
    same_edge = abs(upper.first.x0 - lower.first.x0) <= upper.first.size
    return same_edge and 0 < drop <= LINE_PITCH * max(upper.first.size, lower.first.size)


def _unzip_columns(rows: list[Row]) -> list[Row]:
    """Take two columns of prose apart again that a producer wrote line by line across the page."""
    found: list[Row] = []
    group: list[Row] = []
    for row in [*rows, None]:
        if row is not None and _is_two_columns(row) and (not group or _is_aligned(group[0], row)):
            group.append(row)
            continue
        found += _unzip(group)
        group = [row] if row is not None and _is_two_columns(row) else []
        if row is not None and not group:
            found.append(row)
    return found


def _is_two_columns(row: Row) -> bool:
    return len(row.cells) == 2 and all(len(cell.lines) == 1 for cell in row.cells)  # noqa: PLR2004


def _is_aligned(first: Row, row: Row) -> bool:
    return all(abs(a.x0 - b.x0) <= 2 * first.size for a, b in zip(first.cells, row.cells, strict=True))


def _unzip(group: Sequence[Row]) -> list[Row]:
    widths = [sum(len(row.cells[place].text) for row in group) for place in (0, 1)] if group else [0, 0]
    if len(group) < MIN_COLUMN_ROWS or min(widths) < MIN_COLUMN_CHARS * len(group):
        return list(group)
    return [Row(row.page, [row.cells[place]]) for place in (0, 1) for row in group]
