"""A real Chromium on the page's own files, with the gateway's own policy, and a mock of the engine."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.chromium import launched
from tests.unit.patient.ui.page_server import serving

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "locale": "en-US"}
Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for the tests of a module."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The address of the page."""
    with serving() as address:
        yield address


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:
    """Open an empty tab, by default a telephone's; what any of them writes to the console fails the test.

    That covers the policy: the browser writes every violation there.
    """
    said: list[str] = []
    contexts: list[Any] = []

    def tab(**wishes: Any) -> Any:
        look = wishes.pop("look", None)
        contexts.append(browser.new_context(**{**PHONE, **wishes}))
        page = contexts[-1].new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        if look is not None:
            page.add_init_script(f"localStorage.setItem('vestibule.look', {look!r})")
        return page

    yield tab
    for context in contexts:
        context.close()
    assert said == []
