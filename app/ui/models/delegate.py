"""Paints one model in two lines.

::

    Vestibule Starter                  ✓ In use
    8 million weights · 8.6 MB         ✓ Passed
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.services.models.keeper import Passport
from app.ui.components.rows import draw_row_ground
from app.ui.models.list_model import PassportRole
from app.ui.models.words import second_line, title_of
from app.ui.theme import IconName, Look, Role, TextStyle, active, icon_pixmap

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
        draw_row_ground(painter, option, look, inset_px=_INSET_PX, bar_px=12, line_px=(_PAD_PX, _PAD_PX))
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
