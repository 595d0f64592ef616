"""Stepping through the fill-in fields of a text: Tab selects the next one for overtyping, Shift+Tab the one before."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from app.domain.fill_in import fields_of
from app.ui.composer.field_marks import FieldHighlighter, place_of


class FieldSteps(QObject):
    """Belongs to one editor. Without a field in the text, Tab does what it always does."""

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._highlighter = FieldHighlighter(editor.document())
        editor.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Tab while there is a field to go to."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Tab and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                return self.step(1)
            if event.key() == Qt.Key.Key_Backtab:
                return self.step(-1)
        return super().eventFilter(watched, event)

    def step(self, step: int) -> bool:
        """Select the next field, or the one before; False when there is none."""
        fields = self._fields()
        if not fields:
            return False
        cursor = self._editor.textCursor()
        if step > 0:
            after = [place for place in fields if place[0] >= cursor.selectionEnd()]
            self._select((after or fields)[0])
        else:
            before = [place for place in fields if place[1] <= cursor.selectionStart()]
            self._select((before or fields)[-1])
        return True

    def go_to_first(self, position: int = 0) -> bool:
        """Select the first field at or behind a position; False when there is none."""
        fields = self._fields()
        if fields:
            self._select(next((place for place in fields if place[0] >= position), fields[0]))
            self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(fields)

    def _fields(self) -> list[tuple[int, int]]:
        """Where the fields stand, in the document's UTF-16 units."""
        text = self._editor.toPlainText()
        return [place_of(text, field) for field in fields_of(text)]

    def _select(self, place: tuple[int, int]) -> None:
        cursor = self._editor.textCursor()
        cursor.setPosition(place[0])
        cursor.setPosition(place[1], QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)
