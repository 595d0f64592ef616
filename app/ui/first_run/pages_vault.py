"""The person, the password, and the wait while the vault is made."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from app.crypto.passwords import PasswordVerdict
from app.domain.conversation import MAX_NAME_CHARS
from app.ui.components import Banner, ProgressLine, Text, Tone
from app.ui.first_run.creation import Stage
from app.ui.first_run.page import Page, labelled
from app.ui.lock.new_password import NewPasswordForm
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
        self._refusal = Banner(Tone.SIGNAL)
        self._refusal.hide()
        self.name = QLineEdit()
        self.name.setMaxLength(MAX_NAME_CHARS)
        self.name.setAccessibleName("Your name")
        self.form = NewPasswordForm(lambda password: judge(password, self.name.text()))
        self.password, self.repeated, self.meter = self.form.password, self.form.repeated, self.form.meter
        self.body.addWidget(self._refusal)
        self.body.addLayout(labelled("Your name, as colleagues see it", self.name))
        self.body.addWidget(self.form)
        self.name.textChanged.connect(self.form.refresh)
        self.form.answered.connect(self.answered)

    def problem(self) -> str:
        """Return the first thing that is missing."""
        if not self.name.text().strip():
            return "Write your name."
        return self.form.problem()

    def first_focus(self) -> QWidget:
        """Return the field that is still to be filled."""
        return self.password if self.name.text().strip() else self.name

    def take_password(self) -> str:
        """Return the password and empty both fields."""
        return self.form.take()

    def show_refusal(self, refusal: Refusal | None) -> None:
        """Say why the vault could not be made."""
        self._refusal.setVisible(refusal is not None)
        if refusal is not None:
            self._refusal.show_words(Tone.SIGNAL, refusal.title, refusal.text)


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
