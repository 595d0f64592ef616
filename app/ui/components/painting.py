"""What the components that paint themselves share."""

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.ui.theme import Radius, Role, Size, active

RING_GAP_PX = 3
"""Room that a control keeps around its shape for the focus ring, at 100 %."""


def begin(widget: QWidget) -> QPainter:
    """Return a painter for ``widget`` with smooth edges."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def shape_rect(widget: QWidget) -> QRectF:
    """Return the part of ``widget`` inside the room for its ring."""
    gap = active().px(RING_GAP_PX)
    return QRectF(widget.rect()).adjusted(gap, gap, -gap, -gap)


def fill_rounded(
    painter: QPainter,
    rect: QRectF,
    radius_px: float,
    fill: QColor | None,
    line: QColor | None = None,
    width_px: float = 1,
) -> None:
    """Draw a rounded shape; a line lies wholly inside ``rect``."""
    inset = width_px / 2 if line is not None else 0
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(line, width_px) if line is not None else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius_px, radius_px)


def draw_ring(painter: QPainter, widget: QWidget, radius: Radius | None = Radius.M) -> None:
    """Draw the focus ring at the edge of ``widget``; without ``radius`` it is a circle."""
    look = active()
    rect = QRectF(widget.rect())
    corner = rect.height() / 2 if radius is None else look.px(radius + RING_GAP_PX - 1)
    fill_rounded(painter, rect, corner, None, look.colour(Role.FOCUS), look.px(Size.RING))


def follow_look(widget: QWidget, event: QEvent) -> None:
    """Measure and paint ``widget`` anew when the look has changed; call it from ``changeEvent``."""
    if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.EnabledChange}:
        widget.updateGeometry()
        widget.update()


class PaintedButton(QAbstractButton):
    """A button that paints itself: it does so anew under the pointer and when the look changes."""

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the fill under the pointer."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the fill away again."""
        super().leaveEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        follow_look(self, event)
