"""What a reply may state: the numbers, names and addresses of its sources, in the form in which a text is followed."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from app.inference.common_words import COMMON_WORDS

_VALUES: Final = {
    "zero": "0", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
    "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30",
    "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
}  # fmt: skip
_BARE: Final = ("hundred", "thousand", "million", "dozen", "twice", "thrice", "fortnight", "noon", "midnight")
NUMBER_WORDS: Final = frozenset((*_VALUES, *_BARE))
"""Numbers in words, English. "One" is left out: it is a pronoun more often than a number."""

MIN_GROUPED_DIGITS: Final = 7
"""Groups of digits with this many in all are one telephone number or one id: no part of it stands alone."""

_RUN = re.compile(r"\d+(?:[.,:/]\d+)*")
_GROUPED = re.compile(r"\(?\d{1,5}\)?(?:[-\s().\u00a0\u2011]{1,3}\d{2,8})+")
_YEARS = re.compile(r"(?:19|20)\d{2}")
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"\S*@\S+|\S*://\S+|www\.\S+|[\w-]{3,}(?:\.[\w-]+)*\.[a-z]{2,}\S*", re.IGNORECASE)
_ALWAYS: Final = ("i", "ok", "mr", "mrs", "ms", "dr")

Node = int


class FactBasis:
    """Immutable. Numbers stand in a tree of characters, words in sets of whole words and of their beginnings."""

    def __init__(self, facts: Sequence[str], names: Sequence[str], marks: frozenset[str]) -> None:
        self.marks = marks
        self.addresses = frozenset(_addresses(facts))
        self._edges: list[dict[str, Node]] = [{}]
        self._whole: set[Node] = set()
        self._gaps: set[Node] = set()
        for text in facts:
            self._add_numbers(text)
        words = {word.lower() for text in (*facts, *names) for word in _WORD.findall(text)}
        self._fact_words = frozenset(word.lower() for text in facts for word in _WORD.findall(text))
        self._words = frozenset(words) | frozenset(_ALWAYS)
        self._beginnings = _beginnings(self._words)

    def __repr__(self) -> str:
        return f"<FactBasis {len(self._edges)} nodes>"

    # -- numbers -----------------------------------------------------------------------------------------------

    def follow(self, nodes: Iterable[Node], char: str) -> frozenset[Node]:
        """Return where a number goes on from ``nodes`` with ``char``; node 0 is before its first character."""
        return frozenset(self._edges[node][char] for node in nodes if char in self._edges[node])

    def any_whole(self, nodes: Iterable[Node]) -> bool:
        """Return whether a number of the basis ends at one of ``nodes``."""
        return not self._whole.isdisjoint(nodes)

    def with_gap(self, nodes: frozenset[Node]) -> frozenset[Node]:
        """Return those of ``nodes`` behind which the groups of one number may stand apart."""
        return nodes & self._gaps

    def allows_number_word(self, word: str) -> bool:
        """Return whether a number in words may be stated: in words or in digits it stands in the basis."""
        if word in self._fact_words:
            return True
        value = _VALUES.get(word)
        return value is not None and self._holds(value)

    # -- words -------------------------------------------------------------------------------------------------

    def begins_name(self, word: str, *, at_start: bool) -> bool:
        """Return whether a word with a capital may go on as ``word``; any common word may begin a sentence."""
        lower = word.lower()
        return lower in self._beginnings or (at_start and lower in _COMMON_BEGINNINGS)

    def is_name(self, word: str, *, at_start: bool) -> bool:
        """Return whether ``word`` with a capital may stand as it is."""
        lower = word.lower()
        return lower in self._words or (at_start and lower in COMMON_WORDS)

    def has_longer(self, word: str) -> bool:
        """Return whether a word of the basis goes on behind ``word``."""
        return any(len(longer) > len(word) and longer.startswith(word) for longer in self._words)

    def _add_numbers(self, text: str) -> None:
        grouped = [match for match in _GROUPED.finditer(text) if _is_grouped(match.group())]
        for match in grouped:
            self._add_grouped(re.findall(r"\d+", match.group()))
        for match in _RUN.finditer(text):
            if any(group.start() <= match.start() < group.end() for group in grouped):
                continue
            self._add_run(match.group())
            if "," in match.group():
                self._add_run(match.group().replace(",", ""))

    def _add_run(self, run: str) -> None:
        node = 0
        for char in run:
            node = self._child(node, char)
        self._whole.add(node)

    def _add_grouped(self, groups: Sequence[str]) -> None:
        node = 0
        for place, group in enumerate(groups):
            for char in group:
                node = self._child(node, char)
            if place < len(groups) - 1:
                self._gaps.add(node)
        self._whole.add(node)

    def _child(self, node: Node, char: str) -> Node:
        if char not in self._edges[node]:
            self._edges[node][char] = len(self._edges)
            self._edges.append({})
        return self._edges[node][char]

    def _holds(self, run: str) -> bool:
        nodes = frozenset((0,))
        for char in run:
            nodes = self.follow(nodes, char)
        return self.any_whole(nodes)


def _is_grouped(text: str) -> bool:
    groups = re.findall(r"\d+", text)
    if all(_YEARS.fullmatch(group) for group in groups):
        return False  # "2019-2021"
    return sum(map(len, groups)) >= MIN_GROUPED_DIGITS


def _addresses(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        for match in _ADDRESS.finditer(text):
            yield match.group().lower().strip("(<[\"'").rstrip(".,;:!?)]>'\"")


def _beginnings(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word[:end] for word in words for end in range(1, len(word) + 1))


_COMMON_BEGINNINGS: Final = _beginnings(COMMON_WORDS)
