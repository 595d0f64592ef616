"""Where sentences begin and end, for passages and for proposals alike.

A rule set for plain office prose, not a parser: it prefers to keep two sentences together over cutting one in half.
"""

import re

_STOP = re.compile(r"[.!?…]+[\"'\u201d\u2019)\]]*(?=\s)|\n+")
_ABBREVIATION_TEXT = """
" "sept approx apr aug ave co dec dept dr e.g eg etc ext feb fig fri i.e ie inc jan jul jun llp ltd mar mon mr
mrs ms mx no nos nov oct p.o prof rd sat sep st sun tel thu thur thurs tue tues vs wed
"""
_ABBREVIATIONS = frozenset(_ABBREVIATION_TEXT.split())
_MERIDIEM = re.compile(r"\d\s?[ap]\.m\.$", re.IGNORECASE)
_INITIAL = re.compile(r"(?:^|[\s.(])[A-Z]\.$")


def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of ``text`` as half-open code-point ranges without surrounding white space.

    A line break always ends a sentence, so that items of a list stay apart.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for stop in _STOP.finditer(text):
        if stop.group()[0] == "\n" or not _goes_on(text, start, stop.end()):
            _add(spans, text, start, stop.end())
            start = stop.end()
    _add(spans, text, start, len(text))
    return tuple(spans)


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of ``text``."""
    return tuple(text[start:end] for start, end in sentence_spans(text))


def _goes_on(text: str, start: int, end: int) -> bool:
    """Tell whether the full stop that ends at ``end`` belongs to an abbreviation inside a sentence."""
    before = text[start:end]
    if before[-1] != ".":
        return False
    after = text[end:].lstrip(" ")[:1]
    last_word = before[:-1].split()[-1].lower().lstrip("(\"'") if before[:-1].split() else ""
    if last_word in _ABBREVIATIONS or _INITIAL.search(before):
        return bool(after)
    return bool(_MERIDIEM.search(before)) and not after.isupper()


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    stretch = text[start:end]
    inner = stretch.strip()
    if inner:
        first = start + stretch.index(inner[0])
        spans.append((first, first + len(inner)))
