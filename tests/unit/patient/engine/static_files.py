"""The page's files on loopback, with the policy that the gateway sets; and the harness of these tests beside them."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.unit.patient.engine.post_office import Line, PostOffice

REPOSITORY = Path(__file__).resolve().parents[4]
PAGE = REPOSITORY / "resources" / "patient"
HARNESS = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; img-src data:; connect-src 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


class Files(SimpleHTTPRequestHandler):
    """Serves /engine and /vendor of the page, /test from here, and one empty document; a gateway where there is one."""

    protocol_version = "HTTP/1.1"

    extensions_map = {".mjs": "text/javascript", ".js": "text/javascript", ".json": "application/json"}  # noqa: RUF012

    def translate_path(self, path: str) -> str:
        """Return the file behind a path of the page."""
        clean = path.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0].lstrip("/")
        return str(HARNESS / clean[5:] if clean.startswith("test/") else PAGE / clean)

    def do_GET(self) -> None:
        """Answer; the empty document at /blank, and what a gateway serves beside the page where there is one."""
        post_office = self.server.post_office  # type: ignore[attr-defined]
        if self.path.split("?")[0] in {"/", "/c", "/blank"}:
            self._answer(b"<!doctype html><html lang=en><title>blank</title><link rel=icon href=data:,>", "text/html")
        elif post_office is None or post_office.is_down:
            self.close_connection = True
            if post_office is None:
                super().do_GET()
        elif self.path == "/office.json":
            self._answer(post_office.office_json(), "application/json")
        elif self.path == "/ws":
            headers = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
            Line(post_office, self.connection, headers).serve()
            self.close_connection = True
        else:
            super().do_GET()

    def end_headers(self) -> None:
        """Add the policy to every answer."""
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, body: bytes, media_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{media_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(post_office: PostOffice | None = None) -> Iterator[str]:
    """Serve until the block ends; yields the base address without a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    server.daemon_threads = True
    server.block_on_close = False
    server.post_office = post_office  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, name="static-files", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
