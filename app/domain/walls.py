"""Who may stand within a wall, who may let somebody in, and who judges it afterwards; decided here and nowhere else.

A wall holds a conversation back from everybody but named people, whatever their role: a conflict of interest, a
colleague as patient, a matter of the office's own staff. Emergency access ("break the glass") lets somebody in for a
while. Services ask here; screens show what cannot be done and why.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum

from app.domain.ids import ConversationId, EventId, PersonId
from app.domain.office import Person, Role
from app.domain.roles import Right, may, may_read_messages

ACCESS_S = 30 * 60
"""So long an emergency access lasts; a lock ends it sooner."""

MIN_REASON_CHARS = 10
MAX_REASON_CHARS = 500
REVIEW_DAYS = 7
"""Within so many days somebody else has to have looked at it (self-audit, item 7)."""


class Cause(Enum):
    """Why somebody has to get in now."""

    DANGER = "danger"
    DEADLINE = "deadline"
    NOBODY_REACHED = "nobody_reached"
    OTHER = "other"


class Finding(Enum):
    """What the review says."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


class WallFault(Enum):
    """Why a wall was not set or lowered."""

    NOBODY_NAMED = "wall_nobody_named"
    NEVER_A_MESSAGE = "wall_never_a_message"
    """Somebody was named whose role never sees a message."""
    NO_WALL = "wall_none"
    ONLY_BORROWED = "wall_only_borrowed"
    """Emergency access opens a conversation for a while; it does not move its wall."""


class AccessFault(Enum):
    """Why nobody was let in, or nothing reviewed."""

    YOURSELF = "access_yourself"
    """The second person is somebody else."""
    NOT_WITHIN = "access_not_within"
    """The second person is within no wall round somebody of this name."""
    NO_REASON = "access_no_reason"
    LONG_REASON = "access_long_reason"
    NO_SUCH_ACCESS = "access_no_such"
    TOOK_PART = "access_took_part"
    """Who asked or confirmed does not judge it."""
    REVIEWED = "access_reviewed"


@dataclass(frozen=True, slots=True)
class Access:
    """One emergency access. ``ended_ms``: before its time; ``finding``: None until somebody has reviewed it."""

    access_id: EventId
    conversation_id: ConversationId
    asked_by: PersonId
    confirmed_by: PersonId
    cause: Cause
    reason: str = field(repr=False)
    opened_ms: int
    until_ms: int
    ended_ms: int | None = None
    finding: Finding | None = None
    reviewed_by: PersonId | None = None
    reviewed_ms: int | None = None
    note: str = field(default="", repr=False)

    @property
    def over_ms(self) -> int:
        """When it was over, or will be."""
        return self.until_ms if self.ended_ms is None else min(self.ended_ms, self.until_ms)


def may_stand_within(role: Role) -> bool:
    """Say whether somebody of a role can be named."""
    return may_read_messages(role)


def wall_fault(named: Collection[Person]) -> WallFault | None:
    """Return why a wall of these people cannot be set."""
    if not named:
        return WallFault.NOBODY_NAMED
    return None if all(may_stand_within(person.role) for person in named) else WallFault.NEVER_A_MESSAGE


def is_out_of_reach(named: Collection[Person]) -> bool:
    """Say whether nobody within could erase the conversation when its time is over: that takes an administrator."""
    return not any(may(Right.ERASE, person.role) for person in named)


def asking_fault(asker: PersonId, confirmer: PersonId, reason: str) -> AccessFault | None:
    """Return why an emergency access cannot be asked for like this."""
    if asker == confirmer:
        return AccessFault.YOURSELF
    if len(reason.strip()) < MIN_REASON_CHARS:
        return AccessFault.NO_REASON
    return AccessFault.LONG_REASON if len(reason) > MAX_REASON_CHARS else None


def reviewing_fault(access: Access, reviewer: PersonId) -> AccessFault | None:
    """Return why somebody cannot review an access: whoever took part is no judge of it, and once is enough."""
    if access.finding is not None:
        return AccessFault.REVIEWED
    return AccessFault.TOOK_PART if reviewer in {access.asked_by, access.confirmed_by} else None
