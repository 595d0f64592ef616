"""The last steps a person took, as long as they can be undone: the toast and Ctrl+Z.

A step lasts a while and then settles. A held reply is a step whose settling sends it; "marked done" is a step whose
settling does nothing. Undo always takes back the latest step that has not settled.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

USUAL_MS = 8_000
"""How long an ordinary step can be undone from its toast."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step: what happened in words, how to take it back, and what settling does."""

    words: str
    undo: Callable[[], None]
    settle: Callable[[], None] | None = None
    lasts_ms: int = USUAL_MS
    is_countdown: bool = False


class StepKeeper(QObject):
    """Holds the steps that can still be undone, latest last."""

    #: A step was taken or an older one came to the front again; argument: ``Step``.
    step_shown = Signal(object)
    #: No step can be undone any more.
    emptied = Signal()
    #: The latest step was taken back; argument: ``Step``.
    step_undone = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: list[tuple[Step, float]] = []  # with the moment at which each settles, in monotonic seconds
        # One clock for all steps: a timer per step whose slot held this keeper could delete it from within.
        self._clock = QTimer(self, singleShot=True)
        self._clock.timeout.connect(self._settle_due)

    @property
    def last(self) -> Step | None:
        """The step that undo would take back."""
        return self._steps[-1][0] if self._steps else None

    def take(self, step: Step) -> None:
        """Remember a step; ordinary steps settle the ordinary ones before them, held replies go on counting."""
        self._steps = [entry for entry in self._steps if entry[0].is_countdown]
        self._steps.append((step, time.monotonic() + step.lasts_ms / 1000))
        self._set_clock()
        self.step_shown.emit(step)

    def undo_last(self) -> bool:
        """Take the latest step back; False when there is none."""
        step = self.last
        if step is None:
            return False
        self._drop(step)
        step.undo()
        self.step_undone.emit(step)
        self._show_front()
        return True

    def remaining_ms(self, step: Step) -> int:
        """Time until the step settles; 0 when it has."""
        return next((_ms_until(due_s) for known, due_s in self._steps if known is step), 0)

    def settle_all(self) -> None:
        """Let every step happen now, oldest first (before a lock)."""
        for step, _due_s in list(self._steps):
            self._settle(step)

    def _settle_due(self) -> None:
        for step, due_s in list(self._steps):
            if _ms_until(due_s) == 0:
                self._settle(step)
        self._set_clock()

    def _settle(self, step: Step) -> None:
        self._drop(step)
        if step.settle is not None:
            step.settle()
        self._show_front()

    def _show_front(self) -> None:
        if self.last is None:
            self.emptied.emit()
        else:
            self.step_shown.emit(self.last)

    def _drop(self, step: Step) -> None:
        self._steps = [entry for entry in self._steps if entry[0] is not step]
        self._set_clock()

    def _set_clock(self) -> None:
        if self._steps:
            self._clock.start(_ms_until(min(due_s for _step, due_s in self._steps)))
        else:
            self._clock.stop()


def _ms_until(due_s: float) -> int:
    return max(0, math.ceil((due_s - time.monotonic()) * 1000))
