"""Fill-in fields: places in an approved answer that a person fills before it is sent, "{name}", "{date}". Pure.

A field is a name in braces: it begins with a letter, holds letters, digits, spaces, "-" and "_", and is at most
``MAX_FIELD_CHARS`` long. The same name stands for the same value wherever it appears. Other braces are ordinary text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MAX_FIELD_CHARS = 40

_FIELD = re.compile(rf"\{{(?P<name>[^\W\d_][\w -]{{0,{MAX_FIELD_CHARS - 1}}})\}}")


@dataclass(frozen=True, slots=True)
class FillInField:
    """One place to fill in: its name without braces, and its half-open range, braces included, in code points."""

    name: str
    start: int
    end: int


def fields_of(body: str) -> tuple[FillInField, ...]:
    """Return every field of a text in reading order; a name that appears twice is there twice."""
    return tuple(FillInField(match["name"].strip(), *match.span()) for match in _FIELD.finditer(body))


def fill(body: str, values: Mapping[str, str]) -> str:
    """Return the text with its fields filled; fields without a value stay as they are.

    Names are compared without regard to case. A value is put in as it is, braces and all.
    """
    known = {name.casefold(): value for name, value in values.items()}
    return _FIELD.sub(lambda match: known.get(match["name"].strip().casefold(), match.group()), body)


def as_field(name: str) -> str:
    """Return a field of this name as it is written in a text."""
    return f"{{{name}}}"
