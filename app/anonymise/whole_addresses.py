"""Addresses with what stands between their pieces: "412 rose drive **keener** texas", "indianapolis **in** 46204".

A town that nothing knows stands between a street and a state, a district between a street and a town. Where the next
piece follows within two words that join no sentence, the words between are a piece as well.
"""

import re
from collections.abc import Iterable, Iterator

from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span

MAX_GAP_CHARS = 30
_PIECES = frozenset({Label.ADDRESS, Label.LOCATION, Label.ZIP})
_GAP = re.compile(r"[\s,.]*(?:(?:[^\W\d_]{1,15}|(?:apt|unit|flat|no|#)?\s?\d{1,4}[a-z]?)[\s,.]+){1,2}", re.IGNORECASE)
_JOINS = re.compile(
    r"\b(?:and|or|is|was|are|to|from|at|near|on|my|i|im|we|you|your|for|with|the|a(?=\s[^\W\d_]{2,}\s)|by|off|not|but|in(?=\s*,?\s*[^\W\d_])|"
    r"behind|beside|where|that|this|please|thanks|live|lives)\b",
    re.IGNORECASE,
)
"""Words of sentences; "in" and "a" only where no number or end follows: Indiana, flat 3 A."""


def whole_addresses(found: Iterable[Span], text: str) -> Iterator[Span]:
    """Yield the findings, and what stands between a street and the piece of its address that follows."""
    spans = list(found)
    yield from spans
    pieces = sorted((span for span in spans if span.label in _PIECES), key=lambda span: (span.start, span.end))
    end, is_street = 0, False
    for span in pieces:
        gap = text[end : span.start]
        if (
            is_street
            and 0 < len(gap) <= MAX_GAP_CHARS
            and _GAP.fullmatch(gap)
            and not _JOINS.search(gap + text[span.start : span.start + 1])
        ):
            yield Span(end, span.start, Label.ADDRESS, Ground.GUESS, "address.between")
        if span.end >= end:
            is_street = span.label is Label.ADDRESS or (is_street and 0 <= span.start - end <= MAX_GAP_CHARS)
            end = span.end
