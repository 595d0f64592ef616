"""Which message of a thread is read in counter mode, and the bars over all others."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QAbstractTextDocumentLayout, QPainter, QTextBlock

from app.domain.conversation import ItemKind, Party
from app.domain.ids import EventId
from app.ui.components.veil import draw_bar
from app.ui.theme import Look, Role
from app.ui.thread.writing import Placed


class Reading:
    """The message under the pointer wins over the one that the keyboard stands on."""

    def __init__(self) -> None:
        self.pointed: EventId | None = None
        self.chosen: EventId | None = None

    @property
    def event_id(self) -> EventId | None:
        """The one message that can be read now."""
        return self.pointed or self.chosen

    def step(self, items: Sequence[Placed], step: int) -> Placed | None:
        """Let the keyboard go on to the next message, or the one before; None where there is none at all."""
        ids = [placed.item.event_id for placed in items if placed.item.kind is not ItemKind.NOTICE]
        if not ids:
            return None
        here = ids.index(self.chosen) if self.chosen in ids else len(ids) - (1 if step < 0 else 2)
        self.chosen = ids[min(max(here + step, 0), len(ids) - 1)]
        return next(placed for placed in items if placed.item.event_id == self.chosen)


def paint_bars(
    painter: QPainter, layout: QAbstractTextDocumentLayout, placed: Placed, fill: Role, visible: QRectF, look: Look
) -> None:
    """Cover the words of one message; its head, who and when, stays."""
    for block in _words_of(placed):
        place = layout.blockBoundingRect(block)
        if place.bottom() < visible.top() or place.top() > visible.bottom():
            continue
        for number in range(block.layout().lineCount()):
            line = block.layout().lineAt(number).naturalTextRect().translated(place.topLeft())
            painter.fillRect(line.adjusted(-1, 0, 1, 1), look.colour(fill))
            draw_bar(painter, line, look)


def _words_of(placed: Placed) -> list[QTextBlock]:
    blocks, block = [], placed.frame.firstCursorPosition().block()
    last = placed.frame.lastCursorPosition().block().blockNumber()
    while block.isValid() and block.blockNumber() <= last:
        blocks.append(block)
        block = block.next()
    has_foot = placed.item.kind is ItemKind.MESSAGE and placed.item.party is Party.DESK
    return blocks[1:-1] if has_foot else blocks[1:]
