"""The model as the console sees it: opened beside the GUI thread, changed for another, stopped with the desk.

A model that gives up before it was ever ready is passed over: the next candidate of the keeper is started, and the
window says so. The choice in the settings stays, so that the next start tries it again.
"""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from app.domain.office import Office
from app.inference.supervisor import WorkerState
from app.services.models.memory import processor_s, resident_bytes
from app.ui.background import BackgroundRunner

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.inference.supervisor import ModelWorker
    from app.services.models.keeper import ModelKeeper, Opened

LOAD_EVERY_MS = 2_000
WORTH_SAYING_CORES = 0.1


class ModelLink(QObject):
    """Owns the worker from the unlock to the lock."""

    #: The worker can be asked; argument: the ``ModelWorker``.
    available = Signal(object)
    #: The worker is about to go, because another model was chosen: whatever it writes is to be set aside.
    leaving = Signal()
    #: The state in words changed; arguments: words, whether all is well.
    state_changed = Signal(str, bool)
    #: The model gave up, or can be asked again; argument: whether trying again is of use.
    retry_offered = Signal(bool)
    #: Another model proposes now; arguments: its name, the one before it.
    switched = Signal(str, str)
    #: The change could not be made, the old model goes on; argument: the exception.
    switch_failed = Signal(object)
    #: A model was passed over; arguments: its name, code, name of the one that proposes instead (empty: none).
    passed_over = Signal(str, str, str)
    _worker_state = Signal(object, object)

    def __init__(
        self,
        open_model: "Callable[[Office], ModelWorker | None]",
        parent: QObject | None = None,
        *,
        keeper: "ModelKeeper | None" = None,
    ) -> None:
        super().__init__(parent)
        self._open_model = open_model
        self._keeper = keeper
        self._worker: ModelWorker | None = None
        self._started: ModelWorker | None = None
        self._was_ready = False
        self._is_switching = False
        self._words = ("", True)
        self._runner = BackgroundRunner("model", self)
        self._worker_state.connect(self._on_worker_state)
        self._load = QTimer(self, interval=LOAD_EVERY_MS)
        self._load.timeout.connect(self._show_load)
        self._processor_s = 0.0

    def begin(self, office: Office, worker: "ModelWorker | None" = None) -> None:
        """Open the model of an office, or take the worker that was started on the way here."""
        self._say(_tr("Model: loading"), is_well=True)
        if worker is not None:
            self._started = worker
            self._on_opened(worker)
            self._tell_skipped()
        else:
            self._runner.run(self._open, office, done=self._on_opened, failed=lambda _error: self._say_missing())
            self._runner.run(lambda: None, done=lambda _none: self._tell_skipped())

    @property
    def worker(self) -> "ModelWorker | None":
        """The worker, once it is open."""
        return self._worker

    @property
    def is_switching(self) -> bool:
        """True while another model is being loaded."""
        return self._is_switching

    def retry(self) -> None:
        """Start a worker again that had given up; otherwise nothing."""
        if self._worker is not None and self._worker.problem is not None:
            self._runner.run(self._worker.start)

    def use(self, name: str) -> None:
        """Let another model propose from now on; the one that runs goes on until the other was found sound."""
        if self._keeper is None or self._is_switching:
            return
        self._is_switching = True
        before = self._worker.name if self._worker is not None else ""
        held = resident_bytes(self._worker.pid) if self._worker is not None else 0
        self._runner.run(
            partial(self._keeper.use, name, given_back_bytes=held),
            done=lambda _entry: self._change(name, before),
            failed=self._on_not_switched,
        )

    def close(self) -> None:
        """Stop the worker and the thread; nobody hears of it any more."""
        self._load.stop()
        self._worker_state.disconnect(self._on_worker_state)
        self._started = self._started or self._worker
        self._worker = None  # a state that is on its way already belongs to nobody
        self._runner.run(self._stop)
        self._runner.close()

    # On the model thread

    def _open(self, office: Office) -> "ModelWorker | None":
        """A worker is known here from the moment it exists, so a lock on the way stops it too."""
        self._started = self._open_model(office)
        return self._started

    def _stop(self) -> None:
        worker = self._started or self._worker
        if worker is not None:
            worker.stop()

    def _replace(self, names: tuple[str, ...], without: str = "") -> "Opened":
        """Stop what runs, then start the first of ``names`` and the usual candidates that can be.

        Two models never need their memory at once.
        """
        assert self._keeper is not None
        self._stop()
        wanted = dict.fromkeys((*names, *self._keeper.candidates()))
        opened = self._keeper.open_first([name for name in wanted if name and name != without])
        self._started = opened.worker
        return opened

    # On the GUI thread

    def _change(self, name: str, before: str) -> None:
        self._leave()
        self._say(_tr("Model {name}: loading").format(name=name), is_well=True)
        self._runner.run(
            self._replace,
            (name, before),
            done=lambda opened: self._on_changed(opened, name, before),
            failed=self._on_not_switched,
        )

    def _leave(self) -> None:
        """Forget the worker, and let whoever asks it set its work aside first."""
        self.leaving.emit()
        self._worker = None

    def _on_changed(self, opened: "Opened", name: str, before: str) -> None:
        self._is_switching = False
        self._on_replaced(opened)
        if opened.worker is not None and opened.worker.name == name:
            self.switched.emit(name, before)

    def _on_replaced(self, opened: "Opened") -> None:
        self._on_opened(opened.worker)
        instead = opened.worker.name if opened.worker is not None else ""
        for skipped, code in opened.skipped:
            self.passed_over.emit(skipped, code, instead)

    def _on_not_switched(self, error: Exception) -> None:
        self._is_switching = False
        self.switch_failed.emit(error)

    def _on_opened(self, worker: "ModelWorker | None") -> None:
        if worker is None:
            self._say_missing()
            return
        self._worker = worker
        self._was_ready = False
        worker.on_state(partial(self._worker_state.emit, worker))
        self._on_worker_state(worker, worker.state)
        self.available.emit(worker)
        if self._keeper is not None:
            self._load.start()

    @Slot(object, object)
    def _on_worker_state(self, worker: "ModelWorker", state: WorkerState) -> None:
        if worker is not self._worker:
            return
        self._was_ready = self._was_ready or state is WorkerState.READY
        words = {
            WorkerState.STARTING: _tr("Model {name}: loading"),
            WorkerState.READY: _tr("Model {name}: ready"),
            WorkerState.BUSY: _tr("Model {name}: writing"),
            WorkerState.CRASHED: _tr("Model {name}: stopped, starting again"),
            WorkerState.STOPPED: _tr("Model {name}: off"),
        }[state]
        has_given_up = state is WorkerState.CRASHED and worker.problem is not None
        if has_given_up:
            words = _tr("Model {name}: cannot run here ({code})").replace("{code}", str(worker.problem))
        is_well = state not in {WorkerState.CRASHED, WorkerState.STOPPED}
        self._say(words.format(name=worker.name), is_well=is_well)
        is_passed_over = has_given_up and not self._was_ready and self._keeper is not None and not self._is_switching
        self.retry_offered.emit(has_given_up and not is_passed_over)
        if is_passed_over:
            self._pass_over(worker)

    def _pass_over(self, worker: "ModelWorker") -> None:
        """Start the next candidate instead of a model that could not even be loaded; without one, it may be retried."""
        code = str(worker.problem)
        self._is_switching = True
        self._leave()

        def started(opened: "Opened") -> None:
            self._is_switching = False
            if opened.worker is None:
                self._worker = self._started = worker
                words = _tr("Model {name}: cannot run here ({code})").format(name=worker.name, code=code)
                self._say(words, is_well=False)
                self.retry_offered.emit(True)
                return
            self.retry_offered.emit(False)
            self._on_opened(opened.worker)
            self.passed_over.emit(worker.name, code, opened.worker.name)

        self._runner.run(partial(self._replace, (), without=worker.name), done=started, failed=self._on_not_switched)

    def _tell_skipped(self) -> None:
        """Say which models were passed over when this one was opened."""
        if self._keeper is None:
            return
        opened = self._keeper.last_opened
        for name, code in opened.skipped:
            self.passed_over.emit(name, code, opened.worker.name if opened.worker is not None else "")

    def _show_load(self) -> None:
        """Say how many cores the worker keeps busy, where it is worth saying."""
        worker = self._worker
        now_s = processor_s(worker.pid) if worker is not None else 0.0
        cores = (now_s - self._processor_s) / (LOAD_EVERY_MS / 1000)
        is_known = self._processor_s > 0.0
        self._processor_s = now_s
        words, is_well = self._words
        if is_known and cores >= WORTH_SAYING_CORES:
            words = _tr("{words} · {cores} cores busy").format(words=words, cores=f"{cores:.1f}")
        self.state_changed.emit(words, is_well)

    def _say(self, words: str, *, is_well: bool) -> None:
        self._words = (words, is_well)
        self.state_changed.emit(words, is_well)

    def _say_missing(self) -> None:
        self._load.stop()
        self._say(_tr("No model on this machine: replies are written by hand"), is_well=False)


def _tr(text: str) -> str:
    return QCoreApplication.translate("model", text)
