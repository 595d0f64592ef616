"""Styles and numbering of a DOCX: what a paragraph is, told by its style's name, outline level and list.

Source: ECMA-376 part 1, 17.7 (styles) and 17.9 (numbering).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.language.docx.xml import Node

MAX_CHAIN: Final = 20
"""Styles based on one another; a chain that is longer goes in a circle."""
LEVELS: Final = 9
_BODY_LEVEL: Final = 9
"""``outlineLvl`` 9 means body text."""

_HEADING: Final = re.compile(r"heading ([1-9])")
_CONTENTS: Final = re.compile(r"toc( \d|$| heading)|table of figures|index \d")


@dataclass(frozen=True, slots=True)
class Style:
    """What one paragraph style says, with what it inherits."""

    name: str = ""
    heading: int = 0
    """1-9; 0: not a heading."""
    is_title: bool = False
    is_subtitle: bool = False
    is_contents: bool = False
    """A table of contents, which repeats the headings."""
    is_hidden: bool = False
    is_bold: bool = False
    size: int | None = None
    """Half-points."""
    list_id: str | None = None
    list_level: int = 0


class Styles:
    """The paragraph styles of one document. Unknown ids are plain text."""

    def __init__(self, root: Node | None) -> None:
        nodes = [node for node in root.children if node.tag == "style"] if root is not None else []
        self._nodes = {node.attributes.get("styleId", ""): node for node in nodes}
        self._styles: dict[str, Style] = {}
        self.default = next(
            (
                self.of(node.attributes.get("styleId", ""))
                for node in nodes
                if node.attributes.get("type") == "paragraph" and node.attributes.get("default") in {"1", "true"}
            ),
            Style(),
        )

    def of(self, style_id: str | None) -> Style:
        """Return the style of an id; None: the default one."""
        if style_id is None:
            return self.default
        if style_id not in self._styles:
            chain = list(self._chain(style_id))
            self._styles[style_id] = _resolve(chain) if chain else Style()
        return self._styles[style_id]

    def _chain(self, style_id: str) -> Iterator[Node]:
        for _ in range(MAX_CHAIN):
            node = self._nodes.get(style_id)
            if node is None:
                return
            yield node
            style_id = node.value("basedOn") or ""


def _resolve(chain: list[Node]) -> Style:
    """Return what a style says, its own word before that of the styles it is based on."""
    names = [(node.value("name") or "").lower() for node in chain]
    levels = (outline_level(node.child("pPr")) for node in chain)
    level = next((level for level in levels if level is not None), None)
    named = next((int(match[1]) for name in names if (match := _HEADING.fullmatch(name))), 0)
    list_node = next((found for node in chain if (found := node.child("pPr", "numPr")) is not None), None)
    sizes = (node.value("rPr", "sz") for node in chain)
    return Style(
        name=names[0],
        heading=named if level is None else (0 if level == _BODY_LEVEL else level + 1),
        is_title=names[0] == "title",
        is_subtitle=names[0] == "subtitle",
        is_contents=_CONTENTS.match(names[0]) is not None,
        is_hidden=any(node.is_on("rPr", "vanish") for node in chain),
        is_bold=any(node.is_on("rPr", "b") for node in chain),
        size=next((int(size) for size in sizes if size is not None and is_small_number(size)), None),
        list_id=None if list_node is None else list_node.value("numId"),
        list_level=list_level(list_node),
    )


def outline_level(properties: Node | None) -> int | None:
    """Return the outline level 0-9 that paragraph properties state, None when they do not."""
    value = properties.value("outlineLvl") if properties is not None else None
    return int(value) if value is not None and is_small_number(value) and int(value) <= _BODY_LEVEL else None


def list_level(list_properties: Node | None) -> int:
    """Return the depth of a list entry, 0 when it is not said."""
    value = list_properties.value("ilvl") if list_properties is not None else None
    return min(int(value), LEVELS - 1) if value is not None and is_small_number(value) else 0


def is_small_number(text: str) -> bool:
    """Return whether a text is a number of at most four plain digits."""
    return text.isascii() and text.isdigit() and len(text) <= 4  # noqa: PLR2004


class Numbering:
    """The lists of one document, and how far each has counted."""

    def __init__(self, root: Node | None) -> None:
        children = root.children if root is not None else []
        self._abstract = {node.attributes.get("abstractNumId"): node for node in children if node.tag == "abstractNum"}
        self._lists = {
            node.attributes.get("numId"): node.value("abstractNumId") for node in children if node.tag == "num"
        }
        self._counts: dict[tuple[str, int], int] = {}

    def next_number(self, list_id: str, level: int) -> int | None:
        """Return the number of the next entry, None for bullets, letters and lists that are not described."""
        definition = self._level(list_id, level)
        if definition is None or definition.value("numFmt") not in {"decimal", "decimalZero"}:
            return None
        start = definition.value("start") or "1"
        first = int(start) if is_small_number(start) else 1
        number = self._counts.get((list_id, level), first - 1) + 1
        self._counts[(list_id, level)] = number
        for deeper in range(level + 1, LEVELS):
            self._counts.pop((list_id, deeper), None)
        return number if number <= 99 else None  # noqa: PLR2004 - passages know numbers of two digits

    def _level(self, list_id: str, level: int) -> Node | None:
        abstract = self._abstract.get(self._lists.get(list_id))
        levels = (node for node in abstract.children if node.tag == "lvl") if abstract is not None else ()
        return next((node for node in levels if node.attributes.get("ilvl") == str(level)), None)
