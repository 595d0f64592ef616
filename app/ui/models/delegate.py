"""Paints one model in two lines.

::

    Vestibule Starter                  ✓ In use
    8 million weights · 8.6 MB         ✓ Passed
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.services.model_keeper import Passport
from app.ui.models.list_model import PassportRole
from app.ui.models.words import second_line, title_of
from app.ui.theme import IconName, Look, Role, Size, TextStyle, active, icon_pixmap

ROW_PX = 66
_INSET_PX = 6
_PAD_PX = 12

Index = QModelIndex | QPersistentModelIndex
Mark = tuple[IconName, str, Role]


class PassportDelegate(QStyledItemDelegate):
    """Draws rows of a ``PassportModel``; holds no state."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the room it would like."""
        return QSize(active().px(200), active().px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        passport = index.data(PassportRole.PASSPORT)
        if not isinstance(passport, Passport):
            return
        look = active()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw_ground(painter, option, look)
        edge = look.px(_INSET_PX + _PAD_PX)
        text = option.rect.adjusted(edge, look.px(11), -edge, -look.px(11))
        middle = text.top() + text.height() // 2
        first = QRect(text.left(), text.top(), text.width(), middle - text.top())
        second = QRect(text.left(), middle, text.width(), text.bottom() - middle + 1)
        use = (IconName.CHECK, self.tr("In use"), Role.ACCENT_INK) if index.data(PassportRole.IS_RUNNING) else None
        _draw_line(painter, first, title_of(passport.entry), use, TextStyle.STRONG, Role.INK)
        _draw_line(painter, second, second_line(passport), self._test(passport), TextStyle.SMALL, Role.INK_FAINT)
        painter.restore()

    def _test(self, passport: Passport) -> Mark | None:
        test = passport.findings.test
        if not passport.fits:
            return IconName.MEMORY, self.tr("Too large"), Role.CAUTION_INK
        if test is None:
            return None
        if test.is_passed:
            return IconName.DONE, self.tr("Passed"), Role.INK_FAINT
        return IconName.WARNING, self.tr("Not passed"), Role.CAUTION_INK


def _draw_ground(painter: QPainter, option: QStyleOptionViewItem, look: Look) -> None:
    inset = look.px(_INSET_PX)
    sheet = option.rect.adjusted(inset, 2, -inset, -2)
    is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if is_selected or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(Role.ACCENT_WASH if is_selected else Role.HOVER))
        painter.drawRoundedRect(sheet, look.px(8), look.px(8))
    if is_selected:
        bar = QRect(sheet.left(), sheet.top() + look.px(12), look.px(3), sheet.height() - look.px(24))
        painter.setBrush(look.colour(Role.ACCENT))
        painter.drawRoundedRect(bar, 1.5, 1.5)
    else:
        painter.setPen(QPen(look.colour(Role.LINE), 1))
        left = sheet.left() + look.px(_PAD_PX)
        painter.drawLine(left, option.rect.bottom(), sheet.right() - look.px(_PAD_PX), option.rect.bottom())
    if option.state & QStyle.StateFlag.State_HasFocus and is_selected:
        painter.setPen(QPen(look.colour(Role.FOCUS), look.px(Size.RING)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(sheet.adjusted(1, 1, -1, -1), look.px(8), look.px(8))


def _draw_line(painter: QPainter, line: QRect, text: str, mark: Mark | None, style: TextStyle, ink: Role) -> None:
    look = active()
    right = line.right() if mark is None else _draw_mark(painter, line, mark, look) - look.px(10)
    font, width = look.font(style), max(0, right - line.left())
    painter.setFont(font)
    painter.setPen(look.colour(ink))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
    painter.drawText(QRect(line.left(), line.top(), width, line.height()), Qt.AlignmentFlag.AlignVCenter, shown)


def _draw_mark(painter: QPainter, line: QRect, mark: Mark, look: Look) -> int:
    drawing, word, ink = mark
    side, gap = look.px(14), look.px(4)
    left = line.right() - side - gap - look.metrics(TextStyle.CAPTION).horizontalAdvance(word)
    spot = QPoint(left, line.center().y() - side // 2 + 1)
    painter.drawPixmap(spot, icon_pixmap(drawing, ink, side, painter.device().devicePixelRatioF()))
    painter.setFont(look.font(TextStyle.CAPTION))
    painter.setPen(look.colour(ink))
    words = QRect(left + side + gap, line.top(), line.right() - left, line.height())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, word)
    return left
