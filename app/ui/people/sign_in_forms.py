"""Proving to be there, and the base of every sheet that asks for it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.services.people.sign_in import Current, SignInState
from app.ui.components import Banner, Button, ButtonKind, PasswordField, ProgressLine, Text, Tone, announce
from app.ui.lock.refusals import Refusal
from app.ui.people.sign_in_words import WISHES, Wish
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, Space, TextStyle, active

_MAX_CODE_CHARS = 16


class ProofForm(QWidget):
    """Asks for the password of now, and for a code where one goes with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.password = PasswordField(self.tr("Your password of now"))
        self.code = code_line(self.tr("Code from the phone, or a printed one"))
        self._code_label = Text(self.tr("Code from the phone, or a printed one"), TextStyle.SMALL_STRONG, ink="soft")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(active().px(Space.XS))
        column.addWidget(Text(self.tr("Your password of now"), TextStyle.SMALL_STRONG, ink="soft"))
        for widget in (self.password, self._code_label, self.code):
            column.addWidget(widget)
        self.setFocusProxy(self.password)

    def ask(self, state: SignInState) -> None:
        """Be empty, and ask for a code where one is asked for at the door."""
        self.password.clear()
        self.code.setText("")
        for widget in (self._code_label, self.code):
            widget.setVisible(state.asks_code)

    def problem(self) -> str:
        """Return what is missing, "" when nothing is."""
        if self.password.is_empty():
            return self.tr("Type the password you have now.")
        if not self.code.isHidden() and not self.code.text().strip():
            return self.tr("Type the code that your phone shows now.")
        return ""

    def take(self) -> Current:
        """Return what was typed and empty the fields."""
        current = Current(self.password.take(), self.code.text())
        self.code.setText("")
        return current


class WishSheet(ScrollSheet):
    """Says what will be, asks for a proof, and says why it could not be."""

    def __init__(self, window: QWidget, wish: Wish, *, width_px: int = 560) -> None:
        super().__init__(window, WISHES[wish].title, width_px=width_px)
        self.wish = wish
        self.words = Text(WISHES[wish].words, TextStyle.BODY, ink="soft", is_wrapping=True)
        self.refusal = Banner(Tone.SIGNAL)
        self.refusal.hide()
        self.proof = ProofForm()
        self.progress = ProgressLine(WISHES[wish].title)
        self.progress.set_fraction(None)
        self.progress.hide()
        self.button = Button(WISHES[wish].action, kind=ButtonKind.PRIMARY, icon=IconName.KEY, key_hint="↵")
        self.button.clicked.connect(self._on_clicked)
        self.closed.connect(self.forget)

    def ask(self, state: SignInState) -> None:
        """Begin anew for somebody who signs in like this."""
        self.forget()
        self.proof.ask(state)
        self.begin(state)
        self.refusal.hide()
        self.open(self.first_field())

    def begin(self, state: SignInState) -> None:
        """Fill what is special about this sheet."""

    def first_field(self) -> QWidget:
        """Return where the keyboard begins."""
        return self.proof.password.line()

    def forget(self) -> None:
        """Keep no secret behind a sheet that is closed."""
        self.proof.password.clear()
        self.proof.code.setText("")

    def missing(self) -> str:
        """Return the first thing that is missing, "" when it can be done."""
        return self.proof.problem()

    def go(self) -> None:
        """Everything was typed."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter, wherever the keyboard is."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.button.isEnabled():
            self._on_clicked()
        else:
            super().keyPressEvent(event)

    def set_busy(self, is_busy: bool) -> None:
        """Follow the work."""
        self.progress.setVisible(is_busy)
        self.button.setEnabled(not is_busy)
        if is_busy:
            self.refusal.hide()
            announce(self, self.tr("This takes about three seconds."))
        self.refit()

    def show_refusal(self, refusal: Refusal) -> None:
        """Say why it could not be done."""
        self.say(refusal.title, refusal.text, Tone.SIGNAL)
        self.first_field().setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, title: str, text: str = "", tone: Tone = Tone.CAUTION) -> None:
        """Say something above the fields."""
        self.refusal.show_words(tone, title, text)
        self.refusal.show()
        announce(self, f"{title}. {text}", is_urgent=tone is Tone.SIGNAL)
        self.refit()

    def _on_clicked(self) -> None:
        missing = self.missing()
        if missing:
            self.say(missing)
        else:
            self.go()


def code_line(name: str) -> QLineEdit:
    """Return a line for a code."""
    line = QLineEdit()
    line.setMaxLength(_MAX_CODE_CHARS)
    line.setAccessibleName(name)
    line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
    line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return line
