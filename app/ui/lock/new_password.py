"""Two fields for a new password, with its strength in words; used by the first run and after a recovery."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.crypto.passwords import PasswordVerdict
from app.ui.components import PasswordField, StrengthMeter, Text
from app.ui.lock.password_words import PASSWORD_ADVICE, say_verdict
from app.ui.theme import Space, TextStyle, active


class NewPasswordForm(QWidget):
    """Asks for a password twice and says how good it is; ``judge`` decides."""

    #: Something was typed, so that ``problem`` may say something else.
    answered = Signal()

    def __init__(
        self, judge: Callable[[str], PasswordVerdict], parent: QWidget | None = None, *, label: str = "Password"
    ) -> None:
        super().__init__(parent)
        self._judge = judge
        self._has_second = False
        self.password = PasswordField(label)
        self.repeated = PasswordField("The same password again")
        self.meter = StrengthMeter()
        self.meter.show_strength(0, PASSWORD_ADVICE)
        self.setFocusProxy(self.password)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(active().px(Space.L))
        column.addLayout(_labelled(label, self.password, self.meter))
        column.addLayout(_labelled("The same password again", self.repeated))
        self.password.edited.connect(self.refresh)
        self.repeated.edited.connect(self.refresh)

    def set_second(self, *, has_second: bool) -> None:
        """Say whether the password opens nothing without a key stick, so that it may be shorter."""
        self._has_second = has_second
        self.refresh()

    def problem(self) -> str:
        """Return the first thing that is missing, "" when the password may be used."""
        if not self._judge(self.password.peek()).is_accepted:
            return "The password is not good enough yet."
        if self.password.peek() != self.repeated.peek():
            return "The two passwords differ." if not self.repeated.is_empty() else "Type the password a second time."
        return ""

    def take(self) -> str:
        """Return the password and empty both fields."""
        self.repeated.clear()
        password = self.password.take()
        self.refresh()
        return password

    def refresh(self) -> None:
        """Judge anew, for instance because a name was typed that makes the password easier to guess."""
        typed = self.password.peek()
        verdict = self._judge(typed)
        self.meter.show_strength(
            verdict.strength if typed else 0, say_verdict(verdict, len(typed), has_second=self._has_second)
        )
        self.answered.emit()


def _labelled(label: str, *widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(active().px(Space.XS))
    column.addWidget(Text(label, TextStyle.SMALL_STRONG, ink="soft"))
    for widget in widgets:
        column.addWidget(widget)
    return column
