"""K(): the one way this program makes a key from another key."""

from hashlib import blake2b

KEY_BYTES = 32
_PROTOCOL = b"vestibule/1"
_MIN_KEY_BYTES = 16
_MAX_KEY_BYTES = 64
_LENGTH_BYTES = 4


def derive_key(key: bytes, label: str, *parts: bytes) -> bytes:
    """Return 32 bytes that only a holder of ``key`` can compute: ``K(key, label, parts…)``.

    BLAKE2b-256, keyed, over this row (lengths are big-endian, 4 B each)::

        length | "vestibule/1" | length | label (UTF-8) | length | part | …

    The lengths make the row unambiguous: no two different rows hash the same bytes.

    Raises:
        ValueError: the key is shorter than 16 or longer than 64 bytes.

    Source: threat-model.md §5; RFC 7693 (BLAKE2b, keyed).
    """
    if not _MIN_KEY_BYTES <= len(key) <= _MAX_KEY_BYTES:
        raise ValueError("a key has 16 to 64 bytes")
    state = blake2b(key=key, digest_size=KEY_BYTES)
    for part in (_PROTOCOL, label.encode(), *parts):
        state.update(len(part).to_bytes(_LENGTH_BYTES, "big"))
        state.update(part)
    return state.digest()
