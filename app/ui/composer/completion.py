"""Approved answers by short code while one writes: "/" or "::" opens a small list above the line.

The keys of the list are taken from the editor only while it is open, and with nothing typed behind the sign none is
chosen yet, so that a slash before Enter stays a slash. Esc leaves the text as it was typed, and the list stays away
until the next sign.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QPlainTextEdit, QVBoxLayout

from app.domain.fill_in import fields_of
from app.domain.proposal import Article
from app.domain.short_code import Call, call_before
from app.ui.components import Text, announce, lift
from app.ui.components.untrusted import readable, readable_line
from app.ui.composer.completion_rows import ARTICLE_ROLE, ROW_PX, CompletionDelegate
from app.ui.composer.field_steps import FieldSteps
from app.ui.palette.fuzzy import score
from app.ui.theme import TextStyle, active
from app.ui.theme.tokens import FLOATING_ELEVATION

MAX_ROWS = 6
_WIDTH_PX = 460
_CODE_BONUS = 40
_WHOLE_CODE_BONUS = 200
_LEAST_SCORE = 6

_PICK_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
_MOVE_KEYS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class AnswerCompletion(QObject):
    """Belongs to one editor; asks for the answers each time it opens."""

    def __init__(
        self, editor: QPlainTextEdit, offered: Callable[[], Sequence[Article]], steps: FieldSteps | None = None
    ) -> None:
        super().__init__(editor)
        self._editor = editor
        self._offered = offered
        self._steps = steps
        self._frame: QFrame | None = None
        self._list = QListWidget()
        self._delegate = CompletionDelegate()
        self._hint = Text(self.tr("Enter inserts · Esc keeps what you typed"), TextStyle.SMALL, ink="faint")
        self._call: Call | None = None
        self._refused_at: int | None = None
        self._found: list[Article] = []
        editor.installEventFilter(self)
        editor.textChanged.connect(self._on_text_changed)
        editor.cursorPositionChanged.connect(self._on_cursor_moved)

    @property
    def is_open(self) -> bool:
        """Whether the list is to be seen."""
        return self._frame is not None and self._frame.isVisible()

    @property
    def found(self) -> tuple[Article, ...]:
        """What the list shows."""
        return tuple(self._found) if self.is_open else ()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of the list while it is open; close it when the editor loses the keyboard."""
        if self.is_open and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and self._wants(event):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and self._wants(event):
                self._press(Qt.Key(event.key()))
                return True
        if event.type() in {QEvent.Type.FocusOut, QEvent.Type.Hide}:
            self._close()
        return super().eventFilter(watched, event)

    def _wants(self, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() in _PICK_KEYS:
            return self._list.currentRow() >= 0
        return event.key() in _MOVE_KEYS or event.key() == Qt.Key.Key_Escape

    def _press(self, key: Qt.Key) -> None:
        if key == Qt.Key.Key_Escape:
            self._refused_at = self._call.start if self._call is not None else None
            self._close()
        elif key in _MOVE_KEYS:
            row, count = self._list.currentRow(), self._list.count()
            self._list.setCurrentRow(
                (row + _MOVE_KEYS[key]) % count if row >= 0 else (0 if key == Qt.Key.Key_Down else count - 1)
            )
        else:
            self._insert(self._found[self._list.currentRow()])

    # -- opening -----------------------------------------------------------------------------------------------

    def _on_text_changed(self) -> None:
        call = self._call_here()
        if call is None or call.start != self._refused_at:
            self._refused_at = None
        if call is None or self._refused_at is not None or not self._editor.hasFocus():
            self._close()
            return
        found = best_answers(call.word, self._offered())
        if not found:
            self._close()
            return
        is_new = not self.is_open
        self._call, self._found = call, found
        self._show(has_choice=bool(call.word))
        if is_new:
            words = self.tr("Approved answers: {titles}").format(
                titles=", ".join(readable_line(article.title, 60) for article in found[:3])
            )
            announce(self._editor, words)

    def _on_cursor_moved(self) -> None:
        if self.is_open and self._call_here() != self._call and not self._editor.document().isEmpty():
            self._on_text_changed() if self._call_here() is not None else self._close()

    def _call_here(self) -> Call | None:
        cursor = self._editor.textCursor()
        if cursor.hasSelection():
            return None
        block = cursor.block()
        call = call_before(block.text()[: cursor.positionInBlock()])
        return None if call is None else Call(block.position() + call.start, call.word)

    def _show(self, *, has_choice: bool) -> None:
        look, frame = active(), self._frame or self._build()
        self._list.clear()
        for article in self._found:
            words = f"{article.short_code} {article.title}" if article.short_code else article.title
            item = QListWidgetItem(readable_line(words, 120))  # drawn by the delegate; read out as it stands here
            item.setData(ARTICLE_ROLE, article)
            item.setToolTip(readable(article.body, 300))
            self._list.addItem(item)
        self._list.setCurrentRow(0 if has_choice else -1)
        height = look.px(ROW_PX) * len(self._found) + self._hint.sizeHint().height() + look.px(18)
        root = frame.parentWidget()
        assert root is not None
        spot = self._editor.viewport().mapTo(root, self._editor.cursorRect().topLeft())
        gap, line = look.px(6), self._editor.cursorRect().height()
        above, below = spot.y() - 2 * gap, root.height() - spot.y() - line - 2 * gap
        is_above = height <= above or above >= below
        height = min(height, max(above if is_above else below, look.px(ROW_PX)))
        frame.resize(min(look.px(_WIDTH_PX), root.width() - look.px(24)), height)
        top = spot.y() - height - gap if is_above else spot.y() + line + gap
        left = min(max(look.px(8), spot.x() - look.px(12)), root.width() - frame.width() - look.px(8))
        frame.move(QPoint(left, top))
        frame.show()
        frame.raise_()

    def _build(self) -> QFrame:
        root = self._editor.window()
        frame = self._frame = QFrame(root)
        frame.setProperty("surface", "card")
        lift(frame, FLOATING_ELEVATION)
        column = QVBoxLayout(frame)
        column.setContentsMargins(*(active().px(4),) * 4)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setAccessibleName(self.tr("Approved answers"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setUniformItemSizes(True)
        self._list.itemClicked.connect(lambda item: self._insert(self._found[self._list.row(item)]))
        self._list.setItemDelegate(self._delegate)
        column.addWidget(self._list, 1)
        self._hint.setContentsMargins(active().px(8), 0, 0, active().px(2))
        column.addWidget(self._hint)
        self._editor.destroyed.connect(frame.deleteLater)
        return frame

    def _close(self) -> None:
        if self._frame is not None:
            self._frame.hide()

    def _insert(self, article: Article) -> None:
        """Put the answer in place of what called it, in one step of the editor's undo."""
        call, cursor = self._call, self._editor.textCursor()
        self._close()
        if call is None:
            return
        cursor.setPosition(call.start, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(readable(article.body.strip(), 40_000))
        self._editor.setTextCursor(cursor)
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._steps is not None and fields_of(article.body):
            self._steps.go_to_first(call.start)


def best_answers(word: str, articles: Sequence[Article]) -> list[Article]:
    """Return the answers that the letters may mean, best first: short codes before titles."""
    scored = [(_score(word, article), article) for article in articles]
    kept = [(points, article) for points, article in scored if points is not None]
    kept.sort(key=lambda pair: (-pair[0], not pair[1].short_code, pair[1].title.casefold()))
    return [article for _points, article in kept[:MAX_ROWS]]


def _score(word: str, article: Article) -> int | None:
    if not word:
        return 0
    points = []
    code = score(word, article.short_code) if article.short_code else None
    if code is not None:
        is_start = article.short_code.casefold().startswith(word.casefold())
        points.append(code + _CODE_BONUS + (_WHOLE_CODE_BONUS if is_start else 0))
    title = score(word, article.title)
    if title is not None and title >= _LEAST_SCORE * len(word):
        points.append(title)
    return max(points, default=None)
