"""The page of the audit log without widgets: reading, checking, handing out. One thread of its own."""

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, SignalInstance

from app.services.evidence.audit_log import AuditLog
from app.store.audit_query import AuditFilter
from app.ui.background import BackgroundRunner

PAGE = 300


class _ClosingError(Exception):
    """The console locks; nobody waits for the check any more."""


class AuditPresenter(QObject):
    """Asks the log and tells the page."""

    #: Entries were read anew; argument: tuple of ``AuditEntry``.
    read = Signal(object)
    #: Older entries; argument: tuple of ``AuditEntry``.
    read_more = Signal(object)
    #: A check ended; argument: ``AuditReport``.
    checked = Signal(object)
    #: How far a check is; arguments: events done, events in all. Emitted on the working thread.
    progressed = Signal(int, int)
    #: The log is in a file; arguments: number of entries, ``Path``.
    exported = Signal(int, object)
    #: Something could not be done; argument: the exception.
    failed = Signal(object)

    def __init__(self, log: AuditLog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = log
        self._wanted = AuditFilter()
        self._is_at_end = False
        self._is_closing = threading.Event()
        self._runner = BackgroundRunner("audit", self)

    def close(self) -> None:
        """Stop a check and end the thread."""
        self._is_closing.set()
        self._runner.close()

    def show(self, wanted: AuditFilter | None = None) -> None:
        """Read the newest entries that fit."""
        self._wanted = wanted or self._wanted
        self._is_at_end = False
        self._runner.run(
            self._read, self._wanted, None, done=self._on_read(self.read), failed=self.failed.emit, topic="read"
        )

    def show_more(self, before_seq: int | None) -> None:
        """Read older ones, unless there are none."""
        if before_seq is not None and not self._is_at_end:
            self._runner.run(
                self._read,
                self._wanted,
                before_seq,
                done=self._on_read(self.read_more),
                failed=self.failed.emit,
                topic="more",
            )

    def check(self) -> None:
        """Check the whole log."""
        self._runner.run(lambda: self._log.verify(progress=self._tell), done=self.checked.emit, failed=self.failed.emit)

    def export(self, file: Path) -> None:
        """Write all entries that fit and a signed checkpoint."""
        self._runner.run(
            lambda: self._log.export_to(file, self._wanted),
            done=lambda written: self.exported.emit(written[0], file),
            failed=self.failed.emit,
        )

    def _tell(self, done: int, total: int) -> None:
        """Say how far a check is, on its thread; it ends here when the console locks."""
        if self._is_closing.is_set():
            raise _ClosingError
        self.progressed.emit(done, total)

    def _read(self, wanted: AuditFilter, before_seq: int | None) -> object:
        return self._log.entries(wanted, before_seq=before_seq, limit=PAGE)

    def _on_read(self, signal: SignalInstance) -> Callable[[object], None]:
        def tell(entries: object) -> None:
            assert isinstance(entries, tuple)
            self._is_at_end = len(entries) < PAGE
            signal.emit(entries)

        return tell
