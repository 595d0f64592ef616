"""The page's own files on loopback with the gateway's own headers; the engine is the mock beside this file, or real."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from app.gateway.headers import headers_for
from tests.unit.patient.engine.post_office import Line, PostOffice

REPOSITORY = Path(__file__).resolve().parents[4]
PAGE = REPOSITORY / "resources" / "patient"
HERE = Path(__file__).parent
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_PLACES = {"/": PAGE / "index.html", "/c": PAGE / "index.html"}
_MOCKED = {"/engine/engine.mjs": HERE / "mock_engine.mjs"}


class Files(BaseHTTPRequestHandler):
    """Serves the page; /test/ is this folder. Without a post office the engine is the mock."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with a file, or 404."""
        name = self.path.split("?")[0]
        post_office: PostOffice | None = self.server.post_office  # type: ignore[attr-defined]
        if post_office is not None and name == "/ws":
            headers = [(key.lower().encode(), value.encode()) for key, value in self.headers.items()]
            Line(post_office, self.connection, headers).serve()
            self.close_connection = True
            return
        if post_office is not None and name == "/office.json":
            self._answer(post_office.office_json(), "application/json")
            return
        places = _PLACES if post_office is not None else _PLACES | _MOCKED
        file = places.get(name) or (HERE / name[6:] if name.startswith("/test/") else PAGE / name.lstrip("/"))
        if ".." in name or not file.is_file():
            self.send_error(404)
            return
        self._answer(file.read_bytes(), _TYPES[file.suffix])

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, body: bytes, media_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        asked = [(key.lower().encode(), value.encode()) for key, value in self.headers.items()]
        for key, value in headers_for({"scheme": "http", "headers": asked}):
            self.send_header(key.decode(), value.decode())
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(post_office: PostOffice | None = None) -> Iterator[str]:
    """Serve until the block ends; yields the base address without a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    server.daemon_threads = True
    server.block_on_close = False
    server.post_office = post_office  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, name="page-server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
