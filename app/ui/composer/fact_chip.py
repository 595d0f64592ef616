"""One fact of a text as something the keyboard can stand on. It draws nothing: the text paints its chips itself."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.domain.facts import FactMark


class FactChip(QAbstractButton):
    """Space checks it, Enter opens its passage, the arrows go to its neighbours; a screen reader hears its name."""

    #: The pointer or the keyboard came to the chip, or left it; argument: is it there.
    looked_at = Signal(bool)
    #: Checked, or not after all.
    check_wanted = Signal()
    #: Open the whole passage.
    passage_wanted = Signal()
    #: Go to the next chip (1) or the one before (-1).
    step_wanted = Signal(int)

    def __init__(self, place: int, fact: FactMark, start: int, end: int, name: str, parent: QWidget) -> None:
        """Stand for the fact at ``place``; ``start`` and ``end`` are positions in the document, its cell included."""
        super().__init__(parent)
        self.place = place
        self.fact = fact
        self.start, self.end = start, end
        self.setAccessibleName(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def lie_over(self, rects: list[QRectF]) -> None:
        """Cover the lines of the fact, and nothing between them."""
        if not rects:
            self.hide()
            return
        whole = rects[0]
        region = QRegion()
        for rect in rects:
            whole = whole.united(rect)
            region += QRegion(rect.toAlignedRect())
        box = whole.toAlignedRect()
        if box != self.geometry():
            self.setGeometry(box)
        if len(rects) > 1:
            self.setMask(region.translated(-box.topLeft()))
        if self.isHidden():
            self.show()

    def nextCheckState(self) -> None:
        """Ask; whoever owns the state answers by ``setChecked``."""
        self.check_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Check, open, walk."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.passage_wanted.emit()
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.check_wanted.emit()
        elif event.key() in {Qt.Key.Key_Right, Qt.Key.Key_Down}:
            self.step_wanted.emit(1)
        elif event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Up}:
            self.step_wanted.emit(-1)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The press did it all."""
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click looks, it does not check: the passage comes first."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press did it all."""
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the whole passage."""
        self.passage_wanted.emit()
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show what stands behind it."""
        super().enterEvent(event)
        self.looked_at.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Look away, unless the keyboard is here."""
        super().leaveEvent(event)
        self.looked_at.emit(self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show what stands behind it."""
        super().focusInEvent(event)
        self.looked_at.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Look away."""
        super().focusOutEvent(event)
        self.looked_at.emit(False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Nothing: see ``chip_painting``."""
