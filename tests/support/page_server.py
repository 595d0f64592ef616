"""The patient page's files on loopback under the headers that the gateway sets; behind them nothing, or a gateway in
memory. The only server of this kind: the tests of the browser, of the screens and of the engine all use it."""

import mimetypes
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Protocol

from app.gateway.headers import headers_for

PAGE = Path(__file__).resolve().parents[2] / "resources" / "patient"
BLANK = b"<!doctype html><html lang=en><meta charset=utf-8><link rel=icon href='data:,'><title>Blank</title>"
_TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".webmanifest": "application/manifest+json"}
_DOCUMENTS = ("/", "/c")
_POLL_S = 0.02
_END_S = 5.0
Pairs = list[tuple[bytes, bytes]]


class Behind(Protocol):
    """What stands behind the page: a gateway, as far as a page sees one.

    Attributes:
        is_down: nothing answers but documents that stand in ``bodies``; connections end without a word.
    """

    is_down: bool

    def office_json(self) -> bytes:
        """Return what is served at /office.json."""

    def serve_line(self, connection: socket.socket, headers: Pairs) -> None:
        """Serve one WebSocket until it ends."""


class PageServer(ThreadingHTTPServer):
    """Answers ``/`` and ``/c`` with index.html, ``/blank`` with an empty document, and every file of its folders.

    Attributes:
        folders: first part of the path → folder; the page itself is under ``""``.
        bodies: path → bytes that stand in for, or beside, the files (``/office.json``).
        behind: the gateway; None: there is none, and nobody answers at /ws.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, folders: Mapping[str, Path], bodies: Mapping[str, bytes], behind: Behind | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folders = {"": PAGE, **folders}
        self.bodies: dict[str, bytes] = {"/blank": BLANK, **bodies}
        self.behind = behind

    @property
    def base(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_port}"

    def find(self, path: str) -> tuple[bytes, str] | None:
        """Return body and media type of a path, None when there is nothing."""
        if path in self.bodies:
            return self.bodies[path], _type_of(path) if "." in path else "text/html; charset=utf-8"
        if path == "/office.json" and self.behind is not None:
            return self.behind.office_json(), "application/json"
        path = "/index.html" if path in _DOCUMENTS else path
        first, _, rest = path[1:].partition("/")
        folder, name = (self.folders[first], rest) if first in self.folders else (self.folders[""], path[1:])
        file = (folder / name).resolve()
        return (file.read_bytes(), _type_of(name)) if file.is_relative_to(folder) and file.is_file() else None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: PageServer

    def do_GET(self) -> None:
        path, behind = self.path.partition("?")[0], self.server.behind
        if behind is not None and behind.is_down and path not in self.server.bodies:
            self.close_connection = True
        elif behind is not None and path == "/ws":
            behind.serve_line(self.connection, self._asked())
            self.close_connection = True
        else:
            self._answer(self.server.find(path))

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, found: tuple[bytes, str] | None) -> None:
        body, media_type = found or (b"Not here.\n", "text/plain; charset=utf-8")
        self.send_response(200 if found else 404)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(body)))
        self.send_header("cache-control", "no-store")
        for name, value in headers_for({"scheme": "http", "headers": self._asked()}):
            self.send_header(name.decode(), value.decode())
        self.end_headers()
        self.wfile.write(body)

    def _asked(self) -> Pairs:
        return [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]


def _type_of(name: str) -> str:
    known = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{known}; charset=utf-8" if known.startswith("text/") else known


@contextmanager
def serving(
    behind: Behind | None = None,
    *,
    folders: Mapping[str, Path] | None = None,
    bodies: Mapping[str, bytes] | None = None,
) -> Iterator[PageServer]:
    """Serve until the block ends."""
    with PageServer(folders or {}, bodies or {}, behind) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": _POLL_S}, name="page", daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(_END_S)
