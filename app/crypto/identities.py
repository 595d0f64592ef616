"""The two key pairs of a person, both from one seed: X25519 to be written to, Ed25519 to sign."""

from dataclasses import dataclass

from nacl.exceptions import BadSignatureError
from nacl.exceptions import CryptoError as _NaclError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey
from nacl.utils import random as random_bytes

from app.crypto.derive import derive_key
from app.crypto.errors import SealBrokenError, SignatureBrokenError

SEED_BYTES = 32
PUBLIC_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class PublicIdentity:
    """What others may know of a person: ``box_key`` is X25519, ``signing_key`` is Ed25519, 32 bytes each."""

    box_key: bytes
    signing_key: bytes

    def seal_to(self, plain: bytes) -> bytes:
        """Return ``plain`` in an anonymous sealed box (48 bytes longer) that only this person opens."""
        return SealedBox(PublicKey(self.box_key)).encrypt(plain)

    def verify(self, message: bytes, signature: bytes) -> None:
        """Do nothing when this person signed ``message``.

        Raises:
            SignatureBrokenError: in every other case.
        """
        try:
            VerifyKey(self.signing_key).verify(message, signature)
        except (BadSignatureError, ValueError, TypeError):
            raise SignatureBrokenError from None


class Identity:
    """The secret halves, made anew from the person's 32-byte seed whenever they are needed."""

    __slots__ = ("_box", "_signing", "public")

    def __init__(self, user_seed: bytes) -> None:
        if len(user_seed) != SEED_BYTES:
            raise ValueError("a user seed has 32 bytes")
        self._box = PrivateKey(derive_key(user_seed, "x25519"))
        self._signing = SigningKey(derive_key(user_seed, "ed25519"))
        self.public = PublicIdentity(bytes(self._box.public_key), bytes(self._signing.verify_key))

    def __repr__(self) -> str:
        return "<Identity hidden>"

    def open_box(self, sealed: bytes) -> bytes:
        """Return what somebody sealed to this person.

        Raises:
            SealBrokenError: not for this person, or altered.
        """
        try:
            return SealedBox(self._box).decrypt(sealed)
        except (_NaclError, ValueError, TypeError):
            raise SealBrokenError from None

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature over ``message``."""
        return self._signing.sign(message).signature


def make_user_seed() -> bytes:
    """Return a fresh random seed for one person."""
    return random_bytes(SEED_BYTES)
