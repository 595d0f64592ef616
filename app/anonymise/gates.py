"""Which detectors need to look at a text at all, told from its single words.

Most of a hundred expressions have nothing to find in a given line of chat. Each says what some word of the text must
have for it to match (a sign, a part of a word, a word's class); what a word has is worked out once and remembered, so
that a text costs one look-up a word. A gate only ever keeps shut what could not have matched: the findings are the same
with and without (``tests/unit/anonymise/test_gates.py``).

A "word" here is what stands between spaces, with its punctuation.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final, TypeVar

from app.anonymise.word_classes import WordClasses

MAX_REMEMBERED: Final = 60_000
MAX_REMEMBERED_CHARS: Final = 40
"""Longer words are looked at anew each time: they are rare, and would make the memory unbounded."""
DIGIT_SIGN: Final = "0"
"""Stands for any digit in ``Gate.signs``."""

_Wanted = TypeVar("_Wanted", str, tuple[str, ...])


@dataclass(frozen=True, slots=True)
class Gate:
    """What a text must hold; each may be in another word, and what is empty holds always.

    ``signs``: characters of which one must be there. ``cues``: parts of words, in lower case, without spaces, of which
    one must be there. ``test``: a question about a word, told the classes of words, that must be true of one.
    ``digits``: how many the whole text must have.
    """

    signs: str = ""
    cues: tuple[str, ...] = ()
    test: Callable[[str, WordClasses], object] | None = None
    digits: int = 0


OPEN: Final = Gate()


class Gates:
    """Tells which of several gates are open for a text. Remembers words, at most ``MAX_REMEMBERED``."""

    def __init__(self, gates: Sequence[Gate], words: WordClasses) -> None:
        self._words = words
        count = len(gates)
        self._count = count
        self._full = (1 << count) - 1
        self._always = sum(
            bit
            for place, gate in enumerate(gates)
            for bit, is_free in zip(
                _bits(place, count), (not gate.signs, not gate.cues, gate.test is None), strict=True
            )
            if is_free
        )
        self._signs = _by(((gate.signs, 1 << place) for place, gate in enumerate(gates) if gate.signs))
        self._cues = _by(((gate.cues, 1 << (count + place)) for place, gate in enumerate(gates) if gate.cues))
        tests = [(gate.test, 1 << (2 * count + place)) for place, gate in enumerate(gates)]
        self._tests = [(test, bit) for test, bit in tests if test is not None]
        self._by_digits = [
            sum(1 << place for place, gate in enumerate(gates) if gate.digits <= digits)
            for digits in range(max((gate.digits for gate in gates), default=0) + 1)
        ]
        self._known: dict[str, int] = {}

    def open_for(self, text: str) -> Iterator[int]:
        """Yield the places of the gates that are open for ``text``, in order."""
        known = self._known
        if len(known) > MAX_REMEMBERED:
            known.clear()
        try:
            has = reduce(or_, map(known.__getitem__, text.split()), self._always)
        except KeyError:
            has = reduce(or_, map(self._has, text.split()), self._always)
        are_open = has & (has >> self._count) & (has >> (2 * self._count)) & self._full
        if are_open & ~self._by_digits[0]:
            digits = sum(map(str.isdigit, text))
            are_open &= self._by_digits[min(digits, len(self._by_digits) - 1)]
        while are_open:
            lowest = are_open & -are_open
            yield lowest.bit_length() - 1
            are_open ^= lowest

    def _has(self, word: str) -> int:
        has = self._known.get(word)
        if has is None:
            has = self._look_at(word)
            if len(word) <= MAX_REMEMBERED_CHARS:
                self._known[word] = has
        return has

    def _look_at(self, word: str) -> int:
        has = 0
        signs = frozenset(word)
        has_digit = any(char.isdigit() for char in signs)
        for wanted, bits in self._signs:
            if (has_digit and DIGIT_SIGN in wanted) or not signs.isdisjoint(wanted):
                has |= bits
        lowered = word.lower()
        for cues, bits in self._cues:
            if any(cue in lowered for cue in cues):
                has |= bits
        for test, bit in self._tests:
            if test(word, self._words):
                has |= bit
        return has


def _bits(place: int, count: int) -> tuple[int, int, int]:
    return 1 << place, 1 << (count + place), 1 << (2 * count + place)


def _by(pairs: Iterator[tuple[_Wanted, int]]) -> list[tuple[_Wanted, int]]:
    """Return each different thing that is wanted once, with the bits of all who want it."""
    found: dict[_Wanted, int] = {}
    for wanted, bit in pairs:
        found[wanted] = found.get(wanted, 0) | bit
    return list(found.items())
