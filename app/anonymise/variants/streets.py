"""A known address, whole and in pieces: "12 elm st apt 4", "twelve Elm", "elm street", "Springfeild", "01101".

The street's name is found with its number, with its kind of street in any shortening, or behind a word of place; the
town by itself, misspelt too; the postal code by itself. The state may stay (45 CFR 164.514(b)(2)(i)(B)).
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from app.anonymise.known_text import KnownText, is_within
from app.anonymise.spans import Ground, Span
from app.anonymise.variants.number_words import DIGITS, ORDINALS, TEENS, TENS
from app.anonymise.variants.street_parts import (
    DIRECTION_WORDS,
    DIRECTIONS,
    KIND_OF,
    MIN_NAME_CHARS,
    UNITS,
    Street,
    Token,
    parse,
    tokens_of,
)

MIN_FUZZY_CHARS = 5
MAX_GAP_CHARS = 3

_SHORT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "gt": "great"}
"""Words that begin names of streets, in short."""
_PLACE_WORDS = frozenset({"on", "at", "in", "near", "off", "from", "to", "down", "along", "street", "of"})
_SPELLED = {str(value): word for words in (DIGITS, TEENS, TENS, ORDINALS) for word, value in words.items()}


class KnownStreets:
    """Finds known addresses. Built once for many texts."""

    def __init__(self, entries: Iterable[KnownText]) -> None:
        """Take whole addresses; their parts are parted by commas or lines."""
        self._streets = [parse(entry) for entry in entries]
        self._first: dict[str, list[Street]] = {}
        for street in self._streets:
            for first in {_first_of(street.names[0]), street.names[0][0]} if street.names else ():
                self._first.setdefault(first, []).append(street)
        self._towns: dict[str, list[tuple[tuple[str, ...], Street]]] = {}
        for street in self._streets:
            for town in street.towns:
                self._towns.setdefault(town[0][0], []).append((town, street))
        self._codes = [(_code_pattern(street.code), street.entry) for street in self._streets if street.code]

    def find(self, text: str) -> Iterator[Span]:
        """Yield every known address of ``text``, and what stands of it alone."""
        if not self._streets:
            return
        for pattern, entry in self._codes:
            for match in pattern.finditer(text):
                yield _span(match.start(), match.end(), entry)
        tokens = tokens_of(text)
        for place, (word, _start, _end) in enumerate(tokens):
            for street in self._first.get(word[0], ()):
                yield from _street_at(tokens, place, street, text)
            for town, street in self._towns.get(word[0], ()):
                last = _matched(tokens, place, town)
                if last is not None:
                    yield _span(tokens[place].start, tokens[last].end, street.entry)


def _street_at(tokens: Sequence[Token], place: int, street: Street, text: str) -> Iterator[Span]:
    """Yield the street whose name begins at ``place``, with what belongs to it before and behind."""
    end = _matched(tokens, place, street.names)
    if end is None:
        return
    start, has_number = _with_number(tokens, place, street)
    last, has_kind = _with_kind(tokens, end, street)
    before = tokens[place - 1].word if place else ""
    is_named = len("".join(street.names)) > MIN_NAME_CHARS and before in _PLACE_WORDS
    is_written = text[tokens[place].start].isupper() and place > 0
    if has_number or has_kind or (is_named and (is_written or len(street.names[0]) >= MIN_FUZZY_CHARS)):
        start = _with_unit_before(tokens, start)
        yield _span(tokens[start].start, tokens[_with_unit(tokens, last)].end, street.entry)


def _matched(tokens: Sequence[Token], place: int, names: Sequence[str]) -> int | None:
    """Return the place of the last word of ``names`` when they begin at ``place``, misspelt where they are long."""
    if place + len(names) > len(tokens):
        return None
    here = tokens[place : place + len(names)]
    for token, name in zip(here, names, strict=True):
        if token.word != name and not _is_near(token.word, name):
            return None
    return place + len(names) - 1


def _is_near(word: str, name: str) -> bool:
    if word[0] == name[0] and len(name) >= MIN_FUZZY_CHARS and is_within(word, name, 1):
        return True
    if _SHORT.get(word, word) == _SHORT.get(name, name):
        return True
    return (name in ORDINALS or name[0].isdecimal()) and _ordinal(word) == _ordinal(name)


def _first_of(name: str) -> str:
    """Return the sign that the other way of writing an ordinal begins with."""
    if name in ORDINALS:
        return str(ORDINALS[name])[0]
    ordinal = re.fullmatch(r"(\d+)(?:st|nd|rd|th)", name)
    words = [word for word, value in ORDINALS.items() if ordinal and value == int(ordinal[1])]
    return words[0][0] if words else name[0]


def _ordinal(word: str) -> str:
    """Return "5th" for "fifth", and any other word as it is."""
    if word in ORDINALS:
        return f"{ORDINALS[word]}th"
    return re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "th", word)


def _with_number(tokens: Sequence[Token], place: int, street: Street) -> tuple[int, bool]:
    """Return where the address begins, past a direction, and whether its number is there."""
    start = place
    while start and _is_close(tokens, start - 1) and _is_direction(tokens[start - 1].word):
        start -= 1
    if not street.number or not start or not _is_close(tokens, start - 1):
        return _with_leading_kind(tokens, start, street)
    word = tokens[start - 1].word
    if word == street.number or _SPELLED.get(street.number) == word or _SPELLED.get(word) == street.number:
        return start - 1, True
    tens = tokens[start - 2].word if start > 1 else ""
    if TENS.get(tens, 0) + DIGITS.get(word, 0) == int(re.sub(r"\D", "", street.number) or -1) and tens in TENS:
        return start - 2, True
    return _with_leading_kind(tokens, start, street)


def _is_direction(word: str) -> bool:
    if word in DIRECTION_WORDS:
        return True
    return len(word) >= MIN_FUZZY_CHARS - 1 and any(is_within(word, known, 1) for known in DIRECTIONS.values())


def _with_leading_kind(tokens: Sequence[Token], start: int, street: Street) -> tuple[int, bool]:
    """Return the same for streets whose kind stands before their name ("Calle Mayor")."""
    if start and street.kind in {"calle", "rue", "via"} and KIND_OF.get(tokens[start - 1].word) == street.kind:
        return start - 1, True
    return start, False


def _with_kind(tokens: Sequence[Token], last: int, street: Street) -> tuple[int, bool]:
    following = last + 1
    if following < len(tokens) and _is_close(tokens, last):
        word = tokens[following].word
        if street.kind and KIND_OF.get(word) == street.kind:
            return following, True
        if street.kind and len(word) >= MIN_FUZZY_CHARS and is_within(word, street.kind, 1):
            return following, True
        if word == street.number:  # "Calle Mayor 12"
            return following, True
    return last, False


def _with_unit_before(tokens: Sequence[Token], start: int) -> int:
    """Return where an address begins with the apartment before it ("flat 3, 28 ...")."""
    is_unit = start > 1 and tokens[start - 2].word in UNITS and _is_close(tokens, start - 1)
    return start - 2 if is_unit else start


def _with_unit(tokens: Sequence[Token], last: int) -> int:
    """Return the last place with a direction and an apartment behind the street."""
    while last + 1 < len(tokens) and _is_close(tokens, last) and tokens[last + 1].word in DIRECTIONS:
        last += 1
    if last + 2 < len(tokens) and _is_close(tokens, last) and tokens[last + 1].word in UNITS:
        return last + 2
    return last


def _is_close(tokens: Sequence[Token], place: int) -> bool:
    """Whether little stands between the token at ``place`` and the next."""
    return tokens[place + 1].start - tokens[place].end <= MAX_GAP_CHARS


def _code_pattern(code: str) -> re.Pattern[str]:
    """Return a pattern of a postal code, however it is spaced; of a ZIP+4 the first five stand alone as well."""
    first, _dash, rest = code.partition("-")
    signs = r"\s?".join(map(re.escape, first.replace(" ", "")))
    return re.compile(
        rf"(?<![\w-]){signs}(?:-?{re.escape(rest)})?(?!\w|-\d)" if rest else rf"(?<![\w-]){signs}(?!\w)", re.IGNORECASE
    )


def _span(start: int, end: int, entry: KnownText) -> Span:
    return Span(start, end, entry.label, Ground.KNOWN, f"{entry.why}.part")
