"""How hard a password is to guess, estimated offline from what guessers try first.

The password is cut, left to right, into the longest pieces a guesser would know: a common word (also in 1337 spelling),
a keyboard or alphabet run, a repetition, a name from the context. A known piece costs a handful of bits, an unknown
character a little more. The sum is a lower bound in spirit, not a proof: it exists to refuse the obvious.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile
from math import log2

from app.crypto.common_words import COMMON_WORDS

_LEET = str.maketrans("013457@$!|", "oieastasil")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm",
         "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "azertyuiop", "qsdfghjklm")  # fmt: skip
_GAPS = frozenset(" -_.,")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_YEAR_CHARS = 4
_MIN_RUN_CHARS = 3
_MIN_WORD_CHARS = 3
_LONGEST_WORD_CHARS = max(map(len, COMMON_WORDS))

_RUN_BITS = 6.0
_YEAR_BITS = log2(200)
_CONTEXT_BITS = 4.0
_WORD_BITS = log2(len(COMMON_WORDS)) + 1.0
"""One word of the list, plus one bit for capitals or 1337 spelling."""

_WORD_LETTER_BITS = 3.2
"""A letter beside a letter is counted below log2(26): people type words and names."""

_CHAR_BITS = {"digit": log2(10), "letter": log2(52), "gap": 1.0, "other": 5.0}
"""A character that stands between others of another kind looks random."""


class GuessKind(Enum):
    """What a piece of a password is to a guesser."""

    WORD = "word"
    REPEAT = "repeat"
    SEQUENCE = "sequence"
    CONTEXT = "context"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Guess:
    """``bits`` of work, and the kind of piece that covers most of the password."""

    bits: float
    weakest: GuessKind


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: GuessKind
    length: int
    bits: float


def estimate(text: str, context: Sequence[str] = ()) -> Guess:
    """Return the guesser's work for ``text``; ``context`` holds names that are tried first."""
    folded = text.casefold()
    names = frozenset(word for name in context for word in name.casefold().split() if len(word) >= _MIN_WORD_CHARS)
    seen: set[str] = set()
    bits, covered = 0.0, dict.fromkeys(GuessKind, 0)
    position = 0
    for piece in _pieces(folded, names):
        chunk = folded[position : position + piece.length]
        # The same piece again is one more "and again", not new work.
        is_again = chunk in seen and piece.length >= _MIN_WORD_CHARS
        bits += 1.0 if is_again else piece.bits
        covered[GuessKind.REPEAT if is_again else piece.kind] += piece.length
        seen.add(chunk)
        position += piece.length
    known = {kind: count for kind, count in covered.items() if kind is not GuessKind.OTHER and count}
    bits = min(bits, _period_bits(folded, bits))
    return Guess(bits, max(known, key=lambda kind: known[kind], default=GuessKind.OTHER))


def _pieces(text: str, names: frozenset[str]) -> Iterator[_Piece]:
    position = 0
    plain_spelling = text.translate(_LEET)
    while position < len(text):
        found = [
            _name_at(text, position, names),
            _word_at(text, position),
            _word_at(plain_spelling, position),
            _run_at(text, position),
            _year_at(text, position),
            _repeat_at(text, position),
        ]
        piece = max(found, key=lambda one: (one.length, -one.bits))
        if piece.length == 0:
            piece = _Piece(GuessKind.OTHER, 1, _bits_in_place(text, position))
        yield piece
        position += piece.length


def _name_at(text: str, position: int, names: frozenset[str]) -> _Piece:
    length = max((len(name) for name in names if text.startswith(name, position)), default=0)
    return _Piece(GuessKind.CONTEXT, length, _CONTEXT_BITS)


def _word_at(text: str, position: int) -> _Piece:
    for length in range(min(_LONGEST_WORD_CHARS, len(text) - position), _MIN_WORD_CHARS - 1, -1):
        if text[position : position + length] in COMMON_WORDS:
            return _Piece(GuessKind.WORD, length, _WORD_BITS)
    return _Piece(GuessKind.WORD, 0, 0.0)


def _run_at(text: str, position: int) -> _Piece:
    best = 0
    for run in _RUNS:
        for row in (run, run[::-1]):
            start = row.find(text[position])
            if start >= 0:
                pairs = zip(text[position:], row[start:], strict=False)
                best = max(best, sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)))
    return _Piece(GuessKind.SEQUENCE, best if best >= _MIN_RUN_CHARS else 0, _RUN_BITS)


def _year_at(text: str, position: int) -> _Piece:
    return _Piece(GuessKind.WORD, _YEAR_CHARS if _YEAR.match(text, position) else 0, _YEAR_BITS)


def _repeat_at(text: str, position: int) -> _Piece:
    length = sum(1 for _ in takewhile(lambda char: char == text[position], text[position:]))
    bits = _char_bits(text[position]) + log2(length)
    return _Piece(GuessKind.REPEAT, length if length >= _MIN_RUN_CHARS else 0, bits)


def _period_bits(text: str, bits: float) -> float:
    """Return less work when the whole text is one short piece over and over, such as ``Ab1!Ab1!Ab1!Ab1!``."""
    period = (text + text).find(text, 1)
    if period in {-1, len(text)}:
        return bits
    return bits * period / len(text) + log2(len(text) / period)


def _bits_in_place(text: str, position: int) -> float:
    neighbours = text[max(position - 1, 0) : position] + text[position + 1 : position + 2]
    is_in_word = text[position].isalpha() and neighbours.isalpha()
    return _WORD_LETTER_BITS if is_in_word else _char_bits(text[position])


def _char_bits(char: str) -> float:
    if char.isdigit():
        return _CHAR_BITS["digit"]
    if char.isalpha():
        return _CHAR_BITS["letter"]
    return _CHAR_BITS["gap" if char in _GAPS else "other"]
