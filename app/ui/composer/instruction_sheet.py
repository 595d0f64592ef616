"""One line that says how the proposal should read; the last few are kept in memory and go with the lock."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.services.proposing.instructions import MAX_INSTRUCTION_CHARS
from app.ui.components import Button, ButtonKind, Text, readable_line
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, Space, TextStyle, active

MAX_REMEMBERED = 5


class InstructionSheet(Sheet):
    """Enter asks; Up and Down bring back what was asked before."""

    #: Write the proposal again like this; argument: the instruction, one line.
    given = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=600)
        self.title.setText(self.tr("How should it read?"))
        self.setAccessibleName(self.title.text())
        self._told: list[str] = []
        self.line = QLineEdit()
        self.line.setMaxLength(MAX_INSTRUCTION_CHARS)
        self.line.setPlaceholderText(self.tr("Mention the car park"))
        self.line.setAccessibleName(self.title.text())
        self.line.returnPressed.connect(self._give)
        self._ask = Button(
            self.tr("Write it again"), kind=ButtonKind.PRIMARY, icon=IconName.REGENERATE, key_hint="Enter"
        )
        self._ask.clicked.connect(self._give)
        self.line.textChanged.connect(lambda text: self._ask.setEnabled(bool(text.strip())))
        self._ask.setEnabled(False)
        words = self.tr("Only what stands in the sources can come in. The console keeps the last five until it locks.")
        self.body.addWidget(self.line)
        self.body.addWidget(Text(words, TextStyle.SMALL, ink="soft", is_wrapping=True))
        self._past = QVBoxLayout()
        self._past.setSpacing(active().px(Space.XS))
        self.body.addLayout(self._past)
        row = QHBoxLayout()
        row.addWidget(self._ask)
        row.addStretch(1)
        self.body.addLayout(row)

    def open(self, first: QWidget | None = None) -> None:
        """Show the sheet with an empty line."""
        self.line.clear()
        self._show_past()
        super().open(first or self.line)

    def told(self) -> tuple[str, ...]:
        """What was asked before, latest first."""
        return tuple(self._told)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through what was asked before."""
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down} and self._told:
            here = self._told.index(self.line.text()) if self.line.text() in self._told else -1
            step = 1 if event.key() == Qt.Key.Key_Up else -1
            place = here + step
            self.line.setText(self._told[place] if 0 <= place < len(self._told) else "")
            return
        super().keyPressEvent(event)

    def _give(self) -> None:
        instruction = " ".join(self.line.text().split())
        if not instruction:
            return
        self._told = [instruction, *(old for old in self._told if old != instruction)][:MAX_REMEMBERED]
        self.close_sheet()
        self.given.emit(instruction)

    def _show_past(self) -> None:
        while (item := self._past.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for told in self._told:
            button = Button(readable_line(told, 60), kind=ButtonKind.PLAIN, icon=IconName.HISTORY)
            button.clicked.connect(lambda _checked=False, told=told: self.line.setText(told))
            self._past.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
