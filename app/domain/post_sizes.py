"""What a frame looks like from outside: its header, and the few lengths it may have. The gateway sees no more."""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

PROTOCOL_VERSION: Final = 1
HEADER_BYTES: Final = 38
PLAIN_CLASSES: Final = (256, 1_024, 4_096, 16_384)
"""A message is padded to one of these before it is encrypted (threat-model.md §6.4), in bytes."""

_NONCE_AND_TAG: Final = 24 + 16
_NOISE_1: Final = 32 + (32 + 16) + 16
"""Message 1 of IK and IKpsk1 around its payload: e, s with its tag, the payload's tag."""
_NOISE_2: Final = 32 + 16
_HEADER: Final = struct.Struct(">BB16s16sI")


class FrameType(IntEnum):
    """The second byte of a header."""

    HELLO = 1
    ANSWER = 2
    FRAME = 3


FRAME_LENGTHS: Final[dict[FrameType, tuple[int, ...]]] = {
    FrameType.HELLO: tuple(HEADER_BYTES + _NOISE_1 + size for size in PLAIN_CLASSES[1:]),
    FrameType.ANSWER: (HEADER_BYTES + _NOISE_2 + 1_024,),
    FrameType.FRAME: tuple(HEADER_BYTES + _NONCE_AND_TAG + size for size in PLAIN_CLASSES),
}
"""All lengths a frame may have, in bytes, with its header: 1158, 4230, 16518 · 1110 · 334, 1102, 4174, 16462."""
MAX_FRAME_BYTES: Final = max(max(lengths) for lengths in FRAME_LENGTHS.values())
MIN_FRAME_BYTES: Final = min(min(lengths) for lengths in FRAME_LENGTHS.values())

CHUNK_BYTES: Final = 64 * 1_024 + 17
"""One stored chunk of an attachment: 64 KiB, and what secretstream adds."""
CHUNK_COUNTS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 400)
"""An attachment is padded to so many chunks; 400 hold 25 MB."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The header of a frame, in clear. ``generation`` and ``chain`` have 16 bytes."""

    type: FrameType
    generation: bytes
    chain: bytes
    number: int

    def __repr__(self) -> str:
        return f"<Envelope {self.type.name.lower()}>"

    def encode(self) -> bytes:
        """Return the 38 bytes: version 1 | type 1 | generation 16 | chain 16 | number 4, big-endian."""
        return _HEADER.pack(PROTOCOL_VERSION, self.type, self.generation, self.chain, self.number)


def read_envelope(untrusted_frame: bytes) -> Envelope:
    """Return the header of a frame whose version, type, length and number fit one another.

    A hello has number 0 and an answer number 1, so that a second answer to one hello meets the uniqueness of
    (chain, number) at the gateway.

    Raises:
        ValueError: any other version, type or length, or a hello or answer with another number.

    Source: channel specification, header and handshake messages; threat-model.md §6.4.
    """
    if not MIN_FRAME_BYTES <= len(untrusted_frame) <= MAX_FRAME_BYTES:
        raise ValueError("no frame has this length")
    version, kind, generation, chain, number = _HEADER.unpack_from(untrusted_frame)
    if version != PROTOCOL_VERSION:
        raise ValueError("another version")
    type_ = FrameType(kind)
    if len(untrusted_frame) not in FRAME_LENGTHS[type_]:
        raise ValueError("not a length of this type")
    if type_ is not FrameType.FRAME and number != (0 if type_ is FrameType.HELLO else 1):
        raise ValueError("a handshake message has a number of its own")
    return Envelope(type_, generation, chain, number)
