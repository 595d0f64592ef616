"""A generation: what one handshake gave, its chains, and when it is over (channel.md §5.3 and §5.4)."""

from dataclasses import dataclass, replace
from typing import Final, Self

from app.channel.chains import Chain, SendingChain
from app.channel.digests import ID_BYTES
from app.channel.errors import FrameRefusedError
from app.channel.threads import Thread
from app.crypto.derive import derive_key

RENEW_MS: Final = 24 * 3_600_000
RENEW_MESSAGES: Final = 200
RENEW_CHAINS: Final = 48
"""Of our own; early enough before the other side refuses new ones."""
KEEP_MS: Final = 7 * 24 * 3_600_000
MAX_CHAINS: Final = 64
MAX_CLONES: Final = 64

Hellos = tuple[tuple[bytes, bytes], ...]
"""Hellos that came: the chain and the digest of the whole frame, 16 B each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One generation as one side sees it.

    ``hash``: h, 64 B. ``root``: R, 32 B. ``card``: the card it was made under, 16 B. ``replaced_ms``: since when a
    newer one stands, 0 while it is the newest. ``is_confirmed``: the patient has sent a valid frame (or, at the
    patient, the answer was good). ``sent``: our own chains and how many frames left in each. ``last_sent``: digest of
    our last frame. ``is_renew_said``: a desk has
    asked for the next one. ``hellos``: those that came under its resume psk. ``clones``: digests of second contents.
    ``is_foreign``: another desk answered and never introduced us, so its patient takes nothing from us; we only read.
    """

    hash: bytes
    root: bytes
    card: bytes
    founded_ms: int
    replaced_ms: int = 0
    is_confirmed: bool = False
    is_alarmed: bool = False
    is_renew_said: bool = False
    messages: int = 0
    sending: SendingChain | None = None
    sent: tuple[tuple[bytes, int], ...] = ()
    last_sent: bytes = b""
    chains: tuple[Chain, ...] = ()
    threads: tuple[Thread, ...] = ()
    hellos: Hellos = ()
    clones: tuple[bytes, ...] = ()
    is_foreign: bool = False

    @classmethod
    def found(cls, keys: tuple[bytes, bytes], handshake_hash: bytes, card: bytes, now_ms: int) -> Self:
        """Return the generation that a finished handshake founds; ``keys`` are those of its Split."""
        root = derive_key(b"".join(keys), "root", handshake_hash)
        return cls(hash=handshake_hash, root=root, card=card, founded_ms=now_ms)

    def __repr__(self) -> str:
        return "<Generation hidden>"

    @property
    def name(self) -> bytes:
        """The generation in headers, 16 bytes."""
        return self.hash[:ID_BYTES]

    @property
    def resume_psk(self) -> bytes:
        """The pre-shared key of the handshake that follows this generation."""
        return derive_key(self.root, "resume")

    def is_over(self, now_ms: int) -> bool:
        """Whether its root is to be erased."""
        return bool(self.replaced_ms) and now_ms - self.replaced_ms > KEEP_MS

    def is_spent(self, now_ms: int) -> bool:
        """Whether a new one is due (threat-model.md §6.8)."""
        return (
            self.is_alarmed
            or self.messages >= RENEW_MESSAGES
            or len(self.sent) >= RENEW_CHAINS
            or now_ms - self.founded_ms >= RENEW_MS
        )

    def chain(self, name: bytes) -> Chain | None:
        """Return a chain of the other side that we know."""
        return next((chain for chain in self.chains if chain.name == name), None)

    def require_room_for_chain(self) -> None:
        """Do nothing when the other side may begin one more chain.

        Raises:
            FrameRefusedError: chains.
        """
        if len(self.chains) >= MAX_CHAINS:
            raise FrameRefusedError("chains")

    def came(self, sender: bytes, short: bytes) -> bool:
        """Return whether a frame with this digest came from this sender."""
        return any(chain.has(short) for chain in self.chains if chain.owner == sender)

    def awaits(self, sender: bytes, short: bytes) -> bool:
        """Return whether a frame of this sender that came earlier names this one as the one before it."""
        return any(short == one for thread in self.threads if thread.sender == sender for one, _ in thread.awaited)

    def with_chain(self, chain: Chain) -> Self:
        """Return the generation with this chain as it is now."""
        others = tuple(one for one in self.chains if one.name != chain.name)
        return replace(self, chains=(*others, chain))

    def with_link(self, sender: bytes, prev: bytes, short: bytes, now_ms: int) -> tuple[Self, bool]:
        """Return the generation after a frame joined its sender's thread, and whether the thread forks."""
        thread = next((one for one in self.threads if one.sender == sender), Thread(sender))
        came = self.came(sender, prev)
        joined, is_fork = thread.with_frame(prev, short, now_ms, prev_came=came)
        others = tuple(one for one in self.threads if one.sender != sender)
        return replace(self, threads=(*others, joined)), is_fork

    def gap_since_ms(self) -> int | None:
        """Return since when something is missing, or None."""
        since = [when for chain in self.chains for _, when in chain.missing]
        since += [when for thread in self.threads for _, when in thread.awaited]
        return min(since, default=None)
