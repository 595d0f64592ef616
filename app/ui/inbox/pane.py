"""The list pane: its head, the filters, the list, and what stands there when it is empty."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QListView, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from app.domain.conversation import InboxRow
from app.domain.ids import ConversationId, PersonId
from app.ui.components import EmptyState, IconButton, Text
from app.ui.inbox.delegate import InboxDelegate
from app.ui.inbox.model import InboxModel, InboxRole
from app.ui.inbox.presenter import InboxState, RailEntry
from app.ui.theme import IconName, Space, TextStyle, active

_FILTERS = (RailEntry.INBOX, RailEntry.MINE, RailEntry.UNASSIGNED)


class _List(QListView):
    """Without Qt's type-ahead: letters are commands here or nothing."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the keyboard without moving to a row: arriving is not choosing."""
        super().focusInEvent(event)
        if not self.selectionModel().hasSelection():
            self.selectionModel().clearCurrentIndex()

    def keyboardSearch(self, _letters: str) -> None:
        """Look for nothing."""


class InboxPane(QWidget):
    """Shows an ``InboxModel``. Emits wishes; never changes a conversation."""

    #: The person moved to a conversation; argument: its id.
    conversation_chosen = Signal(str)
    #: The person wants to read the conversation they are on (Enter).
    reading_wanted = Signal()
    #: A filter was picked; argument: ``RailEntry``.
    entry_wanted = Signal(object)
    #: The search panel is wanted.
    search_wanted = Signal()
    #: A new conversation is wanted.
    new_wanted = Signal()

    def __init__(
        self,
        model: InboxModel,
        now_ms: Callable[[], int],
        name_of: Callable[[PersonId | None], str | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._is_settling = False
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = Text("", TextStyle.HEADING)
        self._count = Text("", TextStyle.SMALL, ink="faint")
        self._filters = self._build_filters()
        self._delegate = InboxDelegate(now_ms, name_of)
        self.list = self._build_list()
        self._empty_inbox = EmptyState(IconName.INBOX, "", "", self.tr("New conversation"))
        self._empty_inbox.action_wanted.connect(self.new_wanted)
        self._empty_place = EmptyState(IconName.INBOX, "")
        self._lay_out()

    def show_state(self, state: InboxState) -> None:
        """Head, counts and, when there are no rows, the reason why."""
        self._title.setText(self._title_of(state.entry))
        is_inbox = state.entry in _FILTERS
        self._filters.setVisible(is_inbox)
        for entry, button in self._filter_buttons.items():
            button.setChecked(entry is state.entry)
            button.setText(f"{self._filter_word(entry)}  {self._number_of(entry, state)}")
        self._count.setText("" if is_inbox else str(self._number_of(state.entry, state)))
        is_empty = state.is_loaded and self._model.rowCount() == 0
        if is_empty:
            for page in (self._empty_inbox, self._empty_place):
                page.set_words(*self._empty_words(state.entry))
        page_number = 1 if state.entry is RailEntry.INBOX else 2
        self._stack.setCurrentIndex(page_number if is_empty else 0)

    def select(self, conversation_id: ConversationId | None) -> None:
        """Put the cursor on a conversation without saying that a person chose it."""
        place = self._model.row_of(conversation_id)
        self._is_settling = True
        selection = self.list.selectionModel()
        if place is None:
            selection.clear()
        elif self.list.currentIndex().row() != place or not selection.hasSelection():
            index = self._model.index(place)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.list.scrollTo(index)
        self._is_settling = False

    def focus_list(self) -> None:
        """Bring the keyboard here, onto the first row when none is chosen."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _build_list(self) -> QListView:
        view = _List()
        view.setAccessibleName(self.tr("Conversations"))
        view.setUniformItemSizes(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMouseTracking(True)
        view.setItemDelegate(self._delegate)
        # Before the view connects: removing a row must not look like a person moving to its neighbour.
        self._model.rowsAboutToBeRemoved.connect(self._on_rows_leaving)
        self._model.modelAboutToBeReset.connect(self._on_rows_leaving)
        view.setModel(self._model)
        self._model.rowsRemoved.connect(self._on_rows_gone)
        self._model.modelReset.connect(self._on_rows_gone)
        view.selectionModel().selectionChanged.connect(self._on_selection_changed)
        view.activated.connect(lambda _index: self.reading_wanted.emit())
        return view

    def _build_filters(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(active().px(Space.XS))
        group = QButtonGroup(holder)
        self._filter_buttons: dict[RailEntry, QToolButton] = {}
        for entry in _FILTERS:
            button = QToolButton(holder)
            button.setCheckable(True)
            button.setProperty("textStyle", "small")
            button.clicked.connect(lambda _checked, entry=entry: self.entry_wanted.emit(entry))
            group.addButton(button)
            row.addWidget(button)
            self._filter_buttons[entry] = button
        row.addStretch(1)
        return holder

    def _lay_out(self) -> None:
        look = active()
        head = QHBoxLayout()
        head.setSpacing(look.px(Space.S))
        head.addWidget(self._title)
        head.addWidget(self._count, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        for icon, words, key, signal in (
            (IconName.SEARCH, self.tr("Search all conversations"), "/", self.search_wanted),
            (IconName.PLUS, self.tr("New conversation"), "C", self.new_wanted),
        ):
            button = IconButton(icon, words, key_hint=key)
            button.clicked.connect(lambda _checked=False, signal=signal: signal.emit())
            head.addWidget(button)
        top = QVBoxLayout()
        top.setContentsMargins(look.px(Space.L), look.px(Space.M), look.px(Space.M), look.px(Space.S))
        top.setSpacing(look.px(Space.XS))
        top.addLayout(head)
        top.addWidget(self._filters)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty_inbox)
        self._stack.addWidget(self._empty_place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(body, 1)

    def _on_rows_leaving(self, *_arguments: object) -> None:
        self._is_settling = True

    def _on_rows_gone(self, *_arguments: object) -> None:
        self._is_settling = False

    def _on_selection_changed(self, *_changes: object) -> None:
        chosen = self.list.selectionModel().selectedIndexes()
        row = chosen[0].data(InboxRole.ROW) if chosen else None
        if not self._is_settling and isinstance(row, InboxRow):
            self.conversation_chosen.emit(row.conversation_id)

    def _number_of(self, entry: RailEntry, state: InboxState) -> int:
        counts = state.counts
        return {
            RailEntry.INBOX: counts.open,
            RailEntry.MINE: counts.mine,
            RailEntry.UNASSIGNED: counts.unassigned,
            RailEntry.EMERGENCIES: counts.emergencies,
            RailEntry.SNOOZED: counts.snoozed,
            RailEntry.DONE: counts.done,
        }[entry]

    def _title_of(self, entry: RailEntry) -> str:
        return {
            RailEntry.EMERGENCIES: self.tr("Emergencies"),
            RailEntry.SNOOZED: self.tr("Snoozed"),
            RailEntry.DONE: self.tr("Done"),
        }.get(entry, self.tr("Inbox"))

    def _filter_word(self, entry: RailEntry) -> str:
        return {
            RailEntry.INBOX: self.tr("All"),
            RailEntry.MINE: self.tr("Mine"),
            RailEntry.UNASSIGNED: self.tr("Unassigned"),
        }[entry]

    def _empty_words(self, entry: RailEntry) -> tuple[str, str]:
        return {
            RailEntry.EMERGENCIES: (
                self.tr("No open emergencies"),
                self.tr("Emergencies stand here, above everything else."),
            ),
            RailEntry.SNOOZED: (
                self.tr("Nothing is snoozed"),
                self.tr("Press B in a conversation to set it aside until later."),
            ),
            RailEntry.DONE: (
                self.tr("Nothing is done yet"),
                self.tr("Press E in a conversation that needs no answer any more."),
            ),
            RailEntry.MINE: (
                self.tr("Nothing is assigned to you"),
                self.tr("Press Shift+A in a conversation to take it."),
            ),
            RailEntry.UNASSIGNED: (
                self.tr("Everything is assigned"),
                self.tr("Somebody looks after every open conversation."),
            ),
        }.get(entry, (self.tr("Nobody is waiting"), self.tr("New messages appear here, the longest wait first.")))
