"""Real model workers for tests: started, waited for, and ended."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.prompt import Segment
from app.inference.supervisor import ModelWorker, WorkerState

WAIT_S = 30.0

QUESTION = (
    Segment("<|im_start|>user\n", is_structure=True),
    Segment("When do you open?", is_structure=False),
    Segment("<|im_end|>\n<|im_start|>assistant\n", is_structure=True),
)


class StateLog:
    """Remembers the states of a worker and waits for them."""

    def __init__(self, worker: ModelWorker) -> None:
        self.states: list[WorkerState] = []
        self._changed = threading.Condition()
        worker.on_state(self._note)

    def _note(self, state: WorkerState) -> None:
        with self._changed:
            self.states.append(state)
            self._changed.notify_all()

    def wait_for(self, state: WorkerState, times: int = 1) -> None:
        """Block until ``state`` has come up ``times`` times."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.states.count(state) >= times, WAIT_S):
                raise AssertionError(f"waited in vain for {state} among {self.states}")

    def wait_for_next(self, state: WorkerState, since: int) -> None:
        """Block until ``state`` has come up after the first ``since`` states."""
        with self._changed:
            if not self._changed.wait_for(lambda: state in self.states[since:], WAIT_S):
                raise AssertionError(f"waited in vain for {state} among {self.states[since:]}")


@contextmanager
def running_worker(
    model_file: Path, *, is_awaited: bool = True, template: str = "chatml"
) -> Iterator[tuple[ModelWorker, StateLog]]:
    """Yield a started worker with one thread (tests share their cores) and the log of its states."""
    worker = ModelWorker(model_file, template, threads=1)
    log = StateLog(worker)
    worker.start()
    try:
        if is_awaited:
            log.wait_for(WorkerState.READY)
        yield worker, log
    finally:
        worker.stop()


def wait_until_gone(pid: int) -> None:
    """Block until no process has this id, or only the remains of one."""
    status = Path(f"/proc/{pid}/stat")
    deadline_s = time.monotonic() + WAIT_S
    while status.exists() and ") Z" not in status.read_text():
        if time.monotonic() > deadline_s:
            raise AssertionError("the process is still there")
        time.sleep(0.01)
