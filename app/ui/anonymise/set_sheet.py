"""The sheet for taking several conversations along: which, how, what would become of them, and only then where to.

What was looked at is what is written: another tick, profile or number of sharers asks for another look.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QWidget

from app.anonymise.replacing.profiles import Profile
from app.domain.conversation import InboxRow
from app.domain.ids import ConversationId
from app.services.anonymising.set_release import SetPreview
from app.services.anonymising.sets import DEFAULT_K
from app.ui.anonymise.set_words import conversations, set_words
from app.ui.anonymise.state import PROFILES
from app.ui.anonymise.tick_list import TickList
from app.ui.anonymise.words import profile_word
from app.ui.components import Button, ButtonKind, ProgressLine, Select, Text, announce, person_line, veil
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, Space, TextStyle, active

SHARERS = (3, 5, 10, 20)
_LIST_PX = 208
_LOW_LIST_PX = 116
_ROOMY_PX = 620
_ID = Qt.ItemDataRole.UserRole
_NAME = Qt.ItemDataRole.UserRole + 1


class SetSheet(ScrollSheet):
    """Emits wishes; decides nothing."""

    #: Look what would leave; arguments: tuple of conversation ids, ``Profile``, how many must share a combination.
    look_wanted = Signal(object, object, int)
    #: Stop looking.
    stop_wanted = Signal()
    #: Write what was looked at, and ask where to; argument: ``SetPreview``.
    write_wanted = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=640)
        self.name(self.tr("Export an anonymised set"))
        self._preview: SetPreview | None = None
        self._is_working = False
        self._intro = Text(
            self.tr(
                "Each is anonymised by itself; then all are compared. What too few of them share is said more broadly, "
                "or stays here."
            ),
            TextStyle.SMALL,
            ink="soft",
            is_wrapping=True,
        )
        self.list = TickList()
        self.list.setAccessibleName(self.tr("Conversations; Space ticks, Ctrl+A ticks all"))
        self._ticked = Text("", TextStyle.SMALL, ink="soft")
        self.all = Button(self.tr("Tick all, or none"), kind=ButtonKind.PLAIN, key_hint="Ctrl+A")
        self.profile = Select(self.tr("How"))
        for profile in PROFILES:
            self.profile.addItem(profile_word(profile), profile.value)
        self.sharers = Select(self.tr("How many must share a combination"))
        for k in SHARERS:
            self.sharers.addItem(self.tr("at least {k} share a combination").format(k=k), k)
        self.sharers.setCurrentIndex(SHARERS.index(DEFAULT_K))
        self._progress = ProgressLine(self.tr("Anonymising"))
        self.words = Text("", TextStyle.BODY, is_wrapping=True)
        looks = self.tr("Look what would leave")
        self.look = Button(looks, kind=ButtonKind.PRIMARY, icon=IconName.EYE, key_hint=self.tr("Enter"))
        self.write = Button("", kind=ButtonKind.PRIMARY, icon=IconName.SAVE)
        self._lay_out()
        self._connect()
        self._show()

    def ask(self) -> None:
        """Show the sheet, with nothing ticked until the list is there."""
        self.list.clear()
        self.forget()
        self.open(self.list)

    def show_rows(self, rows: Sequence[InboxRow]) -> None:
        """Show the conversations that can be chosen from."""
        self.list.clear()
        for row in rows:
            item = QListWidgetItem()
            item.setData(_ID, row.conversation_id)
            item.setData(_NAME, row.contact_name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self._name_rows()
        if rows:
            self.list.setCurrentRow(0)
        self._show()

    def show_progress(self, done: int, total: int) -> None:
        """How many conversations of how many are done."""
        if self._is_working:
            self._progress.set_fraction(done / total if total else None)

    def show_preview(self, preview: SetPreview) -> None:
        """Say what would become of the set, and offer to write it."""
        self._is_working = False
        self._preview = preview
        self._say(set_words(preview.released))
        self._show()
        if preview.threads:
            self.write.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, title: str, text: str) -> None:
        """Say why nothing would leave."""
        self._is_working = False
        self._say(f"{title}. {text}")
        self._show()

    def forget(self) -> None:
        """What was looked at is not what is chosen any more."""
        self._preview = None
        self.words.setText("")
        self._show()

    @property
    def chosen(self) -> tuple[ConversationId, ...]:
        """Ids of the conversations that are ticked."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(item.data(_ID) for item in items if item.checkState() is Qt.CheckState.Checked)

    def fit_height(self, room_px: int) -> None:
        """In a short window the list is lower."""
        look = active()
        is_roomy = room_px > look.px(_ROOMY_PX)
        self.list.setFixedHeight(look.px(_LIST_PX if is_roomy else _LOW_LIST_PX))
        self._intro.setVisible(is_roomy or not self.words.text())
        super().fit_height(room_px)

    def close_sheet(self) -> None:
        """Esc stops what is being looked at first; closed, nothing is looked at."""
        if self._is_working:
            self._is_working = False
            self.stop_wanted.emit()
        super().close_sheet()

    # -- private ------------------------------------------------------------------------------------------------

    def _say(self, words: str) -> None:
        self.words.setText(words)
        announce(self, words.replace("\n", " "))

    def _show(self) -> None:
        count, preview = len(self.chosen), self._preview
        self._ticked.setText(
            self.tr("{count} of {all} ticked").format(count=count, all=conversations(self.list.count()))
        )
        self._progress.setVisible(self._is_working)
        self.words.setVisible(bool(self.words.text()))
        self.look.setEnabled(count > 0 and not self._is_working)
        leaving = 0 if preview is None else len(preview.threads)
        self.look.setVisible(leaving == 0)  # one step at a time: what was looked at can be written
        self.write.setText(self.tr("Write {conversations} into a folder…").format(conversations=conversations(leaving)))
        self.write.setVisible(leaving > 0)
        self.refit()
        QTimer.singleShot(0, self, self._settle)  # the buttons know their room once the layout has run

    def _settle(self) -> None:
        self.refit()
        if self._preview is not None:
            self.bring_up(self.words)

    def _on_looked(self) -> None:
        if self.look.isEnabled():
            self.forget()
            self._is_working = True
            self._progress.set_fraction(None)
            self._show()
            self.look_wanted.emit(self.chosen, Profile(self.profile.currentData()), int(self.sharers.currentData()))

    def _on_write(self) -> None:
        if self._preview is not None:
            self.write_wanted.emit(self._preview)

    def _on_all(self) -> None:
        is_full = len(self.chosen) == self.list.count()
        self.list.blockSignals(True)
        for row in range(self.list.count()):
            self.list.item(row).setCheckState(Qt.CheckState.Unchecked if is_full else Qt.CheckState.Checked)
        self.list.blockSignals(False)
        self.list.viewport().update()
        self.forget()

    def _name_rows(self) -> None:
        self.list.blockSignals(True)
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setText(f"{person_line(item.data(_NAME), 60)}  ·  …{item.data(_ID)[-6:]}")
        self.list.blockSignals(False)

    def _on_changed(self, *_what: object) -> None:
        if not self._is_working:
            self.forget()

    def _connect(self) -> None:
        self.list.itemChanged.connect(self._on_changed)
        self.profile.currentIndexChanged.connect(self._on_changed)
        self.sharers.currentIndexChanged.connect(self._on_changed)
        self.list.all_wanted.connect(self._on_all)
        self.list.look_wanted.connect(self._on_looked)
        self.all.clicked.connect(self._on_all)
        self.look.clicked.connect(self._on_looked)
        self.write.clicked.connect(self._on_write)
        veil().changed.connect(self._name_rows)

    def _lay_out(self) -> None:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._ticked, 1)
        row.addWidget(self.all)
        choices = QWidget()
        pair = QHBoxLayout(choices)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(active().px(Space.S))
        pair.addWidget(self.profile, 1)
        pair.addWidget(self.sharers, 1)
        self.put(self._intro, self.list, head, choices, self._progress, self.words)
        self.put_buttons(self.look, self.write)
