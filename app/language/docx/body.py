"""The text of a DOCX in reading order: paragraphs, lists, tables, text boxes.

Left out: what is hidden or deleted, field codes, footnotes, comments, pictures, tables of contents.
Source: ECMA-376 part 1, 17.3 (paragraphs and runs), 17.4 (tables), 17.13.5 (tracked changes), 17.16 (fields).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from app.language.blocks import Block, BlockKind, item, paragraph, table
from app.language.docx.styles import Numbering, Style, Styles, is_small_number, list_level, outline_level
from app.language.docx.xml import Node
from app.language.guessing import Styled
from app.language.hygiene import LOWERED, RAISED, clean
from app.language.records import ReadingNote

_WRAPPERS: Final = frozenset(
    {
        "ins",
        "moveTo",
        "hyperlink",
        "smartTag",
        "sdtContent",
        "sdt",
        "customXml",
        "fldSimple",
        "dir",
        "bdo",
        "txbxContent",
    }
)
"""Elements that only surround what is read."""
_GONE: Final = frozenset({"del", "moveFrom", "instrText", "delText", "rPr", "pPr"})
_CHANGES: Final = frozenset({"ins", "del", "moveFrom", "moveTo"})
_LETTERS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_STANDS: Final = {"superscript": RAISED, "subscript": LOWERED}
_NOTES: Final = frozenset({"footnoteReference", "endnoteReference"})
_NO_LIST: Final = "0"
_HALF_POINTS: Final = 2


@dataclass
class _Run:
    """What the runs of one paragraph add up to."""

    text: list[str] = field(default_factory=list)
    boxes: list[Node] = field(default_factory=list)
    bold: int = 0
    letters: int = 0
    sizes: dict[int, int] = field(default_factory=dict)


class BodyReader:
    """Reads one body; ``notes`` tells what was left out."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self.notes: set[ReadingNote] = set()

    def read(self, container: Node) -> list[Styled]:
        """Return the blocks of a body, a cell or a text box."""
        return list(self._blocks(container))

    def _blocks(self, container: Node) -> Iterator[Styled]:
        for node in self._children(container):
            if node.tag == "p":
                yield from self._paragraph(node)
            elif node.tag == "tbl":
                yield from (Styled(row) for row in self._table(node))

    def _children(self, container: Node) -> Iterator[Node]:
        """Yield what a container holds, looking through wrappers; of alternatives the first."""
        for node in container.children:
            if node.tag in _CHANGES:
                self.notes.add(ReadingNote.CHANGES_TAKEN)
            if node.tag in _WRAPPERS:
                yield from self._children(node)
            elif node.tag == ":AlternateContent":
                yield from self._children(node.child(":Choice") or node.child(":Fallback") or Node("", {}))
            elif node.tag not in _GONE:
                yield node

    def _paragraph(self, node: Node) -> Iterator[Styled]:
        properties = node.child("pPr")
        style = self._styles.of(properties.value("pStyle") if properties is not None else None)
        run = _Run()
        if style.is_hidden:
            self.notes.add(ReadingNote.HIDDEN_TEXT_LEFT_OUT)
        elif not style.is_contents:
            self._runs(node, style, run)
        block = self._block(clean("".join(run.text)), properties, style)
        if block is not None:
            yield Styled(block, _size(run, style, self._styles.default), run.letters > 0 and run.bold == run.letters)
        for box in run.boxes:
            yield from self._blocks(box)

    def _block(self, text: str, properties: Node | None, style: Style) -> Block | None:
        if not text:
            return None
        stated = outline_level(properties)
        level = style.heading if stated is None else (stated + 1) % 10
        if style.is_title:
            return Block(BlockKind.TITLE, text)
        if level:
            return Block(BlockKind.HEADING, text, level=level)
        direct = properties.child("numPr") if properties is not None else None
        list_id = style.list_id if direct is None else direct.value("numId")
        if style.is_subtitle or (list_id in {None, _NO_LIST} and not style.name.startswith("list ")):
            return None if style.is_subtitle else paragraph(text)
        depth = style.list_level if direct is None else list_level(direct)
        return item(text, None if list_id is None else self._numbering.next_number(list_id, depth))

    def _runs(self, node: Node, style: Style, run: _Run) -> None:
        for child in self._children(node):
            if child.tag != "r":
                continue
            properties = child.child("rPr")
            if properties is not None and self._is_hidden(properties):
                self.notes.add(ReadingNote.HIDDEN_TEXT_LEFT_OUT)
                continue
            before = len(run.text)
            self._run_text(child, run)
            stand = properties.value("vertAlign") if properties is not None else None
            if stand in _STANDS:
                run.text[before:] = [piece.translate(_STANDS[stand]) for piece in run.text[before:]]
            letters = sum(len(piece.strip()) for piece in run.text[before:])
            is_bold = style.is_bold if properties is None or properties.child("b") is None else properties.is_on("b")
            run.letters += letters
            run.bold += letters if is_bold else 0
            size = properties.value("sz") if properties is not None else None
            if size is not None and is_small_number(size):
                run.sizes[int(size)] = run.sizes.get(int(size), 0) + letters

    def _is_hidden(self, properties: Node) -> bool:
        if properties.child("vanish") is not None:
            return properties.is_on("vanish")
        character_style = properties.value("rStyle")
        return character_style is not None and self._styles.of(character_style).is_hidden

    def _run_text(self, node: Node, run: _Run) -> None:
        for child in self._children(node):
            if child.tag == "t":
                run.text.append(child.text)
            elif child.tag in _LETTERS:
                run.text.append(_LETTERS[child.tag])
            elif child.tag in _NOTES:
                self.notes.add(ReadingNote.FOOTNOTES_LEFT_OUT)
            elif child.tag in {"drawing", "pict"}:
                run.boxes.extend(_text_boxes(child))

    def _table(self, node: Node) -> list[Block]:
        rows: list[list[str]] = []
        is_heading = False
        for row in self._children(node):
            if row.tag != "tr" or row.child("trPr", "del") is not None:
                continue
            cells = [self._cell(cell) for cell in self._children(row) if cell.tag == "tc"]
            if not rows:
                is_heading = row.is_on("trPr", "tblHeader") or all(bold for _, bold in cells)
            rows.append([text for text, _ in cells])
        if len(rows) == 1 and len(rows[0]) == 1:  # a frame around text
            block = paragraph(rows[0][0])
            return [] if block is None else [block]
        return table(rows, has_heading=is_heading)

    def _cell(self, cell: Node) -> tuple[str, bool]:
        """Return the text of a cell on one line, and whether all of it is bold; a table inside is read along."""
        lines = list(self._blocks(cell))
        text = " ".join(line.block.text.removeprefix("- ") for line in lines)
        return text, bool(lines) and all(line.is_bold for line in lines)


def _text_boxes(node: Node) -> Iterator[Node]:
    """Yield the outermost text boxes in a drawing."""
    for child in node.children:
        if child.tag == "txbxContent":
            yield child
        elif child.tag != ":Fallback":
            yield from _text_boxes(child)


def _size(run: _Run, style: Style, default: Style) -> float:
    """Return the size of most letters in points; 0 when nothing says it."""
    stated = max(run.sizes, key=lambda size: run.sizes[size], default=None)
    half_points = stated or style.size or default.size or 0
    return half_points / _HALF_POINTS
