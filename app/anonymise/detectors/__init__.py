"""One file per kind of identifier.

Each tells its shape, its check digits, its legal basis, fictitious examples and what is out of scope. Most export
``PATTERNS``. A detector that is more than patterns exports ``STEPS``: functions that find, each with its gate
(``app.anonymise.gates``).
"""

from app.anonymise.detectors import (
    addresses,
    ages,
    bare_answers,
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
from app.anonymise.detectors.patterns import Pattern, Step, step_of

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


def _by_needs(patterns: tuple[Pattern, ...]) -> list[Pattern]:
    """Return the patterns, those that need the same signs together."""
    order = list(dict.fromkeys(pattern.needs for pattern in patterns))
    return sorted(patterns, key=lambda pattern: order.index(pattern.needs))


STEPS: tuple[Step, ...] = (
    *map(step_of, _by_needs(PATTERNS)),
    *phones.STEPS,
    *spelled_numbers.STEPS,
    *naming.STEPS,
    *first_names.STEPS,
    *bare_answers.STEPS,
    *institutions.STEPS,
    *prose.STEPS,
)
"""Everything that finds, in the order in which findings are told."""
