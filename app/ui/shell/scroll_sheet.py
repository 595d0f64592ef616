"""A sheet whose content may be taller than the window: it scrolls between its title and its buttons."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.components import Button
from app.ui.shell.sheet import Sheet
from app.ui.theme import Space, active

_HEAD_PX = 56
_FOOT_PX = 56
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
        self.foot = QHBoxLayout()
        self.body.addWidget(self._area, 1)
        self.body.addLayout(self.foot)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)

    def put(self, *widgets: QWidget) -> None:
        """Put widgets below what is there."""
        for widget in widgets:
            self.inner.addWidget(widget)

    def put_buttons(self, *buttons: Button) -> None:
        """Put buttons at the foot, from the left."""
        self.foot.setSpacing(active().px(Space.S))
        for button in buttons:
            self.foot.addWidget(button)
        self.foot.addStretch(1)

    def name(self, title: str) -> None:
        """Give the sheet another title."""
        self.title.setText(title)
        self.setAccessibleName(title)

    def refit(self) -> None:
        """Follow content that became larger or smaller."""
        if self.isVisible():
            self._fit()

    def fit_height(self, room_px: int) -> None:
        """Scroll what does not fit."""
        look = active()
        edge = look.px(Space.XS)
        self.inner.setContentsMargins(edge, edge, look.px(Space.M), edge)
        self.inner.setSpacing(look.px(Space.S))
        width = min(look.px(self._width_px), self._window.width() - look.px(2 * Space.L))
        inside = width - look.px(2 * Space.XL) - look.px(Space.S)
        self.inner.activate()
        wanted = (
            self.inner.heightForWidth(inside) if self.inner.hasHeightForWidth() else self._holder.sizeHint().height()
        )
        taken = look.px(_HEAD_PX + _FOOT_PX + Space.L + Space.XL)
        self._area.setFixedHeight(max(look.px(_LEAST_PX), min(wanted + look.px(Space.XS), room_px - taken)))

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isVisible() and self._holder.isAncestorOf(new):
            self._area.ensureWidgetVisible(new, 0, active().px(Space.XL))
