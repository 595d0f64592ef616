"""The one merge: many findings in, spans that do not overlap out, and nothing that was found is uncovered again.

The rule, in order:

1. Of two findings that overlap, the one with the higher ground names what both cover (``spans.Ground``: KNOWN, PROOF,
   SHAPE, MODEL, GUESS); of two with the same ground the longer one; of two as long, the one that begins first.
2. What sticks out of the loser stays, under the loser's label, unless it holds no letter and no digit.
3. A GUESS that a higher finding covers entirely vanishes.
4. Spans do not begin or end with spaces, commas or colons.
5. Two persons with nothing but a space, a dot or a hyphen between them are one ("Jorge Alvarez"), on the lower ground.

So "redact when unsure" holds by construction: the union of all findings is covered, whatever the labels are.
"""

from collections.abc import Iterable, Sequence

from app.anonymise.labels import Label
from app.anonymise.spans import Span

_NAME_JOINTS = frozenset({"", " ", ". ", "-", "  "})
_TRIMMED = " \t\r\n\u00a0,;:"


def merge(findings: Iterable[Span], text: str) -> tuple[Span, ...]:
    """Return the spans of ``text`` in order, none overlapping another.

    Args:
        findings: in any order, any overlaps, all within ``text``.
        text: what they are ranges of.
    """
    ranked = sorted(
        findings, key=lambda span: (-span.ground, span.start - span.end, span.start, span.why, span.label.value)
    )
    taken: list[Span] = []
    for span in ranked:
        for start, end in _left_over(span, taken):
            part = _trimmed(Span(start, end, span.label, span.ground, span.why), text)
            if part is not None:
                taken.append(part)
    return tuple(_joined(sorted(taken, key=lambda span: span.start), text))


def _joined(spans: Sequence[Span], text: str) -> list[Span]:
    """Join neighbours that are parts of one name."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        is_next = last is not None and last.label is span.label is Label.PERSON
        if last is not None and is_next and text[last.end : span.start] in _NAME_JOINTS:
            first = min(last, span, key=lambda one: one.ground)
            joined[-1] = Span(last.start, span.end, Label.PERSON, first.ground, first.why)
        else:
            joined.append(span)
    return joined


def _left_over(span: Span, taken: Sequence[Span]) -> list[tuple[int, int]]:
    """Return the ranges of ``span`` that nothing in ``taken`` covers."""
    free = [(span.start, span.end)]
    for other in taken:
        if other.overlaps(span):
            free = [
                part
                for start, end in free
                for part in ((start, min(end, other.start)), (max(start, other.end), end))
                if part[0] < part[1]
            ]
    return free


def _trimmed(span: Span, text: str) -> Span | None:
    start, end = span.start, span.end
    while start < end and text[start] in _TRIMMED:
        start += 1
    while end > start and text[end - 1] in _TRIMMED:
        end -= 1
    if not any(char.isalnum() for char in text[start:end]):
        return None
    return Span(start, end, span.label, span.ground, span.why)
