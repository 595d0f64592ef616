"""The entries as a table: when, who, what, where. Rows are added at the end while somebody scrolls."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.services.evidence.audit_log import AuditEntry
from app.ui.audit.words import action_words, object_words
from app.ui.components import readable_line
from app.ui.inbox.ages import clock_words

_COLUMNS = 4
_Index = QModelIndex | QPersistentModelIndex


class AuditModel(QAbstractTableModel):
    """Entries, newest first."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._now_ms = now_ms
        self._entries: list[AuditEntry] = []

    @property
    def last_seq(self) -> int | None:
        """The oldest entry that is shown."""
        return self._entries[-1].seq if self._entries else None

    def show(self, entries: tuple[AuditEntry, ...]) -> None:
        """Show these and nothing else."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def append(self, entries: tuple[AuditEntry, ...]) -> None:
        """Add older ones at the end."""
        if entries:
            self.beginInsertRows(QModelIndex(), len(self._entries), len(self._entries) + len(entries) - 1)
            self._entries += entries
            self.endInsertRows()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of entries."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return four."""
        return 0 if parent is not None and parent.isValid() else _COLUMNS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words above a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("When"), self.tr("Who"), self.tr("What"), self.tr("Where"))[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words of a cell; the tooltip has the whole id and the digest."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                clock_words(entry.wall_ms, self._now_ms()),
                readable_line(entry.actor_name or entry.actor, 40),
                action_words(entry.action),
                object_words(entry.object_id),
            )[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{entry.seq} · {entry.object_id} · {entry.digest[:16]}…"
        return None
