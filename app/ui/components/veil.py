"""Counter mode: names as initials and words as bars, until somebody looks at them on purpose.

One state per application, like the look: what paints itself asks ``veil().is_drawn`` when it paints, and ``changed``
tells when to do so again. It hides from eyes at the counter, not from the person at the desk; it is no lock.
"""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLabel, QWidget
from shiboken6 import isValid

from app.ui.components.marks import initials
from app.ui.components.untrusted import UntrustedLabel, readable_line
from app.ui.theme import Look, Role, TextStyle, active

_BAR_SHARE = 0.5
"""Height of a bar in its line."""
_LINE_PX = 22
_INSET_PX = 4
_FILL_SHARES = (0.94, 0.86, 0.97, 0.62)
"""Widths of the bars that stand for lines nobody may count."""


class Veil(QObject):
    """Whether counter mode is on in this application."""

    #: Counter mode was switched; argument: on or off.
    changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._is_drawn = False

    @property
    def is_drawn(self) -> bool:
        """True while names and words are hidden."""
        return self._is_drawn

    def draw(self, is_drawn: bool) -> None:
        """Hide names and words, or show them again."""
        if is_drawn is not self._is_drawn:
            self._is_drawn = is_drawn
            self.changed.emit(is_drawn)


class _Current:
    veil: Veil | None = None


def veil() -> Veil:
    """Return the one veil of this application."""
    if _Current.veil is None:
        _Current.veil = Veil()
    return _Current.veil


def person_line(untrusted_name: str, max_chars: int = 200) -> str:
    """Return a client's name as one line; in counter mode its initials, each with a point."""
    if not veil().is_drawn:
        return readable_line(untrusted_name, max_chars)
    return " ".join(f"{letter}." if letter.isalnum() else letter for letter in initials(untrusted_name))


def draw_bar(painter: QPainter, line: QRectF, look: Look) -> None:
    """Draw what stands for one hidden line of words."""
    height = line.height() * _BAR_SHARE
    bar = QRectF(line.left(), line.center().y() - height / 2, line.width(), height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(Role.INK_FAINT, 80))
    painter.drawRoundedRect(bar, height / 2, height / 2)


class PersonLabel(UntrustedLabel):
    """A label for the name of a client, which counter mode shortens."""

    def __init__(
        self, *, style: TextStyle = TextStyle.BODY, max_chars: int = 80, parent: QWidget | None = None
    ) -> None:
        self._name = ""
        super().__init__("", style=style, max_chars=max_chars, parent=parent)
        veil().changed.connect(self._show)

    def set_untrusted(self, untrusted_text: str) -> None:
        """Show this name, or its initials."""
        self._name = untrusted_text
        self._show()

    def _show(self) -> None:
        QLabel.setText(self, person_line(self._name, self._max_chars) if self._name else "")


class VeilOver(QWidget):
    """Lies over a field of text in counter mode; goes away while the field has the keyboard or the pointer."""

    def __init__(self, field: QWidget, surface: Role = Role.RAISED) -> None:
        self._field = field
        self._surface = surface
        self._ground = field.viewport() if isinstance(field, QAbstractScrollArea) else field
        super().__init__(self._ground)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._is_hovered = False
        field.setAttribute(Qt.WidgetAttribute.WA_Hover)
        for watched in {field, self._ground}:
            watched.installEventFilter(self)
        veil().changed.connect(self.follow)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)
        self.follow()

    def follow(self) -> None:
        """Cover the field, or not; one that is being destroyed loses the keyboard as well, and is let go."""
        if not (isValid(self) and isValid(self._ground)):
            return
        here = QApplication.focusWidget()
        is_within = here is not None and (here is self._field or self._field.isAncestorOf(here))
        is_read = is_within or self._is_hovered
        self.setVisible(veil().is_drawn and not is_read)
        if self.isVisibleTo(self._ground):
            self.setGeometry(self._ground.rect())
            self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow keyboard, pointer and size."""
        if event.type() in {QEvent.Type.Enter, QEvent.Type.HoverEnter}:
            self._is_hovered = True
            self.follow()
        elif event.type() in {QEvent.Type.Leave, QEvent.Type.HoverLeave}:
            self._is_hovered = False
            self.follow()
        elif event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            self.follow()
        return super().eventFilter(watched, event)

    def _on_focus(self, _old: QWidget | None, _new: QWidget | None) -> None:
        if veil().is_drawn:
            self.follow()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bars that tell neither how many words there are nor how long they are."""
        look, painter = active(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), look.colour(self._surface))
        step, inset = look.px(_LINE_PX), look.px(_INSET_PX)
        for number in range(max(1, self.height() // step)):
            width = (self.width() - 2 * inset) * _FILL_SHARES[number % len(_FILL_SHARES)]
            draw_bar(painter, QRectF(inset, number * step, width, step), look)
        painter.end()
