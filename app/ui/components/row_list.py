"""Short lists on a page: a name from outside, why it stands there, and at most one button."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.components.buttons import Button, ButtonKind
from app.ui.components.labels import Text, redress
from app.ui.components.untrusted import UntrustedLabel
from app.ui.theme import Space, TextStyle, active


@dataclass(frozen=True, slots=True)
class RowWords:
    """One line. ``is_alarming`` asks for attention."""

    title: str = field(repr=False)
    detail: str = field(repr=False)
    is_alarming: bool = False


class _Row(QWidget):
    """Title above detail, a button at the right."""

    def __init__(self, action: str, press: Callable[[], None]) -> None:
        super().__init__()
        look = active()
        self._title = UntrustedLabel("", style=TextStyle.STRONG, max_chars=80)
        self._detail = UntrustedLabel("", style=TextStyle.SMALL, is_wrapping=True, max_chars=300)
        self.button = Button(action, kind=ButtonKind.PLAIN) if action else None
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addWidget(self._detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, look.px(Space.XS), 0, look.px(Space.XS))
        row.addLayout(column, 1)
        if self.button is not None:
            self.button.clicked.connect(press)
            row.addWidget(self.button)

    def show_words(self, words: RowWords, *, is_offered: bool) -> None:
        self._title.set_untrusted(words.title)
        self._detail.set_untrusted(words.detail)
        redress(self._detail, "signal" if words.is_alarming else "soft")
        if self.button is not None:
            self.button.setVisible(is_offered)
            self.button.setAccessibleName(f"{self.button.text()} {self._title.text()}")


class RowList(QWidget):
    """As many rows as there is something to say, up to ``limit``; then a count, or a word that there is nothing."""

    def __init__(self, limit: int, empty: str, action: str = "", press: Callable[[int], None] | None = None) -> None:
        super().__init__()
        self._rows = [_Row(action, lambda place=place: press(place) if press else None) for place in range(limit)]  # type: ignore[misc]
        self._empty = Text(empty, TextStyle.BODY, ink="soft", is_wrapping=True)
        self._more = Text("", TextStyle.SMALL, ink="faint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._empty, *self._rows, self._more):
            column.addWidget(widget)

    def show_rows(self, rows: Sequence[RowWords], *, total: int, is_offered: bool = True) -> None:
        """Show the first rows of ``total``."""
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(rows))
            if place < len(rows):
                row.show_words(rows[place], is_offered=is_offered)
        self._empty.setVisible(not rows)
        self._more.setVisible(total > len(rows) > 0)
        more = QCoreApplication.translate("row_list", "and {count} more")
        self._more.setText(more.format(count=total - min(len(rows), len(self._rows))))

    def all_buttons(self) -> tuple[Button, ...]:
        """The buttons of the rows that are shown, to offer only some of them."""
        return tuple(row.button for row in self._rows if row.button is not None and not row.isHidden())

    def buttons(self) -> tuple[Button, ...]:
        """The buttons that can be pressed now."""
        return tuple(button for button in self.all_buttons() if not button.isHidden())
