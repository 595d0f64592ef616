"""The inbox as a Qt list model that keeps its rows' identity when they move.

``replace`` takes the newest answer of the store and turns it into removals, insertions and one layout change, so a
selected conversation stays selected and the list does not jump. Rows come in pages; ``more_wanted`` asks for the next.
"""

from collections.abc import Callable, Collection, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.domain.conversation import InboxRow
from app.domain.ids import ConversationId
from app.ui.inbox.marks import one_line, row_sentence

PAGE_ROWS = 200
"""Rows fetched at a time; three screens at 4K height."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class InboxRole(IntEnum):
    """Roles beside Qt's own."""

    ROW = Qt.ItemDataRole.UserRole + 1


class InboxModel(QAbstractListModel):
    """Rows in the order of the store: urgency first, then the oldest unanswered."""

    #: The view scrolled to the end and more rows exist; argument: the number of rows that are here.
    more_wanted = Signal(int)

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._rows: list[InboxRow] = []
        self._has_more = False
        self._is_asking = False

    def replace(self, rows: Sequence[InboxRow], *, has_more: bool) -> None:
        """Show exactly these rows, moving those that are here already."""
        wanted = {row.conversation_id: row for row in rows}
        known = {row.conversation_id for row in self._rows}
        if known.isdisjoint(wanted):
            self._reset(list(wanted.values()), has_more=has_more)
            return
        self._remove_absent(wanted.keys())
        fresh = [row for row in wanted.values() if row.conversation_id not in known]
        self._append(fresh)
        self._reorder(list(wanted.values()))
        self._has_more, self._is_asking = has_more, False

    def append_page(self, rows: Sequence[InboxRow], *, has_more: bool) -> None:
        """Add the next page; rows that moved into view meanwhile are not shown twice."""
        known = {row.conversation_id for row in self._rows}
        self._append([row for row in rows if row.conversation_id not in known])
        self._has_more, self._is_asking = has_more, False

    def row_of(self, conversation_id: ConversationId | None) -> int | None:
        """Return where the conversation stands, or None."""
        return next((place for place, row in enumerate(self._rows) if row.conversation_id == conversation_id), None)

    def at(self, place: int) -> InboxRow:
        """Return one row."""
        return self._rows[place]

    def refresh_ages(self) -> None:
        """Repaint every row because time has passed."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1), [Qt.ItemDataRole.DisplayRole])

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many rows are here."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return one fact of a row."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(row.contact_name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row_sentence(row, self._now_ms())
        if role == InboxRole.ROW:
            return row
        return None

    def canFetchMore(self, parent: Index) -> bool:
        """Say whether the store has more rows."""
        return not parent.isValid() and self._has_more and not self._is_asking

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page."""
        if self.canFetchMore(parent):
            self._is_asking = True
            self.more_wanted.emit(len(self._rows))

    def _reset(self, rows: list[InboxRow], *, has_more: bool) -> None:
        self.beginResetModel()
        self._rows, self._has_more, self._is_asking = rows, has_more, False
        self.endResetModel()

    def _remove_absent(self, wanted: Collection[ConversationId]) -> None:
        for place in reversed(range(len(self._rows))):
            if self._rows[place].conversation_id not in wanted:
                self.beginRemoveRows(_ROOT, place, place)
                del self._rows[place]
                self.endRemoveRows()

    def _append(self, rows: Sequence[InboxRow]) -> None:
        if rows:
            first = len(self._rows)
            self.beginInsertRows(_ROOT, first, first + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def _reorder(self, rows: list[InboxRow]) -> None:
        if self._rows == rows:
            return
        if [row.conversation_id for row in self._rows] == [row.conversation_id for row in rows]:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1), [])
            return
        self.layoutAboutToBeChanged.emit()
        before = [self._rows[index.row()].conversation_id for index in self.persistentIndexList()]
        self._rows = rows
        places = {row.conversation_id: place for place, row in enumerate(rows)}
        self.changePersistentIndexList(self.persistentIndexList(), [self.index(places[known]) for known in before])
        self.layoutChanged.emit()
