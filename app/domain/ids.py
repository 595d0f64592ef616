"""Identifiers as types, and ULIDs that sort by the time they were made."""

from typing import NewType

ConversationId = NewType("ConversationId", str)
EventId = NewType("EventId", str)
PersonId = NewType("PersonId", str)
VaultId = NewType("VaultId", str)
ArticleId = NewType("ArticleId", str)
ProposalId = NewType("ProposalId", str)

OFFICE = ConversationId("office")
"""The event stream that belongs to no conversation: approved answers, settings of the office."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BYTES = 10
_ULID_CHARS = 26


def make_ulid(now_ms: int, randomness: bytes) -> str:
    """Return a 26-character ULID.

    Layout (big-endian, Crockford base 32)::

        time 48 bit, milliseconds since 1970 | randomness 80 bit

    Args:
        now_ms: Unix time in milliseconds, passed in so that callers own the clock.
        randomness: exactly 10 bytes.

    Raises:
        ValueError: the time does not fit 48 bit or the randomness is not 10 bytes long.

    Source: the ULID specification (ulid/spec).
    """
    if len(randomness) != _RANDOM_BYTES or not 0 <= now_ms < 1 << 48:
        raise ValueError("a ULID needs a 48-bit time and 10 random bytes")
    number = now_ms << 80 | int.from_bytes(randomness, "big")
    return "".join(_CROCKFORD[number >> 5 * place & 31] for place in reversed(range(_ULID_CHARS)))
