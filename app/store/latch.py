"""After the first disk error nothing more is acknowledged.

A later ``fsync`` may report success although what failed is lost (threat-model.md §8), so everything that writes a
vault shares one latch; once it is shut, only reopening and checking again helps.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from app.store.errors import DiskFailedError, DiskFullError, StoreError
from app.store.files import disk_errors


class WriteLatch:
    """Open until the first disk error, then shut for good."""

    __slots__ = ("_cause",)

    def __init__(self) -> None:
        self._cause: StoreError | None = None

    @property
    def is_shut(self) -> bool:
        """Say whether the disk has failed."""
        return self._cause is not None

    def require_open(self) -> None:
        """Do nothing while the disk has never failed.

        Raises:
            DiskFullError, DiskFailedError: what it was that failed first.
        """
        if self._cause is not None:
            raise type(self._cause)("reopen the vault")

    def note(self, error: StoreError) -> None:
        """Shut when ``error`` is the disk's."""
        if self._cause is None and isinstance(error, DiskFullError | DiskFailedError):
            self._cause = error

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run a write to the disk: refused once shut, and shutting when the disk fails."""
        self.require_open()
        try:
            with disk_errors():
                yield
        except StoreError as error:
            self.note(error)
            raise
