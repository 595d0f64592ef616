"""Facts that can hurt when they are wrong, as marks in a text."""

from dataclasses import dataclass
from enum import Enum


class FactKind(Enum):
    """What sort of fact it is."""

    EMAIL = "email"
    URL = "url"
    AMOUNT = "amount"
    PERCENT = "percent"
    TIME = "time"
    DATE = "date"
    WEEKDAY = "weekday"
    PHONE = "phone"
    NUMBER = "number"
    NAME = "name"
    NEGATION = "negation"
    """The sentence says yes where its source says no, or the other way round."""
    WORDING = "wording"
    """The sentence speaks of something that its sources do not speak of."""


@dataclass(frozen=True, slots=True)
class FactMark:
    """One fact of a proposal and where it was found.

    ``start`` and ``end`` are half-open code points of the proposal's text, ``quote_start`` and ``quote_end`` of the
    quote of source ``source_number``. ``source_number`` is None for a fact that stands in no source; its quote range
    is then empty.
    """

    start: int
    end: int
    kind: FactKind
    source_number: int | None
    quote_start: int = 0
    quote_end: int = 0

    @property
    def is_supported(self) -> bool:
        """True when a source holds the fact."""
        return self.source_number is not None
