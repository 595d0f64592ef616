"""Erasing everything of one person or matter: which conversations, counted, in one go with one certificate."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.ids import ConversationId
from app.services.evidence.subjects import Match
from app.ui.components import Button, ButtonKind, CheckBox, Text, person_line
from app.ui.inbox.ages import clock_words
from app.ui.retention.words import conversations
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, Space, TextStyle, active

SURE = 0.999
"""From here on a name is the same one, and its conversation is chosen from the start."""


class MatterSheet(ScrollSheet):
    """A list to tick, a number to type, and a button that says it again."""

    #: These conversations are to go for good; argument: tuple of ids.
    erase_wanted = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=600)
        self._boxes: dict[ConversationId, CheckBox] = {}
        words = self.tr(
            "Conversations of this name, or nearly. Tick what belongs to the matter. Keys, messages, notes, drafts and "
            "what the search knows of them go together; one signed certificate names them all."
        )
        self._list = QVBoxLayout()
        self._held = Text("", TextStyle.SMALL, ink="caution", is_wrapping=True)
        self._count_name = Text("", TextStyle.SMALL_STRONG, is_wrapping=True)
        self.count = QLineEdit()
        self.button = Button("", kind=ButtonKind.DANGER, icon=IconName.TRASH)
        self.keep = Button(self.tr("Keep them"), key_hint="Esc")
        holder = QWidget()
        holder.setLayout(self._list)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(active().px(Space.XS))
        intro = Text(words, TextStyle.BODY, ink="soft", is_wrapping=True)
        self.put(intro, holder, self._held, self._count_name, self.count)
        self.put_buttons(self.button, self.keep)
        self.count.textChanged.connect(self._follow)
        self.count.returnPressed.connect(self.button.click)
        self.button.clicked.connect(self._on_clicked)
        self.keep.clicked.connect(self.close_sheet)

    def ask(
        self,
        contact_name: str,
        matches: Sequence[Match],
        held: Collection[ConversationId],
        current: ConversationId,
        now_ms: int,
    ) -> None:
        """Ask about one matter; what a legal hold keeps cannot be ticked."""
        self.name(self.tr("Erase the whole matter of {name}?").format(name=person_line(contact_name, 50)))
        for box in self._boxes.values():
            self._list.removeWidget(box)
            box.setParent(None)
            box.deleteLater()
        self._boxes = {}
        for match in matches:
            cid = match.conversation_id
            moment = clock_words(match.last_activity_ms, now_ms)
            words = f"{person_line(match.contact_name, 50)}  ·  {moment}  ·  …{cid[-6:]}"
            box = CheckBox(f"{words}  ·  {self.tr('held')}" if cid in held else words)
            box.setEnabled(cid not in held)
            box.setChecked(cid not in held and (match.alike >= SURE or cid == current))
            box.toggled.connect(self._follow)
            self._list.addWidget(box)
            self._boxes[cid] = box
        number = sum(match.conversation_id in held for match in matches)
        words = self.tr("A legal hold keeps {conversations} of them: nothing of those goes.")
        self._held.setText(words.format(conversations=conversations(number)) if number else "")
        self._held.setVisible(bool(number))
        self.count.clear()
        self._follow()
        self.open(next((box for box in self._boxes.values() if box.isEnabled()), self.keep))

    def chosen(self) -> tuple[ConversationId, ...]:
        """What is ticked."""
        return tuple(cid for cid, box in self._boxes.items() if box.isChecked())

    def _follow(self) -> None:
        number = len(self.chosen())
        self._count_name.setText(self.tr("Type {count} to go on").format(count=number))
        self.count.setAccessibleName(self._count_name.text())
        self.button.setText(self.tr("Erase {conversations} for good").format(conversations=conversations(number)))
        self.button.setEnabled(number > 0 and self.count.text().strip() == str(number))
        self.refit()

    def _on_clicked(self) -> None:
        if self.button.isEnabled():
            self.close_sheet()
            self.erase_wanted.emit(self.chosen())
