"""The emergency interlock: does a message hold one of the phrases that an office has read and signed? Pure.

A fixed list and no model. It only ever raises: no hit means "nothing of the list was found", never "not urgent".
Negation is not understood on purpose: "I have no chest pain" raises, and a person looks.

A word of the list matches a word of the message that is the same after folding (case, accents, invisible characters,
look-alike letters, doubled letters, apostrophes), or that is a likely misspelling of it: Damerau-Levenshtein distance 1
from ``FUZZY_CHARS`` letters on, 2 from ``VERY_FUZZY_CHARS`` on when the first letter is right. Two words run together,
and one word torn in two, match as well. Between the words of a phrase may stand ``gap`` others. The time taken grows
linearly with the message.

A file may name ``confusable`` words: "overdue" is never a misspelling of "overdose".

Source: product requirements §1.1 (emergency interlock); Regulation (EU) 2024/1689, Annex III 5(d), which is why there
is no model and nothing is ever ranked down.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import pairwise, product
from operator import or_

from app.domain.folding import FoldedWord, fold_word, folded_words, without_repeats

FUZZY_CHARS = 4
"""Shorter words ("die", "ice") have too many neighbours: they must be spelt right."""

VERY_FUZZY_CHARS = 8
_SHORTEST_FUZZY = 3
_INDEXED_CHARS = 7
"""Words are looked up by their beginning: at most 29 look-ups a word (1 + 7 + 21), whatever its length."""

_JOINED_CHARS = 6
"""Shortest two words that are also looked for without the space between them."""

_JOINED_PAIRS = 600
"""Two slots with more pairs than these (long lists of relatives and papers) are looked for apart only."""


@dataclass(frozen=True, slots=True)
class EmergencyPhrase:
    """One line of the list.

    ``variants``: each is a sequence of slots, each slot the words that may stand there, folded. ``gap``: how many other
    words may stand between two slots.
    """

    phrase_id: str
    kind: str
    variants: tuple[tuple[tuple[str, ...], ...], ...]
    gap: int


@dataclass(frozen=True, slots=True)
class InterlockHit:
    """The first place of a message where a phrase stands: half-open, in code points, in the original text."""

    phrase_id: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Place:
    """One slot of one variant."""

    variant: int
    slot: int


@dataclass(frozen=True, slots=True)
class _Variant:
    phrase: int
    length: int
    gap: int
    slots_mask: int


@dataclass(slots=True)
class _Reached:
    """How far a variant has matched: position of its newest word, and where its first one begins in the text."""

    position: int
    start: int


@lru_cache(maxsize=8_192)
def _fold_listed(word: str) -> str:
    """Fold a word of a list: books say the same words again and again. Words of messages are never remembered."""
    return fold_word(word)


class PhraseMatcher:
    """Finds the phrases of one or more lists in a message."""

    def __init__(self, phrases: Iterable[EmergencyPhrase], confusable: Mapping[str, frozenset[str]]) -> None:
        """Prepare the look-up; ``confusable``: a folded word of the list -> folded words that are no misspelling."""
        self._phrases = tuple(phrases)
        self._variants: list[_Variant] = []
        self._places: dict[str, list[_Place]] = {}
        self._masks: dict[str, int] = {}
        self._letters: dict[str, int] = {}
        self._joined: dict[str, tuple[str, str]] = {}
        self._confusable = confusable
        self._build()
        self._whole = _Lookup({word: _allowed(chars) for word, chars in self._letters.items()})
        self._torn = frozenset(word for word, chars in self._letters.items() if chars >= FUZZY_CHARS)

    def find(self, text: str) -> tuple[InterlockHit, ...]:
        """Return the first hit of every phrase that stands in the text, by its place."""
        words = self._parted(folded_words(text))
        sightings = self._sightings(words)
        seen = reduce(or_, (self._masks[word] for _, _, found in sightings for word in found), 0)
        possible = {number for number, variant in enumerate(self._variants) if variant.slots_mask & ~seen == 0}
        if not possible:
            return ()
        return self._walk(words, sightings, possible)

    # -- preparing ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        bit = 1
        joinable: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
        for number, phrase in enumerate(self._phrases):
            for slots in phrase.variants:
                variant, mask = len(self._variants), 0
                bits = []
                for place, alternatives in enumerate(slots):
                    here = _Place(variant, place)  # one for all words: a large book has 50,000 of them
                    for word in alternatives:
                        self._add(word, here, bit)
                    bits.append(bit)
                    mask |= bit
                    bit <<= 1
                joinable.update(pairwise(slots))
                self._variants.append(_Variant(number, len(slots), phrase.gap, mask))

        for before, after in sorted(joinable):  # many phrases share their pairs of slots
            if len(before) * len(after) <= _JOINED_PAIRS:
                self._join(before, after)

    def _join(self, before: tuple[str, ...], after: tuple[str, ...]) -> None:
        """Note how the words of two neighbouring slots look when they run together."""
        for one, other in product(map(_fold_listed, before), tuple(map(_fold_listed, after))):
            joined = one + other
            if len(joined) >= _JOINED_CHARS and joined.isalpha():
                self._joined[without_repeats(joined)] = (one, other)

    def _add(self, word: str, place: _Place, mask: int) -> None:
        folded = _fold_listed(word)
        self._letters[folded] = max(len(word), self._letters.get(folded, 0))
        self._masks[folded] = self._masks.get(folded, 0) | mask
        self._places.setdefault(folded, []).append(place)

    # -- finding ------------------------------------------------------------------------------------------------

    def _parted(self, words: Sequence[FoldedWord]) -> list[FoldedWord]:
        """Return the words with "chestpain" as two, both at the place of the one."""
        parted: list[FoldedWord] = []
        for word in words:
            two = self._joined.get(word.text)
            if two is None or word.text in self._places:
                parted.append(word)
            else:
                parted += [FoldedWord(one, word.start, word.end) for one in two]
        return parted

    def _sightings(self, words: Sequence[FoldedWord]) -> list[tuple[int, int, tuple[str, ...]]]:
        """Return (first position, last position, words of the list) for all that looks like one, by last position."""
        known: dict[str, tuple[str, ...]] = {}
        found: list[tuple[int, int, tuple[str, ...]]] = []
        before = ""
        for position, word in enumerate(words):
            token = word.text
            if before:
                torn = before + token if before[-1] != token[0] else before + token[1:]
                if torn in self._torn and torn not in {before, token}:
                    found.append((position - 1, position, (torn,)))
            likely = known.get(token)
            if likely is None:
                likely = known[token] = self._likely(token)
            if likely:
                found.append((position, position, likely))
            before = token
        return found

    def _likely(self, token: str) -> tuple[str, ...]:
        return tuple(
            word for word in self._whole.near(token) if word == token or token not in self._confusable.get(word, ())
        )

    def _walk(
        self, words: Sequence[FoldedWord], sightings: Sequence[tuple[int, int, tuple[str, ...]]], possible: set[int]
    ) -> tuple[InterlockHit, ...]:
        reached: dict[tuple[int, int], _Reached] = {}
        hits: dict[int, InterlockHit] = {}
        for first, last, found in sightings:
            places = [place for word in found for place in self._places[word] if place.variant in possible]
            # Later slots first: one word must not stand for two slots of the same phrase.
            for place in sorted(places, key=lambda place: -place.slot):
                start = self._start_of(place, words, first, reached)
                if start is None:
                    continue
                variant = self._variants[place.variant]
                if place.slot + 1 < variant.length:
                    reached[place.variant, place.slot] = _Reached(last, start)
                elif variant.phrase not in hits:
                    phrase = self._phrases[variant.phrase]
                    hits[variant.phrase] = InterlockHit(phrase.phrase_id, phrase.kind, start, words[last].end)
        return tuple(sorted(hits.values(), key=lambda hit: (hit.start, hit.end, hit.phrase_id)))

    def _start_of(
        self, place: _Place, words: Sequence[FoldedWord], first: int, reached: Mapping[tuple[int, int], _Reached]
    ) -> int | None:
        if place.slot == 0:
            return words[first].start
        before = reached.get((place.variant, place.slot - 1))
        if before is None or not 0 < first - before.position <= self._variants[place.variant].gap + 1:
            return None
        return before.start


class _Lookup:
    """Finds the words of a list that a token is, or is a likely misspelling of.

    Every word is filed under its beginning with up to two letters left out; a token is looked up the same way, and what
    comes back is measured (Garbe's symmetric deletes, cut to ``_INDEXED_CHARS``).
    """

    def __init__(self, allowed: Mapping[str, int]) -> None:
        self._allowed = allowed
        self._deepest = max(allowed.values(), default=0)
        self._longest = max(map(len, allowed), default=0) + self._deepest
        self._filed: dict[str, list[str]] = {}
        self._slips: dict[str, list[str]] = {}
        for word, distance in allowed.items():
            for slip in _slips(word) if distance else ():
                if not is_within(slip, word, distance):
                    self._slips.setdefault(slip, []).append(word)
            for key in _shortened(word[:_INDEXED_CHARS], distance):
                self._filed.setdefault(key, []).append(word)

    def near(self, token: str) -> tuple[str, ...]:
        """Return the words that a token stands for; a token of one or two letters is only ever itself."""
        if not _SHORTEST_FUZZY <= len(token) <= self._longest:
            return (token,) if token in self._allowed else ()
        depth = min(self._deepest, 1 if len(token) < VERY_FUZZY_CHARS - 3 else 2)
        candidates: set[str] = set()
        for key in _shortened(token[:_INDEXED_CHARS], depth):
            filed = self._filed.get(key)
            if filed is not None:
                candidates.update(filed)
        likely = {word for word in candidates if self._is_like(token, word)}
        return tuple(sorted(likely.union(self._slips.get(token, ()))))

    def _is_like(self, token: str, word: str) -> bool:
        allowed = self._allowed[word]
        return is_within(token, word, allowed if token[0] == word[0] else min(1, allowed))


def _allowed(letters: int) -> int:
    if letters < FUZZY_CHARS:
        return 0
    return 1 if letters < VERY_FUZZY_CHARS else 2


def _shortened(word: str, depth: int) -> set[str]:
    """Return a word with up to ``depth`` of its letters left out."""
    shortened = {word}
    edge = {word}
    for _ in range(depth):
        edge = {one[:place] + one[place + 1 :] for one in edge for place in range(len(one))}
        shortened |= edge
    return shortened


def _slips(word: str) -> set[str]:
    """Return what is left of a word when one slip makes two letters equal that then fold into one: "morr" for "morir".

    One slip then looks like two, so these are looked up as they are.
    """
    slips = {word[:place] + word[place + 1 :] for place in range(len(word))}
    slips |= {word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(len(word) - 1)}
    folded = {without_repeats(slip) for slip in slips} - slips
    return {slip for slip in folded if len(slip) >= _SHORTEST_FUZZY}


def is_within(one: str, other: str, distance: int) -> bool:
    """Say whether the Damerau-Levenshtein distance (neighbours swapped count 1) is at most ``distance``."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > distance:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        oldest, before, row = before, row, [place]
        for column, against in enumerate(other, start=1):
            cost = min(before[column] + 1, row[column - 1] + 1, before[column - 1] + (letter != against))
            if place > 1 and column > 1 and letter == other[column - 2] and one[place - 2] == against:
                cost = min(cost, oldest[column - 2] + 1)
            row.append(cost)
        if min(row) > distance:
            return False
    return row[-1] <= distance
