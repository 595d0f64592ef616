"""Runs through hostile model files: the header check reads each, the real worker loads some of those that pass."""

import os
import queue
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.inference.errors import GenerationError, GgufError
from app.inference.gguf import read_header
from app.inference.supervisor import ModelWorker, WorkerState
from app.isolation.child import WorkerOutcome
from tests.support.hostile_gguf import base_files, hostile
from tests.support.model_workers import QUESTION

ANSWER_S = 20.0
MOST_KILLED = 0.15
"""Share of the workers that may end by a signal; measured: 2 to 4 in 100."""
MAX_WORKER_BYTES = 1 << 30
"""A tiny model needs about 100 MB; a file that makes the worker take ten times as much has won."""


class GgufStorm:
    """Reads hostile files, and runs those that the header check lets pass in the real worker.

    Args:
        folder: for one file at a time.
        most_workers: how many of those that pass are run; the others are only read.
    """

    def __init__(self, folder: Path, most_workers: int) -> None:
        self._folder = folder
        self._most_workers = most_workers
        self._bases = base_files(folder)
        self.ends: Counter[str] = Counter()
        self.signals: Counter[str] = Counter()
        """What ended workers that did not end by themselves."""
        self.workers = 0
        self.largest_worker_bytes = 0

    def __str__(self) -> str:
        ends, signals = dict(self.ends.most_common()), dict(self.signals.most_common())
        return f"{ends}, signals {signals}, largest worker {self.largest_worker_bytes >> 20} MB"

    def run(self, seeds: range) -> None:
        """Take every file; anything but a code, a text or the end of a worker is an exception."""
        path = self._folder / "hostile.gguf"
        for seed in seeds:
            path.write_bytes(hostile(self._bases, seed))
            try:
                read_header(path)
            except GgufError as problem:
                self.ends[f"header: {problem.code.value}"] += 1
                continue
            is_run = self.workers < self._most_workers
            self.workers += is_run
            self.ends[self._in_worker(path) if is_run else "header: passed, not run"] += 1

    def _in_worker(self, path: Path) -> str:
        with _worker(path) as (worker, first_states):
            try:
                if self._first_state(worker, first_states) is WorkerState.CRASHED:
                    return f"worker: {worker.problem or 'crashed'}"
                worker.generate(QUESTION, max_tokens=8).result(ANSWER_S)
            except GenerationError as problem:
                return f"worker: {problem.code.value}"
            finally:
                self._note_size(worker.pid)
                self._note_signal(worker.last_outcome)
            return "worker: wrote"

    def _first_state(self, worker: ModelWorker, states: "queue.SimpleQueue[WorkerState]") -> WorkerState:
        deadline_s = time.monotonic() + ANSWER_S
        while time.monotonic() < deadline_s:
            self._note_size(worker.pid)
            with suppress(queue.Empty):
                return states.get(timeout=0.05)
        raise AssertionError("neither ready nor refused")

    def _note_size(self, pid: int | None) -> None:
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except (OSError, IndexError):
            return
        self.largest_worker_bytes = max(self.largest_worker_bytes, pages * os.sysconf("SC_PAGE_SIZE"))

    def _note_signal(self, outcome: WorkerOutcome | None) -> None:
        if outcome is not None and outcome.signal is not None:
            self.signals[signal.Signals(outcome.signal).name] += 1

    def check(self) -> None:
        """Every kind of end came up, no worker grew, and few died: the header check stops most of what kills."""
        assert any(end.startswith("header: ") for end in self.ends)
        assert any(end.startswith("worker: ") for end in self.ends)
        assert self.largest_worker_bytes < MAX_WORKER_BYTES
        assert self.signals.total() <= max(self.workers * MOST_KILLED, 1), str(self)


@contextmanager
def _worker(path: Path) -> Iterator[tuple[ModelWorker, "queue.SimpleQueue[WorkerState]"]]:
    """Yield a started worker and what comes of it: ready, or crashed (which a restart follows)."""
    worker = ModelWorker(path, threads=1, context_tokens=512)
    states: queue.SimpleQueue[WorkerState] = queue.SimpleQueue()
    worker.on_state(lambda state: states.put(state) if state in (WorkerState.READY, WorkerState.CRASHED) else None)
    worker.start()
    try:
        yield worker, states
    finally:
        worker.stop()
