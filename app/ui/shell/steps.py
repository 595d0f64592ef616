"""The last steps a person took, as long as they can be undone: the toast and Ctrl+Z.

A step lasts a while and then settles. A held reply is a step whose settling sends it; "marked done" is a step whose
settling does nothing. Undo always takes back the latest step that has not settled.
"""

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
        self._steps: list[tuple[Step, QTimer]] = []

    @property
    def last(self) -> Step | None:
        """The step that undo would take back."""
        return self._steps[-1][0] if self._steps else None

    def take(self, step: Step) -> None:
        """Remember a step; ordinary steps settle the ordinary ones before them, held replies go on counting."""
        for older, _timer in [entry for entry in self._steps if not entry[0].is_countdown]:
            self._drop(older)
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: self._settle(step))
        self._steps.append((step, timer))
        timer.start(max(0, step.lasts_ms))
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
        return next((timer.remainingTime() for known, timer in self._steps if known is step), 0)

    def settle_all(self) -> None:
        """Let every step happen now, oldest first (before a lock)."""
        for step, _timer in list(self._steps):
            self._settle(step)

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
        for entry in [entry for entry in self._steps if entry[0] is step]:
            entry[1].stop()
            entry[1].deleteLater()
            self._steps.remove(entry)
