"""What passes between the console and the child that decodes one picture: bytes in, sizes and pixels out."""

import base64
import binascii
from collections.abc import Iterator
from typing import Final, Protocol

from app.isolation.errors import FrameError, FrameProblem
from app.isolation.frames import Frame, Shape, flag, one_of, text, whole_number

PIECE_BYTES: Final = 700_000
"""Of raw bytes in one frame; base64 makes a third more of them, and a frame holds 1 MiB."""
MAX_SIDE_PX: Final = 12_000
MAX_PIXELS: Final = 60_000_000
"""A photograph of a recent telephone has 50 million; four bytes each in memory."""
MAX_SHOWN_PX: Final = 1_600
BYTES_PER_PIXEL: Final = 4
FORMATS: Final = ("png", "jpeg", "gif", "webp", "bmp")

_side = whole_number(1, MAX_SIDE_PX)
_shown = whole_number(1, MAX_SHOWN_PX)

DECODE: Final = Shape(10, "decode", {"format": one_of(*FORMATS)})
"""Console → child: the pieces of a picture of this format follow."""
PIECE: Final = Shape(11, "piece", {"data": text(4 * PIECE_BYTES // 3 + 4), "is_last": flag})
"""Both ways: the next bytes, as base64."""
PICTURE: Final = Shape(12, "picture", {"width": _shown, "height": _shown, "true_width": _side, "true_height": _side})
"""Child → console: pieces with ``width * height`` pixels follow, row by row, in the order of ``Format_RGBA8888``."""
PROBLEM: Final = Shape(13, "problem", {"code": one_of("not_an_image", "too_large", "damaged")})
"""Child → console: there is no picture."""

TO_CHILD: Final = (DECODE, PIECE)
FROM_CHILD: Final = (PICTURE, PIECE, PROBLEM)


class FrameSource(Protocol):
    """A pipe, from either end."""

    def read(self) -> Frame:
        """Block for the next frame; raises FrameError."""


def pieces_of(raw: bytes) -> Iterator[Frame]:
    """Yield the frames that carry ``raw``; at least one."""
    for start in range(0, max(len(raw), 1), PIECE_BYTES):
        data = base64.b64encode(raw[start : start + PIECE_BYTES]).decode("ascii")
        yield Frame(PIECE, {"data": data, "is_last": start + PIECE_BYTES >= len(raw)})


def read_pieces(source: FrameSource, max_bytes: int) -> bytes:
    """Return the bytes of the pieces that come next.

    Raises:
        FrameError: something else came, or more than ``max_bytes``.
    """
    raw = bytearray()
    while True:
        frame = source.read()
        if frame.shape is not PIECE:
            raise FrameError(FrameProblem.UNKNOWN_KIND)
        try:
            raw += base64.b64decode(frame.body["data"], validate=True)
        except (binascii.Error, ValueError) as problem:
            raise FrameError(FrameProblem.WRONG_SHAPE) from problem
        if len(raw) > max_bytes:
            raise FrameError(FrameProblem.TOO_LONG)
        if frame.body["is_last"]:
            return bytes(raw)
