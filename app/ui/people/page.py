"""The page: how many people open this vault, the list of them, and the printed ways in."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.ui.components import Banner, Button, ButtonKind, Text, Tone
from app.ui.components.facts import ButtonRow
from app.ui.people.rows import PersonRow
from app.ui.people.state import PeopleState
from app.ui.people.words import explanation, headline, problem_words, recovery_words
from app.ui.shell.office_page import OfficePage
from app.ui.theme import IconName, TextStyle

_WIDTH_PX = 860


class PeoplePage(OfficePage):
    """Lays out what the presenter says; decides nothing."""

    #: Something is to be done to somebody; arguments: ``PersonAct``, the person's id.
    wanted = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(IconName.PEOPLE, _WIDTH_PX, parent)
        self.add = Button(self.tr("Add a person…"), kind=ButtonKind.PRIMARY, icon=IconName.PLUS, key_hint="A")
        self.shares = Button(self.tr("Recovery shares…"), icon=IconName.KEY, key_hint="S")
        self.sign_in = Button(self.tr("How you sign in…"), icon=IconName.LOCK, key_hint="Y")
        self._buttons = ButtonRow(self.add, self.shares, self.sign_in)
        self._reason = Text("", TextStyle.SMALL, ink="faint", is_wrapping=True)
        self._due = Banner(Tone.CAUTION)
        self._recovery = Text("", TextStyle.BODY, is_wrapping=True)
        self.prove = Button(self.tr("Prove the paper…"), icon=IconName.CHECK)
        self.renew = Button(self.tr("New recovery code…"), icon=IconName.KEY)
        self._paper_acts = ButtonRow(self.prove, self.renew)
        self.rows: list[PersonRow] = []
        self._lay_out()

    def show_state(self, state: PeopleState) -> None:
        """Show it."""
        words = problem_words(state.problem) if state.problem else ""
        self.say(headline(state), explanation(state), words)
        self._reason.setText(problem_words(state.no_adding) if state.no_adding else "")
        self._reason.setVisible(bool(state.no_adding))
        for button in (self.add, self.shares, self.prove, self.renew):
            button.setEnabled(not state.no_adding and not state.is_busy)
            button.setToolTip(self._reason.text())
            button.setAccessibleDescription(self._reason.text())
        self._recovery.setText(recovery_words(state))
        is_due = state.people is not None and state.people.is_rotation_due
        self._due.setVisible(is_due)
        self._due.show_words(
            Tone.CAUTION,
            self.tr("The vault is due for another key"),
            self.tr("It is written anew under it when an administrator locks or leaves."),
        )
        self._show_rows(state)

    # -- Page --------------------------------------------------------------------------------------------------

    def focus_first(self) -> None:
        """Begin with what is most likely wanted."""
        (self.add if self.add.isEnabled() else self.sign_in).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> tuple[QWidget, ...]:
        """The buttons of the page, then the first that can be pressed in the list."""
        in_rows = (button for row in self.rows for button in row.buttons.values() if button.isEnabled())
        first = next(in_rows, None)
        rows = () if first is None else (first,)
        return (self.add, self.shares, self.sign_in, *rows, self.prove, self.renew)

    # -- private -----------------------------------------------------------------------------------------------

    def _show_rows(self, state: PeopleState) -> None:
        had = self._focused_place()
        for row in self.rows:
            self._list.body.removeWidget(row)
            row.deleteLater()
        members = state.people.members if state.people is not None else ()
        self.rows = [PersonRow(member, state) for member in members]
        for row in self.rows:
            row.wanted.connect(self.wanted)
            self._list.body.addWidget(row)
        self._list.setVisible(bool(self.rows))
        if had is not None:
            self._focus_place(*had)

    def _focused_place(self) -> tuple[str, int] | None:
        """Return whose button has the keyboard and which, so that a list that is read again does not lose it."""
        for row in self.rows:
            for place, button in enumerate(row.buttons.values()):
                if button.hasFocus():
                    return row.person_id, place
        return None

    def _focus_place(self, person_id: str, place: int) -> None:
        row = next((row for row in self.rows if row.person_id == person_id), None)
        button = None if row is None else list(row.buttons.values())[place]
        (button if button is not None and button.isEnabled() else self.add).setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self.put(self._buttons, self._reason, self._due)
        self._list = self.put_card(self.tr("WHO OPENS THIS VAULT"))
        self.put_card(self.tr("PRINTED WAYS IN"), self._recovery, self._paper_acts)
