"""Source marks in the model's text: ``[2]``, ``[1, 3]``, ``[none]``.

The model only ever writes numbers; this module takes them out of the text and says which sentence named which.
"""

import re
from dataclasses import dataclass

from app.domain.prompt import NO_SOURCE_MARK
from app.domain.proposal import Sentence
from app.knowledge.sentences import sentence_spans

_MARK = re.compile(r"[ \t]*\[\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]")
_HALF_WRITTEN = re.compile(r"\s*\[[^\]]{0,24}\Z")


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The model's text without marks, cut into sentences that name their sources."""

    text: str
    sentences: tuple[Sentence, ...]
    says_none: bool


def read_marks(raw: str) -> MarkedText:
    """Return the text behind ``raw`` and the sources of each sentence.

    A mark belongs to the sentence that it stands in or directly after ("… at 8:00 [1]." and "… at 8:00. [1]"). A mark
    before the first word belongs to the first sentence. A half-written mark at the end is dropped.
    """
    says_none = NO_SOURCE_MARK in raw.lower()
    rest = _HALF_WRITTEN.sub("", re.sub(re.escape(NO_SOURCE_MARK), "", raw, flags=re.IGNORECASE)).strip()
    text, places = _take_out(rest)
    sentences = tuple(
        Sentence(start, end, _numbers(places, start, end, is_first=position == 0))
        for position, (start, end) in enumerate(sentence_spans(text))
    )
    return MarkedText(text, sentences, says_none)


def visible(raw: str) -> str:
    """Return what may be shown of a text that is still being written: no mark, no part of a mark.

    For texts that grow at their end, the result grows at its end too.
    """
    return _take_out(_HALF_WRITTEN.sub("", raw.replace(NO_SOURCE_MARK, "")).strip())[0]


def _take_out(raw: str) -> tuple[str, list[tuple[int, tuple[int, ...]]]]:
    """Return the text without marks and, per mark, the place in that text where it stood with its numbers."""
    text = ""
    position = 0
    places: list[tuple[int, tuple[int, ...]]] = []
    for mark in _MARK.finditer(raw):
        text = _append(text, raw[position : mark.start()])
        places.append((len(text.rstrip()), tuple(int(number) for number in re.findall(r"\d+", mark[1]))))
        position = mark.end()
    return _append(text, raw[position:]), places


def _append(text: str, more: str) -> str:
    """Join two stretches between which a mark stood; "8:00.[1]We" still needs its space."""
    if not text:
        return more.lstrip()
    return f"{text} {more}" if more[:1].isalnum() and not text[-1].isspace() else text + more


def _numbers(places: list[tuple[int, tuple[int, ...]]], start: int, end: int, *, is_first: bool) -> tuple[int, ...]:
    named = [number for place, numbers in places if start < place <= end or (is_first and place <= start)
             for number in numbers]  # fmt: skip
    return tuple(dict.fromkeys(named))
