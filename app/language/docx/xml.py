"""XML of a DOCX part as light nodes: no DTD, no entities of its own, bounded in depth and number.

``xml.etree`` would do, but it has no limit on depth or number and expands entities before anybody is asked.
"""

from typing import Final
from xml.parsers import expat

from app.language.errors import DocumentError, DocumentFault

MAX_NODES: Final = 250_000
"""A hundred pages with tables have about 60,000. A quarter of a million takes a second and 110 MB."""
MAX_TEXT_CHARS: Final = 4_000_000
"""Twice what a reading may hold."""
MAX_DEPTH: Final = 120
"""A paragraph in a table in a text box in a table has a depth of about 40."""

_BUFFER_BYTES: Final = 64 * 1024
_WORD: Final = frozenset(
    {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",  # the strict form of the standard
    }
)


class Node:
    """One element. Names of WordprocessingML are bare ("p", "val"), others carry a colon in front (":Choice")."""

    __slots__ = ("attributes", "children", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Node] = []
        self.text = ""

    def child(self, *path: str) -> "Node | None":
        """Return the first element along a path of names, None where one is missing."""
        node: Node | None = self
        for tag in path:
            node = next((one for one in node.children if one.tag == tag), None) if node is not None else None
        return node

    def value(self, *path: str) -> str | None:
        """Return the ``val`` attribute of the element along ``path``; None when either is missing."""
        node = self.child(*path)
        return None if node is None else node.attributes.get("val")

    def is_on(self, *path: str) -> bool:
        """Return whether a switch is on: there, and not said to be off. Source: ECMA-376 part 1, 17.17.4 (ST_OnOff)."""
        node = self.child(*path)
        return node is not None and node.attributes.get("val", "true") not in {"0", "false", "off", "none"}


def parse(untrusted_xml: bytes) -> Node:
    """Return the root element.

    Raises:
        DocumentError: DAMAGED (not well-formed, or with a DTD), TOO_MANY_PARTS (too deep, too many), TOO_MUCH_TEXT.
    """
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = _BUFFER_BYTES
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = _refuse_dtd
    try:
        parser.Parse(untrusted_xml, True)  # in one piece: reparsing of split tokens was quadratic (CVE-2023-52425)
    except (expat.ExpatError, ValueError, LookupError) as problem:
        raise DocumentError(DocumentFault.DAMAGED) from problem
    if builder.root is None:
        raise DocumentError(DocumentFault.DAMAGED)
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._count = 0
        self._chars = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MAX_NODES or len(self._open) >= MAX_DEPTH:
            raise DocumentError(DocumentFault.TOO_MANY_PARTS)
        node = Node(_local(name), {_local(key): value for key, value in attributes.items()} if attributes else {})
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _name: str) -> None:
        self._open.pop()

    def characters(self, text: str) -> None:
        self._chars += len(text)
        if self._chars > MAX_TEXT_CHARS:
            raise DocumentError(DocumentFault.TOO_MUCH_TEXT)
        self._open[-1].text += text


def _local(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return local if space in _WORD else f":{local}"


def _refuse_dtd(*_arguments: object) -> None:
    """No document of an office has one; entity expansion begins with it."""
    raise DocumentError(DocumentFault.DAMAGED)
