"""The strip at the bottom of a window that says what just happened and lets it be undone."""

import math

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.ui.components.announce import announce
from app.ui.components.painting import RING_GAP_PX, begin, fill_rounded, follow_look
from app.ui.theme import Radius, Role, Size, Space, TextStyle, active

_TICK_MS = 100
_MESSAGE_SECONDS = 4.0
_MARGIN_PX = 20


class _UndoButton(QAbstractButton):
    """The one action of a toast, drawn on its dark strip."""

    def __init__(self) -> None:
        super().__init__()
        self.key_hint = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def words(self) -> str:
        return f"{self.text()}  {self.key_hint}".strip()

    def sizeHint(self) -> QSize:
        look = active()
        width = look.metrics(TextStyle.STRONG).horizontalAdvance(self.words()) + look.px(2 * Space.M)
        return QSize(width, look.px(Size.TARGET + 8))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        follow_look(self, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = active(), begin(self)
        ink = look.colour(Role.TOAST_ACCENT)
        if self.hasFocus() or self.underMouse():
            line = ink if self.hasFocus() else look.colour(Role.TOAST_ACCENT, 90)
            fill_rounded(painter, QRectF(self.rect()), look.px(Radius.M), None, line, look.px(Size.RING))
        painter.setPen(ink)
        painter.setFont(look.font(TextStyle.STRONG))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.words())
        painter.end()


class Toast(QWidget):
    """Floats above the bottom edge of ``parent``; shows one thing at a time.

    ``show_undo`` counts down; when it reaches zero the toast says ``expired`` and goes. A second ``show_…`` replaces
    what is there without a signal: the caller that held something knows that it did.
    """

    #: The person wants back what the toast is about.
    undone = Signal()
    #: The time to undo is over.
    expired = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._above = parent
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._count = QLabel()
        self._undo = _UndoButton()
        self._undo.clicked.connect(self._on_undo)
        self._total_s = 0.0
        self._since = QElapsedTimer()
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._lay_out()
        parent.installEventFilter(self)
        self.hide()

    def show_undo(self, text: str, seconds: float, key_hint: str = "Ctrl+Z", action: str = "Undo") -> None:
        """Say ``text`` and offer to undo it for ``seconds``."""
        self._undo.setText(action)
        self._undo.key_hint = key_hint
        self._undo.setAccessibleName(f"{action}: {text}")
        self._undo.show()
        self._count.show()
        self._begin(text, seconds)

    def show_message(self, text: str, seconds: float = _MESSAGE_SECONDS) -> None:
        """Say ``text`` for a while; there is nothing to undo."""
        self._undo.hide()
        self._count.hide()
        self._begin(text, seconds)

    def dismiss(self) -> None:
        """Go without a signal."""
        self._timer.stop()
        self.hide()

    def text(self) -> str:
        """Return what the toast says."""
        return self._words.text()

    def is_counting(self) -> bool:
        """Return True while something can still be undone here."""
        return self._timer.isActive() and not self._undo.isHidden()

    def seconds_left(self) -> float:
        """Return the time that is left, in seconds."""
        return max(0.0, self._total_s - self._since.elapsed() / 1000) if self._since.isValid() else 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom of the parent when it is resized."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._tint()
            self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the strip and how much of the time is left."""
        look, painter = active(), begin(self)
        rect = QRectF(self.rect())
        fill_rounded(painter, rect, look.px(Radius.L), look.colour(Role.TOAST))
        if self.is_counting():
            self._draw_time(painter, rect)
        painter.end()

    def _draw_time(self, painter: QPainter, rect: QRectF) -> None:
        look = active()
        edge, height = look.px(Radius.L), look.px(2)
        share = self.seconds_left() / self._total_s if self._total_s else 0.0
        if look.is_motion_reduced:
            share = math.ceil(self.seconds_left()) / max(self._total_s, 1.0)
        line = QRectF(edge, rect.bottom() - height - look.px(3), (rect.width() - 2 * edge) * min(share, 1.0), height)
        fill_rounded(painter, line, 1, look.colour(Role.TOAST_ACCENT))

    def _begin(self, text: str, seconds: float) -> None:
        self._words.setText(text)
        self._total_s = seconds
        self._since.start()
        self._timer.start()
        self._show_count()
        self._tint()
        self.show()
        self._place()
        self.raise_()
        announce(self, text)

    def _on_tick(self) -> None:
        if self.seconds_left() > 0:
            self._show_count()
            self.update()
            return
        was_undo = self.is_counting()
        self.dismiss()
        if was_undo:
            self.expired.emit()

    def _on_undo(self) -> None:
        if self.is_counting():
            self.dismiss()
            self.undone.emit()

    def _show_count(self) -> None:
        self._count.setText(f"{math.ceil(self.seconds_left())} s")

    def _tint(self) -> None:
        look = active()
        for label, style in ((self._words, TextStyle.BODY), (self._count, TextStyle.SMALL)):
            label.setFont(look.font(style, is_tabular=True))
            label.setStyleSheet(f"color: {look.hex(Role.ON_TOAST)}; background: transparent;")

    def _place(self) -> None:
        look, parent = active(), self._above
        self.adjustSize()
        width = min(self.width(), parent.width() - 2 * look.px(Space.L))
        self.resize(width, self.height())
        self.move((parent.width() - width) // 2, parent.height() - self.height() - look.px(_MARGIN_PX))

    def _lay_out(self) -> None:
        look = active()
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(Space.L), look.px(Space.S), look.px(Space.M), look.px(Space.S + RING_GAP_PX))
        row.setSpacing(look.px(Space.M))
        row.addWidget(self._words)
        row.addWidget(self._count)
        row.addWidget(self._undo)
