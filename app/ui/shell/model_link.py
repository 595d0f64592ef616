"""The model as the console sees it: opened beside the GUI thread, its state in words, stopped with the desk."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from app.domain.office import Office
from app.inference.supervisor import WorkerState
from app.ui.background import BackgroundRunner

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.inference.supervisor import ModelWorker


class ModelLink(QObject):
    """Owns the worker from the unlock to the lock."""

    #: The worker can be asked; argument: the ``ModelWorker``.
    available = Signal(object)
    #: The state in words changed; arguments: words, whether all is well.
    state_changed = Signal(str, bool)
    _worker_state = Signal(object)

    def __init__(self, open_model: "Callable[[Office], ModelWorker | None]", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_model = open_model
        self._worker: ModelWorker | None = None
        self._started: ModelWorker | None = None
        self._runner = BackgroundRunner("model", self)
        self._worker_state.connect(self._on_worker_state)

    def begin(self, office: Office, worker: "ModelWorker | None" = None) -> None:
        """Open the model of an office, or take the worker that was started on the way here."""
        self.state_changed.emit(_tr("Model: loading"), True)
        if worker is not None:
            self._on_opened(worker)
        else:
            self._runner.run(self._open, office, done=self._on_opened, failed=lambda _error: self._say_missing())

    @property
    def worker(self) -> "ModelWorker | None":
        """The worker, once it is open."""
        return self._worker

    def retry(self) -> None:
        """Start a worker again that had given up; otherwise nothing."""
        if self._worker is not None and self._worker.problem is not None:
            self._runner.run(self._worker.start)

    def close(self) -> None:
        """Stop the worker and the thread; nobody hears of it any more."""
        self._worker_state.disconnect(self._on_worker_state)
        self._runner.run(self._stop)
        self._runner.close()

    def _open(self, office: Office) -> "ModelWorker | None":
        """On the model thread: a worker is known here from the moment it exists, so a lock on the way stops it too."""
        self._started = self._open_model(office)
        return self._started

    def _stop(self) -> None:
        worker = self._started or self._worker
        if worker is not None:
            worker.stop()

    def _on_opened(self, worker: "ModelWorker | None") -> None:
        if worker is None:
            self._say_missing()
            return
        self._worker = worker
        worker.on_state(self._worker_state.emit)
        self._on_worker_state(worker.state)
        self.available.emit(worker)

    @Slot(object)
    def _on_worker_state(self, state: WorkerState) -> None:
        name = self._worker.name if self._worker is not None else ""
        words = {
            WorkerState.STARTING: _tr("Model {name}: loading"),
            WorkerState.READY: _tr("Model {name}: ready"),
            WorkerState.BUSY: _tr("Model {name}: writing"),
            WorkerState.CRASHED: _tr("Model {name}: stopped, starting again"),
            WorkerState.STOPPED: _tr("Model {name}: off"),
        }[state]
        if state is WorkerState.CRASHED and self._worker is not None and self._worker.problem is not None:
            words = _tr("Model {name}: cannot run here ({code}). D tries again").replace("{code}", self._worker.problem)
        words = words.format(name=name)
        self.state_changed.emit(words, state not in {WorkerState.CRASHED, WorkerState.STOPPED})

    def _say_missing(self) -> None:
        self.state_changed.emit(_tr("No model on this machine: replies are written by hand"), False)


def _tr(text: str) -> str:
    return QCoreApplication.translate("model", text)
