"""The interface of every mailbox: what the gateway may ask, whatever keeps the frames.

The embedded file (``sqlite_mailbox``) implements it; a broker can. ``tests/contract`` holds one suite for all of them.
Addresses, chains and hashes are bytes; times are Unix milliseconds, passed in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

from app.domain.post import BlobPut
from app.domain.post_sign_in import SignInCode

DAY_MS: Final = 24 * 60 * 60 * 1_000
KEEP_MS: Final = 30 * DAY_MS
"""Nothing is held longer (threat-model.md §6.7)."""
UNFINISHED_MS: Final = DAY_MS
"""An attachment that is not whole by then, and an open-door mailbox into which nothing came, are forgotten."""

MAX_HELD_FRAMES: Final = 1_000
"""In one direction of one mailbox; 16 MiB at the largest class. More is refused as FULL until the other side takes."""
MAX_NUMBERS: Final = 20_000
"""So many (chain, number) pairs a mailbox remembers within 30 days: a patient writes a few hundred."""
MAX_BLOBS: Final = 32
MAX_CHUNKS: Final = 1_600
"""Of all attachments of a mailbox together, finished or not: 100 MiB, four of the largest."""
HOLDINGS_PAGE: Final = 1_000


class Direction(IntEnum):
    """Which way a frame travels; the value is the direction byte of the frame's associated data."""

    TO_DESK = 0
    TO_PATIENT = 1


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """A frame that waits. ``place`` orders what is read through one mailbox interface and grows with every frame."""

    place: int
    address: bytes
    seq: int
    frame: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Newcomer:
    """Somebody who asks for one mailbox, with hashes in the place of tokens.

    ``may_make``: the door is open and this newcomer asked for a mailbox of its own. ``is_peek``: nothing is claimed.
    """

    address: bytes
    token_hash: bytes
    claim_hash: bytes | None = None
    may_make: bool = False
    is_peek: bool = False


Arrival = Callable[[bytes, Direction], None]
"""Called on the event loop after a frame was made durable; the address it came to, and which way it goes."""


class Mailbox(Protocol):
    """What holds mailboxes. Every call that changes something returns after the change is durable.

    Calls raise :class:`~app.gateway.errors.RefusedError` with the code that the client is told; DISK when the change
    could not be made durable, and then nothing of it stands.
    """

    @property
    def is_well(self) -> bool:
        """Whether changes can be made durable, as far as the last one showed."""

    async def start(self, on_arrival: Arrival) -> None:
        """Open it; arrivals are told from now on."""

    async def stop(self) -> None:
        """Finish what was accepted, then close it."""

    async def admit(self, newcomer: Newcomer, now_ms: int) -> SignInCode | None:
        """Return None when the mailbox is this newcomer's, else why not. A first contact claims it for good."""

    async def put(self, address: bytes, direction: Direction, frame: bytes, now_ms: int) -> int:
        """Keep a frame and return its seq. The same bytes again: the seq they have, and nothing is kept twice.

        Refuses: CONFLICT (other bytes under this chain and number in this direction, held now or within 30 days),
        FULL, UNKNOWN (no such mailbox), MALFORMED (no frame's length or header), DISK.
        """

    async def waiting(self, direction: Direction, address: bytes | None, after: int, limit: int) -> list[Held]:
        """Return up to ``limit`` frames behind the place ``after``, in order; ``address`` None: of every mailbox."""

    async def taken(self, address: bytes, direction: Direction, seq: int) -> None:
        """Delete the frames of this direction up to ``seq``; their numbers stay remembered.

        Refuses: UNKNOWN (no such mailbox, or no such seq yet), DISK.
        """

    async def put_chunk(self, put: BlobPut, now_ms: int) -> None:
        """Keep one chunk. Refuses: CONFLICT (other bytes or another total), FULL, UNKNOWN, DISK."""

    async def chunk(self, address: bytes, blob: bytes, index: int) -> tuple[int, bytes]:
        """Return (count of all chunks, this chunk). Refuses: UNKNOWN."""

    async def drop_blob(self, address: bytes, blob: bytes) -> None:
        """Delete an attachment; there need not be one. Refuses: UNKNOWN (no such mailbox), DISK."""

    async def make(self, address: bytes, token_hash: bytes, until_ms: int, now_ms: int) -> None:
        """Make a mailbox that an invitation may claim; the same again changes nothing. Refuses: CONFLICT, DISK."""

    async def close(self, address: bytes, now_ms: int) -> None:
        """Forget everything at this address but that it is closed. There need not have been anything. Refuses: DISK."""

    async def holdings(self, after: bytes, now_ms: int) -> dict[str, object]:
        """Return one page of what is held, as the channel specification lays it out."""

    async def wipe(self) -> None:
        """Forget everything but the office document. Refuses: DISK."""

    async def document(self) -> bytes | None:
        """Return the office document that was kept last."""

    async def keep_document(self, document: bytes, seq: int) -> None:
        """Keep an office document; refuses one with a lower ``seq`` than the kept one as CONFLICT, and DISK."""

    async def sweep(self, now_ms: int) -> None:
        """Forget what is too old: frames, numbers and attachments after 30 days, unfinished ones after a day."""
