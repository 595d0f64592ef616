"""The privacy curtain: one key hides every name and word from somebody who steps up to the desk."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.components import IconLabel, Text
from app.ui.theme import IconName, Role, Space, TextStyle, active


class Curtain(QWidget):
    """Covers the whole window; any key or click lifts it. It is no lock and says so."""

    #: The curtain was drawn.
    drawn = Signal()
    #: The curtain was lifted.
    lifted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._came_from: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Privacy curtain. Press any key to go on."))
        column = QVBoxLayout(self)
        column.setSpacing(active().px(Space.S))
        column.addStretch(2)
        column.addWidget(IconLabel(IconName.VESTIBULE, Role.ACCENT_INK, 64), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(Text(self.tr("One moment, please"), TextStyle.TITLE), 0, Qt.AlignmentFlag.AlignHCenter)
        self._words = Text("", TextStyle.SMALL, ink="faint")
        self._is_held = False
        column.addWidget(self._words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        window.installEventFilter(self)
        self.hide()

    def draw(self, held_for: str = "") -> None:
        """Hide everything at once; ``held_for`` says what it stays for, and then no key lifts it."""
        self._is_held = bool(held_for)
        self._words.setText(held_for or self.tr("Any key goes on. Ctrl+L locks."))
        self._came_from = self.window().focusWidget()
        self.drawn.emit()
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def lift(self) -> None:
        """Show the window again, unless the curtain is held."""
        if self.isVisible() and not self._is_held:
            self.hide()
            if self._came_from is not None and self._came_from.isVisible():
                self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
            self.lifted.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Lift with any key."""
        event.accept()
        self.lift()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Lift with a click."""
        event.accept()
        self.lift()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), active().colour(Role.WINDOW))
        painter.end()
