"""Ways to choose: cards for one of a few, boxes for yes or no, a list that drops down."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QWidget

from app.ui.components.painting import (
    RING_GAP_PX,
    PaintedButton,
    begin,
    draw_ring,
    fill_rounded,
    follow_look,
    shape_rect,
)
from app.ui.theme import IconName, Radius, Role, Size, Space, TextStyle, active, icon_pixmap

_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


class ChoiceCard(PaintedButton):
    """One of a few ways, with room to say what it means; arrow keys move between the cards of one parent."""

    def __init__(self, icon: IconName, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name, self._words = icon, text
        self.setText(title)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Return a card of reading width."""
        width = active().px(460)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return a narrow card."""
        width = active().px(240)
        return QSize(width, self.heightForWidth(max(self.width(), width)))

    def hasHeightForWidth(self) -> bool:
        """Return True: the words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that the words need at ``width``."""
        _title, words = self._text_rects(width)
        return round(words.bottom()) + active().px(Space.L + RING_GAP_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that the words need at the new width."""
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card, its drawing, words and mark."""
        look, painter = active(), begin(self)
        self._draw_sheet(painter)
        side = look.px(Size.ICON_L)
        ink = Role.ACCENT_INK if self.isChecked() else Role.INK_SOFT
        drawing = icon_pixmap(self._icon_name, ink, side, self.devicePixelRatioF())
        title, words = self._text_rects(self.width())
        painter.drawPixmap(QPointF(look.px(Space.L + RING_GAP_PX), title.top() + look.px(1)), drawing)
        painter.setFont(look.font(TextStyle.HEADING))
        painter.setPen(look.colour(Role.INK))
        painter.drawText(title, _WRAPPED, self.text())
        painter.setFont(look.font(TextStyle.BODY))
        painter.setPen(look.colour(Role.INK_SOFT))
        painter.drawText(words, _WRAPPED, self._words)
        self._draw_mark(painter, title)
        if self.hasFocus():
            draw_ring(painter, self, Radius.L)
        painter.end()

    def _draw_sheet(self, painter: QPainter) -> None:
        look = active()
        fill = Role.ACCENT_WASH if self.isChecked() else Role.HOVER if self.underMouse() else Role.RAISED
        line = Role.ACCENT if self.isChecked() else Role.LINE_STRONG
        width = look.px(Size.RING) if self.isChecked() else 1
        fill_rounded(painter, shape_rect(self), look.px(Radius.L), look.colour(fill), look.colour(line), width)

    def _draw_mark(self, painter: QPainter, title: QRectF) -> None:
        look = active()
        side = look.px(18)
        rect = QRectF(self.width() - look.px(Space.L + RING_GAP_PX) - side, title.top() + look.px(4), side, side)
        line = look.colour(Role.ACCENT if self.isChecked() else Role.LINE_STRONG)
        fill_rounded(painter, rect, side / 2, look.colour(Role.RAISED), line, look.px(1.6))
        if self.isChecked():
            inset = look.px(5)
            fill_rounded(painter, rect.adjusted(inset, inset, -inset, -inset), side / 2, look.colour(Role.ACCENT))

    def _text_rects(self, width: int) -> tuple[QRectF, QRectF]:
        look = active()
        edge = look.px(Space.L + RING_GAP_PX)
        left = edge + look.px(Size.ICON_L + Space.M)
        room = max(width - left - edge - look.px(18 + Space.M), look.px(80))
        title_size = _wrapped(look.metrics(TextStyle.HEADING), self.text(), room)
        words_size = _wrapped(look.metrics(TextStyle.BODY), self._words, room)
        title = QRectF(left, edge, room, title_size.height())
        return title, QRectF(left, title.bottom() + look.px(Space.XS), room, words_size.height())


def _wrapped(metrics: QFontMetrics, text: str, width: int) -> QSize:
    return metrics.boundingRect(QRect(0, 0, width, 10_000), _WRAPPED, text).size()


class CheckBox(QCheckBox):
    """Yes or no."""

    def sizeHint(self) -> QSize:
        """Return box and text, at least one target high."""
        look = active()
        width = look.metrics(TextStyle.BODY).horizontalAdvance(self.text()) + look.px(Size.ICON + Space.S + Space.M)
        return QSize(width, look.px(Size.TARGET + 2 * RING_GAP_PX))

    def minimumSizeHint(self) -> QSize:
        """Return the same as ``sizeHint``."""
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """Return True everywhere: the words belong to the box."""
        del pos
        return True

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        follow_look(self, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw box, tick, text and ring."""
        look, painter = active(), begin(self)
        side = look.px(18)
        box = QRectF(look.px(RING_GAP_PX + 1), (self.height() - side) / 2, side, side)
        is_on = self.isChecked()
        line = look.colour(Role.DISABLED if not self.isEnabled() else Role.ACCENT if is_on else Role.LINE_STRONG)
        fill_rounded(
            painter, box, look.px(Radius.S), look.colour(Role.ACCENT if is_on else Role.RAISED), line, look.px(1.4)
        )
        if is_on:
            tick = icon_pixmap(IconName.CHECK, Role.ON_ACCENT, side, self.devicePixelRatioF())
            painter.drawPixmap(box.topLeft(), tick)
        painter.setFont(look.font(TextStyle.BODY))
        painter.setPen(look.colour(Role.INK if self.isEnabled() else Role.DISABLED))
        room = QRectF(self.rect()).adjusted(box.right() + look.px(Space.S), 0, 0, 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if self.hasFocus():
            draw_ring(painter, self)
        painter.end()


class Select(QComboBox):
    """A list that drops down; the stylesheet draws the field, this adds the arrow."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and the arrow at its right."""
        super().paintEvent(event)
        look, painter = active(), begin(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        side = look.px(Size.ICON_S)
        right = QRectF(self.rect()).right() - look.px(Space.M) - side
        ink = Role.INK_SOFT if option.state & QStyle.StateFlag.State_Enabled else Role.DISABLED
        drawing = icon_pixmap(IconName.CHEVRON_DOWN, ink, side, self.devicePixelRatioF())
        painter.setPen(QPen(Qt.PenStyle.NoPen))
        painter.drawPixmap(QPointF(right, (self.height() - side) / 2), drawing)
        painter.end()
