"""Everything together: read the text, ask every detector and the trained pipeline, merge, go back to the original."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, tee
from typing import Protocol, runtime_checkable

from app.anonymise import repeats
from app.anonymise.detectors import STEPS
from app.anonymise.gates import Gates
from app.anonymise.known import KnownIndex, KnownText
from app.anonymise.merge import merge
from app.anonymise.reading import Reading, read
from app.anonymise.spans import Span
from app.anonymise.whole_addresses import whole_addresses
from app.anonymise.whole_names import whole_names
from app.anonymise.word_classes import WordClasses


class NameFinder(Protocol):
    """The trained pipeline (``names``): spans of names, places and the like in folded texts."""

    def find_all(self, texts: Iterable[str]) -> Iterator[Sequence[Span]]:
        """Yield the spans of each text, in order; may read some texts ahead."""


@runtime_checkable
class KnowsWords(Protocol):
    """A name finder that knows the classes of words as well; the rules ask them."""

    word_classes: WordClasses


MAX_CHUNK_CHARS = 20_000
"""Longer texts are read piece by piece, so that no expression sees more than this at once."""
OVERLAP_CHARS = 400
"""Pieces share this much, so that nothing is cut in two; longer than any identifier."""

_STEPS = tuple((None if step.first is None else step.first.search, step.find) for step in STEPS)


class Finder:
    """Finds what identifies somebody. Holds no text; may be used for any number of texts."""

    def __init__(self, names: NameFinder | None = None, known: Iterable[KnownText] = ()) -> None:
        """Use ``names`` beside the detectors, and look for what the office knows."""
        self._names = names
        self._words = names.word_classes if isinstance(names, KnowsWords) else WordClasses.empty()
        self._known = KnownIndex(known)
        self._gates = Gates([step.gate for step in STEPS], self._words)

    def find(self, text: str) -> tuple[Span, ...]:
        """Return the spans of ``text``: in order, not overlapping, half-open in code points of ``text`` itself."""
        return next(self.find_all((text,)))

    def find_all(self, texts: Iterable[str]) -> Iterator[tuple[Span, ...]]:
        """Yield what ``find`` returns for each of ``texts``, in order: faster than one by one, in constant memory."""
        ahead, readings = tee(read(text) for text in texts)
        names = self._names_of(piece for reading in ahead for _, piece in _pieces(reading.text))
        for reading in readings:
            found = list(self._findings(reading, names))
            found += repeats.find(reading.text, found, self._words)
            whole = whole_addresses(whole_names(found, reading.text, self._words), reading.text)
            yield merge([reading.original(span) for span in whole], reading.source)

    def _names_of(self, pieces: Iterator[str]) -> Iterator[Sequence[Span]]:
        return (() for _ in pieces) if self._names is None else self._names.find_all(pieces)

    def _findings(self, reading: Reading, names: Iterator[Sequence[Span]]) -> Iterator[Span]:
        pieces = list(_pieces(reading.text))
        for (offset, piece), named in zip(pieces, islice(names, len(pieces)), strict=True):
            spans = (*self._in_piece(piece), *named)
            yield from spans if not offset else (replace(s, start=s.start + offset, end=s.end + offset) for s in spans)

    def _in_piece(self, piece: str) -> Iterator[Span]:
        for place in self._gates.open_for(piece):
            first, find = _STEPS[place]
            if first is None or first(piece) is not None:
                yield from find(piece, self._words)
        yield from self._known.find(piece)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield the text in overlapping pieces that begin at a space where there is one."""
    start = 0
    while True:
        end = min(len(text), start + MAX_CHUNK_CHARS)
        yield start, text[start:end]
        if end == len(text):
            return
        cut = text.rfind(" ", end - OVERLAP_CHARS, end - OVERLAP_CHARS // 2)
        start = cut + 1 if cut > start else end - OVERLAP_CHARS
