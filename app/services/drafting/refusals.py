"""Requests that get the fixed refusal until the desk knows who writes: about other people, and for what needs identity.

Rules and no model. The books are ``resources/phrases/refusals/<language>.json``::

    {"version": 1, "language": "en",
     "words": {"RELATIVE": "husband|wife|…"},
     "texts": {"clinic": {"other_person": "…", "identity": "…"}, "law": {…}},
     "confusable": {"patient": ["patience"]},
     "phrases": [{"id": "…", "kind": "other_person", "phrase": "is|was RELATIVE patient|client", "gap": 3,
                  "examples": ["…"]}],
     "always": [lines as in "phrases"],
     "procedures": [{"id": "…", "kind": "procedure", "phrase": "how do|can i|we", "gap": 0, "examples": ["…"]}]}

Lines are written as in ``phrase_lines``; a word in capitals stands for the list of that name. Sentences are looked at
one by one. A hit of ``phrases`` does not count when its sentence, or the next one, asks for the *procedure*:
"Tell me my results" is refused, "How do I get my results?" may have an approved answer. A hit of ``always`` counts
beside such words too: "so you can tell me what he was given".
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from app.domain.folding import fold_word
from app.domain.interlock import InterlockHit, PhraseMatcher
from app.domain.office import Sector
from app.knowledge.sentences import sentence_spans
from app.services.interlock.phrase_lines import ListedPhrase, parse_phrase

LANGUAGES = ("en", "es")
REFUSALS_VERSION = 1
OTHER_PERSON = "other_person"
KINDS = frozenset({OTHER_PERSON, "identity"})
_FOLDER = Path("phrases") / "refusals"
_NAMED_LIST = re.compile(r"\b[A-Z]{3,}\b")


class RefusalsError(Exception):
    """The books that ship with the product are missing or damaged: a bug or a broken installation."""


@dataclass(frozen=True, slots=True)
class RefusalBook:
    """The list of one language with the texts of one sector."""

    language: str
    version: int
    texts: Mapping[str, str]
    phrases: tuple[ListedPhrase, ...]
    always: tuple[ListedPhrase, ...]
    procedures: tuple[ListedPhrase, ...]
    confusable: Mapping[str, frozenset[str]]


class Refusals:
    """Says which messages are refused, and with which text. The same object serves any number of threads."""

    def __init__(self, books: Sequence[RefusalBook]) -> None:
        """Prepare the books."""
        self.books = tuple(books)

    @cached_property
    def _matchers(self) -> list["_Matchers"]:
        """Made when the first message comes, on the thread that drafts: opening the desk does not wait for it."""
        return [_Matchers(book, *(_matcher(lines, book.confusable) for lines in _parts(book))) for book in self.books]

    def check(self, text: str) -> tuple[InterlockHit, ...]:
        """Return what is refused in a message; what is about somebody else comes first, as its text says more."""
        return tuple(hit for _, hit in self._hits(text))

    def text_for(self, texts: Iterable[str]) -> str | None:
        """Return the refusal for messages, newest last; the newest message counts first."""
        for text in reversed(tuple(texts)):
            for book, hit in self._hits(text):
                return book.texts[hit.kind]
        return None

    def _hits(self, text: str) -> list[tuple[RefusalBook, InterlockHit]]:
        """Return the hits that count, each with its book."""
        spans = sentence_spans(text)
        following = [*spans[1:], (len(text), len(text))]
        found: list[tuple[RefusalBook, InterlockHit]] = []
        for (start, end), (_, next_end) in zip(spans, following, strict=False):
            for matchers in self._matchers:
                hits = matchers.find(text[start:end], text[start:next_end])
                found += [(matchers.book, replace(hit, start=hit.start + start, end=hit.end + start)) for hit in hits]
        return sorted(found, key=lambda item: (item[1].kind != OTHER_PERSON, item[1].start))


@dataclass(frozen=True, slots=True)
class _Matchers:
    """A book, ready to be looked up in."""

    book: RefusalBook
    phrases: PhraseMatcher
    always: PhraseMatcher
    procedures: PhraseMatcher

    def find(self, sentence: str, with_next: str) -> tuple[InterlockHit, ...]:
        """Return what counts in a sentence, seen with the one after it."""
        hits = self.phrases.find(sentence)
        if hits and self.procedures.find(with_next):
            hits = ()
        return (*self.always.find(sentence), *hits)


def _parts(book: RefusalBook) -> tuple[Sequence[ListedPhrase], ...]:
    return book.phrases, book.always, book.procedures


def _matcher(lines: Sequence[ListedPhrase], confusable: Mapping[str, frozenset[str]]) -> PhraseMatcher:
    return PhraseMatcher((line.phrase for line in lines), confusable)


def load_refusals(resources_dir: Path, sector: Sector) -> Refusals:
    """Return the refusals of one kind of office.

    Raises:
        RefusalsError: a book is missing, is no such JSON, or holds a line that cannot be used.
    """
    try:
        return Refusals(
            [parse_book((resources_dir / _FOLDER / f"{language}.json").read_bytes(), sector) for language in LANGUAGES]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RefusalsError(f"refusals for {sector.value} cannot be used") from error


def parse_book(raw_bytes: bytes, sector: Sector) -> RefusalBook:
    """Return a book.

    Raises:
        ValueError, KeyError, TypeError: it is no such book.
    """
    raw = json.loads(raw_bytes)
    if raw["version"] != REFUSALS_VERSION:
        raise ValueError("unknown version of the book")
    phrases, always, procedures = (
        tuple(parse_phrase(_spelled_out(line, raw["words"])) for line in raw[part])
        for part in ("phrases", "always", "procedures")
    )
    if not {line.phrase.kind for line in (*phrases, *always)} <= KINDS <= set(raw["texts"][sector.value]):
        raise ValueError("a kind without a text")
    return RefusalBook(
        language=raw["language"],
        version=raw["version"],
        texts=raw["texts"][sector.value],
        phrases=phrases,
        always=always,
        procedures=procedures,
        confusable={fold_word(word): frozenset(map(fold_word, others)) for word, others in raw["confusable"].items()},
    )


def _spelled_out(line: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    def spell(slot: str) -> str:
        return _NAMED_LIST.sub(lambda name: words[name.group()], slot)

    spelled = dict(line)
    if "phrase" in spelled:
        spelled["phrase"] = spell(spelled["phrase"])
    else:
        spelled["all_of"] = [spell(slot) for slot in spelled["all_of"]]
    return spelled
