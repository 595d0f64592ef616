"""When a worker is started, taken for hung, started again, and given up. Decisions only; the supervisor obeys."""

import time
from typing import Final

START_LIMIT_S: Final = 60.0
"""From the start of the process to READY; a model of 4 GB on a slow disk takes about 30 s."""
STALL_LIMIT_S: Final = 120.0
"""Silence during a request after which the worker is taken for hung; a prompt batch of 512 tokens is far below."""
RESTART_DELAYS_S: Final = (0.0, 0.2, 1.0, 3.0, 10.0)
"""Before each restart in a row; after the last the supervisor gives up until ``start`` is called again."""
STABLE_S: Final = 60.0
"""A worker that was ready for so long starts a new row."""


class Lifetime:
    """The clocks of one worker and its successors."""

    def __init__(self) -> None:
        self._crashes_in_a_row = 0
        self._ready_since_s: float | None = None
        self._start_due_s: float | None = None
        self._silent_since_s = 0.0

    @property
    def is_start_due(self) -> bool:
        """Whether a process should be started now."""
        return self._start_due_s is not None and time.monotonic() >= self._start_due_s

    @property
    def until_start_s(self) -> float | None:
        """How long until a start is due; None when none is."""
        return None if self._start_due_s is None else max(self._start_due_s - time.monotonic(), 0.0)

    def until_hung_s(self, *, is_ready: bool, is_busy: bool) -> float | None:
        """Return how long the worker may stay silent yet; None: for ever."""
        if is_ready and not is_busy:
            return None
        limit_s = STALL_LIMIT_S if is_ready else START_LIMIT_S
        return max(self._silent_since_s + limit_s - time.monotonic(), 0.0)

    def want(self) -> None:
        """Somebody wants a worker: start one now, with all restarts before it."""
        self._crashes_in_a_row = 0
        self._start_due_s = time.monotonic()

    def started(self) -> None:
        """A process was started."""
        self._start_due_s = None
        self.heard()

    def heard(self) -> None:
        """It said something, or was given something to do."""
        self._silent_since_s = time.monotonic()

    def ready(self) -> None:
        """It has loaded its model."""
        self._ready_since_s = time.monotonic()

    def answered(self) -> None:
        """It brought a request to its end: whatever crashes come are a new row."""
        self._crashes_in_a_row = 0

    def crashed(self) -> bool:
        """Plan the next start; return False when there were too many crashes in a row."""
        ready_since_s, self._ready_since_s = self._ready_since_s, None
        if ready_since_s is not None and time.monotonic() - ready_since_s >= STABLE_S:
            self._crashes_in_a_row = 0
        if self._crashes_in_a_row >= len(RESTART_DELAYS_S):
            return False
        self._start_due_s = time.monotonic() + RESTART_DELAYS_S[self._crashes_in_a_row]
        self._crashes_in_a_row += 1
        return True

    def give_up(self) -> None:
        """No start until somebody wants a worker again."""
        self._start_due_s = None
