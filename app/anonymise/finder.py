"""Everything together: read the text, ask every detector and the trained pipeline, merge, go back to the original."""

from collections.abc import Callable, Iterable, Iterator

from app.anonymise.detectors import FINDERS, PATTERNS
from app.anonymise.known import KnownIndex, KnownText
from app.anonymise.merge import merge
from app.anonymise.reading import read
from app.anonymise.spans import Span

NameFinder = Callable[[str], Iterable[Span]]
"""The trained pipeline: spans of names, places and the like in a folded text."""

MAX_CHUNK_CHARS = 20_000
"""Longer texts are read piece by piece, so that no expression sees more than this at once."""
OVERLAP_CHARS = 400
"""Pieces share this much, so that nothing is cut in two; longer than any identifier."""

_DIGIT_SIGN = "0"


class Finder:
    """Finds what identifies somebody. Holds no text; may be used for any number of texts."""

    def __init__(self, names: NameFinder | None = None, known: Iterable[KnownText] = ()) -> None:
        """Use ``names`` beside the detectors, and look for what the office knows."""
        self._names = names
        self._known = KnownIndex(known)

    def find(self, text: str) -> tuple[Span, ...]:
        """Return the spans of ``text``: in order, not overlapping, half-open in code points of ``text`` itself."""
        reading = read(text)
        found = [reading.original(span) for span in self._findings(reading.text)]
        return merge(found, text)

    def _findings(self, text: str) -> Iterator[Span]:
        for offset, piece in _pieces(text):
            for span in self._in_piece(piece):
                yield Span(span.start + offset, span.end + offset, span.label, span.ground, span.why)

    def _in_piece(self, piece: str) -> Iterator[Span]:
        signs = frozenset(piece)
        has_digit = any(char.isdigit() for char in signs)
        for pattern in PATTERNS:
            if _may_match(pattern.needs, signs, has_digit=has_digit):
                yield from pattern.find(piece)
        for find in FINDERS:
            yield from find(piece)
        yield from self._known.find(piece)
        if self._names is not None:
            yield from self._names(piece)


def _may_match(needs: str, signs: frozenset[str], *, has_digit: bool) -> bool:
    return not needs or (_DIGIT_SIGN in needs and has_digit) or any(sign in signs for sign in needs)


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
