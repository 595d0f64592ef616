"""One person of the list: seal, name, what they are, and what can be done; a button that is grey says why."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.services.people.service import PersonAct
from app.store.people import Member
from app.ui.components import Button, ButtonKind, InitialsAvatar, Tone, UntrustedLabel, redress
from app.ui.people.state import PeopleState
from app.ui.people.words import detail, problem_words
from app.ui.theme import Space, TextStyle, active

_NARROW_PX = 640
"""Below this the buttons stand under the name."""


class PersonRow(QWidget):
    """Shows one member; made once for each and never changed."""

    #: Something is to be done; arguments: ``PersonAct``, the person's id.
    wanted = Signal(object, str)

    def __init__(self, member: Member, state: PeopleState) -> None:
        super().__init__()
        person = member.person
        self.person_id = person.person_id
        self._is_narrow: bool | None = None
        tone = Tone.ACCENT if self.person_id == state.me else Tone.NOTE
        self._seal = InitialsAvatar(person.display_name, tone=tone)
        self._words = _words(member, state)
        self.buttons = {
            PersonAct.CHANGE: Button(self.tr("Change…"), kind=ButtonKind.PLAIN),
            PersonAct.RESET: Button(self.tr("New password…"), kind=ButtonKind.PLAIN),
            PersonAct.DISABLE: Button(self.tr("Let go…"), kind=ButtonKind.PLAIN),
        }
        self._acts = QWidget()
        row = QHBoxLayout(self._acts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(active().px(Space.XS))
        for act, button in self.buttons.items():
            self._prepare(button, act, state)
            row.addWidget(button)
        self._grid = QGridLayout(self)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_grid"):
            self._is_narrow = None
            self._arrange()

    def _arrange(self) -> None:
        look = active()
        is_narrow = self.width() < look.px(_NARROW_PX)
        if is_narrow is self._is_narrow:
            return
        self._is_narrow = is_narrow
        self._grid.setContentsMargins(0, look.px(Space.XS), 0, look.px(Space.XS))
        self._grid.setHorizontalSpacing(look.px(Space.S))
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._seal, 0, 0)
        self._grid.addWidget(self._words, 0, 1)
        if is_narrow:
            self._grid.addWidget(self._acts, 1, 1, Qt.AlignmentFlag.AlignLeft)
        else:
            self._grid.addWidget(self._acts, 0, 2)

    def _prepare(self, button: Button, act: PersonAct, state: PeopleState) -> None:
        reason = state.why_not(act, self.person_id)
        button.setEnabled(not reason and not state.is_busy)
        words = problem_words(reason) if reason else ""
        button.setToolTip(words)
        button.setAccessibleDescription(words)
        button.clicked.connect(lambda: self.wanted.emit(act, self.person_id))


def _words(member: Member, state: PeopleState) -> QWidget:
    name = UntrustedLabel(member.person.display_name, style=TextStyle.STRONG, max_chars=80)
    words = UntrustedLabel(detail(member, state.me), style=TextStyle.SMALL, is_wrapping=True, max_chars=200)
    redress(words, "soft")
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(name)
    column.addWidget(words)
    return body
