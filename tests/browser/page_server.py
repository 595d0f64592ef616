"""The patient page on loopback without a gateway: its files under the headers that the gateway sets."""

import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from app.gateway.headers import headers_for

PAGE = Path(__file__).resolve().parents[2] / "resources" / "patient"
BLANK = b"<!doctype html><html lang=en><meta charset=utf-8><link rel=icon href='data:,'><title>Blank</title>"
_TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".webmanifest": "application/manifest+json"}


class PageServer(ThreadingHTTPServer):
    """Answers ``/`` and ``/c`` with index.html, ``/blank`` with an empty document, and every file of its folders.

    Attributes:
        folders: first part of the path → folder; the page itself is under ``""``.
        bodies: path → bytes that stand in for, or beside, the files (``/office.json``).
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, folders: Mapping[str, Path]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folders = {"": PAGE, **folders}
        self.bodies: dict[str, bytes] = {"/blank": BLANK}

    @property
    def base(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_port}"

    def find(self, path: str) -> tuple[bytes, str] | None:
        """Return body and media type of a path, None when there is nothing."""
        path = "/index.html" if path in {"/", "/c"} else path
        if path in self.bodies:
            return self.bodies[path], _type_of(path) if "." in path else "text/html; charset=utf-8"
        first, _, rest = path[1:].partition("/")
        folder, name = (self.folders[first], rest) if first in self.folders else (self.folders[""], path[1:])
        file = (folder / name).resolve()
        return (file.read_bytes(), _type_of(name)) if file.is_relative_to(folder) and file.is_file() else None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: PageServer

    def do_GET(self) -> None:
        found = self.server.find(self.path.partition("?")[0])
        body, media_type = found or (b"Not here.\n", "text/plain; charset=utf-8")
        self.send_response(200 if found else 404)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(body)))
        self.send_header("cache-control", "no-store")
        asked = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
        for name, value in headers_for({"scheme": "http", "headers": asked}):
            self.send_header(name.decode(), value.decode())
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _type_of(name: str) -> str:
    known = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{known}; charset=utf-8" if known.startswith("text/") else known


@contextmanager
def serving(folders: Mapping[str, Path] | None = None) -> Iterator[PageServer]:
    """Serve until the block ends."""
    with PageServer(folders or {}) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="page", daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(5)
