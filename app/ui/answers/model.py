"""The list of answers as a Qt model: filtered by the letters typed, sorted as the service sorts."""

from collections.abc import Sequence
from datetime import date
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.ids import ArticleId
from app.services.answers.service import Answer
from app.ui.answers.words import second_line
from app.ui.components.untrusted import readable_line

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class AnswerRole(IntEnum):
    """Roles beside Qt's own."""

    ANSWER = Qt.ItemDataRole.UserRole + 1


class AnswerModel(QAbstractListModel):
    """Rows that match what was typed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Answer, ...] = ()
        self._rows: list[Answer] = []
        self._words: tuple[str, ...] = ()
        self.day = date.min

    def replace(self, answers: Sequence[Answer], day: date) -> None:
        """Show these answers, as far as they match."""
        self._all, self.day = tuple(answers), day
        self._show()

    def look_for(self, typed: str) -> None:
        """Show only answers that hold every word in title, text or short code."""
        words = tuple(typed.casefold().replace("::", " ").replace("/", " ").split())
        if words != self._words:
            self._words = words
            self._show()

    def at(self, place: int) -> Answer:
        """Return one row."""
        return self._rows[place]

    def row_of(self, article_id: ArticleId | None) -> int | None:
        """Return where an answer stands, or None."""
        return next((place for place, row in enumerate(self._rows) if row.article.article_id == article_id), None)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many rows are here."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return one fact of a row."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return readable_line(row.article.title) or self.tr("Untitled")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._sentence(row)
        if role == AnswerRole.ANSWER:
            return row
        return None

    def _sentence(self, row: Answer) -> str:
        parts = [readable_line(row.article.title) or self.tr("Untitled"), second_line(row, self.day)]
        if row.article.short_code:
            parts.append(self.tr("short code {code}").format(code=row.article.short_code))
        if row.article.is_internal:
            parts.append(self.tr("for the office only"))
        if row.has_unsaved:
            parts.append(self.tr("unsaved changes"))
        return ", ".join(parts)

    def _show(self) -> None:
        rows = [answer for answer in self._all if self._matches(answer)]
        if [row.article.article_id for row in rows] == [row.article.article_id for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1), [])
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _matches(self, answer: Answer) -> bool:
        article = answer.article
        text = f"{article.title}\n{article.short_code}\n{article.body}".casefold()
        return all(word in text for word in self._words)
