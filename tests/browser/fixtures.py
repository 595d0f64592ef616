"""The fixtures of tests in a browser (all of them ``pytest.mark.loopback``)::

    chromium     playwright's Browser, one for the session
    visitor      one person: visitor.open(address) -> page; errors, warnings and requests to outside fail the test
    visitors     makes more of them: visitors(locale="es-ES", color_scheme="dark"), visitors(profile=folder)
    page_server  the files of the page under the gateway's headers: page_server.base

axe-core: ``from tests.browser.axe import assert_accessible``.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.chromium import launched, loop_hidden

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.visitor import Visitor
    from tests.support.page_server import PageServer

MakeVisitor = Callable[..., "Visitor"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Keep the loop of a browser that waits for its next test out of tests that want loops of their own."""
    return (yield from _apart(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Do the same while the test itself runs; what is torn down may be the browser's own."""
    return (yield from _apart(item))


def _apart(item: pytest.Item) -> Iterator[None]:
    if "chromium" in getattr(item, "fixturenames", ()):
        return (yield)
    with loop_hidden():
        return (yield)


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """One browser for the whole session."""
    with launched() as browser:
        yield browser


@pytest.fixture
def visitors(chromium: "Browser", tmp_path: Path) -> Iterator[MakeVisitor]:
    """Make people with browsers of their own; ``profile=folder``: the browser is a process that can come back later."""
    from tests.browser.visitor import Visitor  # noqa: PLC0415

    with ExitStack() as stack:

        def make(*, profile: Path | None = None, **options: Any) -> Visitor:
            folder = tmp_path / "downloads"
            folder.mkdir(exist_ok=True)
            made = (
                Visitor.of(chromium, folder, **options)
                if profile is None
                else Visitor.with_profile(chromium, folder, profile, **options)
            )
            stack.callback(made.close)
            return made

        yield make


@pytest.fixture
def visitor(visitors: MakeVisitor) -> "Visitor":
    """One person with an empty browser."""
    return visitors()


@pytest.fixture(scope="session")
def page_server() -> Iterator["PageServer"]:
    """The page's files on loopback, no gateway behind them."""
    from tests.support.page_server import serving  # noqa: PLC0415

    with serving() as server:
        yield server
