"""Fields for passwords: they show nothing by default, say when Caps Lock is on, and give their text away once."""

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.ui.components.buttons import IconButton
from app.ui.components.labels import Text
from app.ui.components.painting import begin, fill_rounded, follow_look
from app.ui.theme import IconName, Role, Space, TextStyle, active

MAX_PASSWORD_CHARS = 1024
_SECRET_INPUT = (
    Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoAutoUppercase | Qt.InputMethodHint.ImhNoPredictiveText
)
_CAPS_WORDS = "Caps Lock seems to be on."


class PasswordField(QWidget):
    """A line for a password with a button that reveals it.

    The text leaves by ``take``, which also empties the line; nothing else of the console keeps it.
    """

    #: Somebody typed or removed something.
    edited = Signal()
    #: Enter was pressed in the line.
    returnPressed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = QLineEdit()
        self._line.setMaxLength(MAX_PASSWORD_CHARS)
        self._line.setAccessibleName(name)
        self._line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._line.installEventFilter(self)
        self._reveal = IconButton(IconName.EYE, "Show the password")
        self._reveal.setCheckable(True)
        self._caps = Text("", TextStyle.SMALL, ink="caution")
        self._caps.hide()
        self.setFocusProxy(self._line)
        self._lay_out()
        self._connect()
        self.set_revealed(False)

    def set_revealed(self, is_revealed: bool) -> None:
        """Show or hide what is typed."""
        self._reveal.setChecked(is_revealed)
        self._reveal.set_icon_name(IconName.EYE_OFF if is_revealed else IconName.EYE)
        self._reveal.set_name("Hide the password" if is_revealed else "Show the password")
        self._line.setEchoMode(QLineEdit.EchoMode.Normal if is_revealed else QLineEdit.EchoMode.Password)
        # After the mode, which sets hints of its own: a revealed password must not teach the keyboard its words.
        hidden = Qt.InputMethodHint.ImhNone if is_revealed else Qt.InputMethodHint.ImhHiddenText
        self._line.setInputMethodHints(_SECRET_INPUT | hidden)

    def peek(self) -> str:
        """Return the text without emptying the line, for judging its strength while somebody types."""
        return self._line.text()

    def take(self) -> str:
        """Return the text, empty the line and its undo history, and hide what comes next."""
        text = self._line.text()
        self.clear()
        return text

    def clear(self) -> None:
        """Empty the line."""
        self._line.setText("")  # unlike clear(), this also forgets the undo history
        self.set_revealed(False)

    def is_empty(self) -> bool:
        """Return True when nothing is typed."""
        return not self._line.text()

    def set_wrong(self, is_wrong: bool) -> None:
        """Mark the line as refused; words beside it say why."""
        self._line.setProperty("isWrong", is_wrong)
        self._line.style().unpolish(self._line)
        self._line.style().polish(self._line)

    def line(self) -> QLineEdit:
        """Return the line itself, for focus order and tests."""
        return self._line

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Learn from typed letters whether Caps Lock is on; Qt does not tell."""
        if watched is self._line and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            self._learn_caps(event)
        return super().eventFilter(watched, event)

    def _learn_caps(self, event: QKeyEvent) -> None:
        letter = event.text()
        if event.key() == Qt.Key.Key_CapsLock:
            self._show_caps(is_on=False)
        elif len(letter) == 1 and letter.isalpha() and letter.lower() != letter.upper():
            is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._show_caps(is_on=letter.isupper() != is_shifted)

    def _show_caps(self, *, is_on: bool) -> None:
        self._caps.setText(_CAPS_WORDS if is_on else "")
        self._caps.setVisible(is_on)

    def caps_hint(self) -> str:
        """Return the hint about Caps Lock, "" when there is none."""
        return self._caps.text()

    def _lay_out(self) -> None:
        look = active()
        row = QHBoxLayout()
        row.setSpacing(look.px(Space.XS))
        row.addWidget(self._line, 1)
        row.addWidget(self._reveal)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(Space.XS))
        column.addLayout(row)
        column.addWidget(self._caps)

    def _connect(self) -> None:
        self._line.textEdited.connect(lambda _text: self.edited.emit())
        self._line.returnPressed.connect(self.returnPressed)
        self._reveal.toggled.connect(self.set_revealed)


_STEPS = 4
_STEP_ROLES = (Role.SIGNAL, Role.SIGNAL, Role.CAUTION_INK, Role.ACCENT, Role.ACCENT)


class _StrengthBar(QWidget):
    """Four segments, filled from the left."""

    def __init__(self) -> None:
        super().__init__()
        self.strength = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(active().px(160), active().px(4))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        follow_look(self, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = active(), begin(self)
        gap = look.px(Space.XS)
        width = (self.width() - gap * (_STEPS - 1)) / _STEPS
        for step in range(_STEPS):
            role = _STEP_ROLES[self.strength] if step < self.strength else Role.LINE
            fill_rounded(painter, QRectF(step * (width + gap), 0, width, self.height()), 2, look.colour(role))
        painter.end()


class StrengthMeter(QWidget):
    """How strong a password is: four segments and, beside them, the reason in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = _StrengthBar()
        self._words = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(active().px(Space.XS))
        column.addWidget(self._bar)
        column.addWidget(self._words)

    def show_strength(self, strength: int, words: str) -> None:
        """Show 0 (nothing) to 4 (strong) and say why."""
        self._bar.strength = min(max(strength, 0), _STEPS)
        self._bar.update()
        self._words.setText(words)
        self.setAccessibleName(f"Strength {self._bar.strength} of {_STEPS}. {words}")

    def words(self) -> str:
        """Return the words beside the bar."""
        return self._words.text()

    def strength(self) -> int:
        """Return what the bar shows."""
        return self._bar.strength
