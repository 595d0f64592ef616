"""A plain-text editor that grows with its text and sits on the paper of its tab."""

import math

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from app.domain.conversation import MAX_MESSAGE_CHARS, ComposerTab
from app.domain.facts import FactMark
from app.ui.components.untrusted import readable
from app.ui.composer.passage import units
from app.ui.theme import Radius, Role, Space, active

MIN_LINES = 3
SLIM_LINES = 1
MAX_LINES = 9
SHORT_LINES = 5


class ComposerEditor(QPlainTextEdit):
    """Plain text only; pasted text is cleaned of signs that steer the screen and bounded."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least_lines = MIN_LINES
        self._most_lines = MAX_LINES
        self.setProperty("isBare", "true")
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self._fit()

    def set_least_lines(self, lines: int) -> None:
        """Take less room while something more important stands above."""
        if lines != self._least_lines:
            self._least_lines = lines
            self._fit()

    def set_most_lines(self, lines: int) -> None:
        """Grow no further than this; longer text scrolls."""
        if lines != self._most_lines:
            self._most_lines = lines
            self._fit()

    def replace_text(self, text: str) -> None:
        """Put other text in, with the cursor at its end; the same text changes nothing."""
        if text != self.toPlainText():
            self.setPlainText(text)
            cursor = self.textCursor()
            cursor.movePosition(cursor.MoveOperation.End)
            self.setTextCursor(cursor)

    def show_unheld(self, text: str, facts: tuple[FactMark, ...]) -> None:
        """Underline facts that no source holds, when ``text`` still is the text; the person's words stay theirs."""
        marks = facts if text == self.toPlainText() else ()
        self.setExtraSelections([self._mark(text, fact) for fact in marks])

    def insertFromMimeData(self, source: object) -> None:
        """Paste plain, clean, bounded text."""
        text = getattr(source, "text", str)()
        self.textCursor().insertText(readable(text, MAX_MESSAGE_CHARS))

    def sizeHint(self) -> QSize:
        """Return the room it would like."""
        return QSize(active().px(300), self._height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self._fit()

    def _mark(self, text: str, fact: FactMark) -> QTextEdit.ExtraSelection:
        look, mark = active(), QTextEdit.ExtraSelection()
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        form.setUnderlineColor(look.colour(Role.CAUTION_INK))
        form.setBackground(look.colour(Role.CAUTION_WASH))
        cursor = QTextCursor(self.document())
        cursor.setPosition(units(text[: fact.start]))
        cursor.setPosition(units(text[: fact.end]), QTextCursor.MoveMode.KeepAnchor)
        mark.cursor, mark.format = cursor, form
        return mark

    def _height(self) -> int:
        lines = min(self._most_lines, max(self._least_lines, self._lines()))
        return math.ceil(QFontMetricsF(self.font()).lineSpacing() * lines) + active().px(6)

    def _lines(self) -> int:
        # A plain-text document measures itself in lines, not in pixels.
        return int(self.document().size().height())

    def _fit(self) -> None:
        is_long = self._lines() > self._most_lines
        bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if is_long else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(bar)
        if self.height() != self._height():
            self.setFixedHeight(self._height())


class Paper(QWidget):
    """The sheet an editor lies on: white with a firm edge for replies, yellow with a dashed one for notes."""

    def __init__(self, tab: ComposerTab, editor: ComposerEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab
        self._editor = editor
        editor.installEventFilter(self)
        self._column = QVBoxLayout(self)
        self._column.addWidget(editor, 0, Qt.AlignmentFlag.AlignTop)
        self._pad()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show where the keyboard is."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._pad()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        look, painter = active(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_note = self._tab is ComposerTab.NOTE
        painter.setBrush(look.colour(Role.NOTE_WASH if is_note else Role.RAISED))
        pen = QPen(look.colour(Role.NOTE_INK if is_note else Role.LINE_STRONG), 1)
        if is_note:
            pen.setStyle(Qt.PenStyle.DashLine)
        if self._editor.hasFocus():
            pen = QPen(look.colour(Role.FOCUS), look.px(2))
        painter.setPen(pen)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), look.px(Radius.M), look.px(Radius.M))
        painter.end()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Write where the paper was clicked."""
        self._editor.setFocus()

    def _pad(self) -> None:
        look = active()
        self._column.setContentsMargins(look.px(14), look.px(10), look.px(Space.S), look.px(10))
