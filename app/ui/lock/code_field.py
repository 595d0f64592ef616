"""A field for the whole recovery code or two shares: a few lines, so that one sees what one typed."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from app.ui.theme import TextStyle, active

MAX_CODE_CHARS = 800
"""The code has 77 characters and two shares have at most 593; more leaves room for spaces, not for a novel."""

_LINES = 3
_FRAME_PX = 36
_HINTS = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText


class CodeField(QPlainTextEdit):
    """Takes typed or pasted text, bounded; Tab leaves it, Enter is left to the screen around it."""

    #: Somebody typed, pasted or removed something.
    edited = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText("13 groups of five characters, or two shares of 33 words")
        self.setInputMethodHints(_HINTS)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._on_changed)

    def text(self) -> str:
        """Return what was typed."""
        return self.toPlainText()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter and Esc to the screen."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Return room for the whole code."""
        look = active()
        height = look.metrics(TextStyle.BODY).lineSpacing() * _LINES + look.px(_FRAME_PX)
        return QSize(look.px(240), height)

    def minimumSizeHint(self) -> QSize:
        """Return the same as ``sizeHint``."""
        return self.sizeHint()

    def _on_changed(self) -> None:
        if len(self.toPlainText()) > MAX_CODE_CHARS:
            self.setPlainText(self.toPlainText()[:MAX_CODE_CHARS])
        self.edited.emit()
