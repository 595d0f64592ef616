"""Blocking work beside the GUI thread: one named thread, results delivered back on the GUI thread.

The GUI thread never waits. Everything that touches the store goes through one ``BackgroundRunner``, so calls happen in
the order in which they were asked for. A *topic* names work of which only the latest matters (a search while somebody
types): a job that has not begun is dropped when a newer one of its topic arrives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QThread, Signal, Slot

GRACE_MS = 5_000
"""How long ``close`` waits for the job that is running before it gives the thread up and says so."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    function: Callable[[], Any]
    done: Callable[[Any], None] | None
    failed: Callable[[Exception], None] | None
    is_wanted: Callable[[], bool]


@dataclass(frozen=True, slots=True, eq=False)
class _Outcome:
    job: _Job
    result: Any = None
    error: Exception | None = None
    was_overtaken: bool = False


class _Worker(QObject):
    """Lives on the runner's thread and does one job after another."""

    #: A job ended; argument: its ``_Outcome``.
    ended = Signal(object)

    @Slot(object)
    def perform(self, job: _Job) -> None:
        if not job.is_wanted():
            self.ended.emit(_Outcome(job, was_overtaken=True))
            return
        try:
            outcome = _Outcome(job, result=job.function())
        except Exception as error:  # noqa: BLE001 - outermost function of a thread
            outcome = _Outcome(job, error=error)
        self.ended.emit(outcome)


class BackgroundRunner(QObject):
    """Runs functions on one thread of its own and calls back on the thread that owns the runner."""

    #: A job failed and had no ``failed`` callback; argument: the exception.
    went_wrong = Signal(object)
    #: A job began or ended; argument: how many are still to be done.
    load_changed = Signal(int)
    _job_wanted = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._latest: dict[str, int] = {}
        self._waiting = 0
        self._last_job: _Job | None = None
        self._thread = QThread()
        self._thread.setObjectName(name)
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._job_wanted.connect(self._worker.perform)
        self._worker.ended.connect(self._on_ended)
        self._thread.start()

    def run(
        self,
        function: Callable[..., Result],
        *arguments: object,
        done: Callable[[Result], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        topic: str | None = None,
    ) -> None:
        """Queue ``function(*arguments)``; ``done`` gets its result, ``failed`` its exception, both on this thread.

        A job that a newer one of its topic overtook before it began calls neither. After ``close`` nothing is run.
        """
        if self._last_job is not None:
            return
        self._waiting += 1
        self.load_changed.emit(self._waiting)
        self._job_wanted.emit(_Job(partial(function, *arguments), done, failed, self._make_check(topic)))

    @property
    def is_idle(self) -> bool:
        """True when every job has ended and called back."""
        return self._waiting == 0

    def close(self, grace_ms: int = GRACE_MS) -> bool:
        """End the thread after the jobs that were asked for; False when it did not end within ``grace_ms``.

        Nobody is called back any more: whoever asked may be gone.
        """
        if self._last_job is None:
            # As a job, so that it comes after everything that was asked for before.
            self._last_job = _Job(self._thread.quit, None, None, lambda: True)
            self._job_wanted.emit(self._last_job)
        return bool(self._thread.wait(grace_ms))

    def _make_check(self, topic: str | None) -> Callable[[], bool]:
        if topic is None:
            return lambda: True
        serial = self._latest[topic] = self._latest.get(topic, 0) + 1
        return lambda: self._latest[topic] == serial

    @Slot(object)
    def _on_ended(self, outcome: _Outcome) -> None:
        if outcome.job is self._last_job:
            return
        self._waiting -= 1
        if self._last_job is not None:
            return
        self.load_changed.emit(self._waiting)
        job = outcome.job
        if outcome.was_overtaken:
            return
        if outcome.error is None:
            if job.done is not None:
                job.done(outcome.result)
        elif job.failed is not None:
            job.failed(outcome.error)
        else:
            self.went_wrong.emit(outcome.error)
