"""Debian's Chromium, driven by playwright's sync API; it finds names and hosts of this machine's loopback only."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROGRAM = shutil.which("chromium")
NOTHING_OUTSIDE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
ARGUMENTS = (
    "--no-sandbox",  # the suite's network namespace allows no second user namespace
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    NOTHING_OUTSIDE,
)


@contextmanager
def launched() -> Iterator["Browser"]:
    """Give a browser and end it, its driver too; the test is skipped where no Chromium is installed."""
    if PROGRAM is None:
        pytest.skip("Chromium is not installed (packaging/setup.sh test installs it)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # half of the suite never needs it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def loop_hidden() -> Iterator[None]:
    """Let a test use ``asyncio.run`` while a browser waits: playwright leaves its loop marked as running."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)
