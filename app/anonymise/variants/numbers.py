"""Known numbers of phones and records, grouped and spelled out in any way: "eight six oh, double five 5 - 0142".

A phone is found with or without its country code and its area code, from its last seven digits on; either kind by its
last four where a word says that they are the last ("ending in 0142"); and with one digit wrong, missing, too many or
swapped where enough are left that it can be no other.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from app.anonymise.known_text import KnownText, is_within, plain
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.variants.number_words import DIGITS, TEENS, TENS

LOCAL_DIGITS = 7
MIN_EXACT_DIGITS = 4
MIN_BARE_DIGITS = 6
"""So many digits of a record stand for it without its letters, and of a phone outside of America without its area."""
MIN_FUZZY_DIGITS = 8
"""From here on one slip is forgiven."""
LAST_DIGITS = 4
MAX_FUZZY_ENTRIES = 500
"""Of a longer list, numbers are found without slips alone: each run of digits would be compared with each of them."""
MAX_GAP_CHARS = 4
MAX_RUN_DIGITS = 24

_TOKEN = re.compile(r"\d|[^\W\d_]+")
_CUE = re.compile(r"\d+|\b(?:zero|oh|on?e|two|th?r?e?e|fou?r|fi?ve|six|sev|e?ig|nin|double|trip)", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*(?:ext|x|extension)\.?\s*\d+\s*$", re.IGNORECASE)
_LAST = re.compile(r"\b(?:last|ends?|ending|finish(?:es|ing)?)\b[^.!?\d]{0,24}$", re.IGNORECASE)
_REPEATS = {"double": 2, "triple": 3, "treble": 3}
_FILLERS = frozenset({"and", "then", "dash", "minus", "plus", "hyphen", "space", "area", "code"})
_LOOKALIKES = {"o": "0", "l": "1", "i": "1", "s": "5", "b": "8"}
"""Letters that stand for a digit between digits ("86O 555 0l42")."""
_WORDS = {**{word: str(value) for word, value in DIGITS.items()}, **{w: str(v) for w, v in TEENS.items()}}


_SPELLED = tuple(word for word in (*DIGITS, *TEENS, *TENS, *_REPEATS) if len(word) >= 4)  # noqa: PLR2004 - see below
MIN_SPELLED_CHARS = 4
"""A shorter word ("one", "six") is not looked for misspelt."""


class _Digit(NamedTuple):
    value: str
    start: int
    end: int


class KnownNumbers:
    """Finds known numbers. Built once for many texts; a list may be long."""

    def __init__(self, entries: Iterable[KnownText]) -> None:
        """Take entries with digits in them; those of other kinds are looked for as they stand."""
        self._by_tail: dict[str, list[tuple[str, KnownText]]] = {}
        self._whole: dict[str, KnownText] = {}
        self._last: dict[str, KnownText] = {}
        self._all: list[tuple[str, KnownText]] = []
        for entry in entries:
            digits = "".join(char for char in _EXTENSION.sub("", entry.text) if char.isdecimal())
            if len(digits) < MIN_EXACT_DIGITS:
                continue
            is_bare = not any(char.isalpha() for char in entry.text) or entry.label is Label.PHONE
            if is_bare or len(digits) >= MIN_BARE_DIGITS:
                for form in {digits, digits.lstrip("0") if len(digits.lstrip("0")) >= MIN_BARE_DIGITS else digits}:
                    self._whole.setdefault(form, entry)
                self._all.append((digits, entry))
            if entry.label is Label.PHONE and len(digits) > MIN_BARE_DIGITS and not entry.text.startswith("+1 "):
                self._whole.setdefault(digits[-MIN_BARE_DIGITS:], entry)  # a town's own numbers are shorter elsewhere
            self._last.setdefault(digits[-LAST_DIGITS:], entry)
            if entry.label is Label.PHONE and len(digits) >= LOCAL_DIGITS:
                self._by_tail.setdefault(digits[-LOCAL_DIGITS:], []).append((digits, entry))

    def find(self, text: str) -> Iterator[Span]:
        """Yield every known number of ``text``."""
        if not self._last or not _may_hold(text):
            return
        for run in _runs(text):
            yield from self._in_run(run, text)

    def _in_run(self, run: Sequence[_Digit], text: str) -> Iterator[Span]:
        digits = "".join(one.value for one in run)
        entry = self._whole.get(digits)
        if entry is None and len(digits) == LAST_DIGITS and _LAST.search(text, max(0, run[0].start - 48), run[0].start):
            entry = self._last.get(digits)
        if entry is not None:
            yield _span(run, 0, len(run), entry)
            return
        near = self._near(digits)
        if near is not None:
            yield _span(run, 0, len(run), near)
            return
        for start, end, known in self._tails(digits):
            yield _span(run, start, end, known)

    def _tails(self, digits: str) -> Iterator[tuple[int, int, KnownText]]:
        """Yield where the last seven digits of a phone stand, with what stands before them as far as it fits."""
        for place in range(len(digits) - LOCAL_DIGITS + 1):
            for known, entry in self._by_tail.get(digits[place : place + LOCAL_DIGITS], ()):
                start, left = place, len(known) - LOCAL_DIGITS
                while start and left and digits[start - 1] == known[left - 1]:
                    start, left = start - 1, left - 1
                # A trunk zero, or the two that dial abroad, belong to it as well.
                while start and digits[start - 1] == "0":
                    start -= 1
                yield start, place + LOCAL_DIGITS, entry

    def _near(self, digits: str) -> KnownText | None:
        if len(digits) < MIN_FUZZY_DIGITS - 1 or len(self._all) > MAX_FUZZY_ENTRIES:
            return None
        for known, entry in self._all:
            for form in _forms(known, entry):
                if len(form) >= MIN_FUZZY_DIGITS and is_within(digits, form, 1):
                    return entry
        return None


def _may_hold(text: str) -> bool:
    """Whether there are enough digits in a text, in signs or in words, that a number may stand there."""
    found = 0
    for match in _CUE.finditer(text):
        found += match.end() - match.start() if match[0][0].isdecimal() else 1
        if found >= MIN_EXACT_DIGITS:
            return True
    return False


def _forms(known: str, entry: KnownText) -> Iterator[str]:
    """Yield a number as it is dialled: from abroad, within the country with its trunk zero, and without both."""
    yield known
    if entry.label is Label.PHONE and entry.text.startswith("+"):
        country = re.match(r"\+(\d{1,3})[\s.-]", entry.text)
        if country is not None:
            national = known[len(country[1]) :]
            yield national
            yield f"0{national}"
            yield f"00{known}"


def _span(run: Sequence[_Digit], start: int, end: int, entry: KnownText) -> Span:
    return Span(run[start].start, run[end - 1].end, entry.label, Ground.KNOWN, entry.why)


def _runs(text: str) -> Iterator[list[_Digit]]:
    """Yield runs of digits, in signs and in words, with little between them."""
    run: list[_Digit] = []
    times, end, from_word = 1, 0, ""
    for match in _TOKEN.finditer(text):
        word, gap = plain(match.group()), text[end : match.start()]
        if run and (len(gap) > MAX_GAP_CHARS or "\n" in gap or len(run) >= MAX_RUN_DIGITS):
            yield run
            run, times = [], 1
        word = _near_word(word, run)
        if word in _REPEATS:
            times = _REPEATS[word]
        elif (value := _value(word, run, text, match)) is not None:
            if from_word in TENS and word in DIGITS and run and len(gap) <= 1:
                run[-1] = _Digit(value, run[-1].start, match.end())  # "fifty five" is 55, and not 505
            else:
                start = match.start()
                run += [_Digit(char, start, match.end()) for char in value * times]
            times = 1
        elif word == "hundred" and run:
            run += [_Digit("0", match.start(), match.end())] * 2
        elif word not in _FILLERS and run:
            yield run
            run, times = [], 1
        end, from_word = match.end(), word
    if run:
        yield run


def _near_word(word: str, run: Sequence[_Digit]) -> str:
    """Return the number that ``word`` misspells where one is likely: a long word, or behind other digits."""
    is_likely = len(word) > MIN_SPELLED_CHARS or (len(word) == MIN_SPELLED_CHARS and len(run) > 1)
    if not is_likely or word in _SPELLED:
        return word
    return next((known for known in _SPELLED if known[0] == word[0] and is_within(word, known, 1)), word)


def _value(word: str, run: Sequence[_Digit], text: str, match: re.Match[str]) -> str | None:
    """Return the digits that a token stands for, None for none."""
    if word.isdecimal():
        return word
    if word in TENS:
        return str(TENS[word])
    if word in _WORDS:
        return _WORDS[word]
    if len(word) <= 2 and all(char in _LOOKALIKES for char in word):  # noqa: PLR2004 - "O", "OO"
        before = bool(run) and run[-1].end == match.start()
        after = text[match.end() : match.end() + 1].isdecimal()
        if before or after or (word == "o" and run):
            return "".join(_LOOKALIKES[char] for char in word)
    return None
