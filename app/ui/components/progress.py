"""A thin line that says how far work is, honestly: without a figure it does not pretend to know one."""

from PySide6.QtCore import QEvent, QRectF, QSize, QTimer
from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from app.ui.components.painting import begin, fill_rounded, follow_look
from app.ui.theme import Role, active

_STEP_MS = 40
_STEPS_ACROSS = 48
_SEGMENT = 0.3
_FULL = 1000


class ProgressLine(QProgressBar):
    """Progress as a hairline; ``set_fraction(None)`` while nobody can say how long it takes."""

    def __init__(self, name: str = "Progress", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setRange(0, _FULL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._step = 0
        self._timer = QTimer(self, interval=_STEP_MS)
        self._timer.timeout.connect(self._on_step)

    def set_fraction(self, fraction: float | None) -> None:
        """Show how much is done, 0.0 to 1.0, or None for "working, no figure"."""
        self.setRange(0, 0 if fraction is None else _FULL)
        if fraction is not None:
            self.setValue(round(min(max(fraction, 0.0), 1.0) * _FULL))
        self._run_timer()
        self.update()

    def is_moving(self) -> bool:
        """Return True while a part of the line moves."""
        return self._timer.isActive()

    def sizeHint(self) -> QSize:
        """Return four pixels of height."""
        return QSize(active().px(120), active().px(4))

    def minimumSizeHint(self) -> QSize:
        """Return a short line."""
        return QSize(active().px(40), active().px(4))

    def showEvent(self, event: QShowEvent) -> None:
        """Move only while somebody can see it."""
        super().showEvent(event)
        self._run_timer()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stand still while hidden."""
        super().hideEvent(event)
        self._timer.stop()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        follow_look(self, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line and its done or moving part."""
        look, painter = active(), begin(self)
        rect = QRectF(self.rect())
        fill_rounded(painter, rect, rect.height() / 2, look.colour(Role.LINE))
        left, width = self._done_part()
        part = QRectF(rect.width() * left, 0, rect.width() * width, rect.height())
        fill_rounded(painter, part, rect.height() / 2, look.colour(Role.ACCENT))
        painter.end()

    def _done_part(self) -> tuple[float, float]:
        if self.maximum() > 0:
            return 0.0, self.value() / _FULL
        left = (self._step / _STEPS_ACROSS) * (1 + _SEGMENT) - _SEGMENT
        return max(left, 0.0), max(0.0, min(left + _SEGMENT, 1.0) - max(left, 0.0))

    def _run_timer(self) -> None:
        is_moving = self.maximum() == 0 and self.isVisible() and not active().is_motion_reduced
        if is_moving:
            self._timer.start()
        else:
            self._timer.stop()
            self._step = _STEPS_ACROSS // 2

    def _on_step(self) -> None:
        self._step = (self._step + 1) % (_STEPS_ACROSS + 1)
        self.update()
