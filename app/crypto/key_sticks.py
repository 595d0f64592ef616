"""The file on a key stick: 256 random bits that enter the key of a slot beside the password.

Layout, ASCII, four lines::

    vestibule-key-1
    name of the stick, 16 hexadecimal digits
    the secret, 64 hexadecimal digits
    checksum against accidents, 16 hexadecimal digits

Whoever copies the file holds the stick; the password is what stands between a copy and the vault.
"""

from dataclasses import dataclass, field
from hashlib import blake2b

from nacl.utils import random as random_bytes

from app.crypto.derive import KEY_BYTES

MAX_STICK_FILE_BYTES = 512
STICK_NAME_BYTES = 8
_FORMAT = "vestibule-key-1"
_CHECKSUM_BYTES = 8


@dataclass(frozen=True, slots=True)
class KeyStick:
    """``name`` tells sticks apart and is no secret; ``secret`` has 32 bytes."""

    name: bytes
    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> "KeyStick":
        """Return a fresh random one."""
        return cls(random_bytes(STICK_NAME_BYTES), random_bytes(KEY_BYTES))

    @classmethod
    def decode(cls, untrusted: bytes) -> "KeyStick | None":
        """Return the stick that a file holds, None when it is something else or damaged."""
        try:
            lines = untrusted[: MAX_STICK_FILE_BYTES + 1].decode("ascii").split("\n")
            stick = cls(bytes.fromhex(lines[1]), bytes.fromhex(lines[2]))
        except (ValueError, IndexError):
            return None
        return stick if untrusted == stick.encode() and stick._is_whole() else None

    def encode(self) -> bytes:
        """Return the bytes of the file."""
        lines = (_FORMAT, self.name.hex(), self.secret.hex())
        checksum = blake2b("\n".join(lines).encode(), digest_size=_CHECKSUM_BYTES).hexdigest()
        return "\n".join((*lines, checksum, "")).encode()

    def _is_whole(self) -> bool:
        return len(self.name) == STICK_NAME_BYTES and len(self.secret) == KEY_BYTES
