"""Does a direct identifier survive replacing? Asked of the text that would leave, for every profile.

An identifier survives when its words stand in the output more often than in the rest of the original ("will" is a name
and a word, "april" a name and a month). Whole words are compared, in any case; identifiers of fewer than three letters
or digits are not. What was not found at all survives, of course; what was found and is there all the same is a fault
of the replacing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from anonymise_parts.records import EvalSet, Example, Found, Mark
from anonymise_parts.scoring import covered_places, is_covered
from app.anonymise.labels import Label
from app.anonymise.replacing.profiles import Profile
from app.anonymise.replacing.replacer import Replacer
from app.anonymise.spans import Ground, Span

MIN_SIGNS = 3
_SECRET = bytes(range(32))
_YEAR = 2026


@dataclass(frozen=True, slots=True)
class Leaks:
    """Numbers of direct identifiers: asked for, still there, still there although all of them had been found."""

    wanted: int
    surviving: int
    found_and_surviving: int
    examples: tuple[str, ...]
    """Where the last kind stands."""


def count_leaks(found_set: EvalSet, found: Sequence[Sequence[Found]], profile: Profile) -> Leaks:
    """Replace every text by ``profile`` and look for what should be gone."""
    wanted = surviving = faulty = 0
    places: list[str] = []
    for example, findings in zip(found_set.examples, found, strict=True):
        spans = [Span(f.start, f.end, Label(f.label), Ground.MODEL, "bench") for f in findings]
        left = Replacer(profile, _SECRET, year=_YEAR).replace(example.text, spans).text
        covered = covered_places(findings)
        for mark in _asked(example):
            survives = _survives(example, mark, left)
            is_fault = survives and all(
                is_covered(example.text, other.start, other.end, covered) for other in _alike(example, mark)
            )
            wanted, surviving, faulty = wanted + 1, surviving + survives, faulty + is_fault
            places += [example.name] if is_fault else []
    return Leaks(wanted, surviving, faulty, tuple(places))


def _asked(example: Example) -> list[Mark]:
    return [
        mark
        for mark in example.marks
        if mark.is_direct and sum(char.isalnum() for char in example.text[mark.start : mark.end]) >= MIN_SIGNS
    ]


def _alike(example: Example, mark: Mark) -> list[Mark]:
    said = example.text[mark.start : mark.end].casefold()
    return [other for other in example.marks if said in example.text[other.start : other.end].casefold()]


def _survives(example: Example, mark: Mark, left: str) -> bool:
    said = re.compile(rf"(?<!\w){re.escape(example.text[mark.start : mark.end])}(?!\w)", re.IGNORECASE)
    return len(said.findall(left)) > len(said.findall(_without_direct(example)))


def _without_direct(example: Example) -> str:
    chars = list(example.text)
    for mark in (mark for mark in example.marks if mark.is_direct):
        chars[mark.start : mark.end] = "\0" * (mark.end - mark.start)
    return "".join(chars)
