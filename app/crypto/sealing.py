"""XChaCha20-Poly1305 with a random nonce in front: the one seal for everything at rest."""

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_ABYTES,
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.exceptions import CryptoError as _NaclError
from nacl.utils import random as random_bytes

from app.crypto.errors import SealBrokenError

NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES
SEAL_OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES


def seal(key: bytes, plain: bytes, aad: bytes) -> bytes:
    """Return ``plain`` sealed under a 32-byte key and bound to its context ``aad``.

    Layout::

        nonce 24 B, random | ciphertext, as long as plain | tag 16 B

    24 random bytes never repeat in practice, also after a crash, a clone or a restore (promise P4).
    """
    nonce = random_bytes(NONCE_BYTES)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(plain, aad, nonce, key)


def open_sealed(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Return what ``seal`` was given.

    Raises:
        SealBrokenError: too short, wrong key, wrong ``aad`` or altered; nothing was decrypted.
    """
    if len(sealed) < SEAL_OVERHEAD_BYTES:
        raise SealBrokenError
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[NONCE_BYTES:], aad, sealed[:NONCE_BYTES], key)
    except _NaclError:
        raise SealBrokenError from None
