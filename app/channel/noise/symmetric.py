"""SymmetricState of Noise (revision 34, §5.1 and §5.2): the running hash, the chaining key, the key of the moment."""

import hmac
from hashlib import blake2b
from typing import Final

from nacl.bindings import (
    crypto_aead_chacha20poly1305_ietf_decrypt,
    crypto_aead_chacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from app.channel.errors import HandshakeRefusedError

HASH_BYTES: Final = 64
KEY_BYTES: Final = 32
TAG_BYTES: Final = 16


def hash_of(data: bytes) -> bytes:
    """BLAKE2b with 64 bytes, Noise's HASH."""
    return blake2b(data).digest()


def hkdf(chaining_key: bytes, material: bytes, outputs: int) -> tuple[bytes, ...]:
    """Return two or three times 64 bytes (Noise §4.3: HMAC-HASH and HKDF)."""
    temp_key = hmac.digest(chaining_key, material, "blake2b")
    found: list[bytes] = []
    for counter in range(1, outputs + 1):
        found.append(hmac.digest(temp_key, (found[-1] if found else b"") + bytes([counter]), "blake2b"))
    return tuple(found)


def _nonce(counter: int) -> bytes:
    """Noise §12.3: four zero bytes, then the counter, little-endian."""
    return bytes(4) + counter.to_bytes(8, "little")


class SymmetricState:
    """The state that both ends keep equal; ``hash`` is the handshake hash h, 64 bytes."""

    __slots__ = ("_chaining_key", "_counter", "_key", "hash")

    def __init__(self, protocol_name: bytes) -> None:
        fits = len(protocol_name) <= HASH_BYTES
        self.hash = protocol_name.ljust(HASH_BYTES, b"\0") if fits else hash_of(protocol_name)
        self._chaining_key = self.hash
        self._key: bytes | None = None
        self._counter = 0

    def __repr__(self) -> str:
        return "<SymmetricState hidden>"

    @classmethod
    def at(cls, hash_: bytes, chaining_key: bytes) -> "SymmetricState":
        """Return a state as it stands between two messages, before the next key is mixed in."""
        state = cls(b"")
        state.hash, state._chaining_key = hash_, chaining_key
        return state

    @property
    def chaining_key(self) -> bytes:
        """The chaining key ck, 64 bytes."""
        return self._chaining_key

    @property
    def has_key(self) -> bool:
        """Whether what follows is encrypted."""
        return self._key is not None

    def mix_hash(self, data: bytes) -> None:
        """Take ``data`` into the hash."""
        self.hash = hash_of(self.hash + data)

    def mix_key(self, material: bytes) -> None:
        """Take a DH result into the keys."""
        self._chaining_key, temp_key = hkdf(self._chaining_key, material, 2)
        self._key, self._counter = temp_key[:KEY_BYTES], 0

    def mix_key_and_hash(self, material: bytes) -> None:
        """Take a pre-shared key into both."""
        self._chaining_key, temp_hash, temp_key = hkdf(self._chaining_key, material, 3)
        self.mix_hash(temp_hash)
        self._key, self._counter = temp_key[:KEY_BYTES], 0

    def encrypt_and_hash(self, plain: bytes) -> bytes:
        """Return ``plain``, encrypted as soon as there is a key (16 bytes longer)."""
        sealed = plain
        if self._key is not None:
            nonce = _nonce(self._counter)
            sealed = crypto_aead_chacha20poly1305_ietf_encrypt(plain, self.hash, nonce, self._key)
            self._counter += 1
        self.mix_hash(sealed)
        return sealed

    def decrypt_and_hash(self, untrusted_sealed: bytes) -> bytes:
        """Return the plain text.

        Raises:
            HandshakeRefusedError: noise; the state is spoiled and must be thrown away.
        """
        plain = untrusted_sealed
        if self._key is not None:
            try:
                nonce = _nonce(self._counter)
                plain = crypto_aead_chacha20poly1305_ietf_decrypt(untrusted_sealed, self.hash, nonce, self._key)
            except (CryptoError, ValueError):
                raise HandshakeRefusedError("noise") from None
            self._counter += 1
        self.mix_hash(untrusted_sealed)
        return plain

    def split(self) -> tuple[bytes, bytes]:
        """Return the two keys, 32 bytes each: initiator to responder, and back."""
        first, second = hkdf(self._chaining_key, b"", 2)
        return first[:KEY_BYTES], second[:KEY_BYTES]
