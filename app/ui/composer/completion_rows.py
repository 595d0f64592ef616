"""Paints one answer in the list above the composer: title, short code, and how the answer begins."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.proposal import Article
from app.ui.components.untrusted import readable_line
from app.ui.theme import Role, TextStyle, active

ROW_PX = 48
ARTICLE_ROLE = Qt.ItemDataRole.UserRole + 1
_PAD_PX = 10

Index = QModelIndex | QPersistentModelIndex


class CompletionDelegate(QStyledItemDelegate):
    """Draws rows that hold an ``Article`` under ``ARTICLE_ROLE``; holds no state."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the room it would like."""
        return QSize(active().px(200), active().px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        article = index.data(ARTICLE_ROLE)
        if not isinstance(article, Article):
            return
        look, rect = active(), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(Role.ACCENT_WASH))
            painter.drawRoundedRect(rect.adjusted(2, 1, -2, -1), look.px(6), look.px(6))
            painter.setBrush(look.colour(Role.ACCENT))
            painter.drawRoundedRect(
                QRect(rect.left() + 2, rect.top() + look.px(10), look.px(3), rect.height() - look.px(20)), 1.5, 1.5
            )
        pad = look.px(_PAD_PX)
        text = rect.adjusted(pad, look.px(5), -pad, -look.px(5))
        half = text.height() // 2
        first, second = (
            QRect(text.left(), text.top(), text.width(), half),
            QRect(text.left(), text.top() + half, text.width(), half),
        )
        code = f"/{readable_line(article.short_code, 30)}" if article.short_code else ""
        room = look.metrics(TextStyle.SMALL_STRONG).horizontalAdvance(code)
        painter.setFont(look.font(TextStyle.SMALL_STRONG))
        painter.setPen(look.colour(Role.ACCENT_INK))
        painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, code)
        title_room = first.adjusted(0, 0, -(room + look.px(8) if code else 0), 0)
        _draw(painter, title_room, readable_line(article.title, 120), TextStyle.STRONG, Role.INK)
        _draw(painter, second, readable_line(article.body, 160), TextStyle.SMALL, Role.INK_FAINT)
        painter.restore()


def _draw(painter: QPainter, room: QRect, text: str, style: TextStyle, ink: Role) -> None:
    font = active().font(style)
    painter.setFont(font)
    painter.setPen(active().colour(ink))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
