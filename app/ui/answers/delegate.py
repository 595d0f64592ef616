"""Paints one answer in two lines.

::

    Opening hours                         /hours
    Valid · Review due 3 Dec     ✎ Unsaved  ⚑ Review due
"""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.services.answers.service import Answer
from app.ui.answers.model import AnswerModel, AnswerRole
from app.ui.answers.words import second_line
from app.ui.components.rows import draw_row_ground
from app.ui.components.untrusted import readable_line
from app.ui.theme import IconName, Look, Role, TextStyle, active, icon_pixmap

ROW_PX = 62
_INSET_PX = 6
_PAD_PX = 12
_MAX_MARKS = 2

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class _Mark:
    drawing: IconName
    word: str
    ink: Role


class AnswerDelegate(QStyledItemDelegate):
    """Draws rows of an ``AnswerModel``; holds no state."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the room it would like."""
        return QSize(active().px(200), active().px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        answer, model = index.data(AnswerRole.ANSWER), index.model()
        if not isinstance(answer, Answer) or not isinstance(model, AnswerModel):
            return
        look = active()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_row_ground(painter, option, look, inset_px=_INSET_PX, bar_px=12, line_px=(_PAD_PX, _PAD_PX))
        edge = look.px(_INSET_PX + _PAD_PX)
        text = option.rect.adjusted(edge, look.px(10), -edge, -look.px(10))
        middle = text.top() + text.height() // 2
        first = QRect(text.left(), text.top(), text.width(), middle - text.top())
        second = QRect(text.left(), middle, text.width(), text.bottom() - middle + 1)
        right = _draw_code(painter, first, answer.article.short_code, look)
        is_quiet = answer.is_withdrawn or not answer.article.is_valid_on(model.day)
        title = readable_line(answer.article.title) or self.tr("Untitled")
        _draw_words(painter, first, right, title, TextStyle.STRONG, Role.INK_SOFT if is_quiet else Role.INK)
        right = second.right()
        for mark in self._marks(answer, model)[:_MAX_MARKS]:
            right = _draw_mark(painter, second, right, mark, look) - look.px(10)
        _draw_words(painter, second, right, second_line(answer, model.day), TextStyle.SMALL, Role.INK_FAINT)
        painter.restore()

    def _marks(self, answer: Answer, model: AnswerModel) -> list[_Mark]:
        """What a person must not miss, most important first."""
        marks = []
        if answer.has_unsaved:
            marks.append(_Mark(IconName.EDIT, self.tr("Unsaved"), Role.ACCENT_INK))
        if answer.is_due_on(model.day):
            marks.append(_Mark(IconName.CLOCK, self.tr("Review"), Role.CAUTION_INK))
        if not answer.is_withdrawn and not answer.article.is_valid_on(model.day):
            marks.append(_Mark(IconName.STOP, self.tr("Not offered"), Role.CAUTION_INK))
        if answer.article.is_internal:
            marks.append(_Mark(IconName.EYE_OFF, self.tr("Office only"), Role.INK_FAINT))
        return marks


def _draw_code(painter: QPainter, line: QRect, code: str, look: Look) -> int:
    """Draw the short code at the right as a key of its own, and return where the room for the title ends."""
    if not code:
        return line.right()
    metrics = look.metrics(TextStyle.CAPTION)
    word = metrics.elidedText(f"/{readable_line(code, 40)}", Qt.TextElideMode.ElideRight, line.width() // 2)
    pad, height = look.px(6), look.px(20)
    width = metrics.horizontalAdvance(word) + 2 * pad
    box = QRect(line.right() - width, line.center().y() - height // 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(Role.FILL))
    painter.drawRoundedRect(box, look.px(4), look.px(4))
    painter.setFont(look.font(TextStyle.CAPTION))
    painter.setPen(look.colour(Role.INK_SOFT))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)
    return box.left() - look.px(8)


def _draw_mark(painter: QPainter, line: QRect, right: int, mark: _Mark, look: Look) -> int:
    metrics = look.metrics(TextStyle.CAPTION)
    side, gap = look.px(14), look.px(4)
    left = right - side - gap - metrics.horizontalAdvance(mark.word)
    ratio = painter.device().devicePixelRatioF()
    spot = QPoint(left, line.center().y() - side // 2 + 1)
    painter.drawPixmap(spot, icon_pixmap(mark.drawing, mark.ink, side, ratio))
    painter.setFont(look.font(TextStyle.CAPTION))
    painter.setPen(look.colour(mark.ink))
    words = QRect(left + side + gap, line.top(), right - left, line.height())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, mark.word)
    return left


def _draw_words(painter: QPainter, line: QRect, right: int, text: str, style: TextStyle, ink: Role) -> None:
    look = active()
    font, width = look.font(style), max(0, right - line.left())
    painter.setFont(font)
    painter.setPen(look.colour(ink))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
    painter.drawText(QRect(line.left(), line.top(), width, line.height()), Qt.AlignmentFlag.AlignVCenter, shown)
