"""One side of the page: the messages of a conversation as they were written, or as they would leave, with marks.

A read-only document of plain text. The place of the cursor decides which mark is chosen, so mouse, arrows, Tab and a
screen reader's own movements all do the same. Long conversations are written in pieces (``BothSides``).
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QToolTip, QWidget

from app.services.anonymising.view_records import LeavingMessage
from app.ui.anonymise.placing import Placing, Writer
from app.ui.anonymise.state import Chosen, Selected
from app.ui.components.untrusted import readable_line
from app.ui.theme import Role, Size, Space, active

_PAD_PX = 20
_CARET_PX = 2


class Side(QTextEdit):
    """Shows messages; ``is_leaving`` shows what would leave instead of what was written."""

    #: The cursor came into a mark, or out of all; argument: ``Chosen`` or None.
    chosen_changed = Signal(object)
    #: Enter was pressed on a mark.
    opened = Signal()

    def __init__(
        self, name: str, *, is_leaving: bool, now_ms: Callable[[], int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._is_leaving = is_leaving
        self._now_ms = now_ms
        self._placing = Placing()
        self._is_writing = False
        self._is_roomy = True
        #: Asked by Tab (1) and Shift+Tab (-1): goes to the next mark and says whether there was one.
        self.step: Callable[[int], bool] = lambda _step: False
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAcceptRichText(False)
        self.setProperty("isBare", "true")
        self.setCursorWidth(_CARET_PX)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.cursorPositionChanged.connect(self._on_moved)

    # -- writing ------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Empty the side."""
        self._is_writing = True
        self._placing = Placing()
        self.setExtraSelections([])
        self.clear()
        self.document().setDocumentMargin(active().px(_PAD_PX if self._is_roomy else Space.S))
        self._is_writing = False

    def write(self, messages: Sequence[LeavingMessage]) -> None:
        """Append messages."""
        self._is_writing = True
        Writer(self.document(), self._placing, self._now_ms, is_leaving=self._is_leaving).write(messages)
        self._is_writing = False

    def set_roomy(self, *, is_roomy: bool) -> None:
        """Keep a wide edge, or a narrow one in a low window."""
        if is_roomy is not self._is_roomy:
            self._is_roomy = is_roomy
            self.document().setDocumentMargin(active().px(_PAD_PX if is_roomy else Space.S))

    # -- choosing -----------------------------------------------------------------------------------------------

    def firsts(self) -> list[int]:
        """Return where each mark begins, in order."""
        return self._placing.firsts()

    def put_cursor(self, unit: int) -> None:
        """Put the cursor somewhere, and bring it into view."""
        cursor = self.textCursor()
        cursor.setPosition(min(unit, max(0, self.document().characterCount() - 1)))
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def show_chosen(self, chosen: Chosen | None) -> None:
        """Mark what is chosen; does not move the cursor."""
        found = None if chosen is None else self._placing.range_of(chosen)
        if found is None:
            self.setExtraSelections([])
            return
        look, extra = active(), QTextEdit.ExtraSelection()
        extra.cursor = QTextCursor(self.document())
        extra.cursor.setPosition(found[0])
        extra.cursor.setPosition(found[1], QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(look.colour(Role.ACCENT))
        form.setForeground(look.colour(Role.ON_ACCENT))
        extra.format = form
        self.setExtraSelections([extra])

    def bring_into_view(self, chosen: Chosen) -> None:
        """Scroll to where a mark stands, without taking the keyboard."""
        found = self._placing.range_of(chosen)
        if found is not None:
            cursor = QTextCursor(self.document())
            cursor.setPosition(found[0])
            where = self.cursorRect(cursor)
            if not self.viewport().rect().contains(where):
                bar = self.verticalScrollBar()
                bar.setValue(bar.value() + where.center().y() - self.viewport().height() // 2)

    def first_unit_of(self, chosen: Chosen) -> int | None:
        """Return where a mark begins."""
        found = self._placing.range_of(chosen)
        return None if found is None else found[0]

    def chosen_at(self, unit: int) -> Chosen | None:
        """Return the mark at a place of the document."""
        return self._placing.chosen_at(unit)

    def selected(self) -> Selected | None:
        """Return the words that are selected within one message; without a selection, the mark or word under it."""
        cursor = self.textCursor()
        if not cursor.hasSelection():
            chosen = self.chosen_at(cursor.position())
            if chosen is not None and not self._is_leaving:
                return Selected(chosen.message, chosen.mark.start, chosen.mark.end)
            cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        placed = self._placing.message_at(cursor.selectionStart())
        if self._is_leaving or placed is None:
            return None
        return placed.selected(cursor.selectionStart(), cursor.selectionEnd())

    def unit_at(self, event_id: str, place: int) -> int | None:
        """Return where the code point ``place`` of a message stands."""
        return self._placing.unit_at(event_id, place)

    # -- scrolling ----------------------------------------------------------------------------------------------

    def first_seen(self) -> int:
        """Return the number of the message at the top of what can be seen; -1 when there is none."""
        return self._placing.number_at(self.cursorForPosition(QPoint(0, 0)).position())

    def room_of(self, message: int) -> tuple[float, float]:
        """Return how far below the document's top a message begins, and where the next one does.

        Only the document up to there is laid out for it.
        """
        return self._top_of(message), self._top_of(message + 1)

    def _top_of(self, message: int) -> float:
        if message == 0:
            return 0.0
        layout, document = self.document().documentLayout(), self.document()
        head = self._placing.head_of(message)
        if head is not None:
            return layout.blockBoundingRect(document.findBlock(head)).top()
        return layout.blockBoundingRect(document.lastBlock()).bottom()

    # -- Qt -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, and a firm bar at the left edge where the keyboard is, as beside a conversation."""
        super().paintEvent(event)
        if self.hasFocus():
            look, painter = active(), QPainter(self.viewport())
            painter.fillRect(0, 0, look.px(Size.RING + 1), self.viewport().height(), look.colour(Role.FOCUS))
            painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the bar."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the bar away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens what is chosen."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab goes from mark to mark, and behind the last one to what comes next: nobody is caught in here."""
        return self.step(1 if is_next else -1) or super().focusNextPrevChild(is_next)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say who a stand-in is where the pointer rests on it."""
        if self._is_leaving and event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def words_at(self, point: QPoint) -> str:
        """Return who the stand-in at a point of the viewport is, as plain text; "" where there is none."""
        chosen = self.chosen_at(self.cursorForPosition(point).position())
        if chosen is None:
            return ""
        words = f"{chosen.mark.instead} = {chosen.said}"
        return readable_line(words, 120).replace("<", "\u2039").replace("&", "\uff06")  # a tooltip reads markup

    def _on_moved(self) -> None:
        if not self._is_writing:
            self.chosen_changed.emit(self.chosen_at(self.textCursor().position()))
