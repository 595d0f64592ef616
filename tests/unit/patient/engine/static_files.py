"""The page's files on loopback, with the policy that the gateway sets; and the harness of these tests beside them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

REPOSITORY = Path(__file__).resolve().parents[4]
PAGE = REPOSITORY / "resources" / "patient"
HARNESS = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; img-src data:; connect-src 'self' ws://127.0.0.1:*; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


class Files(SimpleHTTPRequestHandler):
    """Serves /engine and /vendor of the page, /test from here, and one empty document."""

    extensions_map = {".mjs": "text/javascript", ".js": "text/javascript", ".json": "application/json"}  # noqa: RUF012

    def translate_path(self, path: str) -> str:
        """Return the file behind a path of the page."""
        clean = path.split("?")[0].split("#")[0].lstrip("/")
        return str(HARNESS / clean[5:] if clean.startswith("test/") else PAGE / clean)

    def do_GET(self) -> None:
        """Answer; the empty document at /blank."""
        if self.path.startswith("/blank"):
            self._answer_blank()
        else:
            super().do_GET()

    def end_headers(self) -> None:
        """Add the policy to every answer."""
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer_blank(self) -> None:
        body = b"<!doctype html><html lang=en><title>blank</title><link rel=icon href=data:,>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving() -> Iterator[str]:
    """Serve until the block ends; yields the base address without a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files))
    thread = Thread(target=server.serve_forever, name="static-files", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
