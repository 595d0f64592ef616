"""A real Chromium on the page's own files, with the gateway's own policy, and a mock of the engine."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.offering import pytest_configure
from tests.browser.waiting import PATIENCE_MS
from tests.support.page_server import serving

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

__all__ = ["pytest_configure"]

HERE = Path(__file__).parent
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "locale": "en-US"}
Visit = Callable[..., Any]
_LOST_LINE = re.compile(r"WebSocket connection to '[^']+' failed:")
"""The browser's own word for a line that was lost while a page went away; the engine tries again."""


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The address of the page."""
    bodies = {"/engine/engine.mjs": (HERE / "mock_engine.mjs").read_bytes()}
    with serving(folders={"test": HERE}, bodies=bodies) as server:
        yield server.base


@pytest.fixture
def visit(chromium: Any) -> Iterator[Visit]:
    """Open an empty tab, by default a telephone's; what any of them writes to the console fails the test.

    That covers the policy: the browser writes every violation there.
    """
    said: list[str] = []
    contexts: list[Any] = []

    def tab(**wishes: Any) -> Any:
        look = wishes.pop("look", None)
        contexts.append(chromium.new_context(**{**PHONE, **wishes}))
        contexts[-1].set_default_timeout(PATIENCE_MS)
        page = contexts[-1].new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        if look is not None:
            page.add_init_script(f"localStorage.setItem('vestibule.look', {look!r})")
        return page

    yield tab
    for context in contexts:
        context.close()
    assert [line for line in said if not _LOST_LINE.match(line)] == []
