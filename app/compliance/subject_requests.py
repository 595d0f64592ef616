"""What a person may ask about their own data, and by when the office must answer. Pure.

Asked for may be: to see it, a copy, a correction, erasure, or that it is set aside. The clock starts on the day on
which the request came in; a month is a month of the calendar, and its end is pulled back where the month is shorter.
Sources: the laws named in ``resources/subjects/clocks.json``.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from app.domain.ids import ConversationId, EventId

MONTHS_OF_YEAR = 12


class RequestKind(Enum):
    """What is asked for."""

    ACCESS = "access"
    COPY = "copy"
    CORRECT = "correct"
    ERASE = "erase"
    RESTRICT = "restrict"


class Outcome(Enum):
    """How a request ended."""

    DONE = "done"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class LegalClock:
    """How long a law gives, and how much longer when the office says why in time. Months or days, one of them 0."""

    law: str
    months: int = 0
    days: int = 0
    extension_months: int = 0
    extension_days: int = 0

    def due_on(self, received_on: date, *, is_extended: bool = False) -> date:
        """Return the last day on which an answer is in time."""
        months = self.months + (self.extension_months if is_extended else 0)
        days = self.days + (self.extension_days if is_extended else 0)
        return _months_later(received_on, months) + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class SubjectRequest:
    """One line of the register. It holds ids, days and codes: a name would outlive an erasure."""

    request_id: EventId
    kind: RequestKind
    conversation_ids: tuple[ConversationId, ...]
    identity: str
    law: str
    received_on: date
    due_on: date
    outcome: Outcome | None = None
    closed_on: date | None = None

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed and nobody has answered."""
        return self.outcome is None and today > self.due_on


def parse_clocks(raw: Mapping[str, Any]) -> dict[str, LegalClock]:
    """Return the clocks by country.

    Raises:
        ValueError: not a file of clocks.
    """
    try:
        return {country: LegalClock(**fields) for country, fields in raw["clocks"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a file of clocks") from error


def _months_later(day: date, months: int) -> date:
    place = day.year * MONTHS_OF_YEAR + day.month - 1 + months
    year, month = place // MONTHS_OF_YEAR, place % MONTHS_OF_YEAR + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
