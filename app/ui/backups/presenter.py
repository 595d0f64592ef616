"""The page of backups without widgets: reading the folder, taking a backup, rehearsing one. One thread of its own."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.services.backups import KEPT_SNAPSHOTS, BackupService, RestoreReport, RestoreService, SnapshotInfo
from app.store.backup.restoring import Open
from app.store.backup.taking import Taken
from app.store.errors import BackupStoppedError, StoreError
from app.ui.background import BackgroundRunner
from app.ui.backups.state import BackupsState, Work

LOOK_EVERY_MS = 10 * 60_000
"""How often the console looks whether a backup is due."""


class BackupsPresenter(QObject):
    """Asks the services and tells the page; takes backups by itself when they are due."""

    #: Something changed; argument: ``BackupsState``.
    state_changed = Signal(object)
    #: A backup is complete; argument: ``Taken``.
    taken = Signal(object)
    #: A rehearsal ended well; argument: ``RestoreReport``.
    rehearsed = Signal(object)
    #: Something could not be done; argument: code of the reason.
    failed = Signal(str)
    _progressed = Signal(object)

    def __init__(
        self,
        backups: BackupService,
        state: BackupsState,
        now_ms: Callable[[], int],
        parent: QObject | None = None,
    ) -> None:
        """Serve one desk; ``state`` holds what the settings say."""
        super().__init__(parent)
        self._backups = backups
        self._state = state
        self._now_ms = now_ms
        self._stop = threading.Event()
        self._work = BackgroundRunner("backups", self)
        self._progressed.connect(self._on_progressed)
        self._watch = QTimer(self, interval=LOOK_EVERY_MS)
        self._watch.timeout.connect(self.look)

    @property
    def state(self) -> BackupsState:
        """What was shown last."""
        return self._state

    def begin(self) -> None:
        """Look at the folder now and from time to time."""
        self._watch.start()
        self.look()

    def close(self) -> None:
        """Stop what goes on and end the thread."""
        self._watch.stop()
        self._stop.set()
        self._work.close()

    def look(self) -> None:
        """Read the folder again; a backup that is due begins."""
        folder = self._state.folder
        if folder is None:
            self._set(self._state)
        elif self._state.work is Work.NONE:
            self._work.run(self._read, folder, done=self._on_read, topic="read")

    def choose(self, folder: Path) -> None:
        """Backups go to ``folder`` from now on."""
        self._backups.places = (folder,)
        self._set(replace(self._state, folder=folder, snapshots=(), is_reached=False, rehearsed=None, problem=""))
        self.look()

    def take(self, *, keep: int = KEPT_SNAPSHOTS) -> None:
        """Take a backup now; of those that are there the newest ``keep`` stay, this one among them."""
        folder = self._state.folder
        if folder is None or self._state.work is not Work.NONE:
            return
        self._begin(Work.COPYING)
        self._work.run(
            lambda: self._backups.take(folder, self._tell, self._stop.is_set, keep=keep),
            done=self._on_taken,
            failed=self._on_failed,
        )

    def rehearse(self, open_vault: Open) -> None:
        """Prove that the newest backup comes back."""
        folder = self._state.folder
        if folder is None or self._state.work is not Work.NONE:
            return
        self._begin(Work.REHEARSING)
        self._work.run(
            lambda: RestoreService().rehearse(folder, open_vault, progress=self._tell),
            done=self._on_rehearsed,
            failed=self._on_failed,
        )

    def stop(self) -> bool:
        """Stop copying or rehearsing; False when nothing goes on."""
        if self._state.work is Work.NONE:
            return False
        self._stop.set()
        return True

    def _read(self, folder: Path) -> tuple[bool, tuple[SnapshotInfo, ...]]:
        if not folder.is_dir():
            return False, ()
        return True, self._backups.snapshots(folder)

    def _on_read(self, found: tuple[bool, tuple[SnapshotInfo, ...]]) -> None:
        is_reached, snapshots = found
        self._set(replace(self._state, is_reached=is_reached, snapshots=snapshots))
        if self._state.is_due(self._now_ms()):
            self.take()

    def _begin(self, work: Work) -> None:
        self._stop.clear()
        self._set(replace(self._state, work=work, fraction=None, problem=""))

    def _tell(self, done: int, total: int) -> None:
        """Say how far the work is, on its thread; the work ends here when it is to stop."""
        if self._stop.is_set():
            raise BackupStoppedError
        self._progressed.emit(done / total if total else None)

    def _on_progressed(self, fraction: float | None) -> None:
        if self._state.work is not Work.NONE:
            self._set(replace(self._state, fraction=fraction))

    def _on_taken(self, taken: Taken) -> None:
        self._set(replace(self._state, work=Work.NONE))
        self.taken.emit(taken)
        self.look()

    def _on_rehearsed(self, report: RestoreReport) -> None:
        self._set(replace(self._state, work=Work.NONE, rehearsed=report))
        self.rehearsed.emit(report)

    def _on_failed(self, error: Exception) -> None:
        code = error.code if isinstance(error, StoreError) else str(getattr(error, "code", "store_failed"))
        self._set(replace(self._state, work=Work.NONE, problem=code))
        self.failed.emit(code)

    def _set(self, state: BackupsState) -> None:
        self._state = state
        self.state_changed.emit(state)
