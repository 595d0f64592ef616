"""Sheets: things that lie over the window instead of beside it, so that nothing opens behind it or on another screen.

A sheet darkens the window, keeps the keyboard inside itself, closes with Esc and gives the keyboard back.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.components import IconButton, Text
from app.ui.theme import IconName, Role, Space, TextStyle, active


class Sheet(QWidget):
    """A card over the whole window; put widgets into ``body``."""

    #: The sheet was opened.
    opened = Signal()
    #: The sheet was closed, by whatever way.
    closed = Signal()

    def __init__(self, window: QWidget, title: str, *, width_px: int = 560, is_tall: bool = False) -> None:
        super().__init__(window)
        self._window = window
        self._width_px = width_px
        self._is_tall = is_tall
        self._came_from: QWidget | None = None
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.card = QFrame(self)
        self.card.setProperty("surface", "card")
        self.body = QVBoxLayout(self.card)
        self.title = Text(title, TextStyle.HEADING)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title, 1)
        close = IconButton(IconName.CLOSE, self.tr("Close"), key_hint="Esc")
        close.clicked.connect(self.close_sheet)
        self._head.addWidget(close)
        self.body.addLayout(self._head)
        window.installEventFilter(self)
        self.hide()

    def open(self, first: QWidget | None = None) -> None:
        """Show the sheet and put the keyboard on ``first``."""
        if not self.isVisible():
            self._came_from = self.window().focusWidget()
            self.opened.emit()
        self._fit()
        self.show()
        self.raise_()
        (first or self).setFocus(Qt.FocusReason.PopupFocusReason)

    def close_sheet(self) -> None:
        """Hide the sheet and give the keyboard back."""
        if not self.isVisible():
            return
        self.hide()
        came_from, self._came_from = self._came_from, None
        if came_from is not None and came_from.isVisible():
            came_from.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._fit()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc; let no other key through."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
            return
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close with a click beside the card."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_sheet()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Keep Tab inside the sheet."""
        fields = self._stops()
        if not fields:
            return True
        here = self.window().focusWidget()
        place = fields.index(here) if here in fields else (-1 if is_next else 0)
        fields[(place + (1 if is_next else -1)) % len(fields)].setFocus(
            Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason
        )
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), active().colour(Role.SHADOW, 96))
        painter.end()

    def fit_height(self, room_px: int) -> None:
        """Make the content fit ``room_px`` pixels of height; for sheets that can give something up."""

    def _stops(self) -> list[QWidget]:
        children = self.card.findChildren(QWidget)
        return [
            child
            for child in children
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus
            and child.isVisible()
            and child.isEnabled()
            and child.focusProxy() is None
        ]

    def _fit(self) -> None:
        look, parent = active(), self._window
        self.setGeometry(parent.rect())
        pad = look.px(Space.XL)
        self.body.setContentsMargins(pad, look.px(Space.L), pad, pad)
        self.body.setSpacing(look.px(Space.M))
        self.fit_height(parent.height() - look.px(2 * Space.L))
        room = parent.rect().adjusted(look.px(Space.L), look.px(Space.L), -look.px(Space.L), -look.px(Space.L))
        width = min(look.px(self._width_px), room.width())
        self.card.setFixedWidth(width)
        wanted = self.body.heightForWidth(width) if self.body.hasHeightForWidth() else self.card.sizeHint().height()
        height = min(
            room.height(), room.height() if self._is_tall else max(wanted, self.card.minimumSizeHint().height())
        )
        top = room.top() + (0 if self._is_tall else max(0, (room.height() - height) // 3))
        self.card.setGeometry(room.left() + (room.width() - width) // 2, top, width, height)
