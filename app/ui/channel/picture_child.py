"""The confined child that decodes a picture of a stranger: Qt's decoders without sockets, files, keys or words.

One child, one picture. A decoder that is overrun by what it reads (libwebp was, CVE-2023-4863) is alone with it.
"""

from typing import IO, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from app.isolation.errors import FrameError
from app.isolation.frames import Frame, FrameReader, FrameWriter, Protocol
from app.language.limits import limit_memory, limit_processor
from app.ui.channel.picture_frames import (
    DECODE,
    FROM_CHILD,
    MAX_PIXELS,
    MAX_SHOWN_PX,
    MAX_SIDE_PX,
    PICTURE,
    PROBLEM,
    TO_CHILD,
    pieces_of,
    read_pieces,
)

EXIT_BAD_FRAME: Final = 71
MAX_PROCESSOR_S: Final = 20
_MAX_DECODER_MB: Final = 256
_MEMORY_BYTES: Final = 512 * 1024 * 1024
"""Of private data: the largest picture before it is made small, and what a decoder keeps beside it."""
_MAX_FILE_BYTES: Final = 32 * 1024 * 1024


def run(pipe_in: IO[bytes], pipe_out: IO[bytes]) -> int:
    """Decode one picture and end; return the exit status. Called by ``isolation.boot`` behind the walls."""
    limit_memory(_MEMORY_BYTES)
    limit_processor(MAX_PROCESSOR_S)
    reader, writer = FrameReader(pipe_in, Protocol(*TO_CHILD)), FrameWriter(pipe_out, Protocol(*FROM_CHILD))
    try:
        order = reader.read()
        if order.shape is not DECODE:
            return EXIT_BAD_FRAME
        untrusted_bytes = read_pieces(reader, _MAX_FILE_BYTES)
        for frame in _decode(order.body["format"], untrusted_bytes):
            writer.write(frame)
    except FrameError:
        return EXIT_BAD_FRAME
    return 0


def _decode(name: str, untrusted_bytes: bytes) -> list[Frame]:
    """Return the frames that answer; the sizes that a file claims are judged before anything is decoded."""
    data = QByteArray(untrusted_bytes)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    QImageReader.setAllocationLimit(_MAX_DECODER_MB)
    if name.encode() not in {bytes(known.data()) for known in QImageReader.supportedImageFormats()}:
        return [_problem("not_an_image")]
    reader = QImageReader(buffer, QByteArray(name.encode()))
    reader.setDecideFormatFromContent(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        return [_problem("damaged")]
    if max(size.width(), size.height()) > MAX_SIDE_PX or size.width() * size.height() > MAX_PIXELS:
        return [_problem("too_large")]
    shown = size.scaled(QSize(MAX_SHOWN_PX, MAX_SHOWN_PX), Qt.AspectRatioMode.KeepAspectRatio)
    if shown.width() < size.width():
        reader.setScaledSize(shown)
    image = reader.read()
    return [_problem("damaged")] if image.isNull() else _told(image, size)


def _told(image: QImage, size: QSize) -> list[Frame]:
    """Return size and pixels. Rows of four-byte pixels have no gap between them."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    head = {"width": plain.width(), "height": plain.height(), "true_width": size.width(), "true_height": size.height()}
    return [Frame(PICTURE, head), *pieces_of(bytes(plain.constBits()))]


def _problem(code: str) -> Frame:
    return Frame(PROBLEM, {"code": code})
