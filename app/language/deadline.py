"""A clock over a child process: whoever waits for it waits no longer than agreed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.isolation.child import SupervisedChild


@contextmanager
def deadline(child: SupervisedChild, seconds: float) -> Iterator[threading.Event]:
    """Kill ``child`` after ``seconds``; yield an event that is set when it came to that."""
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        child.kill()

    timer = threading.Timer(seconds, end)
    timer.name = "language-deadline"
    timer.daemon = True
    timer.start()
    try:
        yield is_late
    finally:
        timer.cancel()
        timer.join()
