"""A look at an attached image without any other program: decoded here, within limits, and only what is an image.

The decoders of this machine's Qt read the bytes; the sizes that a file claims are read first and refused when they are
out of bounds, so that a small file cannot ask for a gigabyte of pixels. Vector formats are never read.
"""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

MAX_SIDE_PX = 12_000
MAX_PIXELS = 60_000_000
"""A photograph of a recent telephone has 50 million; four bytes each in memory."""
MAX_SHOWN_PX = 1_600
MAX_DECODER_MB = 256
_FORMATS = {b"png", b"jpeg", b"gif", b"webp", b"bmp"}
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", b"png"),
    (b"\xff\xd8\xff", b"jpeg"),
    (b"GIF87a", b"gif"),
    (b"GIF89a", b"gif"),
    (b"BM", b"bmp"),
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


def image_format(untrusted_bytes: bytes) -> bytes | None:
    """Return which image this is by its first bytes, None when it is none that is shown; names are not believed."""
    for signature, name in _SIGNATURES:
        if untrusted_bytes.startswith(signature):
            return name
    is_webp = untrusted_bytes[:4] == b"RIFF" and untrusted_bytes[8:12] == b"WEBP"
    return b"webp" if is_webp else None


def preview_of(untrusted_bytes: bytes) -> Preview | NoPreview:
    """Decode an image for the screen, or say why not. Blocking; call it off the GUI thread."""
    name = image_format(untrusted_bytes)
    if name is None or name not in {bytes(known.data()) for known in QImageReader.supportedImageFormats()} & _FORMATS:
        return NoPreview.NOT_AN_IMAGE
    data = QByteArray(untrusted_bytes)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(name))
    reader.setDecideFormatFromContent(False)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(MAX_DECODER_MB)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        return NoPreview.DAMAGED
    if max(size.width(), size.height()) > MAX_SIDE_PX or size.width() * size.height() > MAX_PIXELS:
        return NoPreview.TOO_LARGE
    shown = size.scaled(QSize(MAX_SHOWN_PX, MAX_SHOWN_PX), Qt.AspectRatioMode.KeepAspectRatio)
    if shown.width() < size.width():
        reader.setScaledSize(shown)
    image = reader.read()
    return NoPreview.DAMAGED if image.isNull() else Preview(image, size.width(), size.height())
