"""One person of the list: seal, name, what they are, and what can be done; a button that is grey says why."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.people import PersonAct
from app.store.people import Member
from app.ui.components import Button, ButtonKind, InitialsAvatar, Tone, UntrustedLabel
from app.ui.people.state import PeopleState
from app.ui.people.words import detail, problem_words
from app.ui.theme import Space, TextStyle, active


class PersonRow(QWidget):
    """Shows one member; made once for each and never changed."""

    #: Something is to be done; arguments: ``PersonAct``, the person's id.
    wanted = Signal(object, str)

    def __init__(self, member: Member, state: PeopleState) -> None:
        super().__init__()
        look, person = active(), member.person
        self.person_id = person.person_id
        name = UntrustedLabel(person.display_name, style=TextStyle.STRONG, max_chars=80)
        words = UntrustedLabel(detail(member, state.me), style=TextStyle.SMALL, is_wrapping=True, max_chars=200)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(name)
        column.addWidget(words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, look.px(Space.XS), 0, look.px(Space.XS))
        row.setSpacing(look.px(Space.S))
        row.addWidget(
            InitialsAvatar(person.display_name, tone=Tone.ACCENT if self.person_id == state.me else Tone.NOTE)
        )
        row.addLayout(column, 1)
        self.buttons = {
            PersonAct.CHANGE: Button(self.tr("Change…"), kind=ButtonKind.PLAIN),
            PersonAct.RESET: Button(self.tr("New password…"), kind=ButtonKind.PLAIN),
            PersonAct.DISABLE: Button(self.tr("Let go…"), kind=ButtonKind.PLAIN),
        }
        for act, button in self.buttons.items():
            self._prepare(button, act, state)
            row.addWidget(button)

    def _prepare(self, button: Button, act: PersonAct, state: PeopleState) -> None:
        reason = state.why_not(act, self.person_id)
        button.setEnabled(not reason and not state.is_busy)
        words = problem_words(reason) if reason else ""
        button.setToolTip(words)
        button.setAccessibleDescription(words)
        button.clicked.connect(lambda: self.wanted.emit(act, self.person_id))
