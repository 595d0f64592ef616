"""The head of the page: the way back, whose conversation it is, and the four ways to replace."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.anonymise.state import PROFILES, LeavingState
from app.ui.anonymise.words import profile_word, profile_words
from app.ui.components import Button, ButtonKind, IconButton, PersonLabel, Text
from app.ui.theme import IconName, Space, TextStyle, active

if TYPE_CHECKING:
    from app.anonymise.replacing.profiles import Profile


class LeavingHead(QWidget):
    """Emits wishes."""

    #: Another profile is wanted; argument: ``Profile``.
    profile_wanted = Signal(object)
    #: The way back to the inbox.
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = IconButton(IconName.ARROW_LEFT, self.tr("Back to the inbox"), key_hint="Esc")
        self.back.clicked.connect(self.back_wanted)
        self._title = Text(self.tr("What would leave"), TextStyle.HEADING)
        self._name = PersonLabel(style=TextStyle.HEADING)
        self._about = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self.profiles: dict[Profile, Button] = {}
        for number, profile in enumerate(PROFILES, start=1):
            button = self.profiles[profile] = Button(profile_word(profile), key_hint=str(number))
            button.setToolTip(profile_words(profile))
            button.clicked.connect(lambda _checked=False, profile=profile: self.profile_wanted.emit(profile))
        self._lay_out()

    def show_state(self, state: LeavingState) -> None:
        """Say whose conversation it is, and mark the profile in use."""
        self._name.set_untrusted("" if state.thread is None else state.thread.contact_name)
        self._about.setText(profile_words(state.profile))
        for profile, button in self.profiles.items():
            is_used = profile is state.profile
            button.set_kind(ButtonKind.PRIMARY if is_used else ButtonKind.QUIET)
            words = self.tr("{profile}, in use") if is_used else "{profile}"
            button.setAccessibleName(words.format(profile=profile_word(profile)))

    def set_room(self, *, is_wide: bool, is_roomy: bool) -> None:
        """Two rows where it is narrow; in a low window the title gives way."""
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.LeftToRight if is_wide or not is_roomy else ways.TopToBottom)
        for widget in (self._title, self._name):
            widget.setVisible(is_wide or is_roomy)
        self._about.setVisible(is_roomy)

    def _lay_out(self) -> None:
        look = active()
        title = QHBoxLayout()
        title.setSpacing(look.px(Space.S))
        title.addWidget(self.back)
        title.addWidget(self._title)
        title.addWidget(self._name, 1)
        choice = QHBoxLayout()
        choice.setSpacing(look.px(Space.XS))
        for button in self.profiles.values():
            choice.addWidget(button)
        choice.addStretch(0)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(look.px(Space.S))
        self._row.addLayout(title, 1)
        self._row.addLayout(choice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(Space.S))
        column.addLayout(self._row)
        column.addWidget(self._about)
