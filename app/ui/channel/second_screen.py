"""The code alone, for a screen that the person in front of the desk can see: no name, nothing of the office's work."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QScreen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.channel.qr import QrView
from app.ui.components import Text, UntrustedLabel
from app.ui.theme import Space, TextStyle, active

_SIDE_PX = 460


def other_screen(window: QWidget) -> QScreen | None:
    """The screen that ``window`` is not on, None where there is only one."""
    here = window.screen()
    return next((screen for screen in QGuiApplication.screens() if screen is not here), None)


class SecondScreen(QWidget):
    """A window with a code and one sentence; any key or click closes it."""

    #: It was closed.
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "window")
        self.setWindowTitle(self.tr("Invitation · Vestibule"))
        self._office = UntrustedLabel("", style=TextStyle.TITLE, max_chars=80)
        self._office.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.code = QrView(self.tr("The invitation as a code"), _SIDE_PX)
        words = Text(self.tr("Point the camera of your telephone here"), TextStyle.LEAD, ink="soft")
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setSpacing(active().px(Space.L))
        column.addStretch(1)
        for widget in (self._office, self.code, words):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def show_code(self, office_name: str, link: str, screen: QScreen) -> None:
        """Show the code on a screen, without taking the keyboard."""
        self._office.set_untrusted(office_name)
        self.code.show_text(link)
        self.setGeometry(screen.availableGeometry())
        self.show()

    def close_screen(self) -> None:
        """Show nothing any more."""
        if self.isVisible():
            self.code.forget()
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, _event: QKeyEvent) -> None:
        """Close with any key."""
        self.close_screen()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Close with a click."""
        self.close_screen()
