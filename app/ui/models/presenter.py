"""The page of models without widgets: what is known, import, driving test, removal.

Two threads: one for quick questions, one for an import or a test, of which one runs at a time. Both are ended with the
desk; a stop is heard within a question or a megabyte.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.services.models.errors import ModelError, ModelFault
from app.services.models.findings import TestFinding
from app.services.models.keeper import ModelKeeper, Passport, RunningModel
from app.services.models.memory import resident_bytes
from app.services.models.speed import StoppedError
from app.services.models.taking_in import ImportListener, ImportStep
from app.services.ports import FramedModel
from app.ui.background import BackgroundRunner
from app.ui.models.state import ModelsState, TestRun

if TYPE_CHECKING:
    from app.inference.supervisor import ModelWorker
    from app.services.models.driving import TestPart

PartsMaker = Callable[[FramedModel], "Sequence[TestPart]"]


class ModelsPresenter(QObject):
    """Asks the keeper and tells the views."""

    #: Something changed; argument: ``ModelsState``.
    state_changed = Signal(object)
    #: Something could not be done; argument: the exception.
    failed = Signal(object)
    #: A file was looked at; argument: ``ImportPreview``.
    previewed = Signal(object)
    #: It is no model that may come in; argument: the exception.
    preview_failed = Signal(object)
    #: An import goes on; arguments: ``ImportStep``, bytes done, bytes in all. Emitted on the working thread.
    import_progressed = Signal(object, object, object)
    #: A model is here; argument: ``Passport``.
    imported = Signal(object)
    #: An import ended without one; argument: the exception, a ``ModelError`` with CANCELLED when it was stopped.
    import_failed = Signal(object)
    #: A driving test ended; arguments: name, ``TestFinding`` or None when it was stopped.
    tested = Signal(str, object)
    _test_progressed = Signal(object)

    def __init__(
        self,
        keeper: ModelKeeper,
        make_parts: PartsMaker,
        running: Callable[[], "ModelWorker | None"],
        person_name: str,
        parent: QObject | None = None,
    ) -> None:
        """Serve one desk.

        Args:
            keeper: the models.
            make_parts: the driving test for a model that runs; called on the working thread.
            running: the worker that proposes now.
            person_name: who imports, for the passport.
            parent: owns it.
        """
        super().__init__(parent)
        self._keeper = keeper
        self._make_parts = make_parts
        self._running = running
        self._person_name = person_name
        self._state = ModelsState()
        self._removed: frozenset[str] = frozenset()
        self._stop = threading.Event()
        self._quick = BackgroundRunner("models", self)
        self._work = BackgroundRunner("model-work", self)
        self._test_progressed.connect(self._on_test_progressed)

    @property
    def state(self) -> ModelsState:
        """What was shown last."""
        return self._state

    @property
    def is_working(self) -> bool:
        """True while an import or a test runs."""
        return not self._work.is_idle

    def refresh(self) -> None:
        """Read everything again."""
        self._quick.run(self._read, done=self._on_read, failed=self.failed.emit, topic="read")

    def show_switching(self, *, is_switching: bool) -> None:
        """Tell that the model is being changed, or that this is over."""
        self._set(replace(self._state, is_switching=is_switching))

    def show_could_not(self, words: str) -> None:
        """Say why the chosen model does not run; empty when it does."""
        self._set(replace(self._state, could_not=words))

    # -- import ---------------------------------------------------------------------------------------------------

    def look_at(self, source: Path) -> None:
        """Read what a file says about itself."""
        self._quick.run(self._keeper.preview, source, done=self.previewed.emit, failed=self.preview_failed.emit)

    def bring_in(self, source: Path, name: str, licence: str) -> None:
        """Import a file."""
        self._stop.clear()
        listener = _Listener(self._stop, self.import_progressed.emit)
        self._work.run(
            lambda: self._keeper.import_file(
                source, name=name, licence=licence or None, imported_by=self._person_name, listener=listener
            ),
            done=self._on_imported,
            failed=self.import_failed.emit,
        )

    def stop(self) -> None:
        """Stop the import or the test that is running."""
        self._stop.set()

    # -- driving test ---------------------------------------------------------------------------------------------

    def test(self, name: str) -> None:
        """Begin a driving test, unless an import or a test is running."""
        if self.is_working:
            return
        self._stop.clear()
        self._set(replace(self._state, test=TestRun(name)))
        self._work.run(self._test, name, done=lambda found: self._on_tested(name, found), failed=self._on_test_failed)

    def _test(self, name: str) -> TestFinding | None:
        """On the working thread: the model in use is asked as it runs, another one in a worker of its own."""
        from app.services.models.driving import count, drive  # noqa: PLC0415  loads the search for passages

        now_ms, total = time.time_ns() // 1_000_000, 0

        def tell(done: int, of: int, so_far: TestFinding) -> None:
            nonlocal total
            total = of
            self._test_progressed.emit(TestRun(name, done, of, so_far))

        with self._opened(name) as model:
            outcomes = drive(self._make_parts(model), now_ms=now_ms, on_done=tell, is_stopped=self._stop.is_set)
        if len(outcomes) < total or not outcomes:
            return None
        finding = count(outcomes, now_ms=now_ms)
        self._keeper.note_test(name, finding)
        return finding

    def measure(self, name: str) -> None:
        """Measure the speed of a model, unless an import or a test is running."""
        if self.is_working:
            return
        self._stop.clear()
        self._set(replace(self._state, measuring=name))
        self._work.run(self._measure, name, done=lambda _none: self._on_measured(), failed=self._on_not_measured)

    def _measure(self, name: str) -> None:
        """On the working thread."""
        with self._opened(name) as model:
            self._keeper.measure_running(name, model, self._stop.is_set)

    def _opened(self, name: str) -> AbstractContextManager[RunningModel]:
        """Return the model in use as it runs, or another one in a worker of its own."""
        running = self._running()
        if running is not None and running.name == name:
            return nullcontext(running)
        entry = self._keeper.catalogue.find(name)
        self._keeper.catalogue.check(name)
        self._keeper.require_memory(entry)
        return self._keeper.open_entry(entry)

    # -- removal --------------------------------------------------------------------------------------------------

    def hide(self, name: str) -> None:
        """Take a model off the list; it is removed when the step settles."""
        self._removed = self._removed | {name}
        self.refresh()

    def show_again(self, name: str) -> None:
        """Take the removal back."""
        self._removed = self._removed - {name}
        self.refresh()

    def remove(self, name: str) -> None:
        """Remove a model from the disk."""
        self._quick.run(
            self._keeper.remove, name, done=lambda _none: self.show_again(name), failed=self._on_not_removed
        )

    def close(self) -> None:
        """Stop what runs and end both threads."""
        self._stop.set()
        self._work.close()
        self._quick.close()

    # -- private --------------------------------------------------------------------------------------------------

    def _read(self) -> ModelsState:
        running = self._running()
        passports = self._keeper.passports(given_back_bytes=resident_bytes(running.pid) if running else 0)
        return ModelsState(
            passports=tuple(passport for passport in passports if passport.entry.name not in self._removed),
            running=running.name if running is not None else "",
            chosen=self._keeper.chosen,
            previous=self._keeper.previous,
            is_pinned=self._keeper.is_pinned,
        )

    def _on_read(self, state: ModelsState) -> None:
        kept = self._state
        self._set(
            replace(
                state,
                could_not=kept.could_not,
                is_switching=kept.is_switching,
                test=kept.test,
                measuring=kept.measuring,
            )
        )

    def _on_imported(self, passport: Passport) -> None:
        self.refresh()
        self.imported.emit(passport)

    def _on_not_removed(self, error: Exception) -> None:
        self._removed = frozenset()
        self.refresh()
        self.failed.emit(error)

    @Slot(object)
    def _on_test_progressed(self, run: TestRun) -> None:
        if self._state.test is not None:
            self._set(replace(self._state, test=run))

    def _on_tested(self, name: str, finding: TestFinding | None) -> None:
        self._set(replace(self._state, test=None))
        self.refresh()
        self.tested.emit(name, finding)

    def _on_measured(self) -> None:
        self._set(replace(self._state, measuring=""))
        self.refresh()

    def _on_not_measured(self, error: Exception) -> None:
        self._set(replace(self._state, measuring=""))
        if not isinstance(error, StoppedError):
            self.failed.emit(error)

    def _on_test_failed(self, error: Exception) -> None:
        self._set(replace(self._state, test=None))
        self.failed.emit(error)

    def _set(self, state: ModelsState) -> None:
        self._state = state
        self.state_changed.emit(state)


class _Listener(ImportListener):
    """Tells an import to the window, and hears its stop."""

    def __init__(self, stop: threading.Event, tell: Callable[[ImportStep, int, int], None]) -> None:
        self._stop = stop
        self._tell = tell

    def progressed(self, step: ImportStep, done: int, total: int) -> None:
        """Say it on the GUI thread."""
        self._tell(step, done, total)

    def is_stopped(self) -> bool:
        """Return what the person wants."""
        return self._stop.is_set()


def was_stopped(error: Exception) -> bool:
    """Tell whether an import ended because a person stopped it."""
    return isinstance(error, ModelError) and error.code is ModelFault.CANCELLED
