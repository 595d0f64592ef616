"""Words of a text, folded the way the search index folds them; excerpts with the found words marked. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_QUERY_CHARS = 200
MAX_QUERY_WORDS = 12
EXCERPT_CHARS = 160
_LEAD_CHARS = 40
"""How much of the text before the first found word is shown."""

# FTS5's unicode61 takes letters and digits as words and drops combining marks inside them.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One folded word of a query; the last one, still being typed, also matches longer words."""

    text: str
    is_prefix: bool

    def matches(self, folded: str) -> bool:
        """Whether a folded word of a text is what was asked for."""
        return folded.startswith(self.text) if self.is_prefix else folded == self.text


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a text on one line; ``marks`` are half-open code-point ranges in it."""

    text: str
    marks: tuple[tuple[int, int], ...]


def fold(word: str) -> str:
    """Return a word in lower case without accents."""
    return "".join(char for char in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(char))


def words_of(text: str) -> list[str]:
    """Return the words of a text, as a search sees them."""
    return [found[0] for found in _WORD.finditer(text)]


def query_words(untrusted_text: str) -> tuple[QueryWord, ...]:
    """Return the words of a query, whatever else a person typed: operators, quotes and brackets are only separators.

    The last word is a prefix unless something was typed after it. At most ``MAX_QUERY_WORDS`` words are used.
    """
    text = untrusted_text[:MAX_QUERY_CHARS]
    found = list(_WORD.finditer(text))[:MAX_QUERY_WORDS]
    is_open = bool(found) and found[-1].end() == len(text)
    last = len(found) - 1
    return tuple(QueryWord(fold(word[0]), is_open and place == last) for place, word in enumerate(found))


def excerpt_of(text: str, words: Sequence[QueryWord]) -> Excerpt:
    """Return the stretch of ``text`` around the first found word, and where the words stand in it."""
    line = " ".join(text.split())
    marks = list(_find(line, words))
    start = _start(line, marks[0][0]) if marks else 0
    end = min(len(line), start + EXCERPT_CHARS)
    head, tail = "…" if start else "", "…" if end < len(line) else ""
    shift = len(head) - start
    inside = tuple((left + shift, right + shift) for left, right in marks if left >= start and right <= end)
    return Excerpt(head + line[start:end] + tail, inside)


def _find(line: str, words: Sequence[QueryWord]) -> Iterator[tuple[int, int]]:
    for found in _WORD.finditer(line):
        folded = fold(found[0])
        if any(word.matches(folded) for word in words):
            yield found.span()


def _start(line: str, first: int) -> int:
    """Begin a little before the first mark, at the beginning of a word."""
    if first <= _LEAD_CHARS:
        return 0
    space = line.rfind(" ", 0, first - _LEAD_CHARS)
    return max(space + 1, first - 2 * _LEAD_CHARS)
