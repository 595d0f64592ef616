"""Find in the open conversation: marks every place, goes from one to the next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTextEdit, QWidget

from app.ui.components import IconButton, Text
from app.ui.theme import IconName, Role, Space, TextStyle, active
from app.ui.thread.page import ThreadPage


class FindBar(QWidget):
    """Works on one page."""

    #: The bar was closed; the keyboard should go back to the page.
    closed = Signal()

    def __init__(self, page: ThreadPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._places: list[QTextCursor] = []
        self._current = 0
        self.setProperty("surface", "sunken")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Find in this conversation"))
        self.field.setAccessibleName(self.tr("Find in this conversation"))
        self.field.textChanged.connect(self._on_text_changed)
        self.field.returnPressed.connect(lambda: self.go(1))
        self._count = Text("", TextStyle.SMALL, ink="soft")
        self._lay_out()
        self.hide()

    def open(self) -> None:
        """Show the bar and take the keyboard."""
        self._page.show_everything()
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._on_text_changed(self.field.text())

    def close_bar(self) -> None:
        """Hide the bar and its marks."""
        self.hide()
        self._page.setExtraSelections([])
        self.closed.emit()

    def go(self, step: int) -> None:
        """Go to the next place (1) or the one before (-1), round and round."""
        if self._places:
            self._current = (self._current + step) % len(self._places)
            self._show_places()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go up and down with the arrows."""
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self.go(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        super().keyPressEvent(event)

    def _on_text_changed(self, needle: str) -> None:
        self._places = self._page.find_all(needle)
        self._current = 0
        self._show_places()

    def _show_places(self) -> None:
        look = active()
        selections = []
        for place, cursor in enumerate(self._places):
            selection = QTextEdit.ExtraSelection()
            selection.cursor = cursor
            form = QTextCharFormat()
            is_current = place == self._current
            form.setBackground(look.colour(Role.ACCENT if is_current else Role.CAUTION_WASH))
            form.setForeground(look.colour(Role.ON_ACCENT if is_current else Role.CAUTION_INK))
            selection.format = form
            selections.append(selection)
        self._page.setExtraSelections(selections)
        if self._places:
            self._page.reveal(self._places[self._current])
            self._count.setText(self.tr("{place} of {count}").format(place=self._current + 1, count=len(self._places)))
        else:
            self._count.setText(self.tr("Not found") if self.field.text().strip() else "")

    def _lay_out(self) -> None:
        look = active()
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(28), look.px(Space.XS), look.px(Space.L), look.px(Space.XS))
        row.setSpacing(look.px(Space.S))
        row.addWidget(self.field, 1)
        row.addWidget(self._count)
        for name, words, step in (
            (IconName.CHEVRON_UP, self.tr("Previous place"), -1),
            (IconName.CHEVRON_DOWN, self.tr("Next place"), 1),
        ):
            button = IconButton(name, words)
            button.clicked.connect(lambda _checked=False, step=step: self.go(step))
            row.addWidget(button)
        close = IconButton(IconName.CLOSE, self.tr("Close"), key_hint="Esc")
        close.clicked.connect(self.close_bar)
        row.addWidget(close)
