"""The common shape of a document between its format and its sections: a list of blocks in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from app.language.hygiene import clean

BULLETS: Final = frozenset(
    "\u2022\u2023\u25e6\u2043\u2219\u25cf\u25cb\u25a0\u25a1\u25aa\u25ab\u25ba\u25b6\u00b7\u27a2\uf0b7\uf0a7\uf0d8"
)
"""What word processors paint in front of an entry; the last three are private characters of Symbol and Wingdings."""
DASHES: Final = frozenset("-*\u2013\u2014")
"""What people type in front of one."""


class BlockKind(Enum):
    """What a block is."""

    TITLE = "title"
    """The name of the whole document."""
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    """One entry of a list or one row of a table; stands on a line of its own."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block; ``level`` counts from 1 and belongs to headings, ``page`` from 1 where there are pages, else 0."""

    kind: BlockKind
    text: str
    level: int = 0
    page: int = 0

    def __repr__(self) -> str:
        return f"<Block {self.kind.value}, {len(self.text)} characters>"


def paragraph(untrusted_text: str, page: int = 0) -> Block | None:
    """Return a paragraph, or an item when a bullet stands in front of it; None when nothing is visible in it."""
    words = untrusted_text.split(maxsplit=1)
    if len(words) > 1 and words[0] in BULLETS | DASHES:
        return item(words[1], page=page)
    text = clean(untrusted_text)
    return Block(BlockKind.PARAGRAPH, _literal(text), page=page) if text else None


def item(untrusted_text: str, number: int | None = None, page: int = 0) -> Block | None:
    """Return an entry of a list on one line, with its number or a dash in front."""
    text = " ".join(clean(untrusted_text).split("\n"))
    mark = "-" if number is None else f"{number}."
    return Block(BlockKind.ITEM, f"{mark} {text}", page=page) if text else None


def table(untrusted_rows: Sequence[Sequence[str]], *, has_heading: bool, page: int = 0) -> list[Block]:
    """Return one item a row, so that each says by itself what it says: ``- Passport photo: 12 EUR``.

    With two columns the second follows the first. With more, and a heading row, the further cells are named by it:
    ``- Monday: Opens 8:00, Closes 17:00``. A cell that repeats its left neighbour (merged cells) is said once.
    """
    rows = [[" ".join(clean(cell).split("\n")) for cell in row] for row in untrusted_rows]
    rows = [row for row in rows if any(row)]
    names: list[str] = rows.pop(0) if has_heading and len(rows) > 1 else []
    lines = (item(_row(row, names), page=page) for row in rows)
    return [line for line in lines if line is not None]


def _row(cells: list[str], names: list[str]) -> str:
    told = [(place, cell) for place, cell in enumerate(cells) if cell and (place == 0 or cell != cells[place - 1])]
    if not told:
        return ""
    first_place, first = told[0]
    if len(told) == 1:
        return first if first_place == 0 or not _name(names, first_place) else f"{names[first_place]}: {first}"
    has_names = len(names) > 2  # noqa: PLR2004 - two columns explain each other
    rest = [f"{_name(names, place)} {cell}".strip() if has_names else cell for place, cell in told[1:]]
    return f"{first.removesuffix(':')}: {', '.join(rest)}"


def _name(names: list[str], place: int) -> str:
    return names[place] if place < len(names) else ""


def _literal(text: str) -> str:
    """Keep a line that happens to begin like a Markdown heading or quotation from becoming one."""
    return "\n".join(f"\\{line}" if line.startswith(("#", ">")) else line for line in text.split("\n"))
