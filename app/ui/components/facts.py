"""Facts in rows: a quiet name at the left, the words at the right, one under the other where it is narrow."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.ui.components.buttons import Button
from app.ui.components.labels import Text
from app.ui.components.untrusted import UntrustedLabel
from app.ui.theme import Space, TextStyle, active

_NARROW_PX = 400
_NAME_PX = 132


class FactSheet(QWidget):
    """Rows of (name, words). Words are treated as coming from outside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Text, UntrustedLabel, QWidget]] = []
        self._is_narrow: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)

    def add(self, name: str, beside: QWidget | None = None) -> UntrustedLabel:
        """Add a row and return the label of its words; ``beside`` stands behind them."""
        words = UntrustedLabel("", is_wrapping=beside is None, max_chars=300)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label = Text(name, TextStyle.SMALL, ink="faint")
        label.setBuddy(words)
        self._rows.append((label, words, words if beside is None else _together(words, beside)))
        self._is_narrow = None
        self._arrange()
        return words

    def words(self) -> str:
        """Return all rows as lines, for tests and screen readers."""
        return "\n".join(f"{label.text()}: {words.text()}" for label, words, _ in self._rows if words.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._is_narrow = None
            self._arrange()

    def _arrange(self) -> None:
        look = active()
        is_narrow = self.width() < look.px(_NARROW_PX)
        if is_narrow is self._is_narrow:
            return
        self._is_narrow = is_narrow
        self._grid.setHorizontalSpacing(look.px(Space.M))
        self._grid.setVerticalSpacing(look.px(2 if is_narrow else Space.S))
        self._grid.setColumnMinimumWidth(0, 0 if is_narrow else look.px(_NAME_PX))
        self._grid.setColumnStretch(0, 1 if is_narrow else 0)
        self._grid.setColumnStretch(1, 0 if is_narrow else 1)
        for place, (label, words, body) in enumerate(self._rows):
            align = Qt.AlignmentFlag.AlignVCenter if body is not words else Qt.AlignmentFlag.AlignTop
            if is_narrow:
                self._grid.addWidget(label, 2 * place, 0)
                self._grid.addWidget(body, 2 * place + 1, 0)
            else:
                self._grid.addWidget(label, place, 0, align)
                self._grid.addWidget(body, place, 1, align)


def _together(words: UntrustedLabel, beside: QWidget) -> QWidget:
    """Return one line: the words, then what stands behind them."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(active().px(Space.XS))
    row.addWidget(words)
    row.addWidget(beside)
    row.addStretch(1)
    return holder


class ButtonRow(QWidget):
    """Buttons side by side, in as many rows as the width asks for."""

    def __init__(self, *buttons: Button, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = buttons
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._places: tuple[tuple[int, int, int], ...] = ()
        for button in buttons:
            button.setParent(self)  # one that is in no cell yet must not become a window when it is shown
        self.arrange()

    def arrange(self) -> None:
        """Put the visible buttons into rows; to be called when one was shown, hidden or renamed."""
        gap = active().px(Space.S)
        self._grid.setSpacing(gap)
        shown = [button for button in self._buttons if not button.isHidden()]
        columns = max(1, len(shown))
        while columns > 1 and self._width_of(shown, columns, gap) > max(self.width(), 1):
            columns -= 1
        places = tuple((id(button), at // columns, at % columns) for at, button in enumerate(shown))
        if places == self._places:
            return
        self._places = places
        for button in self._buttons:
            self._grid.removeWidget(button)
        for column in range(self._grid.columnCount() + 1):
            self._grid.setColumnStretch(column, 0)
        for at, button in enumerate(shown):
            self._grid.addWidget(button, at // columns, at % columns)
        self._grid.setColumnStretch(columns, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self.arrange()

    def minimumSizeHint(self) -> QSize:
        """Return the width of the widest button: what stands side by side may stand one below the other."""
        shown = [button.sizeHint().width() for button in self._buttons if not button.isHidden()]
        return QSize(max(shown, default=0), super().minimumSizeHint().height())

    @staticmethod
    def _width_of(shown: list[Button], columns: int, gap: int) -> int:
        widest = [max(button.sizeHint().width() for button in shown[column::columns]) for column in range(columns)]
        return sum(widest) + gap * (columns - 1)
