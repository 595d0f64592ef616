"""Waiting for a state, never for a time: machines are slow, and a limit that is never reached costs nothing."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE_MS = 60_000
"""How long a test of the page waits for something that takes milliseconds on an idle machine."""
_LOOK_MS = 20


def until(page: "Page", holds: Callable[[], object], what: str = "what a test waits for") -> None:
    """Wait for something that is no state of the page's document: the page and its events go on meanwhile."""
    end_s = time.monotonic() + PATIENCE_MS / 1_000
    while not holds():
        assert time.monotonic() < end_s, f"it never came: {what}"
        page.wait_for_timeout(_LOOK_MS)


def let_pass(page: "Page", ms: int) -> None:
    """Let at least so many milliseconds pass for the page; for what must *not* have happened by then, nothing else."""
    page.evaluate("(ms) => new Promise((done) => setTimeout(() => requestAnimationFrame(done), ms))", ms)
