"""Taking documents of the office in as approved answers: read and compare first, then take what a person selected.

Reading changes nothing. Taking in is one commit: all that was selected, or nothing. Both block; call them on a thread
of their own. Parsing happens in the confined ``language`` worker and nowhere else.
"""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.knowledge import ArticleError
from app.language import DocumentError, DocumentFault, DocumentReader
from app.services.errors import ServiceError
from app.services.knowledge_import.compare import items_of, note_codes
from app.services.knowledge_import.files import (
    UNREADABLE,
    FoundDocument,
    ImportPathsError,
    find_documents,
    read_bytes,
)
from app.services.knowledge_import.records import (
    ImportItem,
    ImportKind,
    ImportNote,
    ImportPreview,
    ImportRefusal,
    ImportResult,
    ImportTerms,
    Place,
    PlaceUnit,
)

__all__ = [
    "ImportCancelledError",
    "ImportItem",
    "ImportKind",
    "ImportNote",
    "ImportPathsError",
    "ImportPreview",
    "ImportRefusal",
    "ImportResult",
    "ImportStaleError",
    "ImportTerms",
    "KnowledgeImport",
    "Place",
    "PlaceUnit",
]

CLASHES = "clashes"
"""Another document of the run gives an answer the same id."""
RUN_FULL = "run_full"
MAX_RUN_CHARS = 10_000_000
"""Of all documents of a run; a preview of 10,000 pages is one that nobody reads, and it lies in memory until then."""


class ImportCancelledError(ServiceError):
    """Somebody cancelled the reading; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("import_cancelled")


class ImportStaleError(ServiceError):
    """An answer was changed since the documents were read; nothing was taken. Read them again."""

    def __init__(self) -> None:
        super().__init__("import_stale")


class AnswerShelf(Protocol):
    """Where approved answers stand: ``ConversationService``."""

    def articles(self) -> tuple[Article, ...]:
        """Return the approved answers, by id."""

    def approve_articles(self, articles: Iterable[Article]) -> None:
        """Take many in one commit."""


class KnowledgeImport:
    """Imports into the answers of one open vault. A context manager; it owns the reader's child process."""

    def __init__(self, shelf: AnswerShelf, reader: DocumentReader | None = None) -> None:
        """Import into ``shelf``; no process is started before the first document."""
        self._shelf = shelf
        self._reader = reader or DocumentReader()

    def __enter__(self) -> Self:
        """Nothing starts yet."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """End the reader's process."""
        self.close()

    def close(self) -> None:
        """End the reader's process."""
        self._reader.close()

    def cancel(self) -> None:
        """End this import: a reading under way or to come raises ImportCancelledError. From any thread; at once."""
        self._reader.cancel()

    def read_documents(
        self,
        paths: Iterable[Path],
        terms: ImportTerms | None = None,
        on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> ImportPreview:
        """Return what the documents hold and what taking it in would do.

        Args:
            paths: files and folders; of a folder, what lies directly in it.
            terms: what holds where a document does not say otherwise.
            on_progress: called with documents done and their number, on this thread.

        Raises:
            ImportPathsError: a path is not there, or there is nothing to read, or too much.
            ImportCancelledError: ``cancel`` was called.
        """
        documents = find_documents(paths)
        standing = {article.article_id: article for article in self._shelf.articles()}
        run = _Run(terms or ImportTerms(), standing)
        on_progress(0, len(documents))
        for done, document in enumerate(documents, start=1):
            run.take(document, self._reader)
            on_progress(done, len(documents))
        return ImportPreview(tuple(run.items), tuple(run.refusals), tuple(run.notes))

    def take_in(self, preview: ImportPreview, selection: Collection[ArticleId] | None = None) -> ImportResult:
        """Approve the selected answers in one commit; None selects everything that is added or changed.

        Raises:
            ImportStaleError: one of them is not any more what it was when the documents were read.
        """
        wanted = frozenset(preview.takeable() if selection is None else selection)
        chosen = [item for item in preview.items if item.article.article_id in wanted and _would_write(item)]
        now = {article.article_id: article for article in self._shelf.articles()}
        if any(now.get(item.article.article_id) != item.replaces for item in chosen):
            raise ImportStaleError
        self._shelf.approve_articles([item.article for item in chosen])
        added = sum(item.kind is ImportKind.ADDED for item in chosen)
        return ImportResult(
            added,
            len(chosen) - added,
            len(preview.of_kind(ImportKind.UNCHANGED)),
            len(preview.takeable()) - len(chosen),
        )


def _would_write(item: ImportItem) -> bool:
    return item.kind in {ImportKind.ADDED, ImportKind.CHANGED}


class _Run:
    """What one reading has found so far."""

    def __init__(self, terms: ImportTerms, standing: dict[ArticleId, Article]) -> None:
        self._terms = terms
        self._standing = standing
        self._ids: set[ArticleId] = set()
        self._chars = 0
        self.items: list[ImportItem] = []
        self.refusals: list[ImportRefusal] = []
        self.notes: list[ImportNote] = []

    def take(self, document: FoundDocument, reader: DocumentReader) -> None:
        """Read one document; whatever is wrong with it becomes a refusal."""
        if document.kind is None:
            self._refuse(document, document.code)
            return
        if self._chars > MAX_RUN_CHARS:
            self._refuse(document, RUN_FULL)
            return
        try:
            reading = reader.read(document.kind, read_bytes(document.path))
            items = items_of(document.kind, document.name, reading, self._terms, self._standing)
        except (DocumentError, ArticleError) as error:
            if error.code is DocumentFault.CANCELLED:
                raise ImportCancelledError from error
            self._refuse(document, error.code.value)
            return
        except OSError:
            self._refuse(document, UNREADABLE)
            return
        ids = {item.article.article_id for item in items if item.kind is not ImportKind.GONE}
        if ids & self._ids:
            self._refuse(document, CLASHES)
            return
        self._ids |= ids
        self._chars += sum(len(item.body) for item in items)
        self.items += items
        self.notes += [ImportNote(document.name, code) for code in note_codes(reading)]

    def _refuse(self, document: FoundDocument, code: str) -> None:
        self.refusals.append(ImportRefusal(document.name, code))
