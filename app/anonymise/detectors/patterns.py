"""What most detectors are: a shape, perhaps a check, perhaps words that usually stand beside it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from app.anonymise.gates import OPEN, Gate
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import WordClasses

CONTEXT_CHARS = 48
"""How far before a number its usual word may stand ("my policy number, as far as I can tell, is …")."""
AFTER_CHARS = 16
"""How far behind it ("123456 is my member id")."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One shape of one identifier.

    Without ``check`` and ``context`` the shape itself is enough, with ``ground``. A ``check`` that fails drops the
    finding, unless its context stands beside it: a mistyped number identifies as well, so it stays as a SHAPE. With
    ``context`` and ``needs_context`` a finding without its words is dropped; without ``needs_context`` it is a GUESS.
    """

    why: str
    label: Label
    shape: re.Pattern[str]
    ground: Ground = Ground.SHAPE
    check: Callable[[str], bool] | None = None
    context: re.Pattern[str] | None = None
    needs_context: bool = False
    needs: str = field(default="")
    """Characters of which at least one must be in the text; "0" stands for any digit. Saves most of the searching."""
    asks: re.Pattern[str] | None = None
    """What must be found in one word of the text, as it stands between spaces."""
    digits: int = 0
    """How many digits the text must have at least."""
    cues: tuple[str, ...] = ()
    """Parts of words, in lower case, of which at least one must be in the text: a look for each costs far less than
    the expression."""

    def find(self, text: str) -> Iterator[Span]:
        """Yield the findings in ``text``: the named group that matched where the shape has some, else the whole match."""
        has_groups = bool(self.shape.groupindex)
        for match in self.shape.finditer(text):
            start, end = match.span((match.lastgroup or 0) if has_groups else 0)
            ground = self._ground_of(text, start, end)
            if ground is not None and start < end:
                yield Span(start, end, self.label, ground, self.why)

    def _ground_of(self, text: str, start: int, end: int) -> Ground | None:
        has_context = self.context is not None and has_words(self.context, text, start, end)
        if self.check is not None:
            if self.check(text[start:end]):
                return Ground.PROOF if has_context or not self.needs_context else None
            return Ground.SHAPE if has_context else None
        if self.context is None or has_context:
            return self.ground
        return None if self.needs_context else Ground.GUESS


@dataclass(frozen=True, slots=True)
class Step:
    """One way of finding, and what some words of a text must have for it to find anything."""

    find: Callable[[str, WordClasses], Iterator[Span]]
    gate: Gate = OPEN
    first: re.Pattern[str] | None = None
    """What is in the text wherever anything is found; searching for it costs less than asking ``find``."""


def step_of(pattern: Pattern) -> Step:
    """Return the pattern as a step; its cues of several words are looked for once more in the whole text."""
    has_spaces = any(" " in cue for cue in pattern.cues)

    def find(text: str, _words: WordClasses) -> Iterator[Span]:
        if has_spaces and not any(cue in text.lower() for cue in pattern.cues):
            return iter(())
        return pattern.find(text)

    cues = tuple(max(cue.split(), key=len) for cue in pattern.cues)
    test = None if pattern.asks is None else asked(pattern.asks).test
    return Step(find, Gate(pattern.needs, cues, test, pattern.digits), pattern.shape)


def asked(question: re.Pattern[str]) -> Gate:
    """Return a gate that is open when ``question`` is found in a word."""
    return Gate(test=lambda word, _words: question.search(word))


def has_words(words: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Return whether ``words`` stand shortly before ``start`` or right behind ``end``."""
    before = text[max(0, start - CONTEXT_CHARS) : start]
    return bool(words.search(before) or words.search(text[end : end + AFTER_CHARS]))


def words(*alternatives: str) -> re.Pattern[str]:
    """Return a pattern for any of these whole words or phrases, in any case."""
    return re.compile(rf"\b(?:{'|'.join(alternatives)})(?![a-z])", re.IGNORECASE)


def shape(pattern: str, *, is_case_free: bool = True) -> re.Pattern[str]:
    """Return a compiled shape, written with spaces and comments."""
    return re.compile(pattern, re.VERBOSE | (re.IGNORECASE if is_case_free else 0))


def digits(text: str) -> str:
    """Return the digits of ``text``."""
    return "".join(char for char in text if char.isdigit())


def compact(text: str) -> str:
    """Return ``text`` in upper case without spaces, dots, dashes and slashes."""
    return re.sub(r"[\s./-]+", "", text).upper()
