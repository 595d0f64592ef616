"""Ed25519 over digests. Verifying and signing are the dearest steps of a frame, so libsodium is called directly."""

from dataclasses import dataclass
from typing import Any, Final, Self

from nacl import _sodium
from nacl.bindings import crypto_sign_seed_keypair, sodium_init

from app.channel.digests import digest

SIGNATURE_BYTES: Final = 64
SIGN_KEY_BYTES: Final = 32
_SECRET_BYTES: Final = 64

sodium_init()
_lib: Any = _sodium.lib
_ffi: Any = _sodium.ffi
_NOTHING = _ffi.NULL


class Signer:
    """The secret half of an Ed25519 pair, made from its 32-byte seed. ``public`` is the other half."""

    __slots__ = ("_secret", "public")

    def __init__(self, seed: bytes) -> None:
        self.public, self._secret = crypto_sign_seed_keypair(seed)

    def __repr__(self) -> str:
        return "<Signer hidden>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Signer) and other.public == self.public

    def __hash__(self) -> int:
        return hash(self.public)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature over ``message``."""
        signed = bytearray(SIGNATURE_BYTES + len(message))
        room = _ffi.from_buffer("unsigned char[]", signed)
        if _lib.crypto_sign(room, _NOTHING, message, len(message), self._secret):
            raise RuntimeError("libsodium could not sign")
        return bytes(signed[:SIGNATURE_BYTES])


def is_signed(message: bytes, untrusted_signature: bytes, sign_key: bytes) -> bool:
    """Return whether the holder of ``sign_key`` (Ed25519 public, 32 B) signed ``message``."""
    if len(untrusted_signature) != SIGNATURE_BYTES or len(sign_key) != SIGN_KEY_BYTES:
        return False
    signed = untrusted_signature + message
    room = _ffi.new("unsigned char[]", len(signed))
    return not _lib.crypto_sign_open(room, _NOTHING, signed, len(signed), sign_key)


@dataclass(frozen=True, slots=True)
class Signed:
    """Bytes and a signature over ``D(label, bytes)``; the label says what kind of document they are."""

    data: bytes
    signature: bytes

    @classmethod
    def make(cls, label: str, data: bytes, signer: Signer) -> Self:
        """Return ``data``, signed."""
        return cls(data, signer.sign(digest(label, data)))

    def holds(self, label: str, sign_key: bytes) -> bool:
        """Return whether the holder of ``sign_key`` signed the bytes as such a document."""
        return is_signed(digest(label, self.data), self.signature, sign_key)
