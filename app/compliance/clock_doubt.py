"""Whether the clock of a machine can be right, by what a vault has seen, before anything is erased by it. Pure.

A clock that jumps ahead makes everything old at once (threat-model.md §8). Three things speak against it: the vault
has already seen a later time; the time since it was opened is not the time that the machine has counted; or far more
time has passed since anybody worked with the vault than offices close for. None proves that it is wrong. A person who
reads the day off a wall and types it settles it.

The share of conversations that may go within a day without a person's word over their number stands here as well.
"""

from dataclasses import dataclass
from enum import Enum

MS_PER_MINUTE = 60_000
MS_PER_DAY = 86_400_000

TOLERANCE_MS = 10 * MS_PER_MINUTE
"""Clocks are set right by minutes; a suspended machine wakes up within this."""

MAX_GAP_DAYS = 14
"""Longer than an office is usually shut."""

MAX_PERCENT_A_DAY = 5


class ClockDoubt(Enum):
    """Why the clock may be wrong."""

    BEHIND = "behind"
    """The vault has seen a later time."""
    JUMPED = "jumped"
    """More, or less, time has passed on the clock than the machine has counted."""
    GAP = "gap"
    """Nobody has worked with the vault for longer than ``MAX_GAP_DAYS``, by this clock."""


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """All in milliseconds: wall times are Unix times, ``counted_ms`` is what the machine counted since opening."""

    now_ms: int
    opened_ms: int
    counted_ms: int
    highest_ms: int
    """The latest wall time that the vault has acknowledged so far."""
    highest_at_opening_ms: int
    """The same, when it was opened; 0 for a new vault."""


def doubt_of(facts: ClockFacts) -> ClockDoubt | None:
    """Return what speaks against the clock, None when nothing does."""
    if facts.now_ms < facts.highest_ms - TOLERANCE_MS:
        return ClockDoubt.BEHIND
    if abs(facts.now_ms - facts.opened_ms - facts.counted_ms) > TOLERANCE_MS:
        return ClockDoubt.JUMPED
    gap_ms = facts.opened_ms - facts.highest_at_opening_ms
    if facts.highest_at_opening_ms and gap_ms > MAX_GAP_DAYS * MS_PER_DAY:
        return ClockDoubt.GAP
    return None


def is_many(going: int, gone_today: int, left: int) -> bool:
    """Say whether ``going`` conversations, with those that went within a day, are more than 5 % of what was there."""
    return (going + gone_today) * 100 > (left + gone_today) * MAX_PERCENT_A_DAY
