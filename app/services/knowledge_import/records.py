"""What an import of documents would do, item by item; nothing here does it. Reprs show no words of a document."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from app.domain.ids import ArticleId
from app.domain.proposal import Article


@dataclass(frozen=True, slots=True)
class ImportTerms:
    """What holds for every answer of a run whose document does not say otherwise. None: nothing is said."""

    approved_on: date | None = None
    valid_until: date | None = None
    is_internal: bool | None = None


class ImportKind(Enum):
    """What taking an item in would do."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"
    """Stands in the vault from this document, which no longer holds it. It stays until a person withdraws it."""


class PlaceUnit(Enum):
    """What places in a document are counted in."""

    PAGE = "page"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its document an answer stands, counted from 1."""

    unit: PlaceUnit
    number: int


@dataclass(frozen=True, slots=True)
class ImportItem:
    """One approved answer that a document holds (or held: GONE).

    ``replaces`` is the answer of the same id as it stood when the document was read. ``suggested_on`` is the day on
    which the document says it was changed last: a hint for the person, taken by nobody else.
    """

    article: Article
    kind: ImportKind
    origin_name: str
    place: Place | None = None
    suggested_on: date | None = None
    replaces: Article | None = None

    @property
    def title(self) -> str:
        """The answer's title."""
        return self.article.title

    @property
    def body(self) -> str:
        """The answer's text."""
        return self.article.body

    def __repr__(self) -> str:
        return f"<ImportItem {self.kind.value}, {len(self.article.body)} characters>"


@dataclass(frozen=True, slots=True)
class ImportRefusal:
    """A document that was not read, and why; ``code`` has words in ``knowledge_import_words``."""

    file_name: str
    code: str


@dataclass(frozen=True, slots=True)
class ImportNote:
    """Something to know about a document that was read; ``code`` has words in ``knowledge_import_words``."""

    file_name: str
    code: str


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a run found. Nothing has been changed."""

    items: tuple[ImportItem, ...]
    refusals: tuple[ImportRefusal, ...] = ()
    notes: tuple[ImportNote, ...] = ()

    @property
    def is_clean(self) -> bool:
        """True when every document could be read."""
        return not self.refusals

    def of_kind(self, kind: ImportKind) -> tuple[ImportItem, ...]:
        """Return the items of one kind."""
        return tuple(item for item in self.items if item.kind is kind)

    def takeable(self) -> tuple[ArticleId, ...]:
        """Return the ids of everything that would change the vault."""
        kinds = {ImportKind.ADDED, ImportKind.CHANGED}
        return tuple(item.article.article_id for item in self.items if item.kind in kinds)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was taken in."""

    added: int
    changed: int
    unchanged: int
    skipped: int
    """Added or changed ones that were not selected."""
