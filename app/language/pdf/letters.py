"""From a PDF page to pieces: stretches of letters on one line that no wide gap interrupts.

Coordinates are in points, x to the right, y upwards from the foot of the page, after the page's own rotation.
"""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.language.hygiene import LOWERED, RAISED

MIN_SIZE_PT: Final = 3.0
"""Smaller letters cannot be read on paper; they are used to hide words from people and show them to machines."""
MAX_PAGE_LETTERS: Final = 60_000
"""A page set in 4 points without margins has about 30,000."""

SAME_LINE: Final = 0.6
"""Of the size: how far a raised or lowered letter may stand off its line. Lines are at least 1.0 apart."""
OFF_LINE: Final = 0.15
"""Of the size: how far a smaller digit must stand off to be a raised or lowered one."""
GAP_BETWEEN_OBJECTS: Final = 0.75
"""Of the size: a wider gap between two text objects separates cells. Word leaves 1.0 between cells at 11 points; a
space is 0.25 and stretches to 0.6."""
GAP_IN_OBJECT: Final = 2.5
"""Of the size: and one inside a text object, where only justified lines have gaps; with one long word to about 2."""

OVERLAP: Final = 1.2
"""Of the size: the letters of a ligature such as "ffi" all have the place of the whole."""

_ROTATED: Final = 0.1
_FONT_NAME_BYTES: Final = 128
_BOLD_WEIGHT: Final = 600
_FORCE_BOLD: Final = 1 << 18
_INVISIBLE: Final = 3
_BLANK: Final = frozenset(" \t\u00a0\u2002\u2003\u2009")
_LINE_END_HYPHEN: Final = "\u00ad"
_PDFIUM_HYPHENS: Final = frozenset({"\x02", "\ufffe", "\u00ad"})
_SURROGATES: Final = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look."""

    size: float
    is_bold: bool
    is_invisible: bool
    is_rotated: bool


@dataclass(slots=True)
class Piece:
    """Letters on one line, from ``x0`` to ``x1`` at the height ``y``."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold_letters: int
    letters: int

    @property
    def is_bold(self) -> bool:
        """True when every letter is."""
        return self.letters > 0 and self.bold_letters == self.letters


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    x0: float
    x1: float
    y: float
    look: Look
    owner: int = 0
    """The address of its text object: the stretch of letters that the producer wrote in one go."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The pieces of one page in the order of its content, with what was noticed."""

    number: int
    width: float
    height: float
    pieces: tuple[Piece, ...]
    invisible: int = 0
    """Letters that are not painted."""
    visible: int = 0
    unknown: int = 0
    """Letters whose font does not say what they are."""


@dataclass(frozen=True, slots=True)
class View:
    """A page as it is shown: its size after ``turns`` quarter turns to the right, and the corner of its own space.

    Source: ISO 32000-2, 7.7.3.3 (Rotate) and 14.11.2 (page boundaries).
    """

    width: float
    height: float
    turns: int = 0
    left: float = 0.0
    bottom: float = 0.0

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the page's own space is seen."""
        x, y = x - self.left, y - self.bottom
        if self.turns == 0:
            return x, y
        return {1: (y, self.height - x), 2: (self.width - x, self.height - y), 3: (self.width - y, x)}[self.turns]

    def span(self, left: float, right: float, bottom: float, top: float) -> tuple[float, float]:
        """Return from where to where a box of the page's own space is seen, left and right."""
        first, _ = self.place(left, bottom)
        second, _ = self.place(right, top)
        return min(first, second), max(first, second)

    def is_upright(self, across: float, up: float) -> bool:
        """Return whether letters that run along (across, up) are seen from left to right, give or take 6 degrees."""
        seen = {0: (across, up), 1: (up, -across), 2: (-across, -up), 3: (-up, across)}[self.turns]
        return seen[0] >= 0 and abs(seen[1]) <= _ROTATED * abs(seen[0])


