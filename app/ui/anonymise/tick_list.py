"""A list whose rows are ticked: Space ticks one, Ctrl+A all; painted here, so that boxes grow with the words."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.components.painting import fill_rounded
from app.ui.theme import IconName, Radius, Role, Size, Space, TextStyle, active, icon_pixmap

_ROW_PX = 32
_BOX_PX = 18
_TICK = Qt.ItemDataRole.CheckStateRole


class TickList(QListWidget):
    """Emits wishes; a row with the keyboard has a ring, a row that is ticked a filled box."""

    #: Ctrl+A was pressed.
    all_wanted = Signal()
    #: Enter was pressed.
    look_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_TickDelegate(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        if event.key() == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.all_wanted.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.look_wanted.emit()
        else:
            super().keyPressEvent(event)


class _TickDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, active().px(_ROW_PX))  # as wide as the list

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        _option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Tick or untick the row with Space, or with a click anywhere in it."""
        is_key = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress
        is_wanted = is_key and event.key() == Qt.Key.Key_Space  # type: ignore[attr-defined]
        if not is_wanted and event.type() is not QEvent.Type.MouseButtonRelease:
            return False
        is_ticked = Qt.CheckState(index.data(_TICK)) is Qt.CheckState.Checked
        return model.setData(index, Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked, _TICK)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look, rect = active(), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_here = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if is_here or option.state & QStyle.StateFlag.State_MouseOver:
            ring = look.colour(Role.FOCUS) if is_here else look.colour(Role.HOVER)
            sheet = rect.adjusted(2, 2, -2, -2)
            fill_rounded(painter, sheet, look.px(Radius.M), look.colour(Role.HOVER), ring, look.px(Size.RING))
        side = look.px(_BOX_PX)
        box = QRectF(rect.left() + look.px(Space.S), rect.center().y() - side / 2, side, side)
        is_ticked = Qt.CheckState(index.data(_TICK)) is Qt.CheckState.Checked
        fill = look.colour(Role.ACCENT if is_ticked else Role.RAISED)
        fill_rounded(painter, box, look.px(4), fill, look.colour(Role.ACCENT if is_ticked else Role.LINE_STRONG), 1)
        if is_ticked:
            mark = icon_pixmap(IconName.CHECK, Role.ON_ACCENT, side - 2, painter.device().devicePixelRatioF())
            painter.drawPixmap(QPointF(box.left() + 1, box.top() + 1), mark)
        painter.setFont(look.font(TextStyle.BODY))
        painter.setPen(look.colour(Role.INK))
        words = rect.adjusted(box.right() - rect.left() + look.px(Space.S), 0, -look.px(Space.S), 0)
        line = look.metrics(TextStyle.BODY).elidedText(
            str(index.data() or ""), Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), line)
        painter.restore()
