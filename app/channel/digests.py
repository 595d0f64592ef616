"""What is named by ``D()`` in this room, and how long names are."""

from typing import Final

from app.domain.digests import DIGEST_BYTES, PROTOCOL, digest
from app.domain.post_sign_in import token_hash

ID_BYTES: Final = 16


def short_digest(label: str, *parts: bytes) -> bytes:
    """Return the first 16 bytes of ``D``: a name for something that is authenticated elsewhere."""
    return digest(label, *parts)[:ID_BYTES]


def office_id(root: bytes) -> bytes:
    """Return the name of the office with this Ed25519 root key, 32 bytes."""
    return digest("office", root)


__all__ = ["DIGEST_BYTES", "ID_BYTES", "PROTOCOL", "digest", "office_id", "short_digest", "token_hash"]
