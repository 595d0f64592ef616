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
    first_names,
    handles,
    institutions,
    medical_numbers,
    naming,
    national_numbers,
    network,
    phones,
    prose,
    records,
    spelled_numbers,
    vehicles,
)
from app.anonymise.detectors.patterns import Pattern
from app.anonymise.spans import Span
from app.anonymise.word_classes import WordClasses

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

WORD_FINDERS: tuple[Callable[[str, WordClasses], Iterator[Span]], ...] = (
    naming.find,
    first_names.find,
    institutions.find,
    prose.find,
)
"""Detectors that ask what is known of single words."""
