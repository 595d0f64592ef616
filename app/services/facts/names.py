"""Proper names: capitalised words inside a sentence.

The first word of a sentence says nothing by its capital and is passed over, unless a title stands before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.services.facts.kinds import Fact, FactKind

_NAME = re.compile(r"(?<![\w'\u2019])[A-Z][\w'\u2019]*(?:-[A-Z][\w'\u2019]*)*")
_SENTENCE_START = re.compile(r"(?:\A|[.!?:\n]\s{0,3}[\"'(\u201c]?|\n-\s)\Z")
_TITLE_BEFORE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Mx|Prof)\.?\s\Z")
_NOT_NAMES = frozenset(
    {"Dr", "Mr", "Mrs", "Ms", "Mx", "Prof", "I", "I'm", "I'll", "I'd", "I've", "OK", "PS", "AM", "PM"}
)
_LOOK_BACK_CHARS = 8
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class NameWord:
    """One word as names are compared: lower case, without genitive; and where it stands in its text."""

    text: str
    start: int
    end: int


def name_words(text: str) -> list[NameWord]:
    """Return every word of a text; "Smith-Jones" is two."""
    return [NameWord(_plain(match.group()).casefold(), *match.span()) for match in _WORD.finditer(text)]


def with_title(text: str, start: int) -> int:
    """Return where "Dr. Bergelin" begins, given where "Bergelin" does."""
    title = _TITLE_BEFORE.search(text, max(0, start - _LOOK_BACK_CHARS), start)
    return title.start() if title else start


def find_names(text: str, *, is_source: bool) -> Iterator[Fact]:  # noqa: ARG001  (all finders share one signature)
    """Yield names without their genitive ending, folded to lower case."""
    for match in _NAME.finditer(text):
        word = _plain(match.group())
        before = text[max(0, match.start() - _LOOK_BACK_CHARS) : match.start()]
        if word not in _NOT_NAMES and (_TITLE_BEFORE.search(before) or not starts_sentence(text, match.start())):
            yield Fact(FactKind.NAME, *match.span(), word.casefold())


def starts_sentence(text: str, place: int) -> bool:
    """Tell whether a word at ``place`` opens its sentence."""
    begin = max(0, place - _LOOK_BACK_CHARS)
    return place == 0 or (_SENTENCE_START.search(text[begin:place]) is not None and (begin == 0 or place > begin))


def _plain(word: str) -> str:
    return word.replace("\u2019", "'").removesuffix("'s").strip("'")
