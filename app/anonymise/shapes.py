"""Shapes that an office writes itself: "AA-9999" finds every number of its own register. Pure.

::

    A   any letter          9   any digit          *   any letter or digit
    space   a space, a dash or nothing             everything else stands for itself, in any case

There is no repetition and no choice in this language, so a shape of n signs is tried in at most n steps at each place
of a text: nobody can write one that takes long. A shape without a digit would find words, and is refused.
"""

import re
from dataclasses import dataclass
from enum import Enum

from app.anonymise.labels import Label

MAX_SHAPE_CHARS = 40
MIN_SHAPE_SIGNS = 3
"""A shorter shape ("99") is in every time and every price."""


class ShapeFault(Enum):
    """Why a shape was refused."""

    EMPTY = "shape_empty"
    TOO_LONG = "shape_too_long"
    TOO_BROAD = "shape_too_broad"
    """Fewer than ``MIN_SHAPE_SIGNS`` letters and digits, or no digit among them."""


class ShapeError(ValueError):
    """The shape was not taken."""

    def __init__(self, fault: ShapeFault) -> None:
        super().__init__(fault.value)
        self.code = fault.value
        self.fault = fault


@dataclass(frozen=True, slots=True)
class OwnShape:
    """One shape of the office, and what it finds."""

    shape: str
    label: Label


def compile_shape(shape: str) -> re.Pattern[str]:
    """Return the expression for a shape; what it finds stands alone, not within a longer word or number.

    Raises:
        ShapeError: with the reason.
    """
    written = " ".join(shape.split())
    if not written:
        raise ShapeError(ShapeFault.EMPTY)
    if len(written) > MAX_SHAPE_CHARS:
        raise ShapeError(ShapeFault.TOO_LONG)
    signs = [char for char in written if char.isalnum() or char == "*"]
    if len(signs) < MIN_SHAPE_SIGNS or not any(char.isdigit() for char in signs):
        raise ShapeError(ShapeFault.TOO_BROAD)
    return re.compile(rf"(?<!\w){''.join(map(_expression, written))}(?!\w)", re.IGNORECASE)


def _expression(sign: str) -> str:
    return {"A": r"[^\W\d_]", "9": r"\d", "*": r"[^\W_]", " ": r"[\s-]?"}.get(sign) or re.escape(sign)
