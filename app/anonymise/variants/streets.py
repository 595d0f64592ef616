"""A known address, whole and in pieces: "12 elm st apt 4", "twelve Elm", "elm street", "Springfeild", "01101".

The street's name is found with its number, with its kind of street in any shortening, or behind a word of place; the
town by itself, misspelt too; the postal code by itself. The state may stay (45 CFR 164.514(b)(2)(i)(B)).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.anonymise.known_text import KnownText, is_within, plain
from app.anonymise.spans import Ground, Span
from app.anonymise.variants.number_words import DIGITS, ORDINALS, TEENS, TENS

MIN_NAME_CHARS = 3
MIN_FUZZY_CHARS = 5
MAX_GAP_CHARS = 3
MAX_WORDS = 8
"""Of a street's name with its direction and kind."""

_TOKEN = re.compile(r"\d+[a-z]?\b|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d+(?:st|nd|rd|th)\b", re.IGNORECASE)
_KINDS = (
    "street st str strasse straat stret", "avenue ave av avenu", "road rd raod", "drive dr", "lane ln", "court ct crt",
    "place pl", "boulevard blvd bvd", "terrace ter terr", "circle cir", "highway hwy", "parkway pkwy", "square sq",
    "crescent cres cresc", "gardens gdns", "close cl", "walk wk", "trail trl", "way wy", "calle c", "rue", "via", "row",
    "mews", "quay", "hill", "grove grv", "park pk",
)  # fmt: skip
_KIND_OF = {word: kinds.split()[0] for kinds in _KINDS for word in kinds.split()}
_DIRECTIONS = {"n": "north", "s": "south", "e": "east", "w": "west", "nw": "northwest", "ne": "northeast",
               "sw": "southwest", "se": "southeast"}  # fmt: skip
_DIRECTION_WORDS = frozenset(_DIRECTIONS) | frozenset(_DIRECTIONS.values())
_SHORT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "gt": "great"}
"""Words that begin names of streets, in short."""
_UNITS = frozenset({"apt", "apartment", "unit", "suite", "ste", "flat", "room", "rm", "floor", "fl", "no", "number"})
_PLACE_WORDS = frozenset({"on", "at", "in", "near", "off", "from", "to", "down", "along", "street", "of"})
_STATE_NAMES = """
al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc
sd tn tx ut vt va wa wv wi wy dc usa us uk england scotland wales ireland
"""
_STATES = frozenset(_STATE_NAMES.split())
_ZIP = re.compile(
    r"\b(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}|[A-Z]\d[A-Z]\s*\d[A-Z]\d|\d{4})\s*$", re.IGNORECASE
)
_SPELLED = {str(value): word for words in (DIGITS, TEENS, TENS, ORDINALS) for word, value in words.items()}


class _Token(NamedTuple):
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Street:
    """The pieces of one address. ``names`` are the words of the street without number, direction and kind."""

    entry: KnownText
    number: str
    names: tuple[str, ...]
    kind: str
    towns: tuple[tuple[str, ...], ...] = field(default=())
    code: str = ""


class KnownStreets:
    """Finds known addresses. Built once for many texts."""

    def __init__(self, entries: Iterable[KnownText]) -> None:
        """Take whole addresses; their parts are parted by commas or lines."""
        self._streets = [street for entry in entries if (street := _parse(entry)) is not None]
        self._first: dict[str, list[_Street]] = {}
        for street in self._streets:
            for first in {_first_of(street.names[0]), street.names[0][0]} if street.names else ():
                self._first.setdefault(first, []).append(street)
        self._towns: dict[str, list[tuple[tuple[str, ...], _Street]]] = {}
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
        tokens = _tokens(text)
        for place, (word, _start, _end) in enumerate(tokens):
            for street in self._first.get(word[0], ()):
                yield from _street_at(tokens, place, street, text)
            for town, street in self._towns.get(word[0], ()):
                last = _matched(tokens, place, town)
                if last is not None:
                    yield _span(tokens[place].start, tokens[last].end, street.entry)


def _tokens(text: str) -> list[_Token]:
    if text.isascii():
        lowered = text.lower()
        return [_Token(match[0].replace("'", ""), *match.span()) for match in _TOKEN.finditer(lowered)]
    return [_Token(_bare(match[0]), *match.span()) for match in _TOKEN.finditer(text)]


