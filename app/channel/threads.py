"""How the frames of one sender hang together, over all its chains in a generation: gaps and forks (channel.md §6.2)."""

from dataclasses import dataclass
from typing import Final, Self

from app.channel.bodies import NOTHING_BEFORE

MAX_ENDS: Final = 64
MAX_AWAITED: Final = 256
"""A sender who forks on purpose makes us remember no more than this; the alarm has sounded long before."""


@dataclass(frozen=True, slots=True)
class Thread:
    """``ends``: frames that no later one names yet. ``awaited``: named, but not here, and since when."""

    sender: bytes
    ends: tuple[bytes, ...] = (NOTHING_BEFORE,)
    awaited: tuple[tuple[bytes, int], ...] = ()

    def with_frame(self, prev: bytes, short: bytes, now_ms: int, *, prev_came: bool) -> tuple[Self, bool]:
        """Return the thread after one more frame, and whether it forks: another frame named the same ``prev``.

        ``prev_came``: whether the frame that is named has arrived in any chain of this sender.
        """
        ends, awaited, is_fork = self.ends, self.awaited, False
        if prev in ends:
            ends = tuple(end for end in ends if end != prev)
        elif prev_came or prev == NOTHING_BEFORE or any(prev == one for one, _ in awaited):
            is_fork = True
        else:
            awaited = (*awaited, (prev, now_ms))[-MAX_AWAITED:]
        if any(short == one for one, _ in awaited):
            awaited = tuple(entry for entry in awaited if entry[0] != short)
        else:
            ends = (*ends, short)[-MAX_ENDS:]
        return type(self)(self.sender, ends, awaited), is_fork
