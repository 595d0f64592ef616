"""Words as the network meets them: each distinct one is split off and embedded once.

A text is cut at its spaces into chunks; spaCy's own rules split a chunk into words, wherever it stands. So chunks and
words are looked up, and only new ones are split and embedded by spaCy, all of a batch together. What is remembered is
bounded: beyond ``MAX_WORDS`` everything is forgotten, between two batches.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from app.anonymise.network.weights import Floats

MAX_WORDS: Final = 30_000
"""Each takes about 0.8 KB: its embedding, and the word twice."""
MAX_CHUNKS: Final = 60_000
FIRST_ROWS: Final = 2_048
MAX_PORTION_CHARS: Final = 8_000

_CHUNK: Final = re.compile(r"\S+ ?|\s+")
"""As spaCy cuts: one space behind a word belongs to it, other white space is a word of its own."""


class Words:
    """The words met so far: row 0 is no word (the gap between texts), its numbers are zero."""

    def __init__(self, pipeline: Any, embedder: Any, width: int) -> None:
        self._pipeline = pipeline
        self._embedder = embedder
        self._width = width
        self._forget()

    def read(self, texts: Sequence[str]) -> tuple[list[list[str]], list[list[int]]]:
        """Return the chunks of each text, and the rows of its words."""
        if len(self._rows) > MAX_WORDS or len(self._chunks) > MAX_CHUNKS:
            self._forget()
        cut = [_CHUNK.findall(text) for text in texts]
        new = set().union(*cut).difference(self._chunks)
        if new:
            self._learn(sorted(new))
        rows_of = self._chunks.__getitem__
        return cut, [list(chain.from_iterable(map(rows_of, chunks))) for chunks in cut]

    def starts(self, chunks: Iterable[str]) -> list[int]:
        """Return where each word of a text begins."""
        starts: list[int] = []
        offset = 0
        for chunk in chunks:
            start = offset
            for row in self._chunks[chunk]:
                starts.append(start)
                start += self.lengths[row]
            offset += len(chunk)
        return starts

    def _forget(self) -> None:
        self._chunks: dict[str, tuple[int, ...]] = {}
        self._rows: dict[tuple[str, int], int] = {}
        self.lengths = [0]
        """Code points of each word."""
        self.embedded: Floats = np.zeros((FIRST_ROWS, self._width), np.float32)
        self.is_space = np.zeros(FIRST_ROWS, np.bool_)

    def _learn(self, chunks: list[str]) -> None:
        spaces = [chunk for chunk in chunks if chunk.isspace()]
        others = [chunk for chunk in chunks if not chunk.isspace()]
        with self._pipeline.memory_zone():
            for some in ([chunk] for chunk in spaces):
                self._split(some, self._pipeline.tokenizer(some[0]))
            for some in _portions(others):
                self._split(some, self._pipeline.tokenizer(" ".join(map(str.rstrip, some))))

    def _split(self, chunks: list[str], doc: Any) -> None:
        """Take the words of ``doc``, in which the ``chunks`` stand one behind the other with a space between them."""
        rows: list[int] = []
        fresh: list[tuple[int, int]] = []  # place in the document, row
        number, end = 0, len(_bare(chunks[0]))
        for place, token in enumerate(doc):
            if token.idx >= end:
                self._chunks[chunks[number]] = tuple(rows)
                rows = []
                number += 1
                end += 1 + len(_bare(chunks[number]))
            key = (token.text, token.norm)
            row = self._rows.get(key)
            if row is None:
                row = self._add(key)
                fresh.append((place, row))
            rows.append(row)
        self._chunks[chunks[number]] = tuple(rows)
        if fresh:
            places, new_rows = (np.array(column) for column in zip(*fresh, strict=True))
            self.embedded[new_rows] = self._embedder.predict([doc])[0][places]

    def _add(self, key: tuple[str, int]) -> int:
        row = len(self._rows) + 1
        self._rows[key] = row
        self.lengths.append(len(key[0]))
        if row >= len(self.embedded):
            self.embedded = np.concatenate([self.embedded, np.zeros_like(self.embedded)])
            self.is_space = np.concatenate([self.is_space, np.zeros_like(self.is_space)])
        self.is_space[row] = key[0].isspace()
        return row


def _portions(chunks: list[str]) -> Iterator[list[str]]:
    """Yield the chunks in groups that are split and embedded together; 8,000 words at most, 30 MB."""
    portion: list[str] = []
    chars = 0
    for chunk in chunks:
        if portion and chars + len(chunk) > MAX_PORTION_CHARS:
            yield portion
            portion, chars = [], 0
        portion.append(chunk)
        chars += len(chunk)
    if portion:
        yield portion


def _bare(chunk: str) -> str:
    """Return the chunk without the space that belongs to it."""
    return chunk if chunk.isspace() else chunk.rstrip()
