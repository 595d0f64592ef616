"""The safety number: two people read it to each other by phone, and then know that nobody stands between."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.channel import ChannelPeer
from app.domain.ids import ConversationId
from app.ui.channel.visitor_words import verified_words
from app.ui.components import Banner, Button, ButtonKind, Text, Tone, UntrustedLabel, person_line
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, Space, TextStyle, active

_COLUMNS = 4


class SafetySheet(ScrollSheet):
    """Eight groups, three steps, and two answers."""

    #: The numbers were compared and are the same; argument: the conversation's id.
    same = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=580)
        self._conversation_id: ConversationId | None = None
        self._number = ""
        self._state = UntrustedLabel("", style=TextStyle.SMALL, ink="faint", is_wrapping=True, max_chars=200)
        holder = QWidget()
        self._grid = QGridLayout(holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._groups = [Text("", TextStyle.CODE) for _ in range(2 * _COLUMNS)]
        for place, group in enumerate(self._groups):
            self._grid.addWidget(group, place // _COLUMNS, place % _COLUMNS)
        self.warning = Banner(
            Tone.SIGNAL,
            self.tr("They differ: somebody may stand between"),
            self.tr(
                "Answer nothing personal here. Call them on the number that you know, arrange another way, and tell"
                " IT. A new invitation, handed over in person, begins afresh."
            ),
        )
        self.warning.hide()
        words = Text(
            self.tr(
                "1.  Call them on a number that the office already had, not one from this conversation.\n"
                "2.  They choose “Safety number” on their page. One of you reads, the other follows, group by group.\n"
                "3.  All eight groups are the same, or they are not. Nearly the same is not the same."
            ),
            TextStyle.BODY,
            ink="soft",
            is_wrapping=True,
        )
        self.yes = Button(self.tr("Compared by phone: the same"), kind=ButtonKind.PRIMARY, icon=IconName.CHECK)
        self.no = Button(self.tr("They differ"), icon=IconName.WARNING)
        self.put(words, holder, self._state, self.warning)
        self.put_buttons(self.yes, self.no)
        self.yes.clicked.connect(self._on_same)
        self.no.clicked.connect(self._on_differ)

    def ask(self, conversation_id: ConversationId, untrusted_name: str, peer: ChannelPeer, now_ms: int) -> None:
        """Show the number of one conversation."""
        self._conversation_id = conversation_id
        self.name(self.tr("Safety number with {name}").format(name=person_line(untrusted_name, 50)))
        self._grid.setHorizontalSpacing(active().px(Space.L))
        self._grid.setVerticalSpacing(active().px(Space.S))
        groups = peer.safety_number.split()
        for number, (label, group) in enumerate(zip(self._groups, groups, strict=False), start=1):
            label.setText(group)
            label.setAccessibleName(self.tr("Group {number}: {digits}").format(number=number, digits=" ".join(group)))
        self._state.set_untrusted(verified_words(peer, now_ms))
        self.warning.hide()
        self.yes.setEnabled(True)
        self.open(self.no)

    def number(self) -> str:
        """The number as it stands on the sheet."""
        return " ".join(label.text() for label in self._groups)

    def _on_same(self) -> None:
        self.close_sheet()
        if self._conversation_id is not None:
            self.same.emit(self._conversation_id)

    def _on_differ(self) -> None:
        self.warning.show()
        self.yes.setEnabled(False)
        self.refit()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)
