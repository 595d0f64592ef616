"""Looking at the served page: a real child, real connections, servers that serve something else."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.channel.link.page_check import check_page, expected_page
from app.channel.link.page_watch import PageWatch
from app.domain.channel import GatewayPlace, PageState
from app.isolation.errors import DialError, DialProblem
from app.isolation.orders import CONNECTED
from tests.support.certificates import make_certificate
from tests.support.gateways import running_gateway
from tests.support.lying_gateways import Accepted, lying_gateway

pytestmark = pytest.mark.loopback

PATIENT = Path(__file__).resolve().parents[3] / "resources" / "patient"
STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; base-uri 'none'"
PAGE = {"/": b"<title>page</title>", "/ui/a.mjs": b"export {}", "/big.wasm": bytes(200_000)}
EXPECTED = {path: hashlib.sha256(body).hexdigest() for path, body in PAGE.items()}


def dial(host: str, port: int, _is_local_only: bool) -> socket.socket:
    """Play the dialler: this half of the suite has no wall."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs, socket.create_connection((host, port)) as connection:
        socket.send_fds(theirs, [CONNECTED], [connection.fileno()])
    return ours


@contextmanager
def served(page: dict[str, bytes], policy: str = STRICT) -> Iterator[GatewayPlace]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = page.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_arguments: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield GatewayPlace("127.0.0.1", server.server_port, "", is_tls=False)
        server.shutdown()


def test_the_same_page_is_the_same() -> None:
    with served(PAGE) as place:
        found = check_page(place, dial, EXPECTED)
    assert (found.state, found.differing, found.code) == (PageState.SAME, (), "")
    assert found.at_ms


@pytest.mark.parametrize(
    ("page", "policy", "differing"),
    [
        ({**PAGE, "/ui/a.mjs": b"export {};"}, STRICT, ("/ui/a.mjs",)),
        ({"/": PAGE["/"], "/ui/a.mjs": PAGE["/ui/a.mjs"]}, STRICT, ("/big.wasm",)),
        (PAGE, "default-src *", tuple(PAGE)),
        (PAGE, STRICT.replace("script-src 'self'", "script-src 'self' https://elsewhere.example"), tuple(PAGE)),
        (PAGE, STRICT + "; script-src-elem 'unsafe-inline'", tuple(PAGE)),
    ],
)
def test_another_byte_a_missing_file_and_a_laxer_policy_are_seen(
    page: dict[str, bytes], policy: str, differing: tuple[str, ...]
) -> None:
    with served(page, policy) as place:
        found = check_page(place, dial, EXPECTED)
    assert (found.state, found.differing) == (PageState.DIFFERENT, differing)


def drip(accepted: Accepted) -> None:
    accepted.socket.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    accepted.wait_for_end()


def flood(accepted: Accepted) -> None:
    accepted.socket.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        accepted.socket.sendall(b"10000\r\n" + bytes(65_536) + b"\r\n")


def garbage(accepted: Accepted) -> None:
    accepted.socket.sendall(b"\x16\x03\x01 garbage\r\n\r\n")
    accepted.wait_for_end()


@pytest.mark.parametrize(
    ("behave", "code"),
    [(drip, "silent"), (flood, "too_large"), (garbage, "not_a_gateway"), (lambda _accepted: None, "closed")],
    ids=["drip", "flood", "garbage", "close"],
)
def test_a_hostile_server_gets_a_code(behave: object, code: str) -> None:
    with lying_gateway(behave) as lying:  # type: ignore[arg-type]
        place = GatewayPlace(lying.host, lying.port, "", is_tls=False)
        found = check_page(place, dial, EXPECTED, within_s=0.6 if behave is drip else 20)
    assert (found.state, found.code) == (PageState.UNKNOWN, code)


def test_when_nobody_can_be_dialled_then_nothing_is_known() -> None:
    def refuse(_host: str, _port: int, _is_local_only: bool) -> socket.socket:
        raise DialError(DialProblem.NO_DIALLER)

    found = check_page(GatewayPlace("127.0.0.1", 1, "", is_tls=False), refuse, EXPECTED)
    assert (found.state, found.code) == (PageState.UNKNOWN, "no_dialler")


def copy_of_the_page(folder: Path) -> Path:
    """Return a copy of the shipped page whose list fits, whatever is being edited in the tree."""
    listed = json.loads((PATIENT / "files.json").read_text())
    for entry in listed["files"]:
        (folder / entry["path"]).parent.mkdir(parents=True, exist_ok=True)
        body = (PATIENT / entry["path"]).read_bytes()
        (folder / entry["path"]).write_bytes(body)
        entry["sha256"] = hashlib.sha256(body).hexdigest()
    (folder / "files.json").write_text(json.dumps(listed))
    return folder


def test_the_real_gateway_serves_the_page_that_ships(tmp_path: Path) -> None:
    """Over TLS, file by file as the list has them; and an old list is noticed."""
    certificate = make_certificate(tmp_path / "tls")
    page = copy_of_the_page(tmp_path / "page")
    expected = expected_page(page)
    options = ("--tls-cert", str(certificate.chain), "--tls-key", str(certificate.key), "--page", str(page))
    with running_gateway(tmp_path, *options) as gateway:
        place = GatewayPlace("localhost", gateway.port, "", ca_file=certificate.chain)

        def dial_v4(_host: str, port: int, is_local_only: bool) -> socket.socket:
            return dial("127.0.0.1", port, is_local_only)

        found = check_page(place, dial_v4, expected)
        assert (found.state, found.differing, found.code) == (PageState.SAME, (), "")
        assert check_page(place, dial_v4, {**expected, "/": "0" * 64}).differing == ("/",)


def test_what_is_expected_comes_from_the_pages_own_list(tmp_path: Path) -> None:
    assert expected_page(tmp_path) == {}
    (tmp_path / "files.json").write_text("[")
    assert expected_page(tmp_path) == {}
    files = [{"path": "index.html", "sha256": "aa", "type": "x"}, {"path": "ui/a.mjs", "sha256": "bb", "type": "x"}]
    (tmp_path / "files.json").write_text(json.dumps({"v": 1, "files": files}))
    assert expected_page(tmp_path) == {"/": "aa", "/c": "aa", "/index.html": "aa", "/ui/a.mjs": "bb"}


def test_the_watch_looks_only_while_the_gateway_is_there_and_tells_of_a_change() -> None:
    told = threading.Event()
    page = dict(PAGE)
    with served(page) as place:
        watch = PageWatch(place, dial, EXPECTED, told.set, every_s=0.1)
        assert watch.last.state is PageState.NOT_LOOKED
        watch.gateway_is(on=True)
        assert told.wait(20)
        assert watch.last.state is PageState.SAME
        told.clear()
        page["/"] = b"something else"
        assert told.wait(20)
        assert watch.last.differing == ("/",)
        watch.stop()
        watch._thread.join(20)
        assert not watch._thread.is_alive()


def test_without_a_list_nobody_looks() -> None:
    watch = PageWatch(GatewayPlace("h", 1, ""), dial, {}, lambda: None)
    watch.gateway_is(on=True)
    assert watch._thread.ident is None
    watch.stop()
