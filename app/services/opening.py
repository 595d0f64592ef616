"""A running model for as long as somebody needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.inference.supervisor import ModelWorker


@contextmanager
def running_model(file: Path, template: str, *, threads: int, context_tokens: int) -> Iterator[ModelWorker]:
    """Yield a started worker for a file that was checked, and stop it at the end.

    The worker may still be loading; requests wait for it, and fail with a code when it cannot run here.
    """
    worker = ModelWorker(file, template, threads=threads, context_tokens=context_tokens)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()
