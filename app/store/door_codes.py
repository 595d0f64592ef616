"""What the door asks beside the password: a code from a phone, or a printed spare code. It lies within the slot's seal.

The seal opens with the password, so this keeps nobody from the vault who has its files and the password: the same
machine that compares the code holds what it is compared with. It keeps somebody out who saw the password being typed
and sits down at this console. Therefore it lets no password be shorter.

Bytes, big-endian, behind the seed::

    version 1 | secret 20 | step of the last code 8 | number of spare codes 1 | digest 8 each

A code that was taken changes the record, and the slot is sealed anew before the vault is handed over.

Source: RFC 6238 §5.2; threat-model.md §5.3.
"""

import struct
from dataclasses import dataclass, field, replace
from hmac import compare_digest

from app.crypto.spare_codes import SPARE_CODES, SPARE_DIGEST_BYTES, make_spare_codes, spare_digest, spare_digests
from app.crypto.timed_codes import TIMED_SECRET_BYTES, find_step

_VERSION = 1
_HEAD = struct.Struct(f">B{TIMED_SECRET_BYTES}sQB")


@dataclass(frozen=True, slots=True)
class DoorCode:
    """One person's phone and what is left of the printed codes; ``last_step`` is 0 until a code was taken."""

    secret: bytes = field(repr=False)
    last_step: int = 0
    spare: tuple[bytes, ...] = field(default=(), repr=False)

    def with_new_spare(self) -> tuple["DoorCode", tuple[str, ...]]:
        """Return the record with fresh spare codes, and the codes to print; those of before are worth nothing."""
        codes = make_spare_codes()
        return replace(self, spare=spare_digests(self.secret, codes)), codes

    def spend(self, untrusted_code: str, now_ms: int) -> "DoorCode | None":
        """Return what is left after a code was taken, None when it is none of now, or was taken before."""
        step = find_step(self.secret, untrusted_code, now_ms, self.last_step)
        if step is not None:
            return replace(self, last_step=step)
        digest = spare_digest(self.secret, untrusted_code)
        left = tuple(one for one in self.spare if not compare_digest(one, digest))
        return replace(self, spare=left) if len(left) < len(self.spare) else None

    def encode(self) -> bytes:
        """Return the bytes that lie behind the seed."""
        return _HEAD.pack(_VERSION, self.secret, self.last_step, len(self.spare)) + b"".join(self.spare)

    @classmethod
    def decode(cls, octets: bytes) -> "DoorCode":
        """Return the record; raises ValueError when these bytes are none."""
        if len(octets) < _HEAD.size:
            raise ValueError("too short for a door code")
        version, secret, last_step, count = _HEAD.unpack_from(octets)
        rest = octets[_HEAD.size :]
        if version != _VERSION or count > SPARE_CODES or len(rest) != count * SPARE_DIGEST_BYTES:
            raise ValueError("not a door code")
        spare = tuple(rest[at : at + SPARE_DIGEST_BYTES] for at in range(0, len(rest), SPARE_DIGEST_BYTES))
        return cls(secret, last_step, spare)
