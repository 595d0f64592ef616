"""A real Chromium that runs the engine's modules, and Python on the other side."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from app.domain.strict_json import from_base64, to_base64
from tests.browser.offering import pytest_configure
from tests.support.page_server import BLANK, Behind, PageServer, serving

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


__all__ = ["pytest_configure"]


def serving_engine(behind: Behind | None = None) -> AbstractContextManager[PageServer]:
    """Serve empty documents in place of the page, the engine, and the harness of these tests at /test."""
    return serving(behind, folders={"test": Path(__file__).parent}, bodies=dict.fromkeys(("/", "/c"), BLANK))


class Page:
    """The engine in a browser; ``call`` runs one entry of harness.mjs."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def call(self, name: str, **given: Any) -> Any:
        """Return what the call gave, bytes decoded. ``{"refused": code}`` when it refused."""
        return self.call_all([(name, given)])[0]

    def call_all(self, calls: list[tuple[str, dict[str, Any]]]) -> list[Any]:
        """Return the results of many calls, with one crossing into the browser."""
        plain = [[name, _plain(given)] for name, given in calls]
        script = "async (calls) => (await import('/test/harness.mjs')).runAll(calls)"
        return [_revived(each) for each in self.page.evaluate(script, plain)]


@pytest.fixture(scope="session")
def files() -> Iterator[str]:
    """The address at which the page's files are served."""
    with serving_engine() as server:
        yield server.base


@pytest.fixture(scope="module")
def page(chromium: Any, files: str) -> Iterator[Page]:
    """An empty document that may import the engine; whatever it writes to the console fails the module."""
    context = chromium.new_context()
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(f"{files}/blank")
    yield Page(opened)
    context.close()
    assert said == []


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"b64": to_base64(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _revived(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"b64"}:
            return from_base64(value["b64"], None)
        return {key: _revived(each) for key, each in value.items()}
    return [_revived(each) for each in value] if isinstance(value, list) else value
