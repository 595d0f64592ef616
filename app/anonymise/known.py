"""What the office itself knows: contacts, staff, deny-lists, in all their variants and misspellings.

A name is found whole or in parts ("Jorge Alvarez", "Alvarez", "jorge", "Mr. Alvares"), in any case, with accents or
without, with letters swapped, doubled, left out. Numbers are found however they are grouped. Offices add lists of
their own; each entry is matched exactly, and fuzzily when it is long enough that a misspelling cannot be another
word.
"""

import re
from collections.abc import Iterable, Iterator

from app.anonymise.known_text import KnownText, is_within, plain
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.variants import KnownDays, KnownMail, KnownNicknames, KnownNumbers, KnownStreets

__all__ = ["KnownIndex", "KnownText", "is_within"]

MIN_PART_CHARS = 3
"""A shorter part of a name ("Al", "Bo") is only found together with the rest of it."""
MIN_FUZZY_CHARS = 5
"""From here on one slip is forgiven, from ``TWO_SLIPS_CHARS`` on two."""
TWO_SLIPS_CHARS = 9

NUMBERED = frozenset({Label.PHONE, Label.ID, Label.CARD, Label.IBAN})
"""Labels whose entries are found by their digits, however these are written."""
KEY_CHARS = 5
"""Letters and digits at the beginning of an entry that a text must hold before the whole of it is looked for."""
MAX_REMEMBERED = 20_000
"""Words of texts whose comparison with all known names is remembered."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_INITIAL = re.compile(r"(?<!\w)([^\W\d_])(?:\.\s?|\s)$")
_SIGNS = re.compile(r"[^\W_]+")
_NOT_NAMES = frozenset(
    {"the", "and", "von", "van", "der", "del", "los", "las", "mrs", "miss", "dr", "prof", "sir", "señor", "doctor"}
)


class KnownIndex:
    """Finds known texts. Built once per conversation or list; searching is linear in the text, lists may be long."""

    def __init__(self, known: Iterable[KnownText]) -> None:
        self._words: dict[str, KnownText] = {}
        self._fuzzy: dict[tuple[str, int], list[tuple[int, str, KnownText]]] = {}
        self._near_words: dict[str, KnownText | None] = {}
        self._wholes: dict[str, list[_Whole]] = {}
        self._short_wholes: list[_Whole] = []
        entries = tuple(known)
        for entry in entries:
            self._add(entry)
        self._variants = (
            KnownDays(entry for entry in entries if entry.label is Label.DATE),
            KnownNumbers(entry for entry in entries if entry.label in NUMBERED),
            KnownStreets(entry for entry in entries if entry.label is Label.ADDRESS),
            KnownMail(entry for entry in entries if entry.label is Label.EMAIL),
            KnownNicknames(entries, self._part_of),
        )

    def find(self, text: str) -> Iterator[Span]:
        """Yield every known text in ``text``, whole, in parts and in the forms of its kind."""
        for variants in self._variants:
            yield from variants.find(text)
        for whole in self._possible_wholes(text):
            for match in whole.pattern.finditer(text):
                yield Span(*match.span(), whole.entry.label, Ground.KNOWN, whole.entry.why)
        if not self._words:
            return
        for match in _WORD.finditer(text):
            for start, end, word in _readings(match):
                found = self._part_of(word)
                if found is not None:
                    yield Span(_with_initial(text, start, found), end, found.label, Ground.KNOWN, f"{found.why}.part")
                    break

    def _part_of(self, word: str) -> KnownText | None:
        """Return the person of whose name ``word`` is a part, misspelt or not."""
        return self._words.get(word) or self._near(word)

    def _possible_wholes(self, text: str) -> Iterator["_Whole"]:
        """Yield the entries that ``text`` may hold: those whose beginning stands in its letters and digits."""
        yield from self._short_wholes
        if self._wholes:
            signs = _signs(text)
            keys = {signs[place : place + KEY_CHARS] for place in range(len(signs) - KEY_CHARS + 1)}
            for key in sorted(keys & self._wholes.keys()):
                yield from self._wholes[key]

    def _add(self, entry: KnownText) -> None:
        if re.search(r"[^\W_]", entry.text):
            key = _signs(entry.text)[:KEY_CHARS]
            group = self._wholes.setdefault(key, []) if len(key) == KEY_CHARS else self._short_wholes
            group.append(_Whole(entry))
        if entry.label is not Label.PERSON:
            return
        for match in _WORD.finditer(entry.text):
            word = plain(match.group())
            if len(word) >= MIN_PART_CHARS and word not in _NOT_NAMES and word not in self._words:
                self._words[word] = entry
                if len(word) >= MIN_FUZZY_CHARS:
                    self._fuzzy.setdefault((word[0], len(word)), []).append((_letters(word), word, entry))

    def _near(self, word: str) -> KnownText | None:
        """Return the known name that ``word`` misspells: same first letter, and few enough slips for its length."""
        if len(word) < MIN_FUZZY_CHARS - 1 or not self._fuzzy:
            return None
        if word not in self._near_words:
            if len(self._near_words) >= MAX_REMEMBERED:
                self._near_words.clear()
            self._near_words[word] = self._look_near(word)
        return self._near_words[word]

    def _look_near(self, word: str) -> KnownText | None:
        letters = _letters(word)
        for length in range(len(word) - 2, len(word) + 3):
            slips = 2 if length >= TWO_SLIPS_CHARS else 1
            for others, name, entry in self._fuzzy.get((word[0], length), ()):
                # Each slip changes at most two letters of the alphabet that a word has.
                if (letters ^ others).bit_count() <= 2 * slips and is_within(name, word, slips):
                    return entry
        return None


class _Whole:
    """An entry, and the pattern of the whole of it, made when a text first holds its beginning."""

    def __init__(self, entry: KnownText) -> None:
        self.entry = entry
        self._pattern: re.Pattern[str] | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        """Its parts in order, loosely, with little between them."""
        if self._pattern is None:
            parts = re.findall(r"[^\W_]+", self.entry.text)
            whole = r"[\W_]{0,3}".join(_loosely(part) for part in parts)
            self._pattern = re.compile(rf"(?<!\w){whole}(?!\w)", re.IGNORECASE)
        return self._pattern


def _with_initial(text: str, start: int, entry: KnownText) -> int:
    """Return where a part of a name begins, with an initial of another part before it ("R. Melor")."""
    match = _INITIAL.search(text, max(0, start - 5), start)
    if match is None:
        return start
    others = {plain(part)[0] for part in _WORD.findall(entry.text)}
    return match.start(1) if plain(match[1]) in others else start


def _readings(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """The word itself, and without a possessive or plural ending ("Alvarez's", "the Alvarezes")."""
    word = plain(match.group())
    yield match.start(), match.end(), word
    for ending in ("'s", "s", "es"):
        if word.endswith(ending) and len(word) > len(ending) + MIN_PART_CHARS:
            yield match.start(), match.end() - len(ending), word.removesuffix(ending)


def _signs(text: str) -> str:
    """Return the letters and digits of ``text``, plain, and nothing between them."""
    if not text.isascii():
        text = plain(text)
    return "".join(_SIGNS.findall(text)).casefold()


def _letters(word: str) -> int:
    """Return which letters ``word`` has, as a set of bits; different letters may share one."""
    bits = 0
    for char in word:
        bits |= 1 << (ord(char) % 64)
    return bits


def _loosely(part: str) -> str:
    """Return a pattern for ``part``: letters with or without accents, digits however they are grouped."""
    between = r"[\s().-]{0,2}" if part.isdigit() else ""
    return between.join(_letter(char) for char in part)


def _letter(char: str) -> str:
    bare = plain(char)
    if bare and bare != char.casefold():
        return f"(?:{re.escape(char)}|{re.escape(bare)})"
    return re.escape(char)
