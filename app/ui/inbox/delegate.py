"""Paints one conversation in two lines.

::

    (MA)  Maria Alvarado            ⚑ Urgent   12 min
          Hi, do you have free parking for …   ✎ Draft ready

Everything that is drawn comes from ``InboxRow``; outside text is folded to one bounded line before it is measured.
"""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.conversation import InboxRow
from app.domain.ids import PersonId
from app.ui.components.marks import initials
from app.ui.components.rows import draw_row_ground
from app.ui.components.veil import draw_bar, person_line, veil
from app.ui.inbox.ages import age_words, clock_words
from app.ui.inbox.marks import Mark, MarkTone, one_line, state_marks, urgency_mark
from app.ui.inbox.model import InboxRole
from app.ui.theme import Look, Role, Size, TextStyle, active, icon_pixmap

ROW_PX = 74
_INSET_PX = 6
_PAD_PX = 12
_MAX_MARKS = 2
_HIDDEN_SHARE = 0.8
"""How much of its line a hidden text takes, however long it is."""

_INK_OF_TONE = {
    MarkTone.SIGNAL: Role.SIGNAL_INK,
    MarkTone.CAUTION: Role.CAUTION_INK,
    MarkTone.ACCENT: Role.ACCENT_INK,
    MarkTone.QUIET: Role.INK_FAINT,
}
_WASH_OF_TONE = {MarkTone.SIGNAL: Role.SIGNAL_WASH, MarkTone.CAUTION: Role.CAUTION_WASH}

Index = QModelIndex | QPersistentModelIndex


class InboxDelegate(QStyledItemDelegate):
    """Draws rows; holds no state but two ways to ask."""

    def __init__(self, now_ms: Callable[[], int], name_of: Callable[[PersonId | None], str | None]) -> None:
        super().__init__()
        self._now_ms = now_ms
        self._name_of = name_of

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the room it would like."""
        return QSize(active().px(200), active().px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row = index.data(InboxRole.ROW)
        if not isinstance(row, InboxRow):
            return
        look = active()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_row_ground(
            painter, option, look, inset_px=_INSET_PX, bar_px=14, line_px=(_PAD_PX + Size.AVATAR + _PAD_PX, _PAD_PX)
        )
        inset, pad = look.px(_INSET_PX), look.px(_PAD_PX)
        body = option.rect.adjusted(inset + pad, 0, -inset - pad, 0)
        avatar = look.px(Size.AVATAR)
        _draw_avatar(painter, QRect(body.left(), body.center().y() - avatar // 2, avatar, avatar), row, look)
        text = body.adjusted(avatar + pad, look.px(13), 0, -look.px(13))
        middle = text.top() + text.height() // 2
        self._draw_first_line(painter, QRect(text.left(), text.top(), text.width(), middle - text.top()), row, look)
        second = QRect(text.left(), middle, text.width(), text.bottom() - middle + 1)
        self._draw_second_line(painter, second, row, look, is_read=is_read(option))
        painter.restore()

    def _draw_first_line(self, painter: QPainter, line: QRect, row: InboxRow, look: Look) -> None:
        right = line.right()
        age = self._age(row)
        if age:
            font = look.font(TextStyle.SMALL_STRONG if row.unread_count else TextStyle.SMALL, is_tabular=True)
            width = QFontMetrics(font).horizontalAdvance(age)
            painter.setFont(font)
            painter.setPen(look.colour(Role.INK if row.unread_count else Role.INK_FAINT))
            painter.drawText(
                QRect(right - width, line.top(), width + 1, line.height()), Qt.AlignmentFlag.AlignVCenter, age
            )
            right -= width + look.px(10)
        mark = urgency_mark(row.urgency)
        if mark is not None:
            right = _draw_mark(painter, line, right, mark, look) - look.px(8)
        style = TextStyle.STRONG if row.unread_count else TextStyle.BODY
        _draw_elided(painter, line, right, person_line(row.contact_name), style, Role.INK, look)

    def _draw_second_line(self, painter: QPainter, line: QRect, row: InboxRow, look: Look, *, is_read: bool) -> None:
        right = line.right()
        for mark in reversed(state_marks(row, self._now_ms(), self._name_of(row.assigned_to))[:_MAX_MARKS]):
            right = _draw_mark(painter, line, right, mark, look) - look.px(8)
        if veil().is_drawn and not is_read:
            draw_bar(painter, QRectF(line.left(), line.top(), max(0, right - line.left()) * _HIDDEN_SHARE,
                                     line.height()), look)  # fmt: skip
        else:
            _draw_elided(painter, line, right, one_line(row.snippet), TextStyle.SMALL, Role.INK_SOFT, look)

    def _age(self, row: InboxRow) -> str:
        now_ms = self._now_ms()
        if row.oldest_unanswered_ms is not None:
            return age_words(row.oldest_unanswered_ms, now_ms)
        return clock_words(row.last_activity_ms, now_ms)


def is_read(option: QStyleOptionViewItem) -> bool:
    """Say whether the pointer lies on a row, or the keyboard."""
    return bool(option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus))


def _draw_avatar(painter: QPainter, circle: QRect, row: InboxRow, look: Look) -> None:
    is_new = row.unread_count > 0
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(Role.ACCENT if is_new else Role.SUNKEN))
    painter.drawEllipse(circle)
    painter.setFont(look.font(TextStyle.SMALL_STRONG))
    painter.setPen(look.colour(Role.ON_ACCENT if is_new else Role.INK_SOFT))
    painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, initials(row.contact_name))


def _draw_mark(painter: QPainter, line: QRect, right: int, mark: Mark, look: Look) -> int:
    """Draw a mark that ends at ``right`` and return where it begins."""
    metrics = look.metrics(TextStyle.CAPTION)
    icon_px, gap = look.px(14), look.px(4)
    wash = _WASH_OF_TONE.get(mark.tone)
    pad = look.px(7) if wash else 0
    word = metrics.elidedText(mark.word, Qt.TextElideMode.ElideRight, look.px(120))
    width = icon_px + gap + metrics.horizontalAdvance(word) + 2 * pad
    box = QRect(right - width, line.center().y() - look.px(10), width, look.px(21))
    if wash is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(wash))
        painter.drawRoundedRect(box, look.px(4), look.px(4))
    ink = _INK_OF_TONE[mark.tone]
    ratio = painter.device().devicePixelRatioF()
    spot = QPoint(box.left() + pad, box.center().y() - icon_px // 2 + 1)
    painter.drawPixmap(spot, icon_pixmap(mark.icon, ink, icon_px, ratio))
    painter.setFont(look.font(TextStyle.CAPTION))
    painter.setPen(QColor(look.colour(ink)))
    painter.drawText(box.adjusted(pad + icon_px + gap, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, word)
    return box.left()


def _draw_elided(
    painter: QPainter, line: QRect, right: int, text: str, style: TextStyle, ink: Role, look: Look
) -> None:
    font = look.font(style)
    width = max(0, right - line.left())
    painter.setFont(font)
    painter.setPen(look.colour(ink))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
    painter.drawText(QRect(line.left(), line.top(), width, line.height()), Qt.AlignmentFlag.AlignVCenter, shown)
