"""The sheet for a new request: who asks, which conversations are theirs, what they ask for, how one knows them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.compliance.subject_requests import RequestKind
from app.domain.conversation import IdentityMeans
from app.services.contacts.finding import MatchedBy
from app.services.evidence.subjects import Match
from app.ui.components import Button, ButtonKind, Select, Text, person_line
from app.ui.shell.sheet import Sheet
from app.ui.subjects.words import identity_words, kind_words, met_words
from app.ui.theme import IconName, TextStyle, active

_LIST_PX = 132
_SHORT_PX = 560


class TakeSheet(Sheet):
    """Nothing is noted without a conversation and without a word on how one knows who asks."""

    #: Look for people of this name; argument: the name.
    name_wanted = Signal(str)
    #: Note it; arguments: ``RequestKind``, tuple of conversation ids, ``IdentityMeans``.
    request_wanted = Signal(object, object, object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=560)
        self.title.setText(self.tr("Somebody asks about their own data"))
        self.setAccessibleName(self.title.text())
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("Their name, a phone, an e-mail, a birth date, a record number"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Conversations of people who are called so"))
        self._hint = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self.kind = Select(self.tr("What they ask for"))
        for kind in RequestKind:
            self.kind.addItem(kind_words(kind).capitalize(), kind.value)
        self.means = Select(self.tr("How you know who asks"))
        self.means.addItem(self.tr("Nobody has confirmed who asks"), None)
        for means in IdentityMeans:
            self.means.addItem(identity_words(means.value).capitalize(), means.value)
        self.button = Button(self.tr("Start the clock"), kind=ButtonKind.PRIMARY, icon=IconName.CLOCK)
        self._lay_out()
        self._connect()

    def open(self, first: QWidget | None = None) -> None:
        """Show an empty sheet."""
        self.list.clear()
        self.name.clear()
        self.show_found(())
        self.means.setCurrentIndex(0)
        super().open(first or self.name)

    def fit_height(self, room_px: int) -> None:
        """In a short window the list is lower."""
        self.list.setFixedHeight(active().px(_LIST_PX if room_px > active().px(_SHORT_PX) else _LIST_PX // 2))

    def show_found(self, matches: tuple[Match, ...]) -> None:
        """Show whose conversations these may be; a person ticks those that are, and a late answer keeps the ticks."""
        ticked = frozenset(self.chosen)
        self.list.clear()
        for match in matches:
            how = "" if match.by is MatchedBy.NAME else f"  ·  {met_words(match.by)}"
            item = QListWidgetItem(f"{person_line(match.contact_name, 60)}  ·  …{match.conversation_id[-6:]}{how}")
            item.setData(Qt.ItemDataRole.UserRole, match.conversation_id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            is_ticked = match.conversation_id in ticked
            item.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        has_name = bool(self.name.text().strip())
        words = self.tr("Tick the ones that are really theirs: two people may share a name.")
        self._hint.setText(
            words if matches else self.tr("Nobody here is called so, or is known by this.") if has_name else ""
        )
        self._on_changed()

    @property
    def chosen(self) -> tuple[object, ...]:
        """Ids of the conversations that are ticked."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(
            item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() is Qt.CheckState.Checked
        )

    def _connect(self) -> None:
        self.name.textChanged.connect(lambda text: self.name_wanted.emit(text) if text.strip() else self.show_found(()))
        self.list.itemChanged.connect(lambda _item: self._on_changed())
        self.means.currentIndexChanged.connect(lambda _place: self._on_changed())
        self.button.clicked.connect(self._on_clicked)

    def _on_changed(self) -> None:
        self.button.setEnabled(bool(self.chosen) and self.means.currentData() is not None)

    def _on_clicked(self) -> None:
        chosen = self.chosen
        if chosen and self.means.currentData() is not None:
            self.close_sheet()
            self.request_wanted.emit(
                RequestKind(self.kind.currentData()), chosen, IdentityMeans(self.means.currentData())
            )

    def _lay_out(self) -> None:
        for words, field in (
            (self.tr("Who asks"), self.name),
            ("", self.list),
            ("", self._hint),
            (self.tr("What they ask for"), self.kind),
            (self.tr("How you know who asks"), self.means),
        ):
            if words:
                caption = Text(words, TextStyle.SMALL_STRONG)
                caption.setBuddy(field)
                field.setAccessibleName(words)
                self.body.addWidget(caption)
            self.body.addWidget(field)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        self.body.addLayout(row)
