"""Legal holds: while one stands, nothing of its conversation is erased or redacted, whatever any rule says. Pure.

A hold has an owner who answers for it, a reason, and a day by which somebody must look again whether it is needed. A
hold whose day has passed goes on holding: forgetting to review must never destroy anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from app.domain.ids import ConversationId, EventId


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold. ``owner`` and ``reason`` are what a person wrote; both are empty for a role that may not read them."""

    hold_id: EventId
    conversation_id: ConversationId
    owner: str = field(repr=False)
    reason: str = field(repr=False)
    review_on: date
    placed_by: str
    placed_ms: int

    def is_overdue(self, today: date) -> bool:
        """Whether somebody should have looked again by now."""
        return self.review_on < today


def standing(placed: Iterable[Hold], released_ids: frozenset[EventId]) -> tuple[Hold, ...]:
    """Return the holds that have not been released, those to be looked at first in front."""
    return tuple(sorted((hold for hold in placed if hold.hold_id not in released_ids), key=_order))


def _order(hold: Hold) -> tuple[date, int, str]:
    return hold.review_on, hold.placed_ms, hold.hold_id
