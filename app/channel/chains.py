"""Chains: one key per message, derived from the root of a generation, and what has come of each (channel.md §5.3)."""

from dataclasses import dataclass, replace
from typing import Final, Self

from app.channel.bodies import MAX_NUMBER
from app.channel.digests import ID_BYTES
from app.channel.errors import FrameRefusedError
from app.channel.kinds import Role
from app.crypto.derive import derive_key

MAX_JUMP: Final = 256
MAX_MISSING: Final = 256
MISSING_MS: Final = 7 * 24 * 3_600_000
_GONE: Final = bytes(ID_BYTES)


def first_key(root: bytes, role: Role, chain: bytes) -> bytes:
    """Return CK_0 of a chain that ``role`` sends."""
    return derive_key(root, "chain", role.value.encode(), chain)


def message_key(chain_key: bytes) -> bytes:
    """Return MK_n from CK_n."""
    return derive_key(chain_key, "m")


def next_key(chain_key: bytes) -> bytes:
    """Return CK_{n+1} from CK_n."""
    return derive_key(chain_key, "c")


def key_at(chain_key: bytes, steps: int) -> bytes:
    """Return CK after so many steps."""
    for _ in range(steps):
        chain_key = next_key(chain_key)
    return chain_key


@dataclass(frozen=True, slots=True)
class SendingChain:
    """Our own chain of this start: its name, the number of its next frame, and CK of that."""

    name: bytes
    number: int
    key: bytes

    @classmethod
    def begin(cls, root: bytes, role: Role, name: bytes) -> Self:
        """Return a chain that has sent nothing."""
        return cls(name, 0, first_key(root, role, name))

    def __repr__(self) -> str:
        return "<SendingChain hidden>"

    def advanced(self) -> Self:
        """Return the chain after one more frame."""
        return replace(self, number=self.number + 1, key=next_key(self.key))


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain of the other side.

    ``owner``: its first valid signer. ``key``: CK of the next number. ``digests``: 16 B for each number so far, zeros
    where the frame is missing. ``missing``: those numbers and when they were first missed, ascending.
    """

    name: bytes
    owner: bytes
    key: bytes
    digests: bytes = b""
    missing: tuple[tuple[int, int], ...] = ()

    def __repr__(self) -> str:
        return "<Chain hidden>"

    @property
    def next_number(self) -> int:
        """The number that is expected next."""
        return len(self.digests) // ID_BYTES

    @property
    def height(self) -> int:
        """The highest number up to which nothing is missing; -1 when not even the first frame came."""
        return (self.missing[0][0] if self.missing else self.next_number) - 1

    def digest_at(self, number: int) -> bytes:
        """Return the digest of a frame that came, or nothing."""
        found = self.digests[number * ID_BYTES : (number + 1) * ID_BYTES]
        return b"" if found == _GONE else found

    def has(self, short: bytes) -> bool:
        """Return whether a frame with this digest came in this chain."""
        place = self.digests.find(short)
        while place >= 0 and place % ID_BYTES:
            place = self.digests.find(short, place + 1)
        return place >= 0 and short != _GONE

    def require_in_window(self, number: int, now_ms: int) -> None:
        """Do nothing when a frame with this number may still be taken.

        Raises:
            FrameRefusedError: jump, missing or late.
        """
        ahead = number - self.next_number
        if number > MAX_NUMBER or ahead > MAX_JUMP:
            raise FrameRefusedError("jump")
        if ahead > 0 and len(self.missing) + ahead > MAX_MISSING:
            raise FrameRefusedError("missing")
        for gone, since_ms in self.missing:
            if gone == number and now_ms - since_ms > MISSING_MS:
                raise FrameRefusedError("late")

    def with_frame(self, number: int, short: bytes, now_ms: int) -> Self:
        """Return the chain after the frame with this number and digest was taken."""
        ahead = number - self.next_number
        if ahead < 0:
            before, after = self.digests[: number * ID_BYTES], self.digests[(number + 1) * ID_BYTES :]
            left = tuple(entry for entry in self.missing if entry[0] != number)
            return replace(self, digests=before + short + after, missing=left)
        return replace(
            self,
            key=key_at(self.key, ahead + 1),
            digests=self.digests + _GONE * ahead + short,
            missing=self.missing + tuple((gone, now_ms) for gone in range(self.next_number, number)),
        )
