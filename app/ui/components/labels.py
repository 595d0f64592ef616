"""Our own words on the screen."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from app.ui.theme import Role, TextStyle, active


def dress(widget: QWidget, style: TextStyle, ink: str = "normal") -> None:
    """Give ``widget`` a step of the type scale and an ink of the stylesheet."""
    widget.setProperty("textStyle", style.value)
    widget.setProperty("ink", ink)


def redress(widget: QWidget, ink: str) -> None:
    """Change the ink of a widget that is already on the screen."""
    if widget.property("ink") != ink:
        widget.setProperty("ink", ink)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Text(QLabel):
    """A text that we wrote ourselves; words from outside go into ``UntrustedLabel``."""

    def __init__(
        self,
        text: str = "",
        style: TextStyle = TextStyle.BODY,
        *,
        ink: str = "normal",
        is_wrapping: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(is_wrapping)
        dress(self, style, ink)

    def set_ink(self, ink: str) -> None:
        """Change the ink: normal, soft, faint, accent, signal, caution, note."""
        redress(self, ink)


class Divider(QFrame):
    """A hairline that only decorates."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)
        self.setObjectName("divider")
        self.setAutoFillBackground(True)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._tint()

    def _tint(self) -> None:
        palette = self.palette()
        palette.setColor(self.backgroundRole(), active().colour(Role.LINE))
        self.setPalette(palette)

    def sizeHint(self) -> QSize:
        """Return one pixel of height."""
        return QSize(0, 1)
