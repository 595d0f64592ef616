"""Text as a person would read it, with a way back to the text as it was written.

People and attackers write identifiers with zero-width spaces, full-width digits, Cyrillic look-alikes, soft hyphens
and direction marks. Detectors read ``Reading.text``, where all that is folded; what they find is carried back to the
original by ``Reading.original``. Each character of the original becomes none, one or several characters here, so a
range always maps back to whole characters.
"""

import unicodedata
from dataclasses import dataclass

from app.anonymise.spans import Span

_LOOK_ALIKES = dict(
    zip(
        "АВЕКМНОРСТУХІЈЅаеорсухіјѕԁɡһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοıⅼ‐‑‒–—−⁃․。‚’‘‛`´“”„＠﹫",  # noqa: RUF001 - this is the list itself
        "ABEKMHOPCTYXIJSaeopcyxijsdghABEZHIKMNOPTYXoil-------..,'''''\"\"\"@@",
        strict=True,
    )
)
"""Letters and signs that look the same as an ASCII one (Unicode TR 39, the part that occurs in Latin text)."""

_IGNORED = frozenset({"Cf", "Mn", "Me", "Cs", "Co"})
"""Categories that a reader does not see: format characters, combining marks, lone surrogates, private use."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``text`` to search in; ``starts[i]`` and ``ends[i]`` are the original range of its character ``i``."""

    source: str
    text: str
    starts: range | list[int]
    ends: range | list[int]

    def original(self, span: Span) -> Span:
        """Return a span of ``text`` as a span of the original; empty ranges do not occur."""
        return Span(self.starts[span.start], self.ends[span.end - 1], span.label, span.ground, span.why)


def read(source: str) -> Reading:
    """Return ``source`` as it reads. Linear; plain ASCII costs nothing."""
    if source.isascii() and "`" not in source:
        return Reading(source, source, range(len(source)), range(1, len(source) + 1))
    seen = {char: _as_read(char) for char in set(source)}
    if all(len(said) == 1 for said in seen.values()):
        return Reading(source, "".join(map(seen.__getitem__, source)), range(len(source)), range(1, len(source) + 1))
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, char in enumerate(source):
        said = seen[char]
        text.append(said)
        starts += [place] * len(said)
        ends += [place + 1] * len(said)
    return Reading(source, "".join(text), starts, ends)


def _as_read(char: str) -> str:
    if char in _LOOK_ALIKES:
        return _LOOK_ALIKES[char]
    if char.isascii():
        return char
    if unicodedata.category(char) in _IGNORED:
        return ""
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return "".join(_LOOK_ALIKES.get(part, part) for part in unicodedata.normalize("NFKC", char))
