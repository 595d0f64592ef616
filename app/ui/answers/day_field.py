"""A line for a day as people write it; says below what it understood."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.services.answers.days import read_day, show_day
from app.ui.components import Text
from app.ui.theme import Space, TextStyle, active


class DayField(QWidget):
    """Emits every change; leaves judging an unreadable day to the save, and only says that it cannot read it."""

    #: Somebody typed or chose a day.
    edited = Signal()

    def __init__(self, name: str, empty_words: str, today: Callable[[], date], parent: QWidget | None = None) -> None:
        """Be called ``name``; an empty line means ``empty_words``."""
        super().__init__(parent)
        self._today = today
        self._empty_words = empty_words
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.setMaxLength(40)
        self.line.setPlaceholderText(empty_words)
        self._said = Text("", TextStyle.SMALL, ink="faint")
        self.setFocusProxy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(active().px(Space.HAIR))
        column.addWidget(self.line)
        column.addWidget(self._said)
        self.line.textEdited.connect(lambda _text: self._on_edited())
        self.line.editingFinished.connect(self._tidy)
        self._say()

    def text(self) -> str:
        """What was typed."""
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Show a day without calling it an edit."""
        if text != self.line.text():
            self.line.setText(text)
        self._say()

    def choose(self, day: date) -> None:
        """Put a day in as if it had been typed."""
        self.line.setText(show_day(day))
        self._on_edited()

    def _on_edited(self) -> None:
        self._say()
        self.edited.emit()

    def _tidy(self) -> None:
        """Write "in 6 months" out, so that it means the same tomorrow."""
        try:
            shown = show_day(read_day(self.line.text(), self._today()))
        except ValueError:
            return
        if shown != self.line.text().strip():
            self.line.setText(shown)
            self._on_edited()

    def _say(self) -> None:
        typed = self.line.text()
        try:
            day = read_day(typed, self._today())
        except ValueError:
            self._tell(self.tr("Like 3 Dec 2026"), is_wrong=True)
            return
        self._tell("" if day is None else QLocale().dayName(day.isoweekday()), is_wrong=False)

    def _tell(self, words: str, *, is_wrong: bool) -> None:
        self._said.setText(words)
        self._said.set_ink("signal" if is_wrong else "faint")
        if self.line.property("isWrong") != ("true" if is_wrong else "false"):
            self.line.setProperty("isWrong", "true" if is_wrong else "false")
            self.line.style().unpolish(self.line)
            self.line.style().polish(self.line)
