"""How much one visitor, or a gateway in his name, may bring in an hour and a day: the rest waits at the gateway.

A person writes a few messages an hour and sends a stack of pictures at worst. What is stored for good is counted apart
from what only costs a look (receipts, repeats, what does not hold), and repeats apart from that: each is acknowledged
once more, which is a frame in our outbox. In memory, since the program started; counting begins anew with each start.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import Enum

from app.domain.ids import ConversationId

HOUR_MS, DAY_MS = 3_600_000, 86_400_000


class Brought(Enum):
    """What a frame was."""

    MESSAGE = "message"
    """Stored for good: an event, a row, an acknowledgement."""
    QUIET = "quiet"
    """A receipt or a refused frame: nothing of it stays."""
    REPEAT = "repeat"
    """It came before, and is acknowledged again."""


MOST = {
    Brought.MESSAGE: ((HOUR_MS, 1_000), (DAY_MS, 3_000)),
    Brought.QUIET: ((HOUR_MS, 6_000),),
    Brought.REPEAT: ((HOUR_MS, 600),),
}
"""As many frames as an honest gateway keeps for one mailbox an hour; a day's at most 36 MB of text."""


@dataclass(slots=True)
class _Tally:
    """Times of the newest frames of each sort."""

    times_ms: dict[Brought, deque[int]] = field(default_factory=dict)

    def add(self, what: Brought, now_ms: int) -> None:
        most = max(number for _span, number in MOST[what])
        self.times_ms.setdefault(what, deque(maxlen=most)).append(now_ms)

    def full_until_ms(self, now_ms: int) -> int | None:
        until_ms = None
        for what, times_ms in self.times_ms.items():
            for span_ms, number in MOST[what]:
                oldest_ms = times_ms[-number] if len(times_ms) >= number else None
                if oldest_ms is not None and now_ms - oldest_ms < span_ms:
                    until_ms = max(until_ms or 0, oldest_ms + span_ms)
        return until_ms


class Flood:
    """Counts for every conversation. Works under the ledger's lock."""

    def __init__(self) -> None:
        self._tallies: dict[ConversationId, _Tally] = {}

    def add(self, cid: ConversationId, what: Brought, now_ms: int) -> None:
        """Count one frame."""
        self._tallies.setdefault(cid, _Tally()).add(what, now_ms)

    def until_ms(self, cid: ConversationId, now_ms: int) -> int | None:
        """Return until when nothing more of a conversation is taken, None while it is."""
        tally = self._tallies.get(cid)
        return None if tally is None else tally.full_until_ms(now_ms)
