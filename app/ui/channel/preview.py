"""A look at an attached image without any other program: decoded in a confined child, and only what is an image.

The console never parses a byte of it: it looks at the first bytes, which say what it is, and takes pixels back whose
number was agreed (``picture_frames``). Vector formats are never read.
"""

import importlib.util
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from PySide6.QtGui import QImage

from app.isolation.child import SupervisedChild
from app.isolation.errors import ChildError, FrameError
from app.isolation.frames import Frame
from app.isolation.orders import CONFINED, Grants
from app.language.deadline import deadline
from app.ui.channel.picture_frames import (
    BYTES_PER_PIXEL,
    DECODE,
    FROM_CHILD,
    MAX_SHOWN_PX,
    PICTURE,
    PROBLEM,
    TO_CHILD,
    pieces_of,
    read_pieces,
)

PATIENCE_S: Final = 20.0
_ENTRY: Final = "app.ui.channel.picture_child"
_PACKAGES: Final = ("PySide6", "shiboken6")
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
)


class NoPreview(Enum):
    """Why there is none; the interface owns the words."""

    NOT_AN_IMAGE = "not_an_image"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """A picture of at most ``MAX_SHOWN_PX`` each way, and its true size."""

    image: QImage
    width_px: int
    height_px: int


def image_format(untrusted_bytes: bytes) -> str | None:
    """Return which image this is by its first bytes, None when it is none that is shown; names are not believed."""
    for signature, name in _SIGNATURES:
        if untrusted_bytes.startswith(signature):
            return name
    is_webp = untrusted_bytes[:4] == b"RIFF" and untrusted_bytes[8:12] == b"WEBP"
    return "webp" if is_webp else None


def preview_of(untrusted_bytes: bytes) -> Preview | NoPreview:
    """Have an image decoded for the screen, or say why not. Blocking, about half a second; off the GUI thread."""
    name = image_format(untrusted_bytes)
    if name is None:
        return NoPreview.NOT_AN_IMAGE
    child = SupervisedChild(
        "picture", entry=_ENTRY, grants=Grants(packages=_packages()), to_child=TO_CHILD, from_child=FROM_CHILD
    )
    try:
        child.start()
        with deadline(child, PATIENCE_S):
            return _ask(child, name, untrusted_bytes)
    except (ChildError, FrameError):  # it died of the picture, took too long, or answered something else
        return NoPreview.DAMAGED
    finally:
        child.kill()
        child.close()
        child.close_pipes()


def _ask(child: SupervisedChild, name: str, untrusted_bytes: bytes) -> Preview | NoPreview:
    if child.read().shape is not CONFINED:
        return NoPreview.DAMAGED
    child.send(Frame(DECODE, {"format": name}))
    for piece in pieces_of(untrusted_bytes):
        child.send(piece)
    answer = child.read()
    if answer.shape is PROBLEM:
        return NoPreview(answer.body["code"])
    if answer.shape is not PICTURE:
        return NoPreview.DAMAGED
    width, height = answer.body["width"], answer.body["height"]
    pixels = read_pieces(child, width * height * BYTES_PER_PIXEL)
    if len(pixels) != width * height * BYTES_PER_PIXEL:
        return NoPreview.DAMAGED
    image = QImage(pixels, width, height, BYTES_PER_PIXEL * width, QImage.Format.Format_RGBA8888)
    return Preview(image.copy(), answer.body["true_width"], answer.body["true_height"])


def _packages() -> tuple[tuple[str, str], ...]:
    found = ((name, importlib.util.find_spec(name)) for name in _PACKAGES)
    return tuple((name, str(Path(spec.origin).parent)) for name, spec in found if spec is not None and spec.origin)


__all__ = ["MAX_SHOWN_PX", "NoPreview", "Preview", "image_format", "preview_of"]
