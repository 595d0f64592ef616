"""The office's rules as a Qt model, and how one is painted: its words and label, below them who wrote it and when."""

from collections.abc import Callable, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.services.anonymising.rule_records import OfficeRule
from app.ui.anonymise.words import label_word, rule_kind_word
from app.ui.components.rows import draw_row_ground
from app.ui.components.untrusted import readable_line
from app.ui.inbox.ages import short_date
from app.ui.theme import Role, TextStyle, active

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROW_PX = 58
_INSET_PX = 6
_PAD_PX = 12


class RuleRole(IntEnum):
    """Roles beside Qt's own."""

    RULE = Qt.ItemDataRole.UserRole + 1
    FACTS = Qt.ItemDataRole.UserRole + 2


class RuleModel(QAbstractListModel):
    """The newest first, as the service sorts."""

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._rules: tuple[OfficeRule, ...] = ()

    def replace(self, rules: Sequence[OfficeRule]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rules = tuple(rules)
        self.endResetModel()

    def row_of(self, rule_id: str) -> int | None:
        """Return the place of a rule."""
        return next((place for place, rule in enumerate(self._rules) if rule.rule_id == rule_id), None)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._rules)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return one rule, its words, or the facts below them."""
        if not index.isValid() or not 0 <= index.row() < len(self._rules):
            return None
        rule = self._rules[index.row()]
        if role == RuleRole.RULE:
            return rule
        if role == RuleRole.FACTS:
            return self._facts(rule)
        if role == Qt.ItemDataRole.DisplayRole:
            return readable_line(rule.text, 200)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{readable_line(rule.text, 200)}, {label_word(rule.label)}, {self._facts(rule)}"
        return None

    def _facts(self, rule: OfficeRule) -> str:
        parts = [rule_kind_word(rule.kind), readable_line(rule.author, 60), short_date(rule.set_ms, self._now_ms())]
        if rule.confirmed_in:
            parts.append(self.tr("confirmed for one conversation"))
        return " · ".join(part for part in parts if part)


class RuleDelegate(QStyledItemDelegate):
    """Draws rows of a ``RuleModel``; holds no state."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the room it would like."""
        return QSize(active().px(200), active().px(_ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        rule = index.data(RuleRole.RULE)
        if not isinstance(rule, OfficeRule):
            return
        look = active()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_row_ground(painter, option, look, inset_px=_INSET_PX, bar_px=10, line_px=(_PAD_PX, _PAD_PX))
        edge = look.px(_INSET_PX + _PAD_PX)
        room = option.rect.adjusted(edge, look.px(8), -edge, -look.px(8))
        first = QRect(room.left(), room.top(), room.width(), room.height() // 2)
        second = QRect(room.left(), first.bottom() + 1, room.width(), room.height() // 2)
        label = label_word(rule.label)
        wide = look.metrics(TextStyle.SMALL).horizontalAdvance(label)
        _draw(painter, first.adjusted(0, 0, -wide - look.px(12), 0), str(index.data()), TextStyle.STRONG, Role.INK)
        _draw(painter, first.adjusted(first.width() - wide, 0, 0, 0), label, TextStyle.SMALL, Role.INK_SOFT)
        _draw(painter, second, str(index.data(RuleRole.FACTS)), TextStyle.SMALL, Role.INK_FAINT)
        painter.restore()


def _draw(painter: QPainter, room: QRect, words: str, style: TextStyle, ink: Role) -> None:
    look = active()
    painter.setFont(look.font(style))
    painter.setPen(look.colour(ink))
    cut = look.metrics(style).elidedText(words, Qt.TextElideMode.ElideRight, room.width() + 1)
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), cut)
