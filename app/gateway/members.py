"""Who is signed in just now, and who is told when something arrives. It holds no frame and no name."""

import asyncio
from collections import defaultdict
from typing import Final, Protocol

from app.gateway.limits import Limits
from app.gateway.mailbox import Direction

CLOSED: Final = 4001
"""The mailbox was closed while its patient was here; the next sign-in says so."""
REPLACED: Final = 4000
"""The same mailbox or desk signed in once more often than may be; the oldest connection goes."""


class Member(Protocol):
    """A connection that is signed in."""

    def wake(self) -> None:
        """Something may have arrived for it."""

    async def end(self, code: int) -> None:
        """Answer what it asked, then close it with this WebSocket code."""


class Members:
    """Patients by their mailbox, desks together (one gateway serves one office)."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._patients: defaultdict[bytes, list[Member]] = defaultdict(list)
        self._desks: list[Member] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closing = False

    def __repr__(self) -> str:
        return f"<Members: {len(self._patients)} mailboxes, {len(self._desks)} desks>"

    @property
    def is_closing(self) -> bool:
        """Whether nobody is let in any more."""
        return self._is_closing

    def enter(self, member: Member, address: bytes | None) -> None:
        """Add a patient's connection, or a desk's when ``address`` is None; past the limit the oldest is ended."""
        here = self._desks if address is None else self._patients[address]
        most = self._limits.connections_per_desk if address is None else self._limits.connections_per_mailbox
        here.append(member)
        for oldest in here[:-most]:
            here.remove(oldest)
            self._end(oldest, REPLACED)

    def leave(self, member: Member, address: bytes | None) -> None:
        """Forget a connection."""
        here = self._desks if address is None else self._patients.get(address, [])
        if member in here:
            here.remove(member)
        if address is not None and not here:
            self._patients.pop(address, None)

    def arrived(self, address: bytes, direction: Direction) -> None:
        """Tell those for whom something arrived."""
        for member in self._desks if direction is Direction.TO_DESK else self._patients.get(address, ()):
            member.wake()

    def end_patients(self, address: bytes | None) -> None:
        """End the connections of one mailbox that was closed, or of all when ``address`` is None."""
        for one in [address] if address is not None else list(self._patients):
            for member in list(self._patients.get(one, ())):
                self._end(member, CLOSED)

    def end_desks(self) -> None:
        """End the desks: their token counts no longer."""
        for member in list(self._desks):
            self._end(member, REPLACED)

    async def end_all(self, code: int) -> None:
        """Let nobody in any more; end every connection and wait for it."""
        self._is_closing = True
        everybody = [*self._desks, *(member for members in self._patients.values() for member in members)]
        await asyncio.gather(*(member.end(code) for member in everybody), *self._tasks, return_exceptions=True)

    def _end(self, member: Member, code: int) -> None:
        task = asyncio.get_running_loop().create_task(member.end(code))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