def _parse(entry: KnownText) -> _Street | None:
    parts = [part.strip() for part in re.split(r"[,\n]", entry.text) if part.strip()]
    code = next((match.group().strip() for part in reversed(parts) if (match := _ZIP.search(part))), "")
    if len(parts) == 1:  # nothing is parted: the postal code and what stands before it stay with the street
        parts = [_without(parts[0], code)]
    while len(parts) > 1 and _words(parts[0])[:1] and _words(parts[0])[0] in _UNITS:
        parts = parts[1:]  # "Flat 3, 28 Quay Street"
    words = _words(_without(parts[0], code)) if parts else []
    number, kind = "", ""
    names: list[str] = []
    for place, word in enumerate(words):
        if word in _UNITS and names:
            break
        if not number and not names and word[:1].isdigit() and not re.fullmatch(r"\d+(?:st|nd|rd|th)", word):
            number = word
        elif word in _KIND_OF and (names or place == 0):
            kind = _KIND_OF[word]
        elif word not in _DIRECTION_WORDS:
            names.append(word)
    if not number and names and names[-1].isdigit():  # "Calle Mayor 12"
        number = names.pop()
    towns = tuple(_town(part, code) for part in parts[1:])
    return _Street(entry, number, tuple(names), kind, tuple(town for town in towns if town), code)


def _words(part: str) -> list[str]:
    return [_bare(match[0]) for match in _TOKEN.finditer(part)]


def _bare(word: str) -> str:
    """Return a word without its apostrophe: "Aldate's" is written "aldates" as often."""
    return plain(word).replace("'", "")


def _without(part: str, code: str) -> str:
    return part.removesuffix(code) if code else part


def _town(part: str, code: str) -> tuple[str, ...]:
    words = [plain(word) for word in re.findall(r"[^\W\d_]+", _without(part, code))]
    if words and words[0] in _UNITS:
        return ()
    kept = tuple(word for word in words if word not in _STATES)
    return kept if kept and len("".join(kept)) > MIN_NAME_CHARS else ()


def _street_at(tokens: Sequence[_Token], place: int, street: _Street, text: str) -> Iterator[Span]:
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


def _matched(tokens: Sequence[_Token], place: int, names: Sequence[str]) -> int | None:
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


def _with_number(tokens: Sequence[_Token], place: int, street: _Street) -> tuple[int, bool]:
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
    if word in _DIRECTION_WORDS:
        return True
    return len(word) >= MIN_FUZZY_CHARS - 1 and any(is_within(word, known, 1) for known in _DIRECTIONS.values())


def _with_leading_kind(tokens: Sequence[_Token], start: int, street: _Street) -> tuple[int, bool]:
    """Return the same for streets whose kind stands before their name ("Calle Mayor")."""
    if start and street.kind in {"calle", "rue", "via"} and _KIND_OF.get(tokens[start - 1].word) == street.kind:
        return start - 1, True
    return start, False


def _with_kind(tokens: Sequence[_Token], last: int, street: _Street) -> tuple[int, bool]:
    following = last + 1
    if following < len(tokens) and _is_close(tokens, last):
        word = tokens[following].word
        if street.kind and _KIND_OF.get(word) == street.kind:
            return following, True
        if street.kind and len(word) >= MIN_FUZZY_CHARS and is_within(word, street.kind, 1):
            return following, True
        if word == street.number:  # "Calle Mayor 12"
            return following, True
    return last, False


def _with_unit_before(tokens: Sequence[_Token], start: int) -> int:
    """Return where an address begins with the apartment before it ("flat 3, 28 ...")."""
    is_unit = start > 1 and tokens[start - 2].word in _UNITS and _is_close(tokens, start - 1)
    return start - 2 if is_unit else start


def _with_unit(tokens: Sequence[_Token], last: int) -> int:
    """Return the last place with a direction and an apartment behind the street."""
    while last + 1 < len(tokens) and _is_close(tokens, last) and tokens[last + 1].word in _DIRECTIONS:
        last += 1
    if last + 2 < len(tokens) and _is_close(tokens, last) and tokens[last + 1].word in _UNITS:
        return last + 2
    return last


def _is_close(tokens: Sequence[_Token], place: int) -> bool:
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
