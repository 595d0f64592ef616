"""Importing documents without widgets: reading on a thread of its own, taking in on the store's."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.ids import ArticleId
from app.services.knowledge_import.service import ImportCancelledError, ImportPreview, KnowledgeImport
from app.ui.background import BackgroundRunner

if TYPE_CHECKING:
    from app.services.conversations.service import ConversationService


class ImportingPresenter(QObject):
    """One import at a time."""

    #: Documents are being read; arguments: done, of how many. Emitted on the reading thread.
    progressed = Signal(int, int)
    #: They were read; argument: ``ImportPreview``.
    previewed = Signal(object)
    #: What was selected stands in the vault; argument: ``ImportResult``.
    taken = Signal(object)
    #: The person gave it up; nothing changed.
    cancelled = Signal()
    #: It could not be done; argument: the exception.
    failed = Signal(object)

    def __init__(
        self, conversations: "ConversationService", store_runner: BackgroundRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._conversations = conversations
        self._store_runner = store_runner
        self._reader: BackgroundRunner | None = None
        self._import: KnowledgeImport | None = None

    def read(self, paths: tuple[Path, ...]) -> None:
        """Read documents; an import that is still running is given up."""
        self.cancel()
        if self._reader is None:
            self._reader = BackgroundRunner("documents", self)
        job = self._import = KnowledgeImport(self._conversations)
        self._reader.run(
            lambda: job.read_documents(paths, on_progress=self.progressed.emit),
            done=lambda preview: self._on_read(job, preview),
            failed=lambda error: self._on_failed(job, error),
        )

    def take(self, preview: ImportPreview, selection: Collection[ArticleId]) -> None:
        """Approve what was selected, in one commit."""
        job = self._import
        if job is not None:
            self._store_runner.run(job.take_in, preview, selection, done=self.taken.emit, failed=self.failed.emit)

    def cancel(self) -> None:
        """Give up a reading that is under way."""
        if self._import is not None:
            self._import.cancel()

    def close(self) -> None:
        """End the reading and its thread."""
        self.cancel()
        if self._reader is not None:
            self._reader.close()

    def _on_read(self, job: KnowledgeImport, preview: ImportPreview) -> None:
        if job is self._import:
            self._end_child(job)
            self.previewed.emit(preview)

    def _on_failed(self, job: KnowledgeImport, error: Exception) -> None:
        self._end_child(job)
        if job is not self._import:
            return
        if isinstance(error, ImportCancelledError):
            self.cancelled.emit()
        else:
            self.failed.emit(error)

    def _end_child(self, job: KnowledgeImport) -> None:
        if self._reader is not None:
            self._reader.run(job.close)
