"""When nobody is at the desk, and whether to say so to somebody who writes then. Pure: no clock of its own.

An acknowledgement after hours is sent at most once in fifteen minutes per conversation, and not again until a person
has answered; a conversation that is an emergency gets none, because its script says what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

AWAY_AGAIN_MS = 15 * 60_000
MAX_AWAY_BYTES = 2_000
MAX_HOLIDAYS = 400
DAYS = 7

Opening = tuple[time, time] | None
"""From when until when on one day of the week; None when closed all day."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of an office. ``week`` begins on Monday; ``holidays`` are whole days with their names.

    ``away_text`` is by language; the first one stands in for a language that has none.
    """

    away_text: Mapping[str, str] = field(repr=False)
    week: tuple[Opening, ...]
    holidays: tuple[tuple[date, str], ...] = ()
    is_acknowledging: bool = False

    def __post_init__(self) -> None:
        if len(self.week) != DAYS or any(day is not None and day[0] >= day[1] for day in self.week):
            raise ValueError("seven days, each opening before it closes")
        if len(self.holidays) > MAX_HOLIDAYS or len({day for day, _name in self.holidays}) != len(self.holidays):
            raise ValueError("each holiday once")
        if any(not text.strip() or len(text.encode()) > MAX_AWAY_BYTES for text in self.away_text.values()):
            raise ValueError("a text that says something, in a few lines")
        if self.is_acknowledging and not self.away_text:
            raise ValueError("nothing to acknowledge with")

    def is_open(self, local: datetime) -> bool:
        """Return whether somebody is at the desk; ``local`` is the office's own wall clock."""
        if any(day == local.date() for day, _name in self.holidays):
            return False
        opening = self.week[local.weekday()]
        return opening is not None and opening[0] <= local.time() < opening[1]

    def text_in(self, language: str) -> str:
        """Return the text in a language, or the first that there is; "" when there is none."""
        return self.away_text.get(language) or next(iter(self.away_text.values()), "")


def away_answer(
    hours: Hours | None,
    local: datetime,
    *,
    language: str,
    is_emergency: bool,
    since_last_ms: int | None,
    is_told_unanswered: bool,
) -> str | None:
    """Return what to say at once to somebody who has just written, None when nothing.

    Args:
        hours: of the office, None when nobody has set them.
        local: now, by the office's own wall clock.
        language: of the patient's consent.
        is_emergency: the conversation is one; then the acknowledgement stays out of its way.
        since_last_ms: since the last acknowledgement in this conversation; None when there was none.
        is_told_unanswered: it has been told already, and nobody at the desk has answered since.
    """
    if hours is None or not hours.is_acknowledging or is_emergency or hours.is_open(local):
        return None
    if is_told_unanswered and since_last_ms is not None and since_last_ms < AWAY_AGAIN_MS:
        return None
    return hours.text_in(language) or None