class PageReader:
    """Reads the letters of one loaded page.

    Args:
        pdfium: the C interface.
        text_page: of ``FPDFText_LoadPage``.
        view: how the page is turned before it is shown.
    """

    def __init__(self, pdfium: Any, text_page: Any, view: View) -> None:
        self._pdfium = pdfium
        self._page = text_page
        self._view = view
        self._looks: dict[int, Look] = {}
        self.invisible = 0
        self.visible = 0
        self.unknown = 0

    def read(self, *, with_invisible: bool) -> tuple[Piece, ...]:
        """Return the pieces; letters that are not painted only when they are asked for."""
        self.invisible = self.visible = self.unknown = 0
        return tuple(join(self._letters(with_invisible=with_invisible)))

    def _letters(self, *, with_invisible: bool) -> Iterator[_Letter]:
        pdfium, page = self._pdfium, self._page
        x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
        count = min(pdfium.FPDFText_CountChars(page), MAX_PAGE_LETTERS)
        for index in range(count):
            code = pdfium.FPDFText_GetUnicode(page, index)
            if not code or code in _SURROGATES or code > 0x10FFFF:  # noqa: PLR2004
                continue
            char = chr(code)
            if pdfium.FPDFText_IsGenerated(page, index) == 1:
                if char in _BLANK:
                    yield _Letter(" ", 0.0, 0.0, 0.0, _SPACE)
                continue
            look, owner = self._look(index)
            pdfium.FPDFText_GetCharOrigin(page, index, x, y)
            pdfium.FPDFText_GetLooseCharBox(page, index, box)
            left, base = self._view.place(x.value, y.value)
            if not self._counts(look, left, base, with_invisible=with_invisible):
                continue
            x0, x1 = self._view.span(box.left, box.right, box.bottom, box.top)
            if pdfium.FPDFText_HasUnicodeMapError(page, index) == 1:
                self.unknown += 1
            if char in _PDFIUM_HYPHENS:
                char = _LINE_END_HYPHEN
            yield _Letter(char, x0, x1, base, look, owner)

    def _counts(self, look: Look, x: float, y: float, *, with_invisible: bool) -> bool:
        if look.is_rotated or look.size < MIN_SIZE_PT:
            return False
        if not (-1 <= x <= self._view.width + 1 and -1 <= y <= self._view.height + 1):  # NaN is off the page too
            return False
        if look.is_invisible:
            self.invisible += 1
            return with_invisible
        self.visible += 1
        return True

    def _look(self, index: int) -> tuple[Look, int]:
        text_object = self._pdfium.FPDFText_GetTextObject(self._page, index)
        address = ctypes.cast(text_object, ctypes.c_void_p).value or 0
        look = self._looks.get(address)
        if look is None or not address:
            look = self._looks[address] = self._measure(index, text_object if address else None)
        return look, address

    def _measure(self, index: int, text_object: Any) -> Look:
        pdfium, matrix = self._pdfium, self._pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._page, index, matrix)
        size = pdfium.FPDFText_GetFontSize(self._page, index) * math.hypot(matrix.c, matrix.d)
        name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
        flags = ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(self._page, index, name, _FONT_NAME_BYTES, flags)
        words = name.value.lower()
        weight = pdfium.FPDFText_GetFontWeight(self._page, index)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(text_object) if text_object is not None else 0
        return Look(
            size=round(size, 1) if math.isfinite(size) else 0.0,
            is_bold=b"bold" in words or b"black" in words or weight >= _BOLD_WEIGHT or bool(flags.value & _FORCE_BOLD),
            is_invisible=mode == _INVISIBLE,
            is_rotated=not self._view.is_upright(matrix.a, matrix.b),
        )


_SPACE: Final = Look(0.0, is_bold=False, is_invisible=False, is_rotated=False)


def join(letters: Iterator[_Letter]) -> Iterator[Piece]:
    """Yield pieces: a new one begins on another line, after a wide gap, or where writing jumps back."""
    piece: Piece | None = None
    pen = 0.0
    owner = 0
    has_space = False
    for letter in letters:
        if letter.text in _BLANK:
            has_space = True
            if piece is not None and letter.look is not _SPACE and abs(letter.y - piece.y) < SAME_LINE * piece.size:
                pen = max(pen, min(letter.x1, pen + piece.size))
            continue
        if piece is None or not _belongs(piece, letter, pen, is_same_object=letter.owner == owner):
            if piece is not None:
                yield piece
            piece = Piece("", letter.x0, letter.x1, letter.y, letter.look.size, 0, 0)
            has_space = False
        _append(piece, letter, has_space=has_space)
        has_space, owner, pen = False, letter.owner, piece.x1
    if piece is not None:
        yield piece


def _belongs(piece: Piece, letter: _Letter, pen: float, *, is_same_object: bool) -> bool:
    size = max(piece.size, letter.look.size)
    if abs(letter.y - piece.y) >= SAME_LINE * size:
        return False
    return -OVERLAP * size <= letter.x0 - pen <= (GAP_IN_OBJECT if is_same_object else GAP_BETWEEN_OBJECTS) * size


def _append(piece: Piece, letter: _Letter, *, has_space: bool) -> None:
    text = letter.text
    if piece.text and abs(letter.y - piece.y) >= OFF_LINE * piece.size and letter.look.size < piece.size:
        text = text.translate(RAISED if letter.y > piece.y else LOWERED)
    piece.text += f" {text}" if has_space and piece.text else text
    piece.x1 = max(piece.x1, letter.x1)
    piece.letters += 1
    piece.bold_letters += letter.look.is_bold
    if letter.look.size > piece.size:  # a raised first letter does not make the line small
        piece.size, piece.y = letter.look.size, letter.y
