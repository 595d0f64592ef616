"""What the list shows: which rail entry, which rows, which counts. No widgets."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.conversation import InboxCounts, InboxRow, InboxView, Urgency
from app.domain.ids import ConversationId
from app.ui.background import BackgroundRunner
from app.ui.inbox.model import PAGE_ROWS, InboxModel

if TYPE_CHECKING:
    from app.services.conversations.service import ConversationService

REFRESH_MS = 40
"""A burst of commits (an import, a send with its release) becomes one reading of the list."""

AGES_MS = 20_000
"""Ages show minutes, so a third of one is soon enough."""


MAX_REFRESH_ROWS = 1_000
"""A list scrolled further than this is cut back by the next change; reading more would keep the store thread busy."""


class RailEntry(Enum):
    """The entries of the rail. Emergencies are the head of the open list, which the store sorts to the top."""

    INBOX = InboxView.OPEN
    EMERGENCIES = "emergencies"
    MINE = InboxView.MINE
    UNASSIGNED = InboxView.UNASSIGNED
    SNOOZED = InboxView.SNOOZED
    DONE = InboxView.DONE

    @property
    def view(self) -> InboxView:
        """The store's view behind the entry."""
        return self.value if isinstance(self.value, InboxView) else InboxView.OPEN


@dataclass(frozen=True, slots=True)
class InboxState:
    """What the head of the list needs: the entry, the numbers and whether a first answer came."""

    entry: RailEntry
    counts: InboxCounts
    is_loaded: bool


NO_COUNTS = InboxCounts(open=0, mine=0, unassigned=0, snoozed=0, done=0, emergencies=0)


class InboxPresenter(QObject):
    """Keeps an ``InboxModel`` equal to the store."""

    #: Entry, counts or the first rows changed; argument: ``InboxState``.
    state_changed = Signal(object)
    #: The rows were read again (even if they are the same).
    rows_refreshed = Signal()

    def __init__(
        self,
        conversations: "ConversationService",
        runner: BackgroundRunner,
        now_ms: Callable[[], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._conversations = conversations
        self._runner = runner
        self._state = InboxState(RailEntry.INBOX, NO_COUNTS, is_loaded=False)
        self.model = InboxModel(now_ms, self)
        self.model.more_wanted.connect(self._on_more_wanted)
        self._refresh = _timer(self, REFRESH_MS, self.refresh, is_repeating=False)
        self._ages = _timer(self, AGES_MS, self._on_time_passed, is_repeating=True)
        self._ages.start()

    @property
    def state(self) -> InboxState:
        """The latest state."""
        return self._state

    def show(self, entry: RailEntry) -> None:
        """Switch to another entry of the rail."""
        if entry is not self._state.entry:
            self._state = InboxState(entry, self._state.counts, is_loaded=False)
            self.state_changed.emit(self._state)
        self.refresh()

    def refresh_soon(self) -> None:
        """Read again after the present burst of changes."""
        if not self._refresh.isActive():
            self._refresh.start()

    def refresh(self) -> None:
        """Read counts and as many rows as are shown now."""
        limit = min(MAX_REFRESH_ROWS, max(PAGE_ROWS, self.model.rowCount()))
        self._runner.run(self._read, self._state.entry, limit, done=self._on_read, topic="inbox")

    def after(self, conversation_id: ConversationId | None) -> ConversationId | None:
        """The conversation below the given one, or the one above at the end; None in an empty list."""
        place = self.model.row_of(conversation_id)
        count = self.model.rowCount()
        if place is None:
            return self.model.at(0).conversation_id if count else None
        if count == 1:
            return None
        return self.model.at(place + 1 if place + 1 < count else place - 1).conversation_id

    def oldest(self) -> ConversationId | None:
        """Who waits longest among the loaded rows."""
        rows = [self.model.at(place) for place in range(self.model.rowCount())]
        waiting = [
            (row.oldest_unanswered_ms, row.conversation_id) for row in rows if row.oldest_unanswered_ms is not None
        ]
        return min(waiting)[1] if waiting else None

    def _on_time_passed(self) -> None:
        """Ages have grown, and reading wakes what was snoozed until now."""
        self.model.refresh_ages()
        self.refresh()

    def _read(self, entry: RailEntry, limit: int) -> tuple[RailEntry, InboxCounts, tuple[InboxRow, ...], bool]:
        counts = self._conversations.counts()
        if entry is RailEntry.EMERGENCIES:
            head = self._conversations.inbox(entry.view, limit=max(1, min(limit, counts.emergencies)))
            return entry, counts, tuple(row for row in head if row.urgency is Urgency.EMERGENCY), False
        rows = self._conversations.inbox(entry.view, limit=limit)
        return entry, counts, rows, len(rows) == limit

    def _on_read(self, answer: tuple[RailEntry, InboxCounts, tuple[InboxRow, ...], bool]) -> None:
        entry, counts, rows, has_more = answer
        if entry is not self._state.entry:
            return
        self.model.replace(rows, has_more=has_more)
        self._set_state(InboxState(entry, counts, is_loaded=True))
        self.rows_refreshed.emit()

    def _on_more_wanted(self, offset: int) -> None:
        entry = self._state.entry

        def show(rows: tuple[InboxRow, ...]) -> None:
            if entry is self._state.entry:
                self.model.append_page(rows, has_more=len(rows) == PAGE_ROWS)

        self._runner.run(lambda: self._conversations.inbox(entry.view, limit=PAGE_ROWS, offset=offset), done=show)

    def _set_state(self, state: InboxState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)


def _timer(owner: QObject, interval_ms: int, call: Callable[[], None], *, is_repeating: bool) -> QTimer:
    timer = QTimer(owner)
    timer.setInterval(interval_ms)
    timer.setSingleShot(not is_repeating)
    timer.timeout.connect(call)
    return timer
