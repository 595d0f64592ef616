"""How chips look: a quiet wash behind the words, and a cell after them that holds a number, a warning or a tick.

Never colour alone: a fact of a source has the number of its source, one that stands in no source a dashed edge and a
triangle, a checked one a filled cell with a tick.
"""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTextBlock, QTextDocument

from app.domain.facts import FactMark
from app.ui.theme import Look, Radius, Role, Size, TextStyle, active

CELL_PX = 17
"""Room after the words for the cell."""


@dataclass(frozen=True, slots=True)
class ChipLook:
    """What one chip has to show now."""

    fact: FactMark
    is_checked: bool
    has_focus: bool


def line_rects(document: QTextDocument, start: int, end: int) -> list[QRectF]:
    """The rectangles of a range of the document, one per line, in the document's own coordinates."""
    rects = []
    block = document.findBlock(start)
    while block.isValid() and block.position() < end:
        rects += _rects_in(document, block, max(start, block.position()), min(end, block.position() + block.length()))
        block = block.next()
    return rects


def _rects_in(document: QTextDocument, block: QTextBlock, start: int, end: int) -> list[QRectF]:
    layout, corner = block.layout(), document.documentLayout().blockBoundingRect(block).topLeft()
    (ascent, descent), rects = _tall(active()), []
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        first = max(start - block.position(), line.textStart())
        last = min(end - block.position(), line.textStart() + line.textLength())
        if first < last:
            left, right = _x(line.cursorToX(first)), _x(line.cursorToX(last))
            # Around the letters, not the line: lines have air between them, chips of two lines must not touch.
            top, height = line.y() + line.ascent() - ascent - 1, ascent + descent + 2
            rects.append(QRectF(corner.x() + left, corner.y() + top, right - left, height))
    return rects


@lru_cache(maxsize=8)
def _tall(look: Look) -> tuple[int, int]:
    """How far letters of the text reach above and below their line."""
    metrics = look.metrics(TextStyle.BODY)
    return metrics.ascent(), metrics.descent()


def _x(place: object) -> float:
    """Qt's Python binding returns the x alone or with the cursor, depending on its version."""
    return float(place[0] if isinstance(place, tuple) else place)  # type: ignore[arg-type]


def paint_chip(painter: QPainter, look: Look, chip: ChipLook, words: list[QRectF], cell: QRectF) -> None:
    """Draw what lies behind the words of one fact, and its cell."""
    fill, line = _dress(look, chip)
    pen = QPen(line, 1)
    if not chip.fact.is_supported and not chip.is_checked:
        pen.setStyle(Qt.PenStyle.DashLine)
    for number, rect in enumerate(words):
        box = rect.united(cell) if number == len(words) - 1 and cell.top() == rect.top() else rect
        painter.setBrush(fill)
        painter.setPen(pen)
        painter.drawRoundedRect(box.adjusted(-1.5, 0, 0.5, 0), look.px(Radius.S), look.px(Radius.S))
        if chip.has_focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour(Role.FOCUS), look.px(Size.RING)))
            painter.drawRoundedRect(box.adjusted(-2, 0, 1, 0), look.px(Radius.S), look.px(Radius.S))
    _paint_cell(painter, look, chip, cell)


def _dress(look: Look, chip: ChipLook) -> tuple[QColor, QColor]:
    if chip.fact.is_supported:
        return look.colour(Role.RAISED, 150), look.colour(Role.ACCENT_INK, 70)
    return look.colour(Role.CAUTION_WASH), look.colour(Role.CAUTION_INK)


def _paint_cell(painter: QPainter, look: Look, chip: ChipLook, cell: QRectF) -> None:
    side = look.px(13)
    box = QRectF(0, 0, side, side)
    box.moveCenter(cell.center() + QPointF(-look.px(1), 0))
    ink = look.colour(Role.ACCENT_INK if chip.fact.is_supported else Role.CAUTION_INK)
    if chip.is_checked:
        painter.setBrush(ink)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, look.px(3), look.px(3))
        painter.setPen(QPen(look.colour(Role.RAISED), look.px(1.6)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        tick = QPainterPath(box.topLeft() + QPointF(side * 0.24, side * 0.54))
        tick.lineTo(box.topLeft() + QPointF(side * 0.43, side * 0.73))
        tick.lineTo(box.topLeft() + QPointF(side * 0.78, side * 0.30))
        painter.drawPath(tick)
    elif chip.fact.is_supported:
        painter.setFont(look.font(TextStyle.CAPTION))
        painter.setPen(ink)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(chip.fact.source_number))
    else:
        painter.setBrush(ink)
        painter.setPen(Qt.PenStyle.NoPen)
        top, foot = box.top() + side * 0.14, box.top() + side * 0.86
        painter.drawPolygon(
            QPolygonF([QPointF(box.center().x(), top), QPointF(box.right(), foot), QPointF(box.left(), foot)])
        )
        painter.setPen(QPen(look.colour(Role.CAUTION_WASH), look.px(1.4)))
        painter.drawLine(
            QPointF(box.center().x(), box.top() + side * 0.42), QPointF(box.center().x(), box.top() + side * 0.60)
        )
        painter.drawPoint(QPointF(box.center().x(), box.top() + side * 0.74))
