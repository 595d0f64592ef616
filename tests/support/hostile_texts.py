"""Hostile, broken and random texts by seed; the same ones in every run. Only invented people."""

import random
import string
from collections.abc import Callable
from dataclasses import dataclass, field

IDENTIFIERS = (
    "jorge.alvarez@example.org",
    "quillfeather42@example.com",
    "4111 1111 1111 1111",
    "5555-5555-5555-4444",
    "(860) 555-0123",
    "860-555-0199",
    "GB29 NWBK 6016 1331 9268 19",
    "219-09-9999",
    "https://example.org/patients/77120",
)
KNOWN_NAME = "Zephyrina Quillfeather"
"""Told to the anonymiser as known, so that names are found without a trained pipeline."""

_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f"
_DIRECTIONS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f"
_LOOK_ALIKES = dict(zip("aceopxyABCEHIKMOPTX", "асеорхуАВСЕНІКМОРТХ", strict=True))  # noqa: RUF001
_BREAKS = ("\udfff", "\ud83d", "\0", "\r", "\x1b[2J", "\x85")
_KILLERS = ("1.1.1.1 ", "a@", "a.", "((", "-1", "jorge ", "0 ", "Dr. ", "http://", "12/", "555-", "@@", "x'", "No. ",
            "st ", "a-", "\u0301", "one two ", "IBAN ", "A1", "05/05/", ", ", "Mr. ", "é", "9" * 19 + " ")  # fmt: skip


@dataclass(frozen=True)
class HostileText:
    """One text; ``hidden`` are the identifiers in it, as somebody reads them."""

    trick: str
    text: str = field(repr=False)
    hidden: tuple[str, ...] = ()


def hostile_text(seed: int) -> HostileText:
    """Return the text of this seed."""
    draw = random.Random(seed)
    names = list(TRICKS)
    name = draw.choices(names, [_WEIGHTS.get(name, 100) for name in names])[0]
    text, hidden = TRICKS[name](draw)
    return HostileText(name, text, hidden)


Made = tuple[str, tuple[str, ...]]


def _hide(draw: random.Random, disguise: Callable[[random.Random, str], str]) -> Made:
    said = draw.choice((*IDENTIFIERS, KNOWN_NAME))
    around = [draw.choice(("please", "call", "it is", "écrire à", "für", "my", "и", "的")) for _ in range(4)]
    return f"{around[0]} {around[1]} {disguise(draw, said)} {around[2]}, {around[3]}", (said,)


def _sprinkled(signs: str) -> Callable[[random.Random, str], str]:
    def disguise(draw: random.Random, said: str) -> str:
        return "".join(char + (draw.choice(signs) if draw.random() < 0.5 else "") for char in said)

    return disguise


def _looking_alike(draw: random.Random, said: str) -> str:
    return "".join(_LOOK_ALIKES.get(char, char) if draw.random() < 0.5 else char for char in said)


def _full_width(_draw: random.Random, said: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in said)


def _other_digits(draw: random.Random, said: str) -> str:
    zero = draw.choice((0x0660, 0x06F0, 0x0966, 0xFF10, 0x1D7CE))
    return "".join(chr(zero + int(char)) if char in string.digits else char for char in said)


def _other_case(_draw: random.Random, said: str) -> str:
    return said.swapcase()


def _any(draw: random.Random, count: int) -> str:
    return "".join(chr(draw.choice((draw.randrange(0x110000), draw.randrange(0x3000), draw.randrange(128))))
                   for _ in range(count))  # fmt: skip


def _random(draw: random.Random) -> Made:
    return _any(draw, draw.randrange(400)), ()


def _around(draw: random.Random) -> Made:
    said = draw.choice(IDENTIFIERS)
    return f"{_any(draw, draw.randrange(60))} {said} {_any(draw, draw.randrange(60))}", ()


def _repeated(low: int, high: int) -> Callable[[random.Random], Made]:
    def make(draw: random.Random) -> Made:
        piece = "".join(draw.choice(_KILLERS) for _ in range(draw.choice((1, 1, 2, 3))))
        return piece * (draw.randrange(low, high) // len(piece)), ()

    return make


def _no_space(draw: random.Random) -> Made:
    piece = draw.choice(("a", "1", "aé", "\u200b", "0a", "@", "中", "😀", "\ud83d", "a." * 50, _any(draw, 97)))
    return piece * (10_000_000 // len(piece)), ()


def _broken(draw: random.Random) -> Made:
    said = draw.choice(IDENTIFIERS)
    at = draw.randrange(len(said))
    return f"\ud800{said[:at]}{draw.choice(_BREAKS)}{said[at:]}\udc00", ()


def _markup(draw: random.Random) -> Made:
    said = draw.choice(IDENTIFIERS[:2])
    return draw.choice((f'{{"text":"{said}"}}', f"<a href='mailto:{said}'>x</a>", f"{said}\n" * 5, f"[{said}]({said})",
                        f"{said},{said};{said}|{said}", f"\t{said}\\n{said}")), (said,)  # fmt: skip


TRICKS: dict[str, Callable[[random.Random], Made]] = {
    "zero width": lambda draw: _hide(draw, _sprinkled(_ZERO_WIDTH)),
    "directions": lambda draw: _hide(draw, _sprinkled(_DIRECTIONS)),
    "surrogates": lambda draw: _hide(draw, _sprinkled("\ud800\udc00\udfff")),
    "look-alikes": lambda draw: _hide(draw, _looking_alike),
    "full width": lambda draw: _hide(draw, _full_width),
    "other digits": lambda draw: _hide(draw, _other_digits),
    "other case": lambda draw: _hide(draw, _other_case),
    "combining": lambda draw: _hide(draw, _sprinkled("\u0301\u0336\u20dd")),
    "random": _random,
    "between noise": _around,
    "broken": _broken,
    "markup": _markup,
    "repeated": _repeated(1, 2_000),
    "repeated long": _repeated(20_000, 100_000),
    "ten million characters": _no_space,
}

_WEIGHTS = {"repeated long": 1, "ten million characters": 0}
"""The last is asked for by name: it takes minutes."""
