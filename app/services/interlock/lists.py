"""The emergency interlock of an office: its phrase books, its scripts, and which version of them it has signed.

The books are ``resources/phrases/emergency/<sector>.<language>.json``::

    {"version": 1, "language": "en", "sector": "clinic",
     "scripts": {"default": "… {emergency} …", "suicide": "… {crisis} …"},
     "confusable": {"overdose": ["overdue"]},
     "phrases": [{"id": "…", "kind": "…", "phrase": "cant|cannot breathe" | "all_of": ["chest", "pain|hurts"],
                  "gap": 2, "examples": ["…"]}]}

How a phrase is written stands in ``phrase_lines``. The telephone numbers stand in ``numbers.json``, by country.

All books of a sector are read together: a message is in whatever language its writer thinks in. There is no model here,
nor in anything this module calls. A hit escalates; nothing here says that a message can wait.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.folding import fold_word
from app.domain.interlock import InterlockHit, PhraseMatcher
from app.domain.office import Sector
from app.domain.prompt import Speaker, Turn
from app.services.interlock.phrase_lines import ListedPhrase, parse_phrase

__all__ = ["Interlock", "InterlockError", "ListVersion", "ListedPhrase", "PhraseBook", "load_interlock"]

LANGUAGES = ("en", "es")
DEFAULT_SCRIPT = "default"
_FOLDER = Path("phrases") / "emergency"
_BOOK_VERSION = 1


class InterlockError(Exception):
    """The phrase books that ship with the product are missing or damaged: a bug or a broken installation."""


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """The list of one sector in one language. ``digest`` (SHA-256, hex) is of everything that the office signs."""

    sector: Sector
    language: str
    version: int
    phrases: tuple[ListedPhrase, ...]
    scripts: Mapping[str, str]
    confusable: Mapping[str, frozenset[str]]
    digest: str


@dataclass(frozen=True, slots=True)
class ListVersion:
    """What is signed: the versions of the books, and one digest over all of them, ``"1.1+<16 hex>"`` in one word."""

    versions: tuple[int, ...]
    digest: str = field(repr=False)

    def __str__(self) -> str:
        return ".".join(map(str, self.versions)) + "+" + self.digest[:16]


class Interlock:
    """Checks messages against the phrase books of an office."""

    def __init__(self, books: Sequence[PhraseBook]) -> None:
        """Prepare the books; the same Interlock serves any number of threads."""
        self.books = tuple(books)
        self.confusable = _merged(book.confusable for book in self.books)
        self._matcher = PhraseMatcher(
            (listed.phrase for book in self.books for listed in book.phrases), self.confusable
        )
        self._scripts = {
            listed.phrase.phrase_id: book.scripts.get(listed.phrase.kind, book.scripts[DEFAULT_SCRIPT])
            for book in self.books
            for listed in book.phrases
        }

    @property
    def version(self) -> ListVersion:
        """The version that an office signs."""
        digest = hashlib.sha256("".join(book.digest for book in self.books).encode()).hexdigest()
        return ListVersion(tuple(book.version for book in self.books), digest)

    def check(self, text: str) -> tuple[InterlockHit, ...]:
        """Return every phrase that stands in a message, by its place; () says only that none was found."""
        return self._matcher.find(text)

    def script_for(self, texts: Iterable[str]) -> str | None:
        """Return the script for the first hit in messages, newest last; the newest message counts first."""
        for text in reversed(tuple(texts)):
            hits = self.check(text)
            if hits:
                return self.script(hits[0])
        return None

    def script(self, hit: InterlockHit) -> str:
        """Return the local script for a hit: what a person may send at once, in the language of the phrase."""
        return self._scripts[hit.phrase_id]


def unanswered(turns: Sequence[Turn]) -> tuple[str, ...]:
    """Return the visitor's messages since the desk last said something, oldest first."""
    texts: list[str] = []
    for turn in turns:
        texts = [*texts, turn.text] if turn.speaker is Speaker.VISITOR else []
    return tuple(texts)


def _merged(tables: Iterable[Mapping[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    merged: dict[str, frozenset[str]] = {}
    for table in tables:
        for word, others in table.items():
            merged[word] = merged.get(word, frozenset()) | others
    return merged


def load_interlock(resources_dir: Path, sector: Sector, country: str | None = None) -> Interlock:
    """Return the interlock of one kind of office.

    Args:
        resources_dir: what ships with the product.
        sector: whose books.
        country: whose emergency numbers the scripts name; the books' default when None or unknown.

    Raises:
        InterlockError: a book is missing, is no such JSON, or holds a phrase that cannot be used.
    """
    folder = resources_dir / _FOLDER
    try:
        numbers = _read_numbers((folder / "numbers.json").read_bytes(), country)
        return Interlock(
            [parse_book((folder / f"{sector.value}.{language}.json").read_bytes(), numbers) for language in LANGUAGES]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InterlockError(f"emergency phrases for {sector.value} cannot be used") from error


def parse_book(raw_bytes: bytes, numbers: Mapping[str, str]) -> PhraseBook:
    """Return a book; ``numbers`` are put into its scripts.

    Raises:
        ValueError, KeyError, TypeError: it is no such book.
    """
    raw = json.loads(raw_bytes)
    if raw["version"] < _BOOK_VERSION:
        raise ValueError("unknown version of the book")
    phrases = tuple(parse_phrase(one) for one in raw["phrases"])
    if len({listed.phrase.phrase_id for listed in phrases}) != len(phrases):
        raise ValueError("an id stands twice")
    scripts = {kind: text.format_map(numbers) for kind, text in raw["scripts"].items()}
    if DEFAULT_SCRIPT not in scripts:
        raise KeyError(DEFAULT_SCRIPT)
    return PhraseBook(
        sector=Sector(raw["sector"]),
        language=raw["language"],
        version=raw["version"],
        phrases=phrases,
        scripts=scripts,
        confusable={fold_word(word): frozenset(map(fold_word, others)) for word, others in raw["confusable"].items()},
        digest=hashlib.sha256(raw_bytes + json.dumps(dict(numbers), sort_keys=True).encode()).hexdigest(),
    )


def _read_numbers(raw_bytes: bytes, country: str | None) -> Mapping[str, str]:
    raw = json.loads(raw_bytes)
    numbers: Mapping[str, str] = raw["countries"].get(country) or raw["countries"][raw["default"]]
    return numbers
