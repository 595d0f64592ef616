"""The hand that walks the tour: presses keys where the focus is, waits for what should follow, takes pictures."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.tour.errors import TourStuckError, TourUnwritableError
from app.ui.tour.record import TourRecord

PATIENCE_S = 60.0
"""The longest that any one screen may take; the slowest is the making of the vault, about 3 s on two cores."""

SETTLE_MS = 120
"""Time for the last animation frame before a picture."""

_POLL_MS = 5


class Hand:
    """Works one window at a time."""

    def __init__(self, out_dir: Path, record: TourRecord) -> None:
        """Write pictures to ``out_dir`` and say to ``record`` what was done."""
        self._out_dir = out_dir
        self._record = record
        self.window: QWidget | None = None

    def take(self, window: QWidget, size: QSize | None = None) -> None:
        """Work with ``window`` from now on."""
        self.window = window
        if size is not None:
            window.resize(size)
        window.show()
        window.activateWindow()
        self.until(window.isVisible, "the window")

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press one key where the focus is."""
        QTest.keyClick(self._target(), key, modifiers)
        QApplication.processEvents()

    def write(self, words: str) -> None:
        """Type words where the focus is."""
        QTest.keyClicks(self._target(), words)
        QApplication.processEvents()

    def until(self, is_there: Callable[[], object], what: str) -> float:
        """Wait until something is so, and return how long it took in milliseconds.

        Raises:
            TourStuckError: it did not come within ``PATIENCE_S``.
        """
        started_s = time.perf_counter()
        while not is_there():
            if time.perf_counter() - started_s > PATIENCE_S:
                raise TourStuckError(f"{what} did not appear within {PATIENCE_S:.0f} s")
            QTest.qWait(_POLL_MS)
        return (time.perf_counter() - started_s) * 1000

    def picture(self, name: str, caption: str) -> None:
        """Save what the window shows now.

        Raises:
            TourUnwritableError: the file could not be written.
        """
        assert self.window is not None
        QTest.qWait(SETTLE_MS)
        file = f"{self._record.next_number():02d}-{name}.png"
        if not self.window.grab().save(str(self._out_dir / file)):
            raise TourUnwritableError(f"cannot write {file}")
        self._record.add_picture(file, caption)

    def _target(self) -> QWidget:
        target = QApplication.focusWidget() or self.window
        assert target is not None
        return target
