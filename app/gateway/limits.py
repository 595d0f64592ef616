"""How much one client, one mailbox and the whole gateway may ask for. Counted in memory, forgotten at the end.

A client is an IPv4 address or an IPv6 /64. A clinic's waiting room sits behind one address, so its limits are wide; a
mailbox is one person, so its limits are narrow.
"""

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

_PRUNE_AT: Final = 10_000
_V6_PREFIX: Final = 64


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second on average, so many at once."""

    per_s: float
    burst: float


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers; each has a test that reaches it."""

    connections: int = 8_000
    """In all: 64 KiB of socket buffers and about 30 KiB of objects each stay below the memory budget of 512 MB."""
    connections_per_client: int = 256
    connections_per_mailbox: int = 4
    """Tabs, and connections that a phone left behind; a further one replaces the oldest."""
    connections_per_desk: int = 8
    sign_ins_per_client: Rate = Rate(20.0, 600.0)
    failures_per_client: Rate = Rate(0.5, 60.0)
    """Refused sign-ins and peeks. Tokens have 256 bits, so this saves work, not secrets."""
    doors_per_client: Rate = Rate(20 / 3600, 10.0)
    """New open-door conversations: ten at once, then twenty an hour."""
    doors: Rate = Rate(600 / 3600, 100.0)
    patient_frames: Rate = Rate(10.0, 150.0)
    """An outbox that gathered offline goes out at once; nobody types faster than this."""
    desk_frames: Rate = Rate(2_000.0, 10_000.0)
    patient_bytes: Rate = Rate(2 * 1024**2, 8 * 1024**2)
    desk_bytes: Rate = Rate(64 * 1024**2, 64 * 1024**2)
    malformed: int = 10
    """So many malformed messages on one connection end it."""
    pending_answers: int = 64
    """So many requests of one connection are worked on at once; further ones stay in its socket."""
    sign_in_s: float = 10.0
    request_s: float = 120.0
    """A connection that has not become a WebSocket lives no longer: nobody holds a place by sending slowly."""
    stalled_s: float = 30.0
    """A client that takes nothing out of its full socket for so long is cut off."""
    ping_s: float = 25.0
    """Below the 30 to 60 seconds after which routers and reverse proxies forget a silent connection."""


class Bucket:
    """Lets ``rate`` through. ``now_s`` is any clock that only goes forward."""

    __slots__ = ("_at_s", "_left", "_rate")

    def __init__(self, rate: Rate, now_s: float) -> None:
        self._rate, self._left, self._at_s = rate, rate.burst, now_s

    def take(self, now_s: float, amount: float = 1.0) -> bool:
        """Return whether ``amount`` may pass now, and count it if so."""
        self._refill(now_s)
        if self._left < amount:
            return False
        self._left -= amount
        return True

    def owe(self, now_s: float, amount: float) -> float:
        """Count ``amount`` whatever is left; return for how many seconds to wait before the next."""
        self._refill(now_s)
        self._left -= amount
        return max(0.0, -self._left / self._rate.per_s)

    def is_full(self, now_s: float) -> bool:
        """Return whether this bucket can be forgotten without letting more through."""
        self._refill(now_s)
        return self._left >= self._rate.burst

    def _refill(self, now_s: float) -> None:
        self._left = min(self._rate.burst, self._left + (now_s - self._at_s) * self._rate.per_s)
        self._at_s = now_s


@dataclass
class Buckets:
    """One bucket per client."""

    rate: Rate
    clock: Callable[[], float] = time.monotonic
    _by_client: dict[str, Bucket] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Buckets of {len(self._by_client)} clients>"

    def take(self, client: str) -> bool:
        """Return whether this client may once more."""
        now_s = self.clock()
        bucket = self._by_client.get(client)
        if bucket is None:
            self._prune(now_s)
            bucket = self._by_client[client] = Bucket(self.rate, now_s)
        return bucket.take(now_s)

    def _prune(self, now_s: float) -> None:
        if len(self._by_client) >= _PRUNE_AT:
            self._by_client = {name: bucket for name, bucket in self._by_client.items() if not bucket.is_full(now_s)}


def client_key(host: str | None) -> str:
    """Return under what a client is counted: its IPv4 address, its IPv6 /64, or one key for all that have neither."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), _V6_PREFIX), strict=False))
    return str(address)
