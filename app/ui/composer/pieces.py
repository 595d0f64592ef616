"""A finished text cut into the pieces it is drawn from: where sentences and facts begin and end. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.facts import FactMark
from app.domain.proposal import Sentence


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text that is drawn alike.

    ``fact`` is the place of the fact it belongs to, ``ends_fact`` is True on its last piece. ``sources`` are the
    numbers that stand behind it (on the last piece of a sentence only). ``is_bare``: its sentence names no source.
    """

    start: int
    end: int
    fact: int | None = None
    ends_fact: bool = False
    is_bare: bool = False
    sources: tuple[int, ...] = ()


def cut(text: str, sentences: Sequence[Sentence], facts: Sequence[FactMark]) -> tuple[Piece, ...]:
    """Return pieces that cover ``text`` without a gap, in its order.

    Marks that overlap or lie outside the text are cut short: a wrong mark must never change what the text says.
    """
    fact_at = _owners([(fact.start, fact.end) for fact in facts], len(text))
    sentence_at = _owners([(sentence.start, sentence.end) for sentence in sentences], len(text))
    edges = [0] + [
        place
        for place in range(1, len(text))
        if fact_at[place] != fact_at[place - 1] or sentence_at[place] != sentence_at[place - 1]
    ]
    pieces = []
    for start, end in zip(edges, [*edges[1:], len(text)], strict=True):
        if start == end:
            continue
        sentence = sentence_at[start]
        is_last = end == len(text) or sentence_at[end] != sentence
        sources = sentences[sentence].source_numbers if sentence is not None else ()
        pieces.append(
            Piece(
                start,
                end,
                fact_at[start],
                ends_fact=fact_at[start] is not None and (end == len(text) or fact_at[end] != fact_at[start]),
                is_bare=sentence is not None and not sources,
                sources=sources if is_last else (),
            )
        )
    return tuple(pieces)


def _owners(ranges: Sequence[tuple[int, int]], length: int) -> list[int | None]:
    """For every code point the place of the range that holds it; the first one where two overlap."""
    owners: list[int | None] = [None] * length
    for place, (start, end) in enumerate(ranges):
        for position in range(max(0, start), min(end, length)):
            if owners[position] is None:
                owners[position] = place
    return owners
