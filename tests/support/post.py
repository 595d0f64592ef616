"""Frames and tokens that look right from outside and mean nothing: all that a gateway can tell."""

import os
import random

from app.domain.post import BlobGet, BlobPut, Open, Put, Taken, Wipe, encode
from app.domain.post_sizes import CHUNK_BYTES, FRAME_LENGTHS, Envelope, FrameType


def make_frame(
    number: int = 0, *, chain: bytes | None = None, size: int = 0, type_: FrameType = FrameType.FRAME
) -> bytes:
    """Return a frame of the ``size``-th class of its type with random contents; a random chain unless one is given."""
    head = Envelope(type_, bytes(16), chain or os.urandom(16), number).encode()
    return head + os.urandom(FRAME_LENGTHS[type_][size] - len(head))


def make_hello(size: int = 0, *, chain: bytes | None = None) -> bytes:
    """Return a first message."""
    return make_frame(0, chain=chain, size=size, type_=FrameType.HELLO)


def make_answer(chain: bytes) -> bytes:
    """Return an answer to the first message of this chain."""
    return make_frame(1, chain=chain, type_=FrameType.ANSWER)


def make_chunk(address: bytes, blob: bytes, index: int = 0, total: int = 1, req: int = 1) -> BlobPut:
    """Return one chunk with random contents."""
    return BlobPut(req, address, blob, index, total, os.urandom(CHUNK_BYTES))


def mutated_request(chance: random.Random, address: bytes) -> bytes:
    """Return a request of the patient of ``address`` that was good before a few of its bytes changed."""
    frame = make_frame(chance.randrange(5), chain=bytes(16), size=chance.randrange(4))
    good = chance.choice(
        [
            Put(1, address, frame),
            Put(1, address, make_hello()),
            Taken(1, address, chance.randrange(2**53)),
            BlobGet(1, address, address, 0),
            Open(1, chance.randbytes(16), bytes(32), 1),
            Wipe(1),
        ]
    )
    raw = bytearray(encode(good))
    for _ in range(chance.randrange(1, 4)):
        what = chance.randrange(4)
        if what == 0:
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        elif what == 1:
            del raw[chance.randrange(len(raw)) :]
            raw += b"\0"
        elif what == 2:
            raw += chance.randbytes(chance.randrange(40))
        else:
            raw[0] = chance.randrange(256)
    return bytes(raw)
