"""Search over all conversations: results while somebody types, Enter opens at the message."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.domain.conversation import SearchHit
from app.ui.background import BackgroundRunner
from app.ui.components import Text, draw_bar, person_line, readable_line, veil
from app.ui.inbox.ages import clock_words
from app.ui.shell.sheet import Sheet
from app.ui.theme import Look, Role, Space, TextStyle, active

if TYPE_CHECKING:
    from app.services.conversations.service import ConversationService

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
PAUSE_MS = 70
"""Between the last key and the question: shorter than a person notices, long enough to skip letters of a fast word."""

MAX_HITS = 50
_ROW_PX = 66


class SearchPresenter(QObject):
    """Asks the store, latest question wins."""

    #: Hits arrived; arguments: the question they answer, tuple of ``SearchHit``.
    hits_ready = Signal(str, object)
    #: The search failed; argument: the exception.
    failed = Signal(object)

    def __init__(
        self, conversations: "ConversationService", runner: BackgroundRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._conversations = conversations
        self._runner = runner
        self._question = ""
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)

    def ask(self, question: str) -> None:
        """Look for these words soon."""
        self._question = question.strip()
        if self._question:
            self._pause.start()
        else:
            self._pause.stop()
            self.hits_ready.emit("", ())

    def _ask(self) -> None:
        question = self._question
        self._runner.run(
            lambda: self._conversations.search(question, limit=MAX_HITS),
            done=lambda hits: self._on_hits(question, hits),
            failed=self.failed.emit,
            topic="search",
        )

    def _on_hits(self, question: str, hits: tuple[SearchHit, ...]) -> None:
        if question == self._question:
            self.hits_ready.emit(question, hits)


class HitModel(QAbstractListModel):
    """The hits in the order of the store."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._now_ms = now_ms
        self._hits: tuple[SearchHit, ...] = ()

    def set_hits(self, hits: tuple[SearchHit, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self._hits = hits
        self.endResetModel()

    def hit(self, place: int) -> SearchHit | None:
        """One hit."""
        return self._hits[place] if 0 <= place < len(self._hits) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many rows are here."""
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return one fact of a row."""
        hit = self.hit(index.row()) if index.isValid() else None
        if hit is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return person_line(hit.contact_name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            moment = clock_words(hit.wall_ms, self._now_ms())
            return f"{readable_line(hit.contact_name)}, {moment}, {readable_line(hit.excerpt)}"
        return None


class _HitDelegate(QStyledItemDelegate):
    def __init__(self, model: HitModel, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._model = model
        self._now_ms = now_ms

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the room it would like."""
        return QSize(active().px(200), active().px(_ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        hit = self._model.hit(index.row())
        if hit is None:
            return
        look = active()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(Role.ACCENT_WASH))
            painter.drawRoundedRect(option.rect.adjusted(0, 1, 0, -1), look.px(6), look.px(6))
        line = option.rect.adjusted(look.px(Space.M), look.px(8), -look.px(Space.M), -look.px(8))
        half = line.height() // 2
        moment = clock_words(hit.wall_ms, self._now_ms())
        painter.setFont(look.font(TextStyle.SMALL, is_tabular=True))
        painter.setPen(look.colour(Role.INK_FAINT))
        painter.drawText(
            QRect(line.left(), line.top(), line.width(), half),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            moment,
        )
        painter.setFont(look.font(TextStyle.STRONG))
        painter.setPen(look.colour(Role.INK))
        painter.drawText(
            QRect(line.left(), line.top(), line.width(), half),
            Qt.AlignmentFlag.AlignVCenter,
            person_line(hit.contact_name, 60),
        )
        below = QRect(line.left(), line.top() + half, line.width(), half)
        is_read = option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected)
        if veil().is_drawn and not is_read:
            draw_bar(painter, QRectF(below).adjusted(0, 0, -0.2 * below.width(), 0), look)
        else:
            _draw_excerpt(painter, below, hit, look)
        painter.restore()


def _draw_excerpt(painter: QPainter, box: QRect, hit: SearchHit, look: Look) -> None:
    """One line of plain text whose marked ranges are strong on a wash."""
    text = "".join(char if char.isprintable() else " " for char in hit.excerpt)
    layout = QTextLayout(text, look.font(TextStyle.SMALL))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextOption(option)
    layout.setFormats([_mark(text, start, end, look) for start, end in hit.marks])
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(box.width())
    layout.endLayout()
    painter.setPen(look.colour(Role.INK_SOFT))
    painter.setClipRect(box)
    layout.draw(painter, QPointF(box.left(), box.top() + (box.height() - line.height()) / 2))


def _mark(text: str, start: int, end: int, look: Look) -> QTextLayout.FormatRange:
    ranged = QTextLayout.FormatRange()
    ranged.start = _utf16(text[:start])
    ranged.length = _utf16(text[start:end])
    form = QTextCharFormat()
    form.setFontWeight(600)
    form.setForeground(look.colour(Role.INK))
    form.setBackground(look.colour(Role.CAUTION_WASH))
    ranged.format = form
    return ranged


def _utf16(text: str) -> int:
    """Qt counts UTF-16 units; the store counts code points."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class SearchSheet(Sheet):
    """The field and its hits."""

    #: The words changed; argument: the words.
    question_changed = Signal(str)
    #: A hit was opened; argument: ``SearchHit``.
    hit_opened = Signal(object)

    def __init__(self, window: QWidget, now_ms: Callable[[], int]) -> None:
        super().__init__(window, "", width_px=760, is_tall=True)
        self.title.setText(self.tr("Search all conversations"))
        self.setAccessibleName(self.title.text())
        self.model = HitModel(now_ms)
        self._delegate = _HitDelegate(self.model, now_ms)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Names and words"))
        self.field.setAccessibleName(self.tr("Names and words"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self.question_changed)
        self.field.returnPressed.connect(self._open_current)
        self._words = Text("", TextStyle.SMALL, ink="faint", is_wrapping=True)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(self.tr("Messages found"))
        self.list.clicked.connect(lambda _index: self._open_current())
        for widget in (self.field, self._words):
            self.body.addWidget(widget)
        self.body.addWidget(self.list, 1)
        self.show_hits("", ())

    def open(self, first: QWidget | None = None) -> None:
        """Show the sheet with the last words selected."""
        self.field.selectAll()
        super().open(first or self.field)

    def show_hits(self, question: str, hits: tuple[SearchHit, ...]) -> None:
        """Show the answer to a question."""
        self.model.set_hits(hits)
        if hits:
            self.list.setCurrentIndex(self.model.index(0))
        count = len(hits)
        self._words.setText(
            self.tr("Every message, note and name in this vault. Results appear as you type.")
            if not question
            else self.tr("Nothing found for these words.")
            if not count
            else self.tr("The {count} newest. Arrow keys choose, Enter opens at the message.").format(count=count)
        )

    def show_failure(self) -> None:
        """The search index could not answer; conversations themselves are untouched."""
        self.model.set_hits(())
        self._words.setText(self.tr("The search does not answer just now. The conversations themselves are untouched."))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the hits while the field has the keyboard."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}
        if event.key() in steps and self.model.rowCount():
            place = self.list.currentIndex().row() + steps[Qt.Key(event.key())]
            self.list.setCurrentIndex(self.model.index(min(max(place, 0), self.model.rowCount() - 1)))
            return
        super().keyPressEvent(event)

    def _open_current(self) -> None:
        hit = self.model.hit(self.list.currentIndex().row())
        if hit is not None:
            self.close_sheet()
            self.hit_opened.emit(hit)
