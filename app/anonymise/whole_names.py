"""Persons with all that belongs to their name: the initial behind it, a surname that is a word, a title in prose."""

import re
from collections.abc import Iterable, Iterator

from app.anonymise.detectors.prose import MIN_PROSE_CHARS
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import WordClasses

TITLE_REACH_CHARS = 14

_BOUND_TITLES = (
    r"mr|mrs|ms|mx|miss|dr|drs|prof|professor|sir|dame|rev|señora?|señor|sra?|herr|frau|mme|mlle|shri|smt|hhj"
)
"""Titles that are hidden with the name: they stand for nothing without it."""
_TITLE_BEFORE = re.compile(rf"(?<![\w.@-])(?:{_BOUND_TITLES})\b\.?\s{{1,2}}$", re.IGNORECASE)
_BEHIND = re.compile(
    r"\sA\.?(?=\s*(?:[?!,;\n]|$|\d|is\b))|,\s(?:M[sS]|N[pP]|M[dD]|M[fF][tT]|P[hH][dD]|L[mM][fF][tT]|L[cC][sS][wW]|P[sS][yY][dD]|D[oO]|D[dD][sS])\b|"
    r",\s[b-hj-zB-HJ-Z]\.?(?=\s*(?:$|[\d,;\n]))|\s[b-hj-lp-rtvwz](?=\s(?:here|calling|speaking|again|i|im)\b)|"
    r"\s[b-hj-mo-qstvwyz]\.?(?=\s*(?:$|[\n,!?;]))|\s[B-HJ-Z](?:\.(?=\s[A-Z])|(?![\w'.\u2019]))|,?\s(?:Jr|Sr|M\.?D|D\.?O|DDS|Ph\.?D|Esq|RN|NP|PA-C|LCSW|MFT|QC|KC)\b\.?"
)
_SURNAME = re.compile(
    r"\s(?P<id>[A-Z][a-z'\u2019]{1,20}(?:-[A-Z][a-z]{1,20})?)(?P<end>\s*(?:$|[\n,;:)]|\.(?:\s|$)))?(?![\w-])"
)


def whole_names(found: Iterable[Span], text: str, words: WordClasses) -> Iterator[Span]:
    """Yield the findings, persons whole: "Vogt Anna M", "Quigg, Jr", "Bronagh Stone".

    In long prose also with the title before them: a judgment's "Mr" tells who is a man. In chats the title stays, so
    that what is left reads well ("is Dr [PERSON_1] in").
    """
    is_prose = len(text) >= MIN_PROSE_CHARS
    for span in found:
        if span.label is not Label.PERSON or span.ground is Ground.KNOWN:
            yield span
            continue
        start = _title_start(text, span.start) if is_prose else span.start
        yield Span(start, _name_end(text, span, words), span.label, span.ground, span.why)


def _title_start(text: str, start: int) -> int:
    reach = max(0, start - TITLE_REACH_CHARS)
    title = _TITLE_BEFORE.search(text[reach:start])
    return start if title is None else reach + title.start()


def _name_end(text: str, span: Span, words: WordClasses) -> int:
    """Return the end with what follows: an initial, letters of a degree, one more word with a capital."""
    behind = _BEHIND.match(text, span.end)
    if behind is not None:
        return behind.end()
    said = text[span.start : span.end]
    surname = _SURNAME.match(text, span.end) if said[:1].isupper() and not said.isupper() and " " not in said else None
    if surname is None or (surname["end"] is None and words.is_everyday(surname["id"])):
        return span.end
    return surname.end("id") if len(words) else span.end
