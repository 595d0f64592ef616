"""Generated texts: sentence families of clinics and law offices with slots, drawn and put together at random.

Families stand in ``chats.txt``, ``plain.txt`` (without identifiers) and ``prose.txt``, one a line; ``[name]`` is a slot
(``slots.py``), ``{a|b|}`` one of these. Each fifth line is held out: never trained on, and only measured.
"""

import re
from pathlib import Path
from random import Random

from models.recipes.language.marked import Mark, Marked
from models.recipes.language.slots import Slots

HERE = Path(__file__).parent
HELD_OUT_EVERY = 5
KINDS = ("chats", "plain", "prose")
_SHARES = (0.60, 0.17, 0.23)
_JOINTS = (". ", ". ", " ", " ", ", ", "\n", "! ", "? ", " and ", "... ", "\n\n", " - ")
_CHOICE = re.compile(r"\{([^{}]*)\}")
MANY_SHARE = 0.4
"""Of the chats, how many are made of several sentences."""


def families(kind: str) -> tuple[str, ...]:
    """Return the families of one file."""
    lines = (HERE / f"{kind}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.replace("\\n", "\n") for line in lines if line and not line.startswith("//"))


class Chats:
    """Draws texts; everything is decided by the random number generator that it is given."""

    def __init__(self) -> None:
        self._slots = Slots()
        self._families = {kind: families(kind) for kind in KINDS}

    def draw(self, rng: Random, *, is_held_out: bool = False, kind: str | None = None) -> Marked:
        """Return one text of families for training, or of such as are held out."""
        of = kind or rng.choices(KINDS, _SHARES)[0]
        parts = [self._one(rng, of, is_held_out=is_held_out)]
        while of == "chats" and len(parts) < 5 and rng.random() < MANY_SHARE:
            more = "plain" if rng.random() < 0.3 else "chats"
            parts.insert(rng.randint(0, len(parts)), self._one(rng, more, is_held_out=is_held_out))
        while of == "prose" and len(parts) < 6 and rng.random() < 0.6:
            parts.append(self._one(rng, "prose", is_held_out=is_held_out))
        return _joined(rng, parts, of)

    def _one(self, rng: Random, kind: str, *, is_held_out: bool) -> Marked:
        lines = self._families[kind]
        number = rng.choice([n for n in range(len(lines)) if (n % HELD_OUT_EVERY == 0) is is_held_out])
        return self.fill(rng, lines[number], f"{kind}-{number}")

    def fill(self, rng: Random, family: str, name: str) -> Marked:
        """Return ``family`` with its choices made and its slots filled."""
        chosen = _CHOICE.sub(lambda match: rng.choice(match.group(1).split("|")), family)
        parts: list[str] = []
        marks: list[Mark] = []
        length = 0
        for place, piece in enumerate(re.split(r"\[(\w+)\]", chosen)):
            text, label = self._slots.draw(piece, rng) if place % 2 else (piece, None)
            if label is not None:
                marks.append(Mark(length, length + len(text), label))
            parts.append(text)
            length += len(text)
        return Marked("".join(parts), tuple(marks), name)


def _joined(rng: Random, parts: list[Marked], kind: str) -> Marked:
    text, marks = "", []
    for part in parts:
        if text:
            text += rng.choice((" ", "\n\n", " ")) if kind == "prose" else rng.choice(_JOINTS)
        marks += [Mark(mark.start + len(text), mark.end + len(text), mark.label) for mark in part.marks]
        text += part.text
    return Marked(text, tuple(marks), parts[0].family)
