"""The page of a conversation: one read-only document of plain text, with sheets painted behind its items.

A document rather than a list of widgets: text can be selected across messages, found, read by a screen reader and laid
out once. Long threads begin with their latest ``CHUNK_ITEMS``; scrolling to the top brings the ones before.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from app.domain.conversation import ItemKind, Party, ThreadItem
from app.domain.ids import ConversationId, EventId, PersonId
from app.ui.components.veil import veil
from app.ui.theme import Look, Role, Size, active
from app.ui.thread.presenter import OpenThread
from app.ui.thread.veiling import Reading, paint_bars
from app.ui.thread.writing import HELD_PREFIX, INDENT_PX, Placed, Rule, Writer, is_held

if TYPE_CHECKING:
    from app.domain.channel import ChannelThread

CHUNK_ITEMS = 60
"""Items laid out at once; about 5 ms of layout on one ordinary core."""

FLASH_MS = 1_600
_SIDE_PX = 28
_TOAST_ROOM_PX = 84
"""The last item never lies under a toast."""


class ThreadPage(QTextEdit):
    """Shows items; knows nothing of services."""

    #: A reply of the office is to become an approved answer; argument: its text.
    answer_wanted = Signal(str)
    #: Selected words of a message or note are to be taken out for good; arguments: ``ThreadItem``, the words.
    redact_wanted = Signal(object, str)
    #: An attachment was clicked; argument: its event's id.
    file_wanted = Signal(str)

    def __init__(
        self,
        now_ms: Callable[[], int],
        name_of: Callable[[PersonId | None], str | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._name_of = name_of
        self._conversation_id: ConversationId | None = None
        self._items: tuple[ThreadItem, ...] = ()
        self._first_unseen: EventId | None = None
        self._shown_from = 0
        self._channel: ChannelThread | None = None
        self._writer: Writer | None = None
        self._flashing: EventId | None = None
        self.reading = Reading()
        veil().changed.connect(self._on_veil_changed)
        self.viewport().setMouseTracking(True)
        self._flash = QTimer(self, singleShot=True, interval=FLASH_MS)
        self._flash.timeout.connect(lambda: self._set_flashing(None))
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setCursorWidth(0)
        self.setProperty("isBare", "true")
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName(self.tr("Conversation"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def show_thread(self, opened: OpenThread) -> None:
        """Show a thread; an open one only grows, so the reading place stays."""
        thread, items = opened.thread, _with_held(opened)
        is_same = thread.conversation_id == self._conversation_id and not opened.is_fresh
        before, self._items = self._items, items
        has_moved, self._channel = self._channel != opened.channel, opened.channel
        if is_same and has_moved and len(items) >= len(before):
            self._write_again()
        elif is_same and items[: len(before)] == before and self._first_unseen == opened.first_unseen:
            self._append(items[len(before) :])
        else:
            self._conversation_id, self._first_unseen = thread.conversation_id, opened.first_unseen
            self.reading = Reading()
            self._shown_from = max(0, len(items) - CHUNK_ITEMS)
            self._rewrite()
            self._scroll_to_end() if is_same else self._go_to_start_of_reading()
        if opened.jump_to is not None:
            self.jump_to(opened.jump_to)

    def clear_thread(self) -> None:
        """Show nothing."""
        self._conversation_id, self._items, self._writer, self._channel = None, (), None, None
        self.reading = Reading()
        self.clear()

    def jump_to(self, event_id: EventId) -> None:
        """Bring one item into view and mark it for a moment."""
        place = next((place for place, item in enumerate(self._items) if item.event_id == event_id), None)
        if place is None:
            return
        if place < self._shown_from:
            self._shown_from = max(0, place - 5)
            self._rewrite()
        placed = self._placed(event_id)
        if placed is not None:
            self._scroll_to(self._sheet(placed).top() - active().px(40))
            self._set_flashing(event_id)
            self._flash.start()

    def show_everything(self) -> None:
        """Lay out the whole thread (before a find)."""
        if self._shown_from:
            self._shown_from = 0
            self._rewrite()

    def find_all(self, needle: str) -> list[QTextCursor]:
        """Return every place where the words stand, without regard to case."""
        found: list[QTextCursor] = []
        if not needle.strip():
            return found
        cursor = self.document().find(needle)
        while not cursor.isNull():
            found.append(cursor)
            cursor = self.document().find(needle, cursor, QTextDocument.FindFlag(0))
        return found

    def reveal(self, cursor: QTextCursor) -> None:
        """Bring a place into the middle of the view unless it is in view."""
        rect = self.cursorRect(cursor)
        if not self.viewport().rect().contains(rect):
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + rect.center().y() - self.viewport().height() // 2)
        for placed in self._writer.items if self._writer is not None else ():
            if placed.frame.firstPosition() <= cursor.position() <= placed.frame.lastPosition():
                self._read(placed)

    def refresh_look(self) -> None:
        """Write everything again in the look in force."""
        if self._items:
            value = self.verticalScrollBar().value()
            self._rewrite()
            self.verticalScrollBar().setValue(value)

    def _write_again(self) -> None:
        """Write what stands under the messages anew, without moving what is being read."""
        was_at_end = self._is_at_end()
        self.refresh_look()
        if was_at_end:
            self._scroll_to_end()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if self._writer is not None:
            look, painter = active(), QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(0, -self.verticalScrollBar().value())
            visible = QRectF(event.rect()).translated(0, self.verticalScrollBar().value())
            self._paint_sheets(painter, visible, look)
            self._paint_rules(painter, visible, look)
            painter.end()
        super().paintEvent(event)
        if self._writer is not None and veil().is_drawn:
            self._paint_veil(event)
        if self.hasFocus():
            self._paint_ring()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        was_at_end = self._is_at_end()
        super().resizeEvent(event)
        self._fit_column()
        if was_at_end:
            self._scroll_to_end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll with the arrows and Space; in counter mode the arrows go from message to message."""
        bar = self.verticalScrollBar()
        step = {
            Qt.Key.Key_Down: bar.singleStep() * 3,
            Qt.Key.Key_Up: -bar.singleStep() * 3,
            Qt.Key.Key_Space: bar.pageStep(),
        }
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if veil().is_drawn and event.modifiers() == Qt.KeyboardModifier.NoModifier and event.key() in steps:
            self._read_next(steps[Qt.Key(event.key())])
            return
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and event.key() in step:
            bar.setValue(bar.value() + step[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """In counter mode the newest message can be read when the keyboard comes."""
        super().focusInEvent(event)
        if veil().is_drawn and self.reading.chosen is None:
            self._read_next(1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Without the keyboard nothing stays open in counter mode."""
        super().focusOutEvent(event)
        self.reading.chosen = None
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """In counter mode the message under the pointer can be read."""
        super().mouseMoveEvent(event)
        if veil().is_drawn:
            item = self._item_at(event.position().toPoint())
            self._point_at(None if item is None else item.event_id)

    def viewportEvent(self, event: QEvent) -> bool:
        """The pointer went away."""
        if event.type() == QEvent.Type.Leave:
            self._point_at(None)
        return super().viewportEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show an attachment that was clicked."""
        super().mouseReleaseEvent(event)
        item = self._item_at(event.position().toPoint())
        is_file = self._channel is not None and item is not None and item.event_id in self._channel.files
        if item is not None and is_file and not self.textCursor().hasSelection():
            self.file_wanted.emit(item.event_id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer, beside copying, what can be done with a reply of the office: the one clicked, or the last in view."""
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_pointed = event.reason() == QContextMenuEvent.Reason.Mouse
        reply = self.reply_at(event.pos()) if is_pointed else self._last_reply()
        if reply is not None:
            menu.addSeparator()
            save = menu.addAction(self.tr("Save this reply as an approved answer…"))
            save.triggered.connect(lambda _checked=False: self.answer_wanted.emit(reply.text))
        selected = self.selected_words()
        if selected is not None:
            menu.addSeparator()
            take = menu.addAction(self.tr("Take these words out for good…"))
            take.triggered.connect(lambda _checked=False: self.redact_wanted.emit(*selected))
        menu.popup(event.globalPos())

    def selected_words(self) -> tuple[ThreadItem, str] | None:
        """The message or note that the selection lies in, and its words; None unless they stand there just once."""
        cursor = self.textCursor()
        words = cursor.selectedText().replace("\u2029", "\n").replace("\u2028", "\n")
        for placed in self._writer.items if self._writer is not None and words.strip() else ():
            item, frame = placed.item, placed.frame
            is_inside = (
                frame.firstPosition() <= cursor.selectionStart() <= cursor.selectionEnd() <= frame.lastPosition()
            )
            if is_inside and item.kind is not ItemKind.NOTICE and not is_held(item) and item.text.count(words) == 1:
                return item, words
        return None

    def reply_at(self, spot: QPoint) -> ThreadItem | None:
        """The sent reply of the office under a point of the viewport, or None."""
        item = self._item_at(spot)
        return item if item is not None and _is_sent_reply(item) else None

    def _item_at(self, spot: QPoint) -> ThreadItem | None:
        """The message or note under a point of the viewport, or None."""
        place = QPointF(spot.x(), spot.y() + self.verticalScrollBar().value())
        for placed in self._writer.items if self._writer is not None else ():
            if placed.item.kind is not ItemKind.NOTICE and self._sheet(placed).contains(place):
                return placed.item
        return None

    def _last_reply(self) -> ThreadItem | None:
        return next((item for item in reversed(self._items) if _is_sent_reply(item)), None)

    def _rewrite(self) -> None:
        self.setUpdatesEnabled(False)
        self.clear()
        self._fit_column()
        self._writer = Writer(self.document(), active(), self._now_ms(), self._name_of, self._channel)
        self._writer.write(self._items[self._shown_from :], self._first_unseen)
        self.setUpdatesEnabled(True)

    def _append(self, items: tuple[ThreadItem, ...]) -> None:
        if items and self._writer is not None:
            was_at_end = self._is_at_end()
            self._writer.write(items, self._first_unseen)
            if was_at_end:
                self._scroll_to_end()

    def _fit_column(self) -> None:
        look = active()
        side = look.px(_SIDE_PX)
        column = min(look.px(Size.READING + 2 * 14 + INDENT_PX), self.viewport().width() - 2 * side)
        margin = max(side, (self.viewport().width() - column) // 2)
        root = self.document().rootFrame()
        form = root.frameFormat()
        if form.leftMargin() != margin or form.topMargin() != look.px(16):
            form.setLeftMargin(margin)
            form.setRightMargin(margin)
            form.setTopMargin(look.px(16))
            form.setBottomMargin(look.px(_TOAST_ROOM_PX))
            root.setFrameFormat(form)

    def _go_to_start_of_reading(self) -> None:
        placed = self._placed(self._first_unseen) if self._first_unseen else None
        self._scroll_to_end()
        if placed is not None:
            top = self._sheet(placed).top() - active().px(60)
            if top < self.verticalScrollBar().value():
                self._scroll_to(top)

    def _placed(self, event_id: EventId | None) -> Placed | None:
        if self._writer is None:
            return None
        return next((placed for placed in self._writer.items if placed.item.event_id == event_id), None)

    def _sheet(self, placed: Placed) -> QRectF:
        """The rectangle of an item in the document, without its margins."""
        rect = self.document().documentLayout().frameBoundingRect(placed.frame)
        form = placed.frame.frameFormat()
        return rect.adjusted(form.leftMargin(), form.topMargin(), -form.rightMargin(), -form.bottomMargin())

    def _paint_sheets(self, painter: QPainter, visible: QRectF, look: Look) -> None:
        assert self._writer is not None
        for placed in self._writer.items:
            sheet = self._sheet(placed)
            if sheet.bottom() < visible.top() or placed.item.kind is ItemKind.NOTICE:
                continue
            if sheet.top() > visible.bottom():
                break
            fill, line = _dress(placed.item)
            is_flashing = placed.item.event_id == self._flashing
            painter.setBrush(look.colour(fill))
            pen = QPen(look.colour(Role.FOCUS if is_flashing else line), look.px(2) if is_flashing else 1)
            if is_held(placed.item):
                pen = QPen(look.colour(Role.ACCENT_INK), look.px(1.5), Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawRoundedRect(sheet.adjusted(0.5, 0.5, -0.5, -0.5), look.px(10), look.px(10))

    def _paint_veil(self, event: QPaintEvent) -> None:
        assert self._writer is not None
        look, painter, down = active(), QPainter(self.viewport()), self.verticalScrollBar().value()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(0, -down)
        visible = QRectF(event.rect()).translated(0, down)
        for placed in self._writer.items:
            if placed.item.kind is not ItemKind.NOTICE and placed.item.event_id != self.reading.event_id:
                paint_bars(painter, self.document().documentLayout(), placed, _dress(placed.item)[0], visible, look)
        painter.end()

    def _on_veil_changed(self) -> None:
        self.reading = Reading()
        self.refresh_look()
        self.viewport().update()

    def _point_at(self, event_id: EventId | None) -> None:
        if event_id != self.reading.pointed:
            self.reading.pointed = event_id
            self.viewport().update()

    def _read_next(self, step: int) -> None:
        placed = None if self._writer is None else self.reading.step(self._writer.items, step)
        if placed is not None:
            self._read(placed)

    def _read(self, placed: Placed) -> None:
        self.reading.chosen = placed.item.event_id
        sheet, bar = self._sheet(placed), self.verticalScrollBar()
        if sheet.top() < bar.value() or sheet.bottom() > bar.value() + self.viewport().height():
            self._scroll_to(sheet.top() - active().px(40))
        self.viewport().update()

    def _paint_rules(self, painter: QPainter, visible: QRectF, look: Look) -> None:
        assert self._writer is not None
        layout = self.document().documentLayout()
        for placed in self._writer.rules:
            block = self.document().findBlockByNumber(placed.block)
            rect = layout.blockBoundingRect(block)
            if rect.bottom() < visible.top() or rect.top() > visible.bottom():
                continue
            line = block.layout().lineAt(0)
            text = line.naturalTextRect().translated(rect.topLeft())
            middle, gap = rect.top() + line.height() / 2, look.px(12)
            painter.setPen(QPen(_rule_colour(placed.rule, look), 1))
            painter.drawLine(QPointF(rect.left(), middle), QPointF(text.left() - gap, middle))
            painter.drawLine(QPointF(text.right() + gap, middle), QPointF(rect.right(), middle))

    def _paint_ring(self) -> None:
        """A firm bar at the left edge: a ring round a whole page would shout."""
        look, painter = active(), QPainter(self.viewport())
        edge = look.px(Size.RING + 1)
        painter.fillRect(0, 0, edge, self.viewport().height(), look.colour(Role.FOCUS))
        painter.end()

    def _set_flashing(self, event_id: EventId | None) -> None:
        self._flashing = event_id
        self.viewport().update()

    def _is_at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - active().px(24)

    def _scroll_to(self, value: float) -> None:
        self.verticalScrollBar().setValue(int(value))

    def _scroll_to_end(self) -> None:
        self.document().documentLayout().documentSize()
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _on_scrolled(self, value: int) -> None:
        if value == 0 and self._shown_from and self.verticalScrollBar().maximum() > 0:
            height = self.document().size().height()
            self._shown_from = max(0, self._shown_from - CHUNK_ITEMS)
            self._rewrite()
            self._scroll_to(self.document().size().height() - height)


def _with_held(opened: OpenThread) -> tuple[ThreadItem, ...]:
    """The items, and the reply that is on its way as the last of them."""
    held = opened.thread.held
    if held is None:
        return opened.thread.items
    author = QCoreApplication.translate("thread", "On its way")
    item_id = EventId(f"{HELD_PREFIX}{held.held_id}")
    return (
        *opened.thread.items,
        ThreadItem(item_id, ItemKind.MESSAGE, Party.DESK, author, held.text, held.releases_at_ms, None),
    )


def _is_sent_reply(item: ThreadItem) -> bool:
    return item.kind is ItemKind.MESSAGE and item.party is Party.DESK and not is_held(item)


def _dress(item: ThreadItem) -> tuple[Role, Role]:
    if item.kind is ItemKind.NOTE:
        return Role.NOTE_WASH, Role.NOTE_LINE
    return (Role.ACCENT_WASH, Role.ACCENT_WASH) if item.party is Party.DESK else (Role.RAISED, Role.LINE)


def _rule_colour(rule: Rule, look: Look) -> QColor:
    return look.colour(Role.ACCENT_INK if rule is Rule.NEW else Role.LINE)
