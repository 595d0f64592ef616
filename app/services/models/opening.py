"""A running model for as long as somebody needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.prompt import Task
from app.inference.supervisor import ModelWorker
from app.services.models.manifests import ModelEntry


class CatalogueWorker(ModelWorker):
    """The worker of a model of the catalogue: it carries the model's name and knows what it was taught."""

    def __init__(self, entry: ModelEntry, *, threads: int, context_tokens: int) -> None:
        """Make the worker of ``entry``, whose file was checked; raises as ``ModelWorker`` does."""
        super().__init__(entry.file, entry.template, threads=threads, context_tokens=context_tokens)
        self.entry = entry
        self.name = entry.name

    def supports(self, task: Task) -> bool:
        """Return whether ``task`` may be asked of it."""
        return self.entry.supports(task)


@contextmanager
def running_model(file: Path, template: str, *, threads: int, context_tokens: int) -> Iterator[ModelWorker]:
    """Yield a started worker for a file that was checked, and stop it at the end.

    The worker may still be loading; requests wait for it, and fail with a code when it cannot run here.
    """
    with _started(ModelWorker(file, template, threads=threads, context_tokens=context_tokens)) as worker:
        yield worker


@contextmanager
def running_entry(entry: ModelEntry, *, threads: int, context_tokens: int) -> Iterator[CatalogueWorker]:
    """Yield a started worker for a model of the catalogue, as ``running_model`` does."""
    worker = CatalogueWorker(entry, threads=threads, context_tokens=context_tokens)
    with _started(worker):
        yield worker


@contextmanager
def _started(worker: ModelWorker) -> Iterator[ModelWorker]:
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()
