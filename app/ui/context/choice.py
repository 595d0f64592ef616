"""One of a few, as a button with a drawing and a word."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui.theme import IconName, Radius, Role, Size, Space, TextStyle, active, icon_pixmap

_HEIGHT_PX = 36


class ChoiceButton(QAbstractButton):
    """Checked: filled wash, strong word and a firm edge, so it does not rest on colour alone."""

    def __init__(
        self, drawing: IconName, word: str, *, is_alarming: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._is_alarming = is_alarming
        self.setText(word)
        self.setAccessibleName(word)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the room it would like."""
        look = active()
        width = look.metrics(TextStyle.SMALL_STRONG).horizontalAdvance(self.text()) + look.px(46)
        return QSize(width, look.px(_HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        """Return the room it needs."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        look, painter = active(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ink = (Role.SIGNAL_INK if self._is_alarming else Role.ACCENT_INK) if self.isChecked() else Role.INK_SOFT
        wash = Role.SIGNAL_WASH if self._is_alarming else Role.ACCENT_WASH
        fill = look.colour(wash if self.isChecked() else Role.HOVER if self.underMouse() else Role.SURFACE)
        painter.setBrush(fill)
        painter.setPen(
            QPen(look.colour(ink if self.isChecked() else Role.LINE), look.px(1.5) if self.isChecked() else 1)
        )
        painter.drawRoundedRect(box, look.px(Radius.M), look.px(Radius.M))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour(Role.FOCUS), look.px(Size.RING)))
            painter.drawRoundedRect(box, look.px(Radius.M), look.px(Radius.M))
        side, left = look.px(Size.ICON_S), look.px(Space.M)
        spot = QPointF(left, box.center().y() - side / 2)
        painter.drawPixmap(spot, icon_pixmap(self._drawing, ink, side, self.devicePixelRatioF()))
        painter.setFont(look.font(TextStyle.SMALL_STRONG if self.isChecked() else TextStyle.SMALL))
        painter.setPen(look.colour(Role.INK if self.isChecked() else Role.INK_SOFT))
        words = box.adjusted(left + side + look.px(Space.XS) + 2, 0, -2, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        painter.end()
