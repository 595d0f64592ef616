"""The command palette: a field, the commands that fit, and the key that would have done it faster."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.palette.fuzzy import score
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, Role, Space, TextStyle, active, icon_pixmap

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROW_PX = 40
_ROWS = 9


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One command as the palette lists it."""

    title: str
    group: str
    keys: str
    drawing: IconName | None
    run: Callable[[], None]


class EntryModel(QAbstractListModel):
    """The entries that fit the letters, best first; without letters all, in their own order."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Entry, ...] = ()
        self._shown: list[Entry] = []

    def set_entries(self, entries: Iterable[Entry]) -> None:
        """Take the commands that can be run now."""
        self._all = tuple(entries)
        self.narrow("")

    def narrow(self, letters: str) -> None:
        """Show what fits."""
        scored = [(score(letters, f"{entry.title} {entry.group}"), entry) for entry in self._all]
        fitting = [(points, entry) for points, entry in scored if points is not None]
        self.beginResetModel()
        self._shown = [entry for _points, entry in sorted(fitting, key=lambda pair: -pair[0])]
        self.endResetModel()

    def entry(self, place: int) -> Entry | None:
        """One shown entry."""
        return self._shown[place] if 0 <= place < len(self._shown) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many rows are here."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return one fact of a row."""
        entry = self.entry(index.row()) if index.isValid() else None
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.title}, {entry.keys}" if entry.keys else entry.title
        return None


class _EntryDelegate(QStyledItemDelegate):
    def __init__(self, model: EntryModel) -> None:
        super().__init__()
        self._model = model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the room it would like."""
        return QSize(active().px(200), active().px(_ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        entry = self._model.entry(index.row())
        if entry is None:
            return
        look = active()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(Role.ACCENT_WASH))
            painter.drawRoundedRect(option.rect, look.px(6), look.px(6))
        line = option.rect.adjusted(look.px(Space.M), 0, -look.px(Space.M), 0)
        side = look.px(18)
        if entry.drawing is not None:
            ratio = painter.device().devicePixelRatioF()
            drawing = icon_pixmap(entry.drawing, Role.INK_SOFT, side, ratio)
            painter.drawPixmap(line.left(), line.center().y() - side // 2, drawing)
        words = line.adjusted(side + look.px(Space.M), 0, 0, 0)
        painter.setFont(look.font(TextStyle.BODY))
        painter.setPen(look.colour(Role.INK))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, entry.title)
        painter.setFont(look.font(TextStyle.SMALL))
        painter.setPen(look.colour(Role.INK_SOFT))
        right = QRect(words.right() - look.px(260), words.top(), look.px(260), words.height())
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, entry.keys)
        painter.restore()


class Palette(Sheet):
    """Opens with all commands; typing narrows; Enter runs."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=620)
        self.title.setText(self.tr("Commands"))
        self.setAccessibleName(self.title.text())
        self.model = EntryModel()
        self._delegate = _EntryDelegate(self.model)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("What do you want to do?"))
        self.field.setAccessibleName(self.tr("Command"))
        self.field.textChanged.connect(self._on_text_changed)
        self.field.returnPressed.connect(self._run_current)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.setProperty("surface", "surface")
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(self.tr("Commands that fit"))
        self.list.clicked.connect(lambda _index: self._run_current())
        self.body.addWidget(self.field)
        self.body.addWidget(self.list)

    def open_with(self, entries: Iterable[Entry]) -> None:
        """Open on these commands."""
        self.model.set_entries(entries)
        self.field.clear()
        self._select(0)
        self.open(self.field)

    def fit_height(self, room_px: int) -> None:
        """Show as many rows as there is room for."""
        look = active()
        rows = (room_px - look.px(150)) // look.px(_ROW_PX)
        self.list.setFixedHeight(look.px(_ROW_PX) * max(2, min(_ROWS, rows)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the list while the field has the keyboard."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS - 1, Qt.Key.Key_PageUp: 1 - _ROWS}
        if event.key() in steps:
            count = max(1, self.model.rowCount())
            place = self.list.currentIndex().row() + steps[Qt.Key(event.key())]
            self._select(place % count if abs(steps[Qt.Key(event.key())]) == 1 else min(max(place, 0), count - 1))
            return
        super().keyPressEvent(event)

    def _on_text_changed(self, letters: str) -> None:
        self.model.narrow(letters)
        self._select(0)

    def _select(self, place: int) -> None:
        self.list.setCurrentIndex(self.model.index(place))

    def _run_current(self) -> None:
        entry = self.model.entry(self.list.currentIndex().row())
        if entry is not None:
            self.close_sheet()
            entry.run()
