"""A preview of an answer that reads a little Markdown and fetches nothing."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from app.domain.fill_in import fields_of
from app.ui.components.untrusted import readable
from app.ui.composer.field_marks import field_format, place_of
from app.ui.theme import Space, TextStyle, active


class _ClosedDocument(QTextDocument):
    """A document that fetches nothing, whatever its text asks for."""

    def loadResource(self, _kind: int, _name: object) -> object:
        """Return nothing."""
        return None


class Preview(QTextEdit):
    """Shows an answer as a visitor would read it: paragraphs, lists, emphasis; no links, pictures or markup."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._closed = _ClosedDocument(self)
        self.setDocument(self._closed)
        self.setReadOnly(True)
        self.setProperty("isBare", "true")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def show_text(self, untrusted_text: str) -> None:
        """Show a text; the same one changes nothing."""
        if untrusted_text != self._text:
            self._text = untrusted_text
            self._write()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_text"):
            self._write()

    def _write(self) -> None:
        look, document = active(), self.document()
        document.setDefaultFont(look.font(TextStyle.BODY))
        document.setDocumentMargin(0)
        document.setMarkdown(
            readable(self._text, 40_000),
            QTextDocument.MarkdownFeature.MarkdownDialectCommonMark | QTextDocument.MarkdownFeature.MarkdownNoHTML,
        )
        self._space_paragraphs(document)
        self._mark_fields(document)

    def _space_paragraphs(self, document: QTextDocument) -> None:
        gap, block = active().px(Space.S), document.begin()
        while block.isValid():
            cursor = QTextCursor(block)
            form = block.blockFormat()
            form.setTopMargin(0)
            form.setBottomMargin(0 if block.textList() and block.next().textList() else gap)
            cursor.setBlockFormat(form)
            block = block.next()

    def _mark_fields(self, document: QTextDocument) -> None:
        form, block = field_format(), document.begin()
        while block.isValid():
            text = block.text()
            for field in fields_of(text):
                cursor = QTextCursor(block)
                start, end = place_of(text, field)
                cursor.setPosition(block.position() + start)
                cursor.setPosition(block.position() + end, QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(form)
            block = block.next()
