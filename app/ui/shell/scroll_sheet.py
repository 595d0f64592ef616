"""A sheet whose content may be taller than the window: it scrolls between its title and its buttons."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from app.ui.components import Button
from app.ui.components.facts import ButtonRow
from app.ui.shell.sheet import Sheet
from app.ui.theme import Space, active

_HEAD_PX = 56
_LEAST_PX = 96


class ScrollSheet(Sheet):
    """Put widgets into ``inner`` with ``put``; buttons stand below it, always in view."""

    def __init__(self, window: QWidget, title: str, *, width_px: int = 640) -> None:
        super().__init__(window, title, width_px=width_px)
        holder = QWidget()
        holder.setProperty("isScrollBody", "true")
        self.inner = QVBoxLayout(holder)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setProperty("isBare", "true")
        self._area.setWidget(holder)
        self._holder = holder
        self._foot = ButtonRow()
        self.body.addWidget(self._area, 1)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)

    def put(self, *widgets: QWidget) -> None:
        """Put widgets below what is there."""
        for widget in widgets:
            self.inner.addWidget(widget)

    def put_buttons(self, *buttons: Button) -> None:
        """Put buttons at the foot, from the left."""
        self._foot = ButtonRow(*buttons)
        self.body.addWidget(self._foot)

    def name(self, title: str) -> None:
        """Give the sheet another title."""
        self.title.setText(title)
        self.setAccessibleName(title)

    def refit(self) -> None:
        """Follow content that became larger or smaller."""
        if self.isVisible():
            self._fit()

    def bring_up(self, widget: QWidget) -> None:
        """Scroll to a widget that the keyboard is not in."""
        self._area.ensureWidgetVisible(widget, 0, active().px(Space.S))

    def fit_height(self, room_px: int) -> None:
        """Scroll what does not fit."""
        look = active()
        edge = look.px(Space.XS)
        self.inner.setContentsMargins(edge, edge, look.px(Space.M), edge)
        self.inner.setSpacing(look.px(Space.S))
        inside = self._width_inside()
        self.inner.activate()
        wanted = (
            self.inner.heightForWidth(inside) if self.inner.hasHeightForWidth() else self._holder.sizeHint().height()
        )
        room = self.room_inside(room_px)
        self._area.setFixedHeight(max(look.px(_LEAST_PX), min(wanted + look.px(Space.XS), room)))

    def room_inside(self, room_px: int) -> int:
        """How high the content may be in a window that gives the sheet ``room_px``, before it scrolls."""
        look = active()
        self._foot.resize(self._width_inside(), self._foot.height())
        self._foot.arrange()
        return room_px - look.px(_HEAD_PX + Space.L + Space.XL + Space.M) - self._foot.sizeHint().height()

    def _width_inside(self) -> int:
        look = active()
        width = min(look.px(self._width_px), self._window.width() - look.px(2 * Space.L))
        return width - look.px(2 * Space.XL) - look.px(Space.S)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll what no Tab reaches."""
        bar = self._area.verticalScrollBar()
        step = {Qt.Key.Key_PageDown: bar.pageStep(), Qt.Key.Key_PageUp: -bar.pageStep()}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + step)

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isVisible() and self._holder.isAncestorOf(new):
            self._area.ensureWidgetVisible(new, 0, active().px(Space.XL))
