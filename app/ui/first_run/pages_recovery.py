"""The recovery code: shown once, printed or saved, and proven by typing part of it from the paper."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui.components import Banner, Button, Card, Text, Tone
from app.ui.first_run.page import Page
from app.ui.lock.refusals import Refusal
from app.ui.theme import IconName, Space, TextStyle, active

_COLUMNS = 5
_GROUP_CHARS = 5


class CodePage(Page):
    """Shows the code in numbered groups."""

    continue_text = "I have it on paper"

    #: The person wants the sheet on paper.
    print_wanted = Signal()
    #: The person wants the sheet as a PDF.
    save_wanted = Signal()
    #: The person wants to delete the new vault and answer again.
    start_over_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            "Your recovery code",
            "If you forget the password, only this opens the vault. It is shown now and never again. "
            "Keep it where you keep the keys to the office.",
        )
        look = active()
        self._card = Card()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(look.px(Space.XL))
        self._grid.setVerticalSpacing(look.px(Space.M))
        self._card.body.addLayout(self._grid)
        self.print_button = Button("Print", icon=IconName.PRINTER)
        self.save_button = Button("Save as PDF", icon=IconName.SAVE)
        self._outcome = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._over = Banner(
            Tone.CAUTION,
            "Going back deletes the vault that was just made",
            "It holds nothing of yours yet. You answer the questions again and get another code.",
            "Delete it and go back",
        )
        self._over.hide()
        self._resumed = Banner(
            Tone.CAUTION,
            "This is a new recovery code",
            "The paper was never proved, or an administrator asked for another code. The one of before is stored "
            "nowhere and opens nothing any more. Put this one on paper now, or later: then the desk opens, and the "
            "next sign-in of an administrator asks again.",
        )
        self._resumed.hide()
        self._add_all()
        self.print_button.clicked.connect(self.print_wanted)
        self.save_button.clicked.connect(self.save_wanted)
        self._over.action_wanted.connect(self.start_over_wanted)

    def show_groups(self, groups: Sequence[str]) -> None:
        """Show the code; nothing hides it again but leaving the page."""
        self.forget()
        for place, group in enumerate(groups):
            self._grid.addWidget(_Group(place + 1, group), place // _COLUMNS, place % _COLUMNS)

    def forget(self) -> None:
        """Take the code off the screen."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._over.hide()
        self._outcome.setText("")

    def show_resumed(self) -> None:
        """Say why a code is shown to somebody who has a vault already."""
        self._resumed.show()

    def ask_start_over(self) -> None:
        """Say what going back would mean and offer it."""
        self._over.show()

    def is_asking_start_over(self) -> bool:
        """Return True while the page says what going back would mean."""
        return not self._over.isHidden()

    def show_outcome(self, words: str) -> None:
        """Say what became of printing or saving."""
        self._outcome.setText(words)

    def first_focus(self) -> QWidget:
        """Return the button that prints."""
        return self.print_button

    def _add_all(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(active().px(Space.S))
        row.addWidget(self.print_button)
        row.addWidget(self.save_button)
        row.addStretch(1)
        self.body.addWidget(self._over)
        self.body.addWidget(self._resumed)
        self.body.addWidget(self._card)
        self.body.addLayout(row)
        self.body.addWidget(self._outcome)
        self.body.addWidget(
            Text(
                "Writing it down by hand is fine. A PDF belongs on a stick in a drawer, not beside the vault.",
                TextStyle.SMALL,
                ink="faint",
                is_wrapping=True,
            )
        )


class _Group(QWidget):
    """One group of the code under its number."""

    def __init__(self, number: int, group: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Text(str(number), TextStyle.CAPTION, ink="faint"))
        column.addWidget(Text(group, TextStyle.CODE))
        self.setAccessibleName(f"Group {number}: {' '.join(group)}")


class CodeCheckPage(Page):
    """Asks for some groups from the paper and says whether the recovery slot opened."""

    continue_text = "Open with the paper"

    #: The typed groups are to be tried; argument: mapping of number to text.
    check_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            "Does the paper work?",
            "Take the sheet in your hand and type these groups. The vault is then really opened with your code, so "
            "that you know today and not on the day you need it.",
        )
        self._fields: dict[int, QLineEdit] = {}
        self._is_proven = False
        self._row = QHBoxLayout()
        self._row.setSpacing(active().px(Space.L))
        self.answer = Banner()
        self.answer.hide()
        self.body.addLayout(self._row)
        self.body.addWidget(self.answer)

    def ask(self, numbers: Sequence[int]) -> None:
        """Ask for these groups."""
        self._clear()
        for number in numbers:
            field = QLineEdit()
            field.setMaxLength(_GROUP_CHARS + 2)
            field.setAccessibleName(f"Group {number}")
            field.setProperty("textStyle", TextStyle.CODE.value)
            field.setMaximumWidth(active().px(150))
            field.textEdited.connect(self._on_edited)
            self._fields[number] = field
            column = QVBoxLayout()
            column.setSpacing(active().px(Space.XS))
            column.addWidget(Text(f"Group {number}", TextStyle.SMALL_STRONG, ink="soft"))
            column.addWidget(field)
            self._row.addLayout(column)
        self._row.addStretch(1)

    def numbers(self) -> tuple[int, ...]:
        """Return the groups that are asked for."""
        return tuple(self._fields)

    def field(self, number: int) -> QLineEdit:
        """Return the field of one group."""
        return self._fields[number]

    def typed(self) -> Mapping[int, str]:
        """Return what was typed, by number."""
        return {number: field.text() for number, field in self._fields.items()}

    def problem(self) -> str:
        """Return what is missing."""
        is_full = all(len(field.text().strip()) >= _GROUP_CHARS for field in self._fields.values())
        return "" if is_full or self._is_proven else "Type the groups from the sheet, five characters each."

    def first_focus(self) -> QWidget | None:
        """Return the first field that is not filled."""
        empty = (field for field in self._fields.values() if not field.text().strip())
        return None if self._is_proven else next(empty, next(iter(self._fields.values()), None))

    def show_busy(self) -> None:
        """Say that the slot is being opened."""
        self.answer.show_words(Tone.NEUTRAL, "Opening the vault with your code …", "This takes a moment.")
        self.answer.show()

    def show_outcome(self, refusal: Refusal | None) -> None:
        """Say whether the slot opened."""
        self._is_proven = refusal is None
        if refusal is None:
            words = "Put it where only you and your deputy find it. The next pages do not show it again."
            self.answer.show_words(Tone.ACCENT, "It works: the code opened the vault", words)
        else:
            self.answer.show_words(Tone.SIGNAL, refusal.title, refusal.text)
        for field in self._fields.values():
            field.setEnabled(not self._is_proven)
        self.answer.show()

    def _on_edited(self, _text: str) -> None:
        self.answer.hide()
        self.answered.emit()

    def _clear(self) -> None:
        self._is_proven = False
        self._fields.clear()
        self.answer.hide()
        while (item := self._row.takeAt(0)) is not None:
            column = item.layout()
            while column is not None and (inner := column.takeAt(0)) is not None:
                widget = inner.widget()
                if widget is not None:
                    widget.deleteLater()
