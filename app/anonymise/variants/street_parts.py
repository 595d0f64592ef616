"""A written address taken apart: number, street, kind of street, towns, postal code; and a text as its words. Pure."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from app.anonymise.known_text import KnownText, plain

MIN_NAME_CHARS = 3

TOKEN = re.compile(r"\d+[a-z]?\b|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d+(?:st|nd|rd|th)\b", re.IGNORECASE)
_KINDS = (
    "street st str strasse straat stret", "avenue ave av avenu", "road rd raod", "drive dr", "lane ln", "court ct crt",
    "place pl", "boulevard blvd bvd", "terrace ter terr", "circle cir", "highway hwy", "parkway pkwy", "square sq",
    "crescent cres cresc", "gardens gdns", "close cl", "walk wk", "trail trl", "way wy", "calle c", "rue", "via", "row",
    "mews", "quay", "hill", "grove grv", "park pk",
)  # fmt: skip
KIND_OF = {word: kinds.split()[0] for kinds in _KINDS for word in kinds.split()}
DIRECTIONS = {"n": "north", "s": "south", "e": "east", "w": "west", "nw": "northwest", "ne": "northeast",
               "sw": "southwest", "se": "southeast"}  # fmt: skip
DIRECTION_WORDS = frozenset(DIRECTIONS) | frozenset(DIRECTIONS.values())
UNITS = frozenset({"apt", "apartment", "unit", "suite", "ste", "flat", "room", "rm", "floor", "fl", "no", "number"})
_STATE_NAMES = """
al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc
sd tn tx ut vt va wa wv wi wy dc usa us uk england scotland wales ireland
"""
_STATES = frozenset(_STATE_NAMES.split())
_ZIP = re.compile(
    r"\b(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}|[A-Z]\d[A-Z]\s*\d[A-Z]\d|\d{4})\s*$", re.IGNORECASE
)


class Token(NamedTuple):
    """One word or number of a text, plain, and where it stands."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Street:
    """The pieces of one address. ``names`` are the words of the street without number, direction and kind."""

    entry: KnownText
    number: str
    names: tuple[str, ...]
    kind: str
    towns: tuple[tuple[str, ...], ...] = field(default=())
    code: str = ""


def tokens_of(text: str) -> list[Token]:
    """Return the words and numbers of a text, in order."""
    if text.isascii():
        lowered = text.lower()
        return [Token(match[0].replace("'", ""), *match.span()) for match in TOKEN.finditer(lowered)]
    return [Token(bare(match[0]), *match.span()) for match in TOKEN.finditer(text)]


def parse(entry: KnownText) -> Street:
    """Return the pieces of an address; whatever is written, some of them may be empty."""
    parts = [part.strip() for part in re.split(r"[,\n]", entry.text) if part.strip()]
    code = next((match.group().strip() for part in reversed(parts) if (match := _ZIP.search(part))), "")
    if len(parts) == 1:  # nothing is parted: the postal code and what stands before it stay with the street
        parts = [_without(parts[0], code)]
    while len(parts) > 1 and _words(parts[0])[:1] and _words(parts[0])[0] in UNITS:
        parts = parts[1:]  # "Flat 3, 28 Quay Street"
    words = _words(_without(parts[0], code)) if parts else []
    number, kind = "", ""
    names: list[str] = []
    for place, word in enumerate(words):
        if word in UNITS and names:
            break
        if not number and not names and word[:1].isdigit() and not re.fullmatch(r"\d+(?:st|nd|rd|th)", word):
            number = word
        elif word in KIND_OF and (names or place == 0):
            kind = KIND_OF[word]
        elif word not in DIRECTION_WORDS:
            names.append(word)
    if not number and names and names[-1].isdigit():  # "Calle Mayor 12"
        number = names.pop()
    towns = tuple(_town(part, code) for part in parts[1:])
    return Street(entry, number, tuple(names), kind, tuple(town for town in towns if town), code)


def _words(part: str) -> list[str]:
    return [bare(match[0]) for match in TOKEN.finditer(part)]


def bare(word: str) -> str:
    """Return a word without its apostrophe: "Aldate's" is written "aldates" as often."""
    return plain(word).replace("'", "")


def _without(part: str, code: str) -> str:
    return part.removesuffix(code) if code else part


def _town(part: str, code: str) -> tuple[str, ...]:
    words = [plain(word) for word in re.findall(r"[^\W\d_]+", _without(part, code))]
    if words and words[0] in UNITS:
        return ()
    kept = tuple(word for word in words if word not in _STATES)
    return kept if kept and len("".join(kept)) > MIN_NAME_CHARS else ()
