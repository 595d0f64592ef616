"""A name finder that never reads more words at once than memory allows, whatever a text looks like.

The pipeline holds some 10 KB for each word of a batch. Prose has a word in four or five characters; "a,a,a,a" has one
in each, and a batch bounded in characters alone took 390 MB for it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.anonymise.finder import KnowsWords, NameFinder
from app.anonymise.spans import Span
from app.anonymise.word_classes import WordClasses

MAX_WORDS: Final = 5_000
"""At once: 50 MB. A window of prose has about 4,500; only what is no prose is cut."""

_WORD: Final = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of one text, how many words it has, and whether the text ends with it."""

    text: str
    start: int
    words: int
    is_last: bool


class ThriftyNames:
    """Another finder, fed in parts of at most ``MAX_WORDS`` words."""

    def __init__(self, names: NameFinder) -> None:
        self._names = names
        self.word_classes = names.word_classes if isinstance(names, KnowsWords) else WordClasses.empty()

    def find_all(self, texts: Iterable[str]) -> Iterator[Sequence[Span]]:
        """Yield the spans of each text, in order."""
        spans: list[Span] = []
        for batch in _batches(part for text in texts for part in parts_of(text)):
            for part, found in zip(batch, self._names.find_all([part.text for part in batch]), strict=True):
                spans += (_moved(span, part.start) for span in found)
                if part.is_last:
                    yield spans
                    spans = []


def parts_of(text: str) -> Iterator[_Part]:
    """Yield ``text`` in parts of at most ``MAX_WORDS`` words each; together they are the text."""
    words = _WORD.finditer(text)
    start = 0
    while True:
        count = sum(1 for _ in islice(words, MAX_WORDS))
        following = next(words, None)
        if following is None:
            yield _Part(text[start:], start, count, is_last=True)
            return
        end = following.start()
        yield _Part(text[start:end], start, count, is_last=False)
        start, words = end, _WORD.finditer(text, end)


def _batches(parts: Iterable[_Part]) -> Iterator[list[_Part]]:
    batch: list[_Part] = []
    words = 0
    for part in parts:
        if batch and words + part.words > MAX_WORDS:
            yield batch
            batch, words = [], 0
        batch.append(part)
        words += part.words
    if batch:
        yield batch


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by, span.label, span.ground, span.why) if by else span
