"""Frames on their way to one client: how many may be, of one mailbox and in all, and which mailboxes have to wait.

A desk takes from every mailbox. One whose frames it does not take, because they are too many or cannot be stored there,
must not fill what the others fly in: past its own limit a mailbox waits, and goes on where it stood once it landed.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final, Protocol

from app.domain.post import DESK_IN_FLIGHT, DESK_IN_FLIGHT_OF_ONE, MAX_IN_FLIGHT
from app.gateway.mailbox import Held

AT_ONCE: Final = 32


class Waiting(Protocol):
    """Reads what waits: of one mailbox, or of all that the client may have (None), behind a place, in order."""

    async def __call__(self, address: bytes | None, after: int, limit: int, /) -> Sequence[Held]:
        """Return at most ``limit`` frames."""


class Flight:
    """What flies to one client. ``next`` gives what leaves now; ``landed`` hears what was taken."""

    def __init__(self, *, is_desk: bool) -> None:
        self._most = DESK_IN_FLIGHT if is_desk else MAX_IN_FLIGHT
        self._most_of_one = DESK_IN_FLIGHT_OF_ONE if is_desk else MAX_IN_FLIGHT
        self._flying: dict[bytes, deque[int]] = {}
        self._count = 0
        self._place = 0
        self._behind: dict[bytes, int] = {}

    async def next(self, waiting: Waiting) -> tuple[list[Held], bool]:
        """Return frames that leave now, and whether more may wait."""
        found = [held for address in self._ready() for held in await self._catch_up(waiting, address)]
        room = min(AT_ONCE, self._most - self._count)
        if room <= 0:
            return found, False
        read = await waiting(None, self._place, room)
        for held in read:
            self._place = held.place
            if held.address in self._behind or len(self._flying.get(held.address, ())) >= self._most_of_one:
                self._behind.setdefault(held.address, held.place - 1)
            else:
                found.append(self._leaves(held))
        return found, len(read) == room or bool(self._ready())

    def landed(self, address: bytes, seq: int) -> None:
        """Count frames up to ``seq`` as taken."""
        flying = self._flying.get(address, deque())
        while flying and flying[0] <= seq:
            flying.popleft()
            self._count -= 1
        if not flying:
            self._flying.pop(address, None)

    def landed_all(self, seq: int) -> None:
        """Count everything up to ``seq`` as taken."""
        for address in list(self._flying):
            self.landed(address, seq)

    def _ready(self) -> list[bytes]:
        """Return mailboxes that waited and may go on: with room for half of what one may have, not frame by frame."""
        return [one for one in self._behind if 2 * len(self._flying.get(one, ())) <= self._most_of_one]

    async def _catch_up(self, waiting: Waiting, address: bytes) -> list[Held]:
        """Return frames of a mailbox that was passed over; it has caught up when none is left up to our place."""
        room = min(self._most_of_one - len(self._flying.get(address, ())), self._most - self._count)
        if room <= 0:
            return []
        read = await waiting(address, self._behind[address], room)
        passed = [held for held in read if held.place <= self._place]
        if len(passed) < room:
            del self._behind[address]
        else:
            self._behind[address] = passed[-1].place
        return [self._leaves(held) for held in passed]

    def _leaves(self, held: Held) -> Held:
        self._flying.setdefault(held.address, deque()).append(held.seq)
        self._count += 1
        return held
