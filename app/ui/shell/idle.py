"""Notices that nobody is there: warns, then asks for the lock.

Looks only at what reaches the native window (keys, pointer, touch), a handful of events a second, so that it costs no
time while somebody types.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow

WARN_MS = 30_000
_TICK_MS = 1_000

_PRESENCE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """Counts down from the last sign of a person; 0 switches it off."""

    #: Time until the lock changed by a second or more; argument: milliseconds left.
    ticked = Signal(int)
    #: ``WARN_MS`` are left.
    warned = Signal()
    #: Somebody is there again after a warning.
    calmed = Signal()
    #: Nobody came: lock now.
    expired = Signal()

    def __init__(self, limit_ms: int, clock_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit_ms = limit_ms
        self._clock_ms = clock_ms
        self._last_ms = clock_ms()
        self._has_warned = False
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self.tick)
        if limit_ms > 0:
            self._timer.start()

    def watch(self, window: QWindow) -> None:
        """Look at a native window."""
        window.installEventFilter(self)

    def note_presence(self) -> None:
        """Somebody is there."""
        self._last_ms = self._clock_ms()
        if self._has_warned:
            self._has_warned = False
            self.calmed.emit()

    def stop(self) -> None:
        """Watch no longer."""
        self._timer.stop()

    def tick(self) -> None:
        """Look at the clock once."""
        left_ms = self._limit_ms - (self._clock_ms() - self._last_ms)
        self.ticked.emit(max(0, left_ms))
        if left_ms <= 0:
            self._timer.stop()
            self.expired.emit()
        elif left_ms <= WARN_MS and not self._has_warned:
            self._has_warned = True
            self.warned.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there."""
        if event.type() in _PRESENCE:
            self.note_presence()
        return super().eventFilter(watched, event)
