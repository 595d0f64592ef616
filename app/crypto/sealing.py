"""XChaCha20-Poly1305 with a random nonce in front: the one seal for everything at rest.

Every message is sealed twice before it is acknowledged, so the call itself counts. PyNaCl's binding checks and copies
in Python, which takes twice as long as the cipher does (19 µs against 7, measured). Here libsodium is called through
the same compiled module, after the same checks: the C side trusts the lengths it is given. A test compares the two.
"""

from typing import Any

from nacl import _sodium
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_ABYTES,
    crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    sodium_init,
)
from nacl.utils import random as random_bytes

from app.crypto.errors import SealBrokenError

NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES
SEAL_OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES
_KEY_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES

sodium_init()
_lib: Any = _sodium.lib
_ffi: Any = _sodium.ffi
_NOTHING = _ffi.NULL


def seal(key: bytes, plain: bytes, aad: bytes) -> bytes:
    """Return ``plain`` sealed under a 32-byte key and bound to its context ``aad``.

    Layout::

        nonce 24 B, random | ciphertext, as long as plain | tag 16 B

    24 random bytes never repeat in practice, also after a crash, a clone or a restore (promise P4).

    Raises:
        ValueError: the key does not have 32 bytes.
    """
    _require_bytes(key, plain, aad)
    nonce = random_bytes(NONCE_BYTES)
    sealed = bytearray(NONCE_BYTES + len(plain) + TAG_BYTES)
    sealed[:NONCE_BYTES] = nonce
    start = _ffi.from_buffer("unsigned char[]", sealed)
    failed = _lib.crypto_aead_xchacha20poly1305_ietf_encrypt(
        start + NONCE_BYTES, _NOTHING, plain, len(plain), aad, len(aad), _NOTHING, nonce, key
    )
    if failed:
        raise RuntimeError("libsodium could not seal")
    return bytes(sealed)


def open_sealed(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Return what ``seal`` was given.

    Raises:
        SealBrokenError: too short, wrong key, wrong ``aad`` or altered; nothing was decrypted.
        ValueError: the key does not have 32 bytes.
    """
    _require_bytes(key, sealed, aad)
    if len(sealed) < SEAL_OVERHEAD_BYTES:
        raise SealBrokenError
    plain = bytearray(len(sealed) - SEAL_OVERHEAD_BYTES)
    start, room = _ffi.from_buffer("unsigned char[]", sealed), _ffi.from_buffer("unsigned char[]", plain)
    failed = _lib.crypto_aead_xchacha20poly1305_ietf_decrypt(
        room, _NOTHING, _NOTHING, start + NONCE_BYTES, len(sealed) - NONCE_BYTES, aad, len(aad), start, key
    )
    if failed:
        raise SealBrokenError
    return bytes(plain)


def _require_bytes(key: bytes, data: bytes, aad: bytes) -> None:
    """Refuse what the C side would read beyond the end of."""
    if not isinstance(key, bytes) or len(key) != _KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    if not isinstance(data, bytes) or not isinstance(aad, bytes):
        raise TypeError("only bytes are sealed and opened")
