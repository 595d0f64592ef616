"""Who was found once is hidden everywhere in the same text: names and their parts, firms, places, numbers.

A judgment introduces "Mr Suat Quillfeather" and goes on with "Quillfeather"; a chat begins with "its lorraine" and ends
with "lorraine". What the pipeline or a detector read once is looked for in the whole text, whole words only. Parts of a
person's name count in any case, unless the part is an everyday word ("Will", "Rose"): then only as it was written,
and with a capital. A short form in brackets behind a firm is the firm ("Larch Hill Workers' Union (LHWU)").

Linear in the text: words are looked up, not searched for one after the other.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import WordClasses, plain

MIN_PART_CHARS = 3
MAX_REPEATED_CHARS = 120
MAX_SAME_START = 50
"""Of texts that begin with the same word so many are looked for: keeps the search linear."""
_REPEATED = frozenset({Label.ORG, Label.LOCATION, Label.NRP, Label.ID, Label.ADDRESS, Label.USERNAME})
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_SHORT_FORM = re.compile(r"""\s?\((?:the\s|hereinafter\s)?["\u201c\u2018']?([A-Z][\w&.-]{1,11})["\u201d\u2019']?\)""")
_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "judge", "justice", "the", "and", "von", "van",
     "der", "del", "dos", "las", "los", "bin", "ibn", "doctor", "nurse", "jr", "senor", "senora", "sra", "herr", "frau",
     "madame", "shri", "smt", "for", "applicant", "mum", "mom", "dad"}
)  # fmt: skip

_Wanted = dict[str, list[tuple[str, Span]]]
"""First word, as written → whole texts that begin with it, the longest first, and where each was found."""


def find(text: str, found: Sequence[Span], words: WordClasses) -> Iterator[Span]:
    """Yield what of ``found`` stands in ``text`` once more; places that are found already may be yielded again."""
    wanted, parts = _wanted(text, found), _parts(text, found, words)
    if not wanted and not parts:
        return
    for match in _WORD.finditer(text):
        word = match.group()
        for said, span in wanted.get(word, ()):
            end = match.start() + len(said)
            if text.startswith(said, match.start()) and not text[end : end + 1].isalnum():
                yield Span(match.start(), end, span.label, Ground.MODEL, "repeat")
                break
        folded = plain(word)
        source = parts.get(folded)
        if source is not None and (word[0].isupper() or not words.is_everyday(folded)):
            end = match.end() - len("'s") * word.lower().endswith(("'s", "\u2019s"))
            yield Span(match.start(), end, Label.PERSON, Ground.MODEL, "repeat.part")


def _wanted(text: str, found: Iterable[Span]) -> _Wanted:
    wanted: dict[str, dict[str, Span]] = {}
    for span in (*found, *_short_forms(text, found)):
        said = text[span.start : span.end]
        is_name = span.label is Label.PERSON and not said.islower()
        if (span.label not in _REPEATED and not is_name) or not _is_telling(said, span):
            continue
        first = _WORD.search(said)
        if first is not None and first.start() == 0:
            wanted.setdefault(first.group(), {})[said] = span
    return {
        first: sorted(texts.items(), key=lambda item: -len(item[0]))[:MAX_SAME_START] for first, texts in wanted.items()
    }


def _is_telling(said: str, span: Span) -> bool:
    """Return whether the same letters elsewhere mean the same: not a small number, not one short word."""
    if span.ground is Ground.GUESS or len(said) > MAX_REPEATED_CHARS:
        return False
    if span.label is Label.ID:
        return len(said) >= MIN_PART_CHARS + 2
    return len(said) >= MIN_PART_CHARS and (span.label is Label.NRP or not said.islower() or " " in said)


def _short_forms(text: str, found: Iterable[Span]) -> Iterator[Span]:
    for span in found:
        if span.label is Label.ORG:
            match = _SHORT_FORM.match(text, span.end)
            if match is not None:
                yield Span(match.start(1), match.end(1), span.label, span.ground, span.why)


def _parts(text: str, found: Iterable[Span], words: WordClasses) -> dict[str, Span]:
    """Return the parts of persons' names, plain."""
    parts: dict[str, Span] = {}
    for span in found:
        if span.label is not Label.PERSON or span.ground is Ground.GUESS:
            continue
        for match in _WORD.finditer(text, span.start, span.end):
            folded = plain(match.group())
            is_part = len(folded) >= MIN_PART_CHARS and folded not in _TITLES and not folded.isdigit()
            if is_part and (match.group()[0].isupper() or not words.is_everyday(folded)):
                parts.setdefault(folded, span)
    return parts
