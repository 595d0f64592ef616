"""The child that looks at the served page: walls like the link's, a life of seconds, no token and no frame."""

import os
import select
import time
from pathlib import Path
from typing import IO, Final

from app.channel.link.errors import LinkCode, SecureError
from app.channel.link.page_fetch import Fetched, FetchEvent, PageFetch
from app.channel.link.page_protocol import ALL, BROKEN, FETCH, FILE, FROM_CHILD, TO_CHILD
from app.channel.link.secure import client_context, trusted_pem
from app.isolation.errors import FrameError
from app.isolation.frames import Frame, FrameReader, FrameWriter, Protocol

EXIT_BAD_FRAME: Final = 71
_READ_BYTES: Final = 64 * 1024


def run(pipe_in: IO[bytes], pipe_out: IO[bytes], connection: int) -> int:
    """Fetch what the one order names; return the exit status. Called by ``isolation.boot`` behind the walls."""
    writer = FrameWriter(pipe_out, Protocol(*FROM_CHILD))
    try:
        order = FrameReader(pipe_in, Protocol(*TO_CHILD)).read()
        if order.shape is not FETCH or not order.body["paths"]:
            return EXIT_BAD_FRAME
        writer.write(_fetch(order, connection, writer))
    except FrameError:
        return EXIT_BAD_FRAME
    return 0


def _fetch(order: Frame, connection: int, writer: FrameWriter) -> Frame:
    """Tell each file; return the last frame."""
    body = order.body
    try:
        ca_file = Path(body["ca_file"]) if body["ca_file"] else None
        context = client_context(trusted_pem(ca_file)) if body["is_tls"] else None
        fetch = PageFetch(body["host"], body["port"], context, body["paths"])
    except SecureError as problem:
        return _broken(problem.code)
    until_s = time.monotonic() + body["within_ms"] / 1000
    os.set_blocking(connection, False)
    unsent = bytearray()
    while (left_s := until_s - time.monotonic()) > 0:
        unsent += fetch.to_send()
        for event in _step(fetch, connection, unsent, left_s):
            if not isinstance(event, Fetched):
                return Frame(ALL, {}) if event.code is None else _broken(event.code)
            writer.write(Frame(FILE, _row(event)))
    return _broken(LinkCode.SILENT)


def _step(fetch: PageFetch, connection: int, unsent: bytearray, left_s: float) -> list[FetchEvent]:
    """Move bytes once, in whichever direction is ready; return what they mean."""
    poll = select.poll()
    poll.register(connection, select.POLLIN | (select.POLLOUT if unsent else 0))
    ready = dict(poll.poll(max(1, int(left_s * 1000)))).get(connection, 0)
    try:
        if ready & select.POLLOUT:
            del unsent[: os.write(connection, unsent)]
        return fetch.receive(os.read(connection, _READ_BYTES)) if ready & ~select.POLLOUT else []
    except BlockingIOError:
        return []
    except OSError:  # reset
        return fetch.receive(b"")


def _row(event: Fetched) -> dict[str, object]:
    return {
        "number": event.number,
        "status": event.status,
        "digest": event.digest.hex(),
        "is_strict": event.is_strict,
    }


def _broken(code: LinkCode) -> Frame:
    return Frame(BROKEN, {"code": code.value})
