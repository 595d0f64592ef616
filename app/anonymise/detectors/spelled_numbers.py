"""Numbers in words, as people dictate them or slip them past a filter: "eight six oh, five five five, oh one four two".

Six or more digit words in a row are a number that reaches or names somebody: a telephone number when a word of
telephony is near, else an ID. "Double five" and "triple zero" count. Out of scope: numbers as words ("two hundred").
"""

import re
from collections.abc import Iterator

from app.anonymise.detectors.patterns import Step, has_words, words
from app.anonymise.gates import Gate
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import WordClasses

MIN_WORDS = 2
"""Fewer digits in words: a mixture that other detectors know better."""

_DIGIT = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|\d)"
)
_RUN = re.compile(
    rf"\b(?:(?:double|triple|plus)\s+)?{_DIGIT}(?:[\s,.-]{{1,3}}(?:(?:double|triple|and|dash|then)\s+)?(?:{_DIGIT}\b|\d{{3,4}}\b|hundred\b)){{5,19}}|"
    rf"\b\d{{3,5}}(?:[\s,.-]{{1,3}}(?:then\s)?(?:(?:double|triple)\s+)?(?:{_DIGIT}|\d{{3,4}})\b){{2,12}}|"
    rf"\b(?:{_DIGIT}[\s,]{{1,2}}){{3}}(?:then\s)?(?:\d{{3}}[\s-]?\d{{4}})\b",
    re.IGNORECASE,
)
_CUES = ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "cero", "uno", "dos", "tres", "cuatro",
         "cinco", "seis", "siete", "ocho", "nueve", "hundred", "double", "triple")  # fmt: skip
_WORD = re.compile(r"[a-z]{2,}", re.IGNORECASE)
_PHONE = words("phone", "tel", "call", "cell", "mobile", "text", "reach", "number", "tel[eé]fono", "whats ?app")


def find(text: str, _words: WordClasses) -> Iterator[Span]:
    """Yield runs of at least six digit words."""
    lowered = text.lower()
    if sum(lowered.count(cue) for cue in _CUES) < MIN_WORDS:
        return
    for match in _RUN.finditer(text):
        if len(_WORD.findall(match.group())) < MIN_WORDS:
            continue
        start, end = match.span()
        is_phone = has_words(_PHONE, text, start, end)
        yield Span(start, end, Label.PHONE if is_phone else Label.ID, Ground.SHAPE, "spelled_number")


STEPS = (Step(find, Gate(cues=_CUES)),)
