"""Waiting for the disk on a thread of its own, so that the person at the desk does not."""

from collections.abc import Callable
from threading import Event, Thread

SYNC_DELAY_S = 0.01
"""What happens within this time shares one wait for the disk."""

GRACE_S = 10.0
"""How long ``stop`` waits for a wait for the disk that has begun."""


class BackgroundSync:
    """Calls ``sync`` soon after each ``request``, on one daemon thread that is started with the first one.

    Args:
        name: of the thread.
        sync: waits for the disk; returns True when everything is there, False to be called again. Must not raise.
    """

    def __init__(self, name: str, sync: Callable[[], bool]) -> None:
        self._name = name
        self._sync = sync
        self._is_wanted = Event()
        self._is_stopping = Event()
        self._thread: Thread | None = None

    def request(self) -> None:
        """Ask for a sync; returns at once. Callers take turns by their own lock."""
        self._is_wanted.set()
        if self._thread is None:
            self._thread = Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread; what was requested may be left undone. Safe to call twice."""
        self._is_stopping.set()
        self._is_wanted.set()
        if self._thread is not None:
            self._thread.join(GRACE_S)
            self._thread = None

    def _run(self) -> None:
        while True:
            self._is_wanted.wait()
            # Cleared before anything is looked at: what is asked for from here on, stopping too, wakes us again.
            self._is_wanted.clear()
            if self._is_stopping.wait(SYNC_DELAY_S):
                return
            if not self._sync():
                self._is_wanted.set()
