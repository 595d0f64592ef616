"""The list of models as a Qt model."""

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.services.models.keeper import Passport
from app.ui.models.words import second_line, title_of

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class PassportRole(IntEnum):
    """Roles beside Qt's own."""

    PASSPORT = Qt.ItemDataRole.UserRole + 1
    IS_RUNNING = Qt.ItemDataRole.UserRole + 2


class PassportModel(QAbstractListModel):
    """Shipped models first, as the keeper sorts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._passports: tuple[Passport, ...] = ()
        self._running = ""

    def replace(self, passports: Sequence[Passport], running: str) -> None:
        """Show these; rows that are still there keep their place and selection."""
        self._running = running
        if [passport.entry.name for passport in passports] == [passport.entry.name for passport in self._passports]:
            self._passports = tuple(passports)
            if passports:
                self.dataChanged.emit(self.index(0), self.index(len(passports) - 1))
            return
        self.beginResetModel()
        self._passports = tuple(passports)
        self.endResetModel()

    def row_of(self, name: str) -> int | None:
        """Return the place of a model."""
        names = [passport.entry.name for passport in self._passports]
        return names.index(name) if name in names else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._passports)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return one model, its words, or whether it is the one that proposes."""
        if not index.isValid() or not 0 <= index.row() < len(self._passports):
            return None
        passport = self._passports[index.row()]
        is_running = passport.entry.name == self._running
        if role == PassportRole.PASSPORT:
            return passport
        if role == PassportRole.IS_RUNNING:
            return is_running
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            use = self.tr("in use") if is_running else ""
            return ", ".join(part for part in (title_of(passport.entry), use, second_line(passport)) if part)
        return None
