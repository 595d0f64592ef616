"""One file per kind of identifier.

Each tells its shape, its check digits, its legal basis, fictitious examples and what is out of scope. Most export
``PATTERNS``. A detector that is more than a pattern exports a
function ``find(text) -> Iterator[Span]`` and is listed in ``FINDERS``.
"""

from collections.abc import Callable, Iterator

from app.anonymise.detectors import (
    addresses,
    ages,
    cards,
    dates,
    emails,
    handles,
    medical_numbers,
    national_numbers,
    network,
    phones,
    records,
    spelled_numbers,
    vehicles,
)
from app.anonymise.detectors.patterns import Pattern
from app.anonymise.spans import Span

PATTERNS: tuple[Pattern, ...] = (
    *emails.PATTERNS,
    *network.PATTERNS,
    *handles.PATTERNS,
    *cards.PATTERNS,
    *national_numbers.PATTERNS,
    *medical_numbers.PATTERNS,
    *vehicles.PATTERNS,
    *records.PATTERNS,
    *dates.PATTERNS,
    *ages.PATTERNS,
    *addresses.PATTERNS,
)
"""Everything that a regular expression with a check can find."""

FINDERS: tuple[Callable[[str], Iterator[Span]], ...] = (phones.find, spelled_numbers.find)
"""Detectors that are more than a pattern."""
