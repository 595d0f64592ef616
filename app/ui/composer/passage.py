"""A passage with the very words of a fact marked in it; plain text, whatever stands in it."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.components.untrusted import readable
from app.ui.theme import Look, Role, TextStyle, active

MAX_SHOWN_CHARS = 4_000
AROUND_CHARS = 160
"""Of a long passage this much is shown on either side of the marked words where room is short."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Text as it may be shown, and the half-open range of the marked words in it, in UTF-16 units as Qt counts."""

    text: str
    start: int = 0
    end: int = 0


def marked(untrusted_text: str, start: int, end: int, *, around_chars: int | None = None) -> Marked:
    """Return a passage with its mark; ``start`` and ``end`` are code points of ``untrusted_text``.

    With ``around_chars`` only that much text is kept on either side, cut at words, with an ellipsis.
    """
    start, end = max(0, start), min(end, len(untrusted_text))
    first, last = 0, len(untrusted_text)
    if around_chars is not None:
        first = min(start, _word_start(untrusted_text, start - around_chars)) if start > around_chars else 0
        last = max(start, end, _word_end(untrusted_text, max(end, start) + around_chars))
    before = ("…" if first else "") + readable(untrusted_text[first:start], MAX_SHOWN_CHARS)
    words = readable(untrusted_text[start:end], MAX_SHOWN_CHARS) if end > start else ""
    after = readable(untrusted_text[max(start, end) : last], MAX_SHOWN_CHARS)
    after += "…" if last < len(untrusted_text) else ""
    place = units(before)
    return Marked(before + words + after, place, place + units(words))


def units(text: str) -> int:
    """Length of a text as Qt counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class PassageView(QWidget):
    """Draws a ``Marked``: the marked words lie on a wash and are underlined."""

    def __init__(
        self, style: TextStyle = TextStyle.SMALL, *, max_lines: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._style = style
        self._max_lines = max_lines
        self._marked = Marked("")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_marked(self, what: Marked) -> None:
        """Show another passage."""
        self._marked = what
        self.setAccessibleName(what.text)
        self.updateGeometry()
        self.update()

    def shown(self) -> Marked:
        """What is shown."""
        return self._marked

    def sizeHint(self) -> QSize:
        """Return the room it would like."""
        width = active().px(320)
        return QSize(width, self.heightForWidth(width))

    def hasHeightForWidth(self) -> bool:
        """Text takes more lines where it is narrow."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of the text at this width."""
        layout, lines = self._laid_out(width)
        shown = lines if self._max_lines is None else min(lines, self._max_lines)
        if not shown:
            return 0
        last = layout.lineAt(shown - 1)
        return round(last.y() + last.height()) + 1

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        layout, _lines = self._laid_out(self.width())
        painter.setPen(QPen(active().colour(Role.INK_SOFT)))
        layout.draw(painter, QPointF(0, 0))
        painter.end()

    def _laid_out(self, width: int) -> tuple[QTextLayout, int]:
        return lay_out(self._marked, self._style, width)


def lay_out(what: Marked, style: TextStyle, width: int) -> tuple[QTextLayout, int]:
    """Return the laid-out passage and how many lines it has."""
    look = active()
    layout = QTextLayout(what.text.replace("\n", "\u2028"), look.font(style))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    if what.end > what.start:
        layout.setFormats([_range(what, look, style)])
    layout.beginLayout()
    y, lines = 0.0, 0
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(1, width))
        line.setPosition(QPointF(0, y))
        y += line.height() * 1.12
        lines += 1
    layout.endLayout()
    return layout, lines


def _range(what: Marked, look: Look, style: TextStyle) -> QTextLayout.FormatRange:
    form = QTextCharFormat()
    strong = TextStyle.SMALL_STRONG if style is TextStyle.SMALL else style
    form.setFont(look.font(strong))
    form.setForeground(look.colour(Role.INK))
    form.setBackground(look.colour(Role.ACCENT_WASH))
    form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
    form.setUnderlineColor(look.colour(Role.ACCENT_INK))
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = what.start, what.end - what.start, form
    return found


def _word_start(text: str, place: int) -> int:
    space = text.find(" ", place)
    return place if space < 0 else space + 1


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", 0, place)
    return place if space < 0 else space
