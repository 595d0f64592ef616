"""A link as a QR code: the squares come from segno, the paint is ours, on screen and on paper."""

import segno
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.components.painting import follow_look
from app.ui.theme import active

QUIET_MODULES = 4
"""White border that readers need (ISO/IEC 18004, 9.1)."""

_DARK, _LIGHT = QColor("#000000"), QColor("#ffffff")
"""Always dark on white, also in the dark look: many readers refuse an inverted code."""

Squares = tuple[tuple[bool, ...], ...]


def squares_of(text: str) -> Squares:
    """Return the code as rows of squares, True for dark, without the quiet border.

    Error correction M (15 %): a print that was folded once still reads.
    """
    code = segno.make_qr(text, error="m", boost_error=False)
    return tuple(tuple(bool(square) for square in row) for row in code.matrix)


def draw_squares(painter: QPainter, room: QRectF, squares: Squares) -> None:
    """Draw a code with its quiet border, as large as whole device pixels allow, in the middle of ``room``."""
    count = len(squares) + 2 * QUIET_MODULES
    side = max(1, int(min(room.width(), room.height()) // count))
    left = room.left() + (room.width() - side * count) // 2
    top = room.top() + (room.height() - side * count) // 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.fillRect(QRectF(left, top, side * count, side * count), _LIGHT)
    for row, line in enumerate(squares, start=QUIET_MODULES):
        for column, is_dark in enumerate(line, start=QUIET_MODULES):
            if is_dark:
                painter.fillRect(QRectF(left + column * side, top + row * side, side, side), _DARK)
    painter.restore()


class QrView(QWidget):
    """Shows one code; empty until it is given one, and again after ``forget``."""

    def __init__(self, name: str, side_px: int = 232, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._squares: Squares = ()
        self._side_px = side_px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_text(self, text: str) -> None:
        """Show the code of ``text``."""
        self._squares = squares_of(text) if text else ()
        self.update()

    def forget(self) -> None:
        """Show nothing."""
        self.show_text("")

    def set_side(self, side_px: int) -> None:
        """Be so large on a screen at 100 %."""
        self._side_px = side_px
        self.updateGeometry()

    def is_empty(self) -> bool:
        """True while nothing is shown."""
        return not self._squares

    def sizeHint(self) -> QSize:
        """Return a square."""
        side = active().px(self._side_px)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Return the same as ``sizeHint``."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        follow_look(self, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._squares:
            draw_squares(painter, QRectF(self.rect()), self._squares)
        painter.end()
