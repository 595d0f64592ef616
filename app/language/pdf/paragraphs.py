"""From rows to blocks: lines become paragraphs, rows of several cells become tables, marks in front become lists."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.language.blocks import BULLETS, DASHES, Block, BlockKind, item, paragraph, table
from app.language.guessing import Styled
from app.language.hygiene import clean
from app.language.pdf.letters import Piece
from app.language.pdf.rows import Row

PARAGRAPH_GAP: Final = 1.3
"""Of the usual distance between lines: further apart they are two paragraphs."""
SAME_SIZE: Final = 1.04
USUAL_PITCH: Final = 1.2
MAX_SHIFT: Final = 3.5
"""Of the size: how far apart two lines of one paragraph may begin."""
MAX_COLUMN_GAP: Final = 2.5
"""Of the size: how far apart two lines of one column of text may stand."""

_BULLETS: Final = BULLETS | DASHES
_NUMBER: Final = re.compile(r"(\d{1,2})[.)]")
_NUMBERED_LINE: Final = re.compile(r"(\d{1,2})[.)]\s+(?=\S)")
_CHAPTER: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.?")
_HYPHENATED: Final = re.compile(r"(\w+)[-\u00ad\u2010]$")
_HYPHENS: Final = ("-", "\u00ad", "\u2010")
_ENDS: Final = (".", "!", "?", ":", ";")


@dataclass(slots=True)
class _Line:
    """One line of text; ``mark`` is what stands in front of an entry of a list."""

    text: str
    piece: Piece
    page: int
    size: float
    is_bold: bool
    mark: str | None = None
    right_edge: float = 0.0


@dataclass(slots=True)
class _Open:
    """A paragraph that is still growing."""

    lines: list[_Line] = field(default_factory=list)


def build_blocks(rows: Sequence[Row], words: frozenset[str]) -> list[Styled]:
    """Return blocks with the look of their letters.

    Args:
        rows: of the whole document, in reading order.
        words: all words of the document in small letters, to decide about hyphens at the ends of lines.
    """
    pitch = _usual_pitch(rows)
    edges = dict(zip(map(id, rows), _right_edges(rows), strict=True))
    blocks: list[Styled] = []
    for is_table, group in itertools.groupby(rows, key=lambda row: len(_cells(row)) > 1):
        members = list(group)
        if is_table:
            blocks += _tables(members, words)
        else:
            lines = [_line(row, edges[id(row)]) for row in members]
            blocks += [block for found in _paragraphs(lines, pitch) if (block := _close(found, words)) is not None]
    return blocks


def all_words(rows: Sequence[Row]) -> frozenset[str]:
    """Return every word of the document, hyphens inside kept."""
    found = (word.strip(".,;:!?()\"'").lower() for row in rows for word in clean(row.text).split())
    return frozenset(word for word in found if word)


def _cells(row: Row) -> list[str]:
    """Return the cells of a row as texts; a mark or a chapter number in front is no cell."""
    texts = [cell.text for cell in row.cells]
    if len(texts) != 2 or not any(map(str.isalpha, texts[1])):  # noqa: PLR2004 - a row of numbers is a table
        return texts
    is_mark = texts[0] in _BULLETS or _NUMBER.fullmatch(texts[0]) or _CHAPTER.fullmatch(texts[0])
    return [" ".join(texts)] if is_mark else texts


def _line(row: Row, right_edge: float) -> _Line:
    texts = [cell.text for cell in row.cells]
    mark: str | None = None
    if len(texts) > 1:
        mark = texts[0] if texts[0] in _BULLETS or _NUMBER.fullmatch(texts[0]) else None
        text = texts[1] if mark is not None else " ".join(texts)
        piece = row.cells[1].lines[0] if mark is not None else row.first
    else:
        text, piece = texts[0], row.first
        if not row.mark:
            mark, text = _take_mark(text)
    return _Line(text, piece, row.page, row.size, row.is_bold, row.mark or mark, right_edge)


def _take_mark(text: str) -> tuple[str | None, str]:
    if len(text) > 2 and text[0] in _BULLETS and text[1] == " ":  # noqa: PLR2004
        return text[0], text[2:].lstrip()
    number = _NUMBERED_LINE.match(text)
    return (number[0].strip(), text[number.end() :]) if number is not None else (None, text)


def _usual_pitch(rows: Sequence[Row]) -> float:
    """Return the distance between lines, in sizes, that occurs most often."""
    found: Counter[float] = Counter()
    for upper, lower in itertools.pairwise(rows):
        drop = upper.first.y - lower.first.y
        if upper.page == lower.page and 0 < drop <= 2 * upper.size and len(upper.cells) == len(lower.cells) == 1:
            found[round(drop / max(upper.size, 1.0), 2)] += 1
    return max(found, key=lambda pitch: (found[pitch], -pitch)) if found else USUAL_PITCH


def _right_edges(rows: Sequence[Row]) -> list[float]:
    """Return for each row how far the lines around it reach: those above and below it in one column of text."""
    edges: list[float] = []
    stretch: list[Row] = []
    for row in rows:
        if stretch and not _is_same_column(stretch[-1], row):
            edges += _edges_of(stretch)
            stretch = []
        stretch.append(row)
    return edges + _edges_of(stretch)


def _edges_of(stretch: Sequence[Row]) -> list[float]:
    edge = max((row.cells[-1].lines[0].x1 for row in stretch), default=0.0)
    return [edge] * len(stretch)


def _is_same_column(upper: Row, lower: Row) -> bool:
    drop = upper.first.y - lower.first.y
    size = max(upper.size, lower.size)
    is_near = upper.page == lower.page and 0 < drop <= MAX_COLUMN_GAP * size
    is_alike = size <= SAME_SIZE * min(upper.size, lower.size) and len(_cells(lower)) == 1
    return is_near and is_alike and abs(upper.first.x0 - lower.first.x0) <= MAX_SHIFT * size


def _paragraphs(lines: Sequence[_Line], pitch: float) -> Iterator[_Open]:
    current = _Open()
    for line in lines:
        if current.lines and _begins(current.lines, line, pitch):
            yield current
            current = _Open()
        current.lines.append(line)
    if current.lines:
        yield current


def _begins(lines: Sequence[_Line], line: _Line, pitch: float) -> bool:
    """Return whether ``line`` begins a paragraph of its own."""
    last = lines[-1]
    is_other = line.is_bold != last.is_bold or max(line.size, last.size) > SAME_SIZE * min(line.size, last.size)
    if line.mark is not None or is_other:
        return True
    if last.text.endswith(_HYPHENS) and line.text[:1].islower():
        return False
    drop = last.piece.y - line.piece.y
    if line.page != last.page or drop < 0:  # the top of the next page or column
        return last.text.rstrip().endswith(_ENDS) or not line.text[:1].islower()
    shift = line.piece.x0 - last.piece.x0
    is_far = drop > PARAGRAPH_GAP * pitch * last.size or abs(shift) > MAX_SHIFT * last.size  # or centred
    is_indented = shift > last.size and lines[0].mark is None and len(lines) > 1
    return is_far or is_indented or _had_room(last, line)


def _had_room(last: _Line, line: _Line) -> bool:
    """Return whether the first word of ``line`` would have fitted behind ``last``: then it was broken on purpose."""
    first_word = line.text.split(" ", 1)[0]
    letter_width = (line.piece.x1 - line.piece.x0) / max(len(line.piece.text), 1)
    return last.piece.x1 + (len(first_word) + 2) * letter_width < last.right_edge


def _close(found: _Open, words: frozenset[str]) -> Styled | None:
    text = join_lines([line.text for line in found.lines], words)
    first = found.lines[0]
    if first.mark is not None:
        number = _NUMBER.fullmatch(first.mark)
        block = item(text, int(number[1]) if number is not None else None, page=first.page)
    else:
        block = paragraph(text, page=first.page)
    is_bold = all(line.is_bold for line in found.lines)
    return None if block is None else Styled(_numbered_heading(block, first, is_bold=is_bold), first.size, is_bold)


def _numbered_heading(block: Block, first: _Line, *, is_bold: bool) -> Block:
    """Keep "2. Fees" a paragraph when it is bold, so that it can become a heading; entries of lists are rarely bold."""
    if first.mark is None or not is_bold or _NUMBER.fullmatch(first.mark) is None:
        return block
    return Block(BlockKind.PARAGRAPH, block.text, page=block.page)


def join_lines(texts: Sequence[str], words: frozenset[str]) -> str:
    """Return lines as one; a hyphen at an end goes, unless the word stands with its hyphen somewhere else."""
    joined = texts[0] if texts else ""
    for text in texts[1:]:
        broken = _HYPHENATED.search(joined)
        if broken is None or not text[:1].isalpha():
            joined += f" {text}"
            continue
        tail = text.split(" ", 1)[0].strip(".,;:!?()\"'")
        with_hyphen = f"{broken[1]}-{tail}".lower()
        keeps = with_hyphen in words or (text[0].isupper() and f"{broken[1]}{tail}".lower() not in words)
        joined = f"{joined[:-1]}{'-' if keeps else ''}{text}"
    return f"{joined[:-1]}-" if joined.endswith("\u00ad") else joined


def _tables(rows: Sequence[Row], words: frozenset[str]) -> Iterator[Styled]:
    """Yield the rows of tables; a bold first row above others that are not names the columns."""
    texts = [[join_lines([line.text for line in cell.lines], words) for cell in row.cells] for row in rows]
    has_heading = len(rows) > 1 and rows[0].is_bold and not rows[1].is_bold
    aligned = [_align(row, rows) for row in rows] if has_heading else None
    if aligned is not None:
        texts = [_spread(cells, places) for cells, places in zip(texts, aligned, strict=True)]
    for block in table(texts, has_heading=has_heading, page=rows[0].page):
        yield Styled(block, min(row.size for row in rows))


def _align(row: Row, rows: Sequence[Row]) -> list[int]:
    """Return for each cell of ``row`` the column of the first row that it stands under."""
    columns = [(cell.x0 + cell.x1) / 2 for cell in rows[0].cells]
    lefts = [cell.x0 for cell in rows[0].cells]
    places = []
    for cell in row.cells:
        middle = (cell.x0 + cell.x1) / 2
        distances = [
            min(abs(middle - column), abs(cell.x0 - left)) for column, left in zip(columns, lefts, strict=True)
        ]
        places.append(distances.index(min(distances)))
    return places if places == sorted(set(places)) else list(range(len(row.cells)))


def _spread(cells: Sequence[str], places: Sequence[int]) -> list[str]:
    spread = [""] * (max(places) + 1)
    for cell, place in zip(cells, places, strict=True):
        spread[place] = cell
    return spread
