"""What the door asks beside a password: a code from the phone, and whether the key stick is plugged in."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.services.people.door import Face
from app.ui.components import IconLabel, Text, redress
from app.ui.theme import IconName, Role, Space, TextStyle, active

LOOK_MS = 1_000
"""How often it is looked for a stick: reading a few folders, once a second and only while one is needed."""

_MAX_CODE_CHARS = 16
_HINTS = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
_HERE = "Your key stick is plugged in."
_NOT_HERE = "Plug in your key stick."


class Beside(QWidget):
    """Hidden while nothing but the password is asked for."""

    #: Somebody typed something.
    edited = Signal()
    #: It should be looked whether a key stick is plugged in; argument: ``Face``. ``show_here`` is the answer.
    look_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face: Face | None = None
        self.code = QLineEdit()
        self.code.setMaxLength(_MAX_CODE_CHARS)
        self.code.setAccessibleName("Code from the phone, or a printed one")
        self.code.setPlaceholderText("Six digits, or a printed code")
        self.code.setInputMethodHints(_HINTS)
        self.code.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.code.textEdited.connect(lambda _text: self.edited.emit())
        self._label = Text("Code from the phone", TextStyle.SMALL_STRONG, ink="soft")
        self.stick = Text(_NOT_HERE, TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._lay_out()
        self.show_face(None)

    def show_face(self, face: Face | None) -> None:
        """Ask for what goes with somebody's password; nothing for None."""
        self._face = face
        asks_code = face is not None and face.asks_code
        needs_stick = face is not None and face.second is not None
        for widget in (self._label, self.code):
            widget.setVisible(asks_code)
        self._row.setVisible(needs_stick)
        self.setVisible(asks_code or needs_stick)
        self._watch()

    def show_here(self, is_here: bool) -> None:
        """Say whether the stick is plugged in."""
        self.stick.setText(_HERE if is_here else _NOT_HERE)
        redress(self.stick, "soft" if is_here else "caution")

    def is_code_missing(self) -> bool:
        """Say whether a code is asked for and none was typed."""
        return self._face is not None and self._face.asks_code and not self.code.text().strip()

    def take(self) -> str:
        """Return the code and empty the field."""
        code = self.code.text()
        self.code.setText("")
        return code

    def showEvent(self, event: QShowEvent) -> None:
        """Look for the stick while one can see it."""
        super().showEvent(event)
        self._watch()

    def hideEvent(self, event: QHideEvent) -> None:
        """Look for nothing behind a window that is gone."""
        super().hideEvent(event)
        self._timer.stop()

    def _watch(self) -> None:
        if self._face is not None and self._face.second is not None and self.isVisible():
            self._look()
            self._timer.start()
        else:
            self._timer.stop()

    def _look(self) -> None:
        if self._face is not None:
            self.look_wanted.emit(self._face)

    def _lay_out(self) -> None:
        look = active()
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(Space.S))
        row.addWidget(IconLabel(IconName.KEY, Role.INK_SOFT, 16))
        row.addWidget(self.stick, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(Space.XS))
        for widget in (self._label, self.code, self._row):
            column.addWidget(widget)
