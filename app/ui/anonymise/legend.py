"""What the marks mean: one sample of each group that was found, with its number."""

from collections import Counter
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.services.anonymising.view_records import LeavingThread
from app.ui.anonymise.groups import LabelGroup, Line, group_of, mark_of
from app.ui.anonymise.words import group_word
from app.ui.components.painting import begin, fill_rounded, follow_look
from app.ui.theme import Look, TextStyle, active
from app.ui.theme.tokens import Role

_HEIGHT_PX = 24
_GAP_PX = 14
_PAD_PX = 6
_DASHES: Mapping[Line, list[float]] = {
    Line.DashUnderline: [3, 2],
    Line.DotLine: [1, 2],
    Line.DashDotLine: [3, 2, 1, 2],
    Line.DashDotDotLine: [3, 2, 1, 2, 1, 2],
}


class Legend(QWidget):
    """Paints the samples in one row, in as many rows as the width asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers: dict[LabelGroup, int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_thread(self, thread: LeavingThread | None) -> None:
        """Count what was found."""
        marks = () if thread is None else (mark for message in thread.messages for mark in message.marks)
        found = Counter(group_of(mark.label) for mark in marks)
        self._numbers = {group: found[group] for group in LabelGroup if found[group]}
        self.setAccessibleName(", ".join(self.words()))
        self.updateGeometry()
        self.update()

    def words(self) -> list[str]:
        """Return what is said, group by group."""
        return [f"{group_word(group)} {number}" for group, number in self._numbers.items()]

    def sizeHint(self) -> QSize:
        """Return one row."""
        return QSize(active().px(200), self.heightForWidth(self.width() or active().px(600)))

    def heightForWidth(self, width: int) -> int:
        """Return the rows that a width asks for."""
        places = self._places(width, active())
        return (max((rect.bottom() for rect in places), default=active().px(_HEIGHT_PX))) + 1

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        follow_look(self, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the samples."""
        look, painter = active(), begin(self)
        for rect, group, words in zip(self._places(self.width(), look), self._numbers, self.words(), strict=True):
            self._draw(painter, QRectF(rect), group, words, look)
        painter.end()

    def _places(self, width: int, look: Look) -> list[QRect]:
        places, left, top, height = [], 0, 0, look.px(_HEIGHT_PX)
        for words in self.words():
            wide = look.metrics(TextStyle.SMALL).horizontalAdvance(words) + look.px(2 * _PAD_PX)
            if left and left + wide > width:
                left, top = 0, top + height + look.px(4)
            places.append(QRect(left, top, wide, height))
            left += wide + look.px(_GAP_PX)
        return places

    @staticmethod
    def _draw(painter: QPainter, rect: QRectF, group: LabelGroup, words: str, look: Look) -> None:
        mark, pad = mark_of(group), look.px(_PAD_PX)
        fill_rounded(painter, rect.adjusted(0, look.px(1), 0, -look.px(1)), look.px(3), look.colour(mark.wash))
        painter.setFont(look.font(TextStyle.SMALL))
        painter.setPen(look.colour(Role.INK))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
        pen = QPen(look.colour(mark.line_role), look.px(1.4))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if mark.line in _DASHES:
            pen.setDashPattern(_DASHES[mark.line])
        painter.setPen(pen)
        bottom = rect.bottom() - look.px(4)
        if mark.line is Line.WaveUnderline:
            _draw_wave(painter, rect.left() + pad, rect.right() - pad, bottom, look)
        else:
            painter.drawLine(QPointF(rect.left() + pad, bottom), QPointF(rect.right() - pad, bottom))


def _draw_wave(painter: QPainter, left: float, right: float, middle: float, look: Look) -> None:
    step, points, is_up = look.px(3), [], False
    while left < right:
        points.append(QPointF(left, middle + (-1 if is_up else 1) * look.px(1.2)))
        left, is_up = left + step, not is_up
    painter.drawPolyline(points)
