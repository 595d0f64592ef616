"""The one merge: many findings in, spans that do not overlap out, and nothing that was found is uncovered again.

The rule, in order:

1. Of two findings that overlap, the one with the higher ground names what both cover (``spans.Ground``: KNOWN, PROOF,
   SHAPE, MODEL, GUESS); of two with the same ground the longer one; of two as long, the one that begins first.
   But a finding wholly inside an e-mail address, URL or user name of at least SHAPE is a part of it: the longer one
   names the whole, on the higher ground of both ("rosa" whom the office knows in "rosa@example.org").
   two: what is left of a word is the winner's ("rosa" whom the office knows, in "rosas").
   two: the rest of a word of which the winner has a part is the winner's ("rosa" whom the office knows, in "rosas").
3. A GUESS that a higher finding covers entirely vanishes.
4. Spans do not begin or end with spaces, commas or colons.
5. Two persons with nothing but a space, a dot or a hyphen between them are one ("Jorge Alvarez"), on the lower ground.

So "redact when unsure" holds by construction: the union of all findings is covered, whatever the labels are.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter

from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span

_NAME_JOINTS = frozenset({"", " ", ". ", "-", "  "})
_WHOLES = frozenset({Label.EMAIL, Label.URL, Label.USERNAME})
_TRIMMED = " \t\r\n\u00a0,;:"


def merge(findings: Iterable[Span], text: str) -> tuple[Span, ...]:
    """Return the spans of ``text`` in order, none overlapping another.

    Args:
        findings: in any order, any overlaps, all within ``text``.
        text: what they are ranges of.
    """
    ranked = sorted(
        _taken_in(list(findings)),
        key=lambda span: (-span.ground, span.start - span.end, span.start, span.why, span.label.value),
    )
    taken: list[Span] = []
    for span in ranked:
        for start, end in _left_over(span, taken):
            part = _trimmed(Span(start, end, span.label, span.ground, span.why), text)
            if part is not None:
                taken.insert(bisect_right(taken, part.start, key=_START), part)
    return tuple(_joined(_uncut(taken, text), text))


_START = attrgetter("start")


def _taken_in(findings: list[Span]) -> list[Span]:
    """Return the findings; those inside an address are taken into it (rule 1)."""
    wholes = _longest(span for span in findings if _is_whole(span))
    starts = [span.start for span in wholes]
    kept: list[Span] = []
    for span in findings:
        place = bisect_right(starts, span.start) - 1
        whole = wholes[place] if place >= 0 else None
        if whole is None or span.end > whole.end or (len(span) == len(whole) and not _is_whole(span)):
            kept.append(span)
        elif span.ground > whole.ground:
            wholes[place] = replace(whole, ground=span.ground)
    return kept + wholes


def _is_whole(span: Span) -> bool:
    return span.label in _WHOLES and span.ground >= Ground.SHAPE


def _longest(spans: Iterable[Span]) -> list[Span]:
    """Return those that lie in no other, in order."""
    longest: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end, -one.ground, one.why, one.label.value)):
        if not longest or span.end > longest[-1].end:
            longest.append(span)
    return longest


def _uncut(spans: Sequence[Span], text: str) -> list[Span]:
    """Give each word that two spans share to the one on the higher ground (rule 2)."""
    whole: list[Span] = []
    for span in spans:
        last = whole[-1] if whole else None
        rest: Span | None = span
        if (
            last is not None
            and last.end == span.start
            and text[span.start - 1].isalnum()
            and text[span.start].isalnum()
        ):
            cut = _word_end(text, span) if last.ground >= span.ground else _word_start(text, last)
            whole[-1:] = [part for part in (_trimmed(replace(last, end=cut), text),) if part is not None]
            rest = _trimmed(replace(span, start=cut), text) if cut < span.end else None
        if rest is not None:
            whole.append(rest)
    return whole


def _word_end(text: str, span: Span) -> int:
    return next((place for place in range(span.start, span.end) if not text[place].isalnum()), span.end)


def _word_start(text: str, span: Span) -> int:
    return next((place for place in range(span.end, span.start, -1) if not text[place - 1].isalnum()), span.start)


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
    """Return the ranges of ``span`` that nothing in ``taken`` (in order, none overlapping another) covers."""
    free: list[tuple[int, int]] = []
    start = span.start
    for place in range(max(bisect_right(taken, span.start, key=_START) - 1, 0), len(taken)):
        other = taken[place]
        if other.start >= span.end:
            break
        if other.start > start:
            free.append((start, other.start))
        start = max(start, other.end)
    if start < span.end:
        free.append((start, span.end))
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
