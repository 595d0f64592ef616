"""How many threads compute: all of them, or one while other programs want the cores.

llama.cpp's threads meet at about 250 barriers a token. When the system takes the core from one of them, the others wait
there; on a busy two-core machine a token of the starter model then took 400 ms with two threads and 4.6 ms with one
(measured). So each token's time is watched, and one thread goes on alone while several are slower.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Final

SUSPICIOUS_FACTOR: Final = 3.0
"""A token this many times slower than usual may be a sign of a busy machine, or of a longer context."""
SUSPICIOUS_TOKENS: Final = 2
"""In a row: a single one may be anything."""
TRIAL_TOKENS: Final = 3
"""Computed by one thread to compare. A needless trial costs about the time of two tokens."""
WORTH_FACTOR: Final = 1.2
"""Several threads are given up when they are slower than one by this much."""
FIRST_RETRY_S: Final = 0.5
LAST_RETRY_S: Final = 8.0

SPIN_COUNT: Final = "10000"
"""For GOMP_SPINCOUNT, about 0.4 ms: as fast as libgomp's own 300,000 (12 ms) on an idle machine, and 15 times faster on
a busy one. 4,000 costs 7 % when idle, because it is shorter than the time between two tokens (all measured)."""

_WEIGHT: Final = 0.25


class _Mode(Enum):
    FULL = auto()
    TRIAL = auto()
    ALONE = auto()


class ThreadGovernor:
    """Pure decisions; the engine measures and obeys.

    Args:
        full: how many threads there may be.
        usual_s: what a token takes, to begin with; infinity while nothing is known.
        now_s: a monotonic clock.
    """

    def __init__(self, full: int, usual_s: float, now_s: Callable[[], float]) -> None:
        self._full = full
        self._usual_s = usual_s
        self._now_s = now_s
        self._mode = _Mode.FULL
        self._samples: list[float] = []
        self._together_s = usual_s
        self._alone_s = usual_s
        self._retry_s = FIRST_RETRY_S
        self._retry_due_s = 0.0

    @property
    def threads(self) -> int:
        """How many threads should compute the next token."""
        return self._full if self._mode is _Mode.FULL else 1

    @property
    def calm_s(self) -> float:
        """Times up to this need not be noted; the caller asks again after each that it noted."""
        if self._full == 1:
            return float("inf")
        return SUSPICIOUS_FACTOR * self._usual_s if self._mode is _Mode.FULL and not self._samples else 0.0

    def note(self, token_s: float) -> None:
        """Take the time of one token, computed with ``threads``."""
        if self._full == 1:
            return
        if self._mode is _Mode.FULL:
            self._note_together(token_s)
        elif self._mode is _Mode.TRIAL:
            self._note_trial(token_s)
        else:
            self._alone_s += _WEIGHT * (token_s - self._alone_s)
            self.retry_if_due()

    def retry_if_due(self) -> bool:
        """Try all threads again when it is time; return whether the next token is such a trial."""
        if self._mode is not _Mode.ALONE or self._now_s() < self._retry_due_s:
            return False
        self._mode = _Mode.FULL
        self._usual_s = self._alone_s * WORTH_FACTOR / SUSPICIOUS_FACTOR  # compared with one thread, not with the past
        self._samples = []
        return True

    def _note_together(self, token_s: float) -> None:
        if token_s <= SUSPICIOUS_FACTOR * self._usual_s:
            self._samples = []
            return
        self._samples.append(token_s)
        if len(self._samples) == SUSPICIOUS_TOKENS:
            self._together_s = min(self._samples)
            self._samples = []
            self._mode = _Mode.TRIAL

    def _note_trial(self, token_s: float) -> None:
        self._samples.append(token_s)
        if len(self._samples) < TRIAL_TOKENS:
            return
        self._alone_s = min(self._samples)
        self._samples = []
        if self._together_s > WORTH_FACTOR * self._alone_s:
            self._mode = _Mode.ALONE
            self._retry_due_s = self._now_s() + self._retry_s
            self._retry_s = min(self._retry_s * 2, LAST_RETRY_S)
        else:
            self._mode = _Mode.FULL
            self._usual_s = self._together_s
            self._retry_s = FIRST_RETRY_S
