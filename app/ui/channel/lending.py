"""A secret on the clipboard for half a minute: then it is taken away, unless somebody copied something else."""

import math

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

LENT_S = 30
_SECRET_HINTS = {
    "x-kde-passwordManagerHint": b"secret",
    "ExcludeClipboardContentFromMonitorProcessing": b"1",
    "CanIncludeInClipboardHistory": b"\x00\x00\x00\x00",
    "CanUploadToCloudClipboard": b"\x00\x00\x00\x00",
}
"""Asks the clipboard histories that can be asked not to keep it (KDE Klipper; Windows 10 and later)."""


class LentClipboard(QObject):
    """Lends one text at a time."""

    #: A second passed; argument: seconds until the text goes, 0 when it is gone.
    ticked = Signal(int)

    def __init__(self, parent: QObject | None = None, *, lent_ms: int = LENT_S * 1_000) -> None:
        super().__init__(parent)
        self._lent = ""
        self._lent_ms = lent_ms
        self._end = QTimer(self, singleShot=True)
        self._end.timeout.connect(self.take_back)
        self._beat = QTimer(self, interval=1_000)
        self._beat.timeout.connect(self._tick)

    def lend(self, text: str) -> None:
        """Put ``text`` on the clipboard until its time is over."""
        mime = QMimeData()
        mime.setText(text)
        for kind, value in _SECRET_HINTS.items():
            mime.setData(kind, value)
        QGuiApplication.clipboard().setMimeData(mime)
        self._lent = text
        self._end.start(self._lent_ms)
        self._beat.start()
        self._tick()

    def take_back(self) -> None:
        """Take the text off the clipboard now, unless it holds something else by now."""
        if not self._lent:
            return
        if QGuiApplication.clipboard().text() == self._lent:
            QGuiApplication.clipboard().clear()
        self._lent = ""
        self._end.stop()
        self._beat.stop()
        self.ticked.emit(0)

    def _tick(self) -> None:
        left_ms = min(max(self._end.remainingTime(), 0), self._lent_ms)  # a coarse timer may say a little more
        self.ticked.emit(math.ceil(left_ms / 1_000))
