"""D(): the one way that everybody on the patient channel names bytes by a hash, the blind gateway included."""

from hashlib import blake2b
from typing import Final

DIGEST_BYTES: Final = 32
PROTOCOL: Final = b"vestibule/1"
_LENGTH_BYTES: Final = 4
_PROTOCOL_PART: Final = len(PROTOCOL).to_bytes(_LENGTH_BYTES, "big") + PROTOCOL


def digest(label: str, *parts: bytes) -> bytes:
    """Return the 32 bytes ``D(label, parts…)``: the row of ``app.crypto.derive.derive_key``, without a key.

    The row (lengths are big-endian, 4 B each)::

        length | "vestibule/1" | length | label (UTF-8) | length | part | …

    A label is used for one purpose only, so that nothing signed for one is ever read as another.

    Source: channel.md §1; RFC 7693 (BLAKE2b).
    """
    state = blake2b(_PROTOCOL_PART, digest_size=DIGEST_BYTES)
    for part in (label.encode(), *parts):
        state.update(len(part).to_bytes(_LENGTH_BYTES, "big"))
        state.update(part)
    return state.digest()
