"""The state of the model worker, as the status bar tells it, and who hears of its changes."""

from collections.abc import Callable
from enum import Enum

from app.inference.pending import tell_listener


class WorkerState(Enum):
    """What the status bar tells."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    CRASHED = "crashed"
    """Ended without being asked; a restart follows unless ``ModelWorker.problem`` says that it is of no use."""


class StateBoard:
    """One state and its listeners; set on the supervisor's thread (and before it starts), read on any."""

    def __init__(self) -> None:
        self._state = WorkerState.STOPPED
        self._listeners: tuple[Callable[[WorkerState], None], ...] = ()

    @property
    def state(self) -> WorkerState:
        """The state now."""
        return self._state

    def on_state(self, listener: Callable[[WorkerState], None]) -> None:
        """Call ``listener`` at each change, on the thread that makes it."""
        self._listeners = (*self._listeners, listener)

    def set(self, state: WorkerState) -> None:
        """Change the state; nobody is told what they know."""
        if state is not self._state:
            self._state = state
            for listener in self._listeners:
                tell_listener(listener, state)
