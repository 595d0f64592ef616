"""Headings of a document that marks none: large type first, bold lines where no type is large.

Deciding only: a list of blocks with the look of their letters in, the same list with headings out.
"""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.language.blocks import Block, BlockKind
from app.language.records import ReadingNote

LARGER: Final = 1.15
"""Against the type of the body text: 12 over 10 points is the smallest step that designers use for headings."""
MAX_HEADING_CHARS: Final = 120
MAX_BOLD_SHARE: Final = 0.3
"""Of all letters: where more are bold, boldness is the look of the document and no mark of headings."""
DEEPEST: Final = 3

_SAME_SIZE: Final = 1.04
_ENDS_OF_SENTENCES: Final = (".", ",", ";", "!")


@dataclass(frozen=True, slots=True)
class Styled:
    """A block and the look of its letters: their size in points (0: not known), and whether all are bold."""

    block: Block
    size: float = 0.0
    is_bold: bool = False


def guess_headings(lines: Sequence[Styled]) -> tuple[list[Styled], tuple[ReadingNote, ...]]:
    """Return the lines with headings marked, and a note when they were guessed. Marked headings end the guessing."""
    if any(line.block.kind is BlockKind.HEADING for line in lines):
        return list(lines), ()
    body_size = usual_size(lines)
    ladder = _ladder(lines, body_size)
    levels = {size: min(place, DEEPEST) for place, size in enumerate(ladder, start=1)}
    bold_level = min(len(ladder) + 1, DEEPEST) if ladder else 2
    may_be_bold = _bold_share(lines) <= MAX_BOLD_SHARE
    found = [_judge(line, following, levels, bold_level if may_be_bold else 0) for line, following in _pairs(lines)]
    if not any(line.block.kind is BlockKind.HEADING for line in found):
        return list(lines), ()
    return _take_title(found), (ReadingNote.HEADINGS_GUESSED,)


def usual_size(lines: Sequence[Styled]) -> float:
    """Return the size in which most letters are set."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.block.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _pairs(lines: Sequence[Styled]) -> "itertools.zip_longest[tuple[Styled, Styled | None]]":
    return itertools.zip_longest(lines, lines[1:])


def _ladder(lines: Sequence[Styled], body_size: float) -> list[float]:
    """Return the sizes of large lines, the largest first; sizes that nobody can tell apart are one."""
    sizes: list[float] = []
    for size in sorted({line.size for line in lines if _is_large(line, body_size)}, reverse=True):
        if not sizes or sizes[-1] / size > _SAME_SIZE:
            sizes.append(size)
    return sizes


def _is_large(line: Styled, body_size: float) -> bool:
    return body_size > 0 and line.size >= LARGER * body_size and _could_be(line)


def _could_be(line: Styled) -> bool:
    text = line.block.text
    is_plain = line.block.kind is BlockKind.PARAGRAPH and len(text) <= MAX_HEADING_CHARS
    return is_plain and not text.endswith(_ENDS_OF_SENTENCES) and any(map(str.isalpha, text))


def _bold_share(lines: Sequence[Styled]) -> float:
    total = sum(len(line.block.text) for line in lines)
    return sum(len(line.block.text) for line in lines if line.is_bold) / total if total else 0.0


def _judge(line: Styled, following: Styled | None, levels: dict[float, int], bold_level: int) -> Styled:
    if not _could_be(line):
        return line
    level = next((level for size, level in levels.items() if size / _SAME_SIZE <= line.size <= size * _SAME_SIZE), 0)
    if not level and line.is_bold and following is not None and not following.is_bold:
        level = bold_level
    if not level:
        return line
    return replace(line, block=replace(line.block, kind=BlockKind.HEADING, level=level))


def _take_title(lines: list[Styled]) -> list[Styled]:
    """Make the first line the document's title when it alone is of the highest level and others are below it."""
    first = lines[0].block
    levels = [line.block.level for line in lines if line.block.kind is BlockKind.HEADING]
    if first.kind is not BlockKind.HEADING or first.level != 1 or levels.count(1) > 1 or len(levels) == 1:
        return lines
    title = replace(lines[0], block=replace(first, kind=BlockKind.TITLE, level=0))
    return [title, *(_one_up(line) for line in lines[1:])]


def _one_up(line: Styled) -> Styled:
    if line.block.kind is not BlockKind.HEADING:
        return line
    return replace(line, block=replace(line.block, level=max(1, line.block.level - 1)))
