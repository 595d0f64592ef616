"""A text with its marks, the one form in which all sources arrive."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """Half-open code points and a label; label None: whatever stands here is not to be learnt either way."""

    start: int
    end: int
    label: str | None


@dataclass(frozen=True, slots=True)
class Marked:
    """``family`` is the source, or of a generated text the template, so that whole families can be held out."""

    text: str
    marks: tuple[Mark, ...]
    family: str
