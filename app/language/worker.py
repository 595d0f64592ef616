"""The ``language`` worker: what runs in the confined child. Holds one document, in memory, and knows no name of it."""

import base64
import binascii
import os
from collections.abc import Callable
from typing import IO, Final

from app.isolation.errors import FrameError, PipeClosedError
from app.isolation.frames import Frame, FrameReader, FrameWriter, Protocol
from app.language.docx import read_docx
from app.language.errors import DocumentError, DocumentFault
from app.language.limits import limit_memory, limit_processor
from app.language.markdown_text import read_markdown
from app.language.pdf import read_pdf
from app.language.protocol import CHUNK, FINISHED, FROM_WORKER, OPEN, PROBLEM, SECTION, TO_WORKER
from app.language.records import DocumentKind, Reading

EXIT_BAD_FRAME: Final = 71
EXIT_OUT_OF_MEMORY: Final = 72

_READERS: Final[dict[DocumentKind, Callable[[bytes], Reading]]] = {
    DocumentKind.MARKDOWN: read_markdown,
    DocumentKind.DOCX: read_docx,
    DocumentKind.PDF: read_pdf,
}


def run(pipe_in: IO[bytes], pipe_out: IO[bytes]) -> int:
    """Serve until the parent closes the pipe; return the exit status. Called by ``isolation.boot`` behind the walls."""
    limit_memory()
    reader = FrameReader(pipe_in, Protocol(*TO_WORKER))
    writer = FrameWriter(pipe_out, Protocol(*FROM_WORKER))
    try:
        while True:
            _serve(reader, writer)
    except PipeClosedError:
        return 0
    except FrameError:
        return EXIT_BAD_FRAME


def _serve(reader: FrameReader, writer: FrameWriter) -> None:
    order = reader.read()
    if order.shape is not OPEN:
        os._exit(EXIT_BAD_FRAME)
    number = order.body["request"]
    untrusted_bytes = _take_bytes(reader, order)
    limit_processor(order.body["cpu_s"])
    try:
        reading = _READERS[DocumentKind(order.body["kind"])](untrusted_bytes)
    except DocumentError as refusal:
        writer.write(_problem(number, refusal.code))
    except MemoryError:  # what is left of the memory is of no use to the next document
        writer.write(_problem(number, DocumentFault.TOO_MANY_PARTS))
        os._exit(EXIT_OUT_OF_MEMORY)
    except Exception:  # noqa: BLE001 - the worker's loop: whatever a document did to a parser, the parent gets a code
        writer.write(_problem(number, DocumentFault.READER_FAILED))
    else:
        _tell(writer, number, reading)


def _take_bytes(reader: FrameReader, order: Frame) -> bytes:
    size = order.body["size"]
    data = bytearray()
    while len(data) < size:
        chunk = reader.read()
        if chunk.shape is not CHUNK or chunk.body["request"] != order.body["request"]:
            os._exit(EXIT_BAD_FRAME)
        try:
            piece = base64.b64decode(chunk.body["data"], validate=True)
        except (binascii.Error, ValueError):
            os._exit(EXIT_BAD_FRAME)
        if not piece:
            os._exit(EXIT_BAD_FRAME)
        data += piece
    return bytes(data)


def _tell(writer: FrameWriter, number: int, reading: Reading) -> None:
    for section in reading.sections:
        body: dict[str, str | int] = {
            "request": number,
            "title": section.title,
            "body": section.body,
            "page": section.page,
        }
        writer.write(Frame(SECTION, body))
    finished: dict[str, object] = {
        "request": number,
        "sections": len(reading.sections),
        "pages": reading.pages,
        "modified": reading.modified_on.isoformat() if reading.modified_on is not None else "",
        "notes": [note.value for note in reading.notes],
    }
    writer.write(Frame(FINISHED, finished))


def _problem(number: int, code: DocumentFault) -> Frame:
    return Frame(PROBLEM, {"request": number, "code": code.value})
