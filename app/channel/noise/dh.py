"""X25519, and the refusal of what only a hostile key gives."""

from typing import Final

from nacl.bindings import crypto_scalarmult

from app.channel.errors import HandshakeRefusedError

DH_BYTES: Final = 32


def diffie_hellman(secret: bytes, untrusted_public: bytes) -> bytes:
    """Return X25519 of the two, 32 bytes.

    Raises:
        HandshakeRefusedError: noise; the result is all zero, which only a key of small order gives (RFC 7748 §6.1).
    """
    try:
        shared = crypto_scalarmult(secret, untrusted_public)
    except RuntimeError:  # libsodium refuses the all-zero result
        raise HandshakeRefusedError("noise") from None
    if not any(shared):
        raise HandshakeRefusedError("noise")
    return shared
