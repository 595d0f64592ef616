"""The browser of the tests: what it refuses, what it notices, and that it lives beside Qt and asyncio."""

import asyncio
import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from tests.browser.axe import VENDOR, assert_accessible, violations
from tests.browser.chromium import launched
from tests.browser.visitor import Visitor
from tests.browser.waiting import PATIENCE_MS, until
from tests.support.channel_consoles import is_alive, wait_for
from tests.support.page_server import BLANK, PageServer, serving

pytestmark = pytest.mark.loopback

GOOD = BLANK + b"<main><h1>Reception</h1><p>A person answers.</p></main>"
FOREIGN_IMAGE = BLANK + b"<img alt='' src='http://example.org/pixel.png'>"
FOREIGN_SCRIPT = BLANK + b"<script type=module src=/script.mjs></script>"


def test_a_page_that_asks_for_something_outside_fails_the_test(visitors, page_server: PageServer) -> None:
    page_server.bodies["/image"] = FOREIGN_IMAGE
    visitor = visitors()
    visitor.open(f"{page_server.base}/image")
    with pytest.raises(AssertionError, match=r"something outside: .*example\.org"):
        visitor.close()


@pytest.mark.parametrize("address", ["http://example.org/", "http://192.0.2.1/", "ws://example.org/"])
def test_a_script_reaches_nothing_outside(visitors, address: str) -> None:
    with serving() as server:
        server.bodies["/free"] = BLANK
        visitor: Visitor = visitors(bypass_csp=True)
        page = visitor.open(f"{server.base}/blank")
        outcome = page.evaluate(
            """(address) => new Promise((resolve) => {
                if (address.startsWith('ws')) {
                    const socket = new WebSocket(address);
                    socket.onopen = () => resolve('reached'); socket.onerror = () => resolve('refused');
                } else fetch(address, {mode: 'no-cors'}).then(() => resolve('reached'), () => resolve('refused'));
            })""",
            address,
        )
    assert outcome == "refused"
    assert len(visitor.foreign) >= 1
    visitor.foreign.clear()
    visitor.excuse("Failed to load|failed")


def test_an_uncaught_error_fails_the_test_unless_it_is_excused(visitors, page_server: PageServer) -> None:
    page_server.bodies["/broken"] = BLANK + b"<script type=module src=/broken.mjs></script>"
    page_server.bodies["/broken.mjs"] = b"throw new Error('no otter');"
    for is_excused in (False, True):
        visitor = visitors()
        visitor.open(f"{page_server.base}/broken")
        until(visitor.page, lambda visitor=visitor: visitor.said, "the error")
        if is_excused:
            visitor.excuse("no otter")
            visitor.close()
        else:
            with pytest.raises(AssertionError, match="no otter"):
                visitor.close()


def test_the_gateways_policy_holds_on_the_page_server(visitor: Visitor, page_server: PageServer) -> None:
    page_server.bodies["/inline"] = BLANK + b"<body><script>document.title = 'Ran'</script>"
    page = visitor.open(f"{page_server.base}/inline")
    assert page.title() == "Blank"
    assert page.evaluate("1 + 1") == 2
    visitor.excuse("Content Security Policy")


def test_a_module_of_the_page_can_be_called(visitor: Visitor, page_server: PageServer) -> None:
    page_server.bodies["/seven.mjs"] = b"export const seven = (n) => 7 * n;"
    page = visitor.open(f"{page_server.base}/blank")
    assert page.evaluate("async (n) => (await import('/seven.mjs')).seven(n)", 6) == 42


def test_offline_means_that_nothing_arrives(visitor: Visitor, page_server: PageServer) -> None:
    page = visitor.open(f"{page_server.base}/blank")
    ask = "() => fetch('/blank').then(() => 'reached', () => 'refused')"
    visitor.go_offline()
    assert (page.evaluate(ask), page.evaluate("navigator.onLine")) == ("refused", False)
    visitor.go_offline(False)
    assert page.evaluate(ask) == "reached"
    visitor.excuse("ERR_INTERNET_DISCONNECTED")


def test_people_share_no_storage_and_a_profile_keeps_it(visitors, page_server: PageServer, tmp_path: Path) -> None:
    address, read = f"{page_server.base}/blank", "localStorage.getItem('note')"
    for profile in (tmp_path / "ada", None):
        one = visitors(profile=profile)
        one.open(address).evaluate("localStorage.setItem('note', 'mine')")
        one.close()
    assert visitors().open(address).evaluate(read) is None
    assert visitors(profile=tmp_path / "ada").open(address).evaluate(read) == "mine"


def test_a_download_lands_in_the_folder_of_the_test(visitor: Visitor, page_server: PageServer, tmp_path: Path) -> None:
    page_server.bodies["/letter.txt"] = b"Dear reception"
    page_server.bodies["/save"] = BLANK + b"<a href=/letter.txt download>Save</a>"
    page = visitor.open(f"{page_server.base}/save")
    found = visitor.download(lambda: page.get_by_text("Save").click())
    assert found.is_relative_to(tmp_path)
    assert found.read_bytes() == b"Dear reception"


def test_axe_core_names_what_is_wrong_and_passes_what_is_right(visitor: Visitor, page_server: PageServer) -> None:
    page_server.bodies["/good"] = GOOD
    page_server.bodies["/bad"] = GOOD + b"<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='><button></button>"
    assert_accessible(visitor.open(f"{page_server.base}/good"))
    page = visitor.open(f"{page_server.base}/bad")
    assert {each["id"] for each in violations(page)} >= {"image-alt", "button-name"}
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)


def test_everything_vendored_is_what_was_pinned() -> None:
    pins = json.loads((VENDOR / "hashes.json").read_text(encoding="utf-8"))["files"]
    files = {file.relative_to(VENDOR).as_posix(): file for file in VENDOR.rglob("*") if file.is_file()}
    del files["hashes.json"]
    assert {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()} == pins


def test_asyncio_runs_in_a_test_that_comes_after_a_browser() -> None:
    assert asyncio.run(asyncio.sleep(0, "done")) == "done"


def test_qt_waits_while_a_browser_is_open(visitor: Visitor, page_server: PageServer, qtbot) -> None:
    page = visitor.open(f"{page_server.base}/blank")
    fired: list[int] = []
    QTimer.singleShot(10, lambda: fired.append(page.evaluate("2 + 3")))
    qtbot.waitUntil(lambda: fired == [5], timeout=PATIENCE_MS)
    assert page.title() == "Blank"


def test_a_browser_that_ends_leaves_no_process() -> None:
    before = _children(os.getpid())
    with launched() as browser:
        browser.new_context().new_page()
        (driver,) = _children(os.getpid()) - before  # another browser of this run may begin and end processes meanwhile
        its_own = _below(driver)
        assert len(its_own) > 2
    wait_for(lambda: [pid for pid in its_own if is_alive(pid)], lambda left: not left, what="its last process ended")


def _below(pid: int) -> set[int]:
    """Return a process and all below it."""
    found = {pid}
    while more := {child for one in found for child in _children(one)} - found:
        found |= more
    return found


def _children(pid: int) -> set[int]:
    """Return the processes that this one began and that still run; none where it is gone."""
    found: set[int] = set()
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found |= {int(child) for child in file.read_text(encoding="ascii").split()}
    return found
