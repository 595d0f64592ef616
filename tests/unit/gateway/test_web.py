"""What the web application answers: the files of the list and nothing else, with every hardening header."""

import asyncio
import gzip
import hashlib
import json
from collections.abc import Awaitable, Callable

import pytest

from app.domain.strict_json import load_object
from app.gateway.errors import PageFilesError
from app.gateway.headers import is_own_origin
from app.gateway.limits import Limits
from app.gateway.office_file import read_office_file
from app.gateway.page import load_page
from app.gateway.post_office import PostOffice
from app.gateway.sqlite_mailbox import SqliteMailbox
from app.gateway.web import make_web
from tests.support.asgi import Answer, request
from tests.support.channel import Office
from tests.support.gateways import write_office_file

_FILES = {
    "index.html": b"<!doctype html><title>Practice</title>" + b" " * 400,
    "ui/app.mjs": b"export const one = 1;\n",
}
_TYPES = {"html": "text/html; charset=utf-8", "mjs": "text/javascript; charset=utf-8"}


def write_page(folder, files=_FILES):
    entries = []
    for path, body in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
        entries.append(
            {"path": path, "type": _TYPES[path.rpartition(".")[2]], "sha256": hashlib.sha256(body).hexdigest()}
        )
    (folder / "files.json").write_text(json.dumps({"v": 1, "files": entries}))
    return entries


@pytest.fixture
def get(tmp_path) -> Callable[..., Answer]:
    """Ask an application with a page of two files."""
    folder = tmp_path / "page"
    folder.mkdir()
    write_page(folder)
    enrolled = read_office_file(write_office_file(tmp_path, Office()).read_bytes())

    async def ask(path: str, page_folder=folder, **options: object) -> Answer:
        office = PostOffice(enrolled, SqliteMailbox(tmp_path / "box", min_free_bytes=0), Limits())
        await office.start()
        try:
            return await request(make_web(office, load_page(page_folder)), path, **options)
        finally:
            await office.mailbox.stop()

    def run(call: Awaitable[Answer]) -> Answer:
        return asyncio.run(call)

    return lambda path, **options: run(ask(path, **options))


@pytest.mark.parametrize("path", ["/", "/c", "/index.html"])
def test_the_page_is_served_under_its_three_names(get, path):
    answer = get(path)
    assert (answer.status, answer.body) == (200, _FILES["index.html"])
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


def test_files_are_zipped_for_whom_it_helps_and_not_sent_again(get):
    zipped = get("/", headers={"Accept-Encoding": "gzip, br"})
    assert gzip.decompress(zipped.body) == _FILES["index.html"]
    assert (zipped.headers["content-encoding"], zipped.headers["vary"]) == ("gzip", "accept-encoding")
    known = get("/", headers={"If-None-Match": zipped.headers["etag"]})
    assert (known.status, known.body) == (304, b"")
    small = get("/ui/app.mjs", headers={"Accept-Encoding": "gzip"})
    assert (small.body, small.headers.get("content-encoding")) == (_FILES["ui/app.mjs"], None)


@pytest.mark.parametrize(
    "path",
    [
        "/files.json",
        "/ui",
        "/ui/",
        "/ui/app.mjs/",
        "/../office.json",
        "/%2e%2e/x",
        "//",
        "/index.HTML",
        "/ws",
        "/admin",
        "/c/",
    ],
)
def test_what_is_not_on_the_list_is_not_here(get, path):
    answer = get(path)
    assert (answer.status, answer.body) == (404, b"Not here.\n")


@pytest.mark.parametrize("path", ["/", "/office.json", "/health", "/nowhere"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_answer_carries_every_header(get, path, scheme):
    headers = get(path, scheme=scheme).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; ")
    assert "'unsafe-inline'" not in policy
    assert f"connect-src 'self' {'wss' if scheme == 'https' else 'ws'}://example.org;" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert ("strict-transport-security" in headers) == (scheme == "https")
    assert "server" not in headers
    assert "set-cookie" not in headers


@pytest.mark.parametrize("host", ["a.b; script-src *", "evil'", "x y", "", "[::1", "a" * 10 + "\u00e9"])
def test_a_host_that_is_not_plainly_one_never_reaches_the_policy(get, host):
    policy = get("/", headers={"host": host}).headers["content-security-policy"]
    assert "connect-src 'self'; " in policy


def test_the_office_document_is_served_as_it_was_signed(get):
    answer = get("/office.json")
    assert answer.headers["cache-control"] == "no-store"
    assert load_object(answer.body, 1 << 16) == load_object(Office().document_json(), 1 << 16)


def test_health_is_one_word(get):
    assert (get("/health").status, get("/health").body) == (200, b'{"ok":true}')


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_sent_by_http(get, method):
    assert get("/", method=method).status == 404


def test_without_a_page_the_rest_still_works(get, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert get("/", page_folder=empty).status == 503
    assert get("/health", page_folder=empty).status == 200


@pytest.mark.parametrize(
    "spoil",
    [
        lambda entries: entries[0].update(sha256="0" * 64),
        lambda entries: entries[0].update(path="../secret"),
        lambda entries: entries[0].update(path="/etc/passwd"),
        lambda entries: entries[0].update(path="ui/../index.html"),
        lambda entries: entries[0].update(path=".hidden"),
        lambda entries: entries[0].update(path="missing.html"),
        lambda entries: entries[0].update(type="text/html\r\nx: y"),
        lambda entries: entries[0].update(more=1),
        lambda entries: entries.append(entries[0]),
        lambda entries: entries.pop(0),
    ],
)
def test_a_page_that_is_not_what_its_list_says_is_not_served(tmp_path, spoil):
    entries = write_page(tmp_path)
    assert len(load_page(tmp_path)) == 2
    spoil(entries)
    (tmp_path / "files.json").write_text(json.dumps({"v": 1, "files": entries}))
    with pytest.raises(PageFilesError):
        load_page(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"v":1}', '{"v":2,"files":[]}', '{"v":1,"files":{}}', '{"v":1,"files":[7]}']
)
def test_a_malformed_list_is_refused(tmp_path, text):
    (tmp_path / "files.json").write_text(text)
    with pytest.raises(PageFilesError):
        load_page(tmp_path)


@pytest.mark.parametrize(
    ("host", "origin", "is_own"),
    [
        ("practice.example", "https://practice.example", True),
        ("practice.example:8443", "https://practice.example:8443", True),
        ("Practice.example", "https://practice.EXAMPLE", True),
        ("practice.example", None, True),
        ("practice.example", "https://practice.example.evil.example", False),
        ("practice.example", "https://evil.example", False),
        ("practice.example", "null", False),
        ("practice.example", "", False),
    ],
)
def test_only_our_own_page_may_open_a_socket(host, origin, is_own):
    headers = [(b"host", host.encode()), *([] if origin is None else [(b"origin", origin.encode())])]
    assert is_own_origin({"headers": headers}) is is_own


def test_two_origins_are_nobodys():
    headers = [(b"host", b"a.example"), (b"origin", b"https://a.example"), (b"origin", b"https://b.example")]
    assert not is_own_origin({"headers": headers})
