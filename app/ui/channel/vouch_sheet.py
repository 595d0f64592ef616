"""The sheet that asks for the office's root code, once in three years: the root vouches for the keys in the vault."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.components import Button, ButtonKind, Text
from app.ui.lock.code_field import CodeField
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, TextStyle


class VouchSheet(ScrollSheet):
    """One field and one button; what was typed leaves with the button."""

    #: The code was typed; argument: it, which nothing else keeps.
    typed = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=600)
        self.name(self.tr("The office's root code"))
        self.code = CodeField(self.tr("Root code from the paper"))
        self.code.setPlaceholderText(self.tr("All groups of the root code, from the paper"))
        self.problem = Text("", TextStyle.SMALL, ink="signal", is_wrapping=True)
        self.button = Button(self.tr("Let it vouch"), kind=ButtonKind.PRIMARY, icon=IconName.KEY)
        words = self.tr(
            "Take one of the two sheets and type the code. It is used once, here, and forgotten. Put the sheet back"
            " where it was."
        )
        self.put(Text(words, TextStyle.BODY, ink="soft", is_wrapping=True), self.code, self.problem)
        self.put_buttons(self.button)
        self.code.edited.connect(self._on_edited)
        self.button.clicked.connect(self._on_clicked)
        self.closed.connect(self.code.clear)

    def ask(self) -> None:
        """Ask for the code."""
        self.code.clear()
        self.say("")
        self._on_edited()
        self.open(self.code)

    def say(self, words: str) -> None:
        """Say why it did not vouch."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        self._on_edited()
        self.refit()

    def _on_edited(self) -> None:
        self.button.setEnabled(bool(self.code.text().strip()))

    def _on_clicked(self) -> None:
        self.button.setEnabled(False)
        self.typed.emit(self.code.text())
