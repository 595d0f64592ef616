"""Frames and tokens that look right from outside and mean nothing: all that a gateway can tell."""

import os

from app.domain.post import BlobPut
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
