"""The page: a headline that says whether somebody waits, one button, and the register."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.ui.components import Button, ButtonKind
from app.ui.components.facts import ButtonRow
from app.ui.components.row_list import RowList, RowWords
from app.ui.components.veil import person_line
from app.ui.shell.office_page import OfficePage
from app.ui.subjects.presenter import RequestsState
from app.ui.subjects.words import detail_words, headline
from app.ui.theme import IconName, Role

_WIDTH_PX = 760
_SHOWN = 40


class SubjectsPage(OfficePage):
    """Lays out what the presenter says; decides nothing."""

    #: A request is to be answered; argument: its place in the register.
    answer_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(IconName.DONE, parent=parent)
        self.take = Button(self.tr("Take a request…"), kind=ButtonKind.PRIMARY, icon=IconName.PERSON, key_hint="N")
        self.rows = RowList(_SHOWN, self.tr("Nobody has asked yet."), self.tr("Answer…"), self.answer_wanted.emit)
        self.put(ButtonRow(self.take))
        self.put_card(self.tr("REGISTER"), self.rows)

    def show_state(self, state: RequestsState) -> None:
        """Show the register."""
        open_ones = [one for one in state.register if one.outcome is None]
        is_late = any(one.is_overdue(state.today) for one in open_ones)
        drawing = IconName.WARNING if is_late else IconName.CLOCK if open_ones else IconName.DONE
        self.icon.set_icon(drawing, Role.SIGNAL_INK if is_late else Role.CAUTION_INK if open_ones else Role.ACCENT_INK)
        words = self.tr(
            "To see, to have a copy, to correct, to erase, to set aside: the law gives a day for each answer."
        )
        self.say(headline(state.register, state.today), words)
        rows = [
            RowWords(
                person_line(state.name_of(one)) if state.name_of(one) else self.tr("Erased"),
                detail_words(one, state.today),
                is_alarming=one.is_overdue(state.today),
            )
            for one in state.register[:_SHOWN]
        ]
        self.rows.show_rows(rows, total=len(state.register))

    # -- Page --------------------------------------------------------------------------------------------------

    def focus_first(self) -> None:
        """Begin with the button."""
        self.take.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> tuple[QWidget, ...]:
        """The buttons."""
        return self.take, *self.rows.buttons()
