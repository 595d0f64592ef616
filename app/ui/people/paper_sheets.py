"""Sheets about the printed ways in: does the paper work, and a new recovery code in place of a lost one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.ui.components import Banner, Button, ButtonKind, Text, Tone, announce
from app.ui.lock.code_field import CodeField
from app.ui.lock.refusals import Refusal
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, TextStyle

_ENTER_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class ProveSheet(ScrollSheet):
    """Asks for the whole code or two shares, and says whether they opened the vault."""

    #: What was typed is to be tried; argument: the text.
    prove_wanted = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=560)
        self.name(self.tr("Does the paper work?"))
        words = self.tr(
            "Take the sheet with the recovery code, or two of the three shares, and type what stands on them. The vault"
            " is really opened with it. Once a year is a good habit: on the day you need it, it is too late."
        )
        self.outcome = Banner(Tone.SIGNAL)
        self.outcome.hide()
        self.code = CodeField(self.tr("Recovery code, or two shares"))
        self.button = Button(self.tr("Open with the paper"), kind=ButtonKind.PRIMARY, icon=IconName.KEY, key_hint="↵")
        self.put(Text(words, TextStyle.BODY, ink="soft", is_wrapping=True), self.outcome, self.code)
        self.put_buttons(self.button)
        self.button.clicked.connect(self._on_clicked)
        self.closed.connect(lambda: self.code.setPlainText(""))

    def ask(self) -> None:
        """Ask for the paper."""
        self.code.setPlainText("")
        self.outcome.hide()
        self.button.setEnabled(True)
        self.open(self.code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Try with Enter."""
        if event.key() in _ENTER_KEYS and self.button.isEnabled():
            self._on_clicked()
        else:
            super().keyPressEvent(event)

    def show_outcome(self, refusal: Refusal | None) -> None:
        """Say whether it opened the vault."""
        self.button.setEnabled(True)
        if refusal is None:
            self.code.setPlainText("")
            self._say(
                Tone.ACCENT, self.tr("It works: the paper opened the vault"), self.tr("Put it back where it lay.")
            )
        else:
            self._say(Tone.SIGNAL, refusal.title, refusal.text)

    def _say(self, tone: Tone, title: str, text: str) -> None:
        self.outcome.show_words(tone, title, text)
        self.outcome.show()
        announce(self, f"{title}. {text}", is_urgent=tone is Tone.SIGNAL)
        self.refit()

    def _on_clicked(self) -> None:
        if self.code.text().strip():
            self.button.setEnabled(False)
            self.prove_wanted.emit(self.code.text())
        else:
            self.code.setFocus()


class RenewSheet(ScrollSheet):
    """Asks before the recovery code is replaced."""

    #: A new code is wanted.
    renew_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=520)
        self.name(self.tr("A new recovery code?"))
        words = self.tr(
            "When the sheet is lost or was seen by somebody else. The console locks; when an administrator signs in"
            " next, a new code is shown, printed and proved. The old one opens nothing from then on, and the vault gets"
            " another key."
        )
        self.keep = Button(self.tr("Keep the code"), kind=ButtonKind.QUIET)
        self.button = Button(self.tr("Lock and go on"), kind=ButtonKind.PRIMARY, icon=IconName.LOCK)
        self.put(Text(words, TextStyle.BODY, ink="soft", is_wrapping=True))
        self.put_buttons(self.button, self.keep)
        self.keep.clicked.connect(self.close_sheet)
        self.button.clicked.connect(self._on_clicked)

    def ask(self) -> None:
        """Ask, with the keyboard on what changes nothing."""
        self.open(self.keep)

    def _on_clicked(self) -> None:
        self.close_sheet()
        self.renew_wanted.emit()
