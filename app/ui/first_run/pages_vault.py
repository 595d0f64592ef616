"""The person, the password, and the wait while the vault is made."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from app.crypto.passwords import PasswordVerdict
from app.domain.conversation import MAX_NAME_CHARS
from app.ui.components import Banner, PasswordField, ProgressLine, StrengthMeter, Text, Tone
from app.ui.first_run.creation import Stage
from app.ui.first_run.page import Page, labelled
from app.ui.first_run.words import PASSWORD_ADVICE, say_verdict
from app.ui.lock.refusals import Refusal
from app.ui.theme import TextStyle


class PersonPage(Page):
    """Name and password, with the strength while one types."""

    continue_text = "Make the vault"

    def __init__(self, judge: Callable[[str, str], PasswordVerdict]) -> None:
        super().__init__(
            "Who are you?",
            "Your password locks the vault. Nobody can reset it, not even us, so the next page gives you a recovery "
            "code on paper.",
        )
        self._judge = judge
        self._refusal = Banner(Tone.SIGNAL)
        self._refusal.hide()
        self.name = QLineEdit()
        self.name.setMaxLength(MAX_NAME_CHARS)
        self.name.setAccessibleName("Your name")
        self.password = PasswordField("Password")
        self.repeated = PasswordField("The same password again")
        self.meter = StrengthMeter()
        self.meter.show_strength(0, PASSWORD_ADVICE)
        self.body.addWidget(self._refusal)
        self.body.addLayout(labelled("Your name, as colleagues see it", self.name))
        self.body.addLayout(labelled("Password", self.password, self.meter))
        self.body.addLayout(labelled("The same password again", self.repeated))
        self.name.textChanged.connect(self._on_changed)
        self.password.edited.connect(self._on_changed)
        self.repeated.edited.connect(self._on_changed)

    def problem(self) -> str:
        """Return the first thing that is missing."""
        if not self.name.text().strip():
            return "Write your name."
        if not self._verdict().is_accepted:
            return "The password is not good enough yet."
        if self.password.peek() != self.repeated.peek():
            return "The two passwords differ." if not self.repeated.is_empty() else "Type the password a second time."
        return ""

    def first_focus(self) -> QWidget:
        """Return the field that is still to be filled."""
        return self.password if self.name.text().strip() else self.name

    def take_password(self) -> str:
        """Return the password and empty both fields."""
        self.repeated.clear()
        password = self.password.take()
        self._show_strength()
        return password

    def show_refusal(self, refusal: Refusal | None) -> None:
        """Say why the vault could not be made."""
        self._refusal.setVisible(refusal is not None)
        if refusal is not None:
            self._refusal.show_words(Tone.SIGNAL, refusal.title, refusal.text)

    def _verdict(self) -> PasswordVerdict:
        return self._judge(self.password.peek(), self.name.text())

    def _on_changed(self) -> None:
        self._show_strength()
        self.answered.emit()

    def _show_strength(self) -> None:
        typed, verdict = self.password.peek(), self._verdict()
        self.meter.show_strength(verdict.strength if typed else 0, say_verdict(verdict, len(typed)))


_STAGE_WORDS = {
    Stage.STRETCHING: "Stretching the password: slow on purpose, so that guessing it is slower still.",
    Stage.FILLING: "Writing the invented office into the vault, encrypted like everything else.",
}


class CreatingPage(Page):
    """Waits, and says for what. It shows no figure because nobody knows one."""

    def __init__(self) -> None:
        super().__init__("Making your vault", "A few seconds. It happens only here, on this machine.")
        self._line = ProgressLine("Making the vault")
        self._line.set_fraction(None)
        self._words = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self.body.addWidget(self._line)
        self.body.addWidget(self._words)

    def show_stage(self, stage: Stage) -> None:
        """Say what is being done."""
        self._words.setText(_STAGE_WORDS[stage])

    def problem(self) -> str:
        """Return why one cannot go on yet."""
        return "The vault is being made."
