"""One person with a browser of their own: its storage, its network, and everything it said that it should not have."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Download, Page, Request, WebSocket

from tests.browser.chromium import ARGUMENTS, PROGRAM
from tests.browser.waiting import PATIENCE_MS

HERE = {"127.0.0.1", "localhost"}
# A browser that does not know a feature yet need not be told to leave it off.
_HARMLESS = (r"Permissions-Policy header: Unrecognized feature",)
_UNSEEN = {"blob", "data", "about", "chrome-error"}  # these schemes reach no network


@dataclass
class Visitor:
    """A browser context and what is watched about it. ``close`` raises when it asked for anything outside loopback,
    threw an error, or wrote an error or a warning to its console that ``excuse`` did not name.

    Attributes:
        context: playwright's context; its pages share storage.
        folder: where downloads land.
        foreign: addresses outside loopback that a page asked for, refused or not.
        said: uncaught errors, and errors and warnings of the console (those of the policy too).
    """

    context: "BrowserContext"
    folder: Path
    foreign: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    excused: list[str] = field(default_factory=lambda: list(_HARMLESS))
    is_closed: bool = False

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("request", self._on_request)
        self.context.on("console", self._on_console)
        self.context.on("weberror", lambda error: self.said.append(f"uncaught: {error.error}"))
        self.context.on("page", self._watch)
        for page in self.context.pages:
            self._watch(page)

    @classmethod
    def of(cls, browser: "Browser", folder: Path, **options: Any) -> "Visitor":
        """Return a person with an empty browser; ``options`` as of playwright's ``new_context``."""
        return cls(browser.new_context(**{"locale": "en-GB", **options}), folder)

    @classmethod
    def with_profile(cls, browser: "Browser", folder: Path, profile: Path, **options: Any) -> "Visitor":
        """Return a person whose browser is a process of its own; what it stores stays in ``profile``."""
        kind = browser.browser_type
        given = {"locale": "en-GB", "executable_path": PROGRAM, "args": ARGUMENTS, **options}
        return cls(kind.launch_persistent_context(str(profile), **given), folder)

    @property
    def page(self) -> "Page":
        """The first page."""
        return self.context.pages[0] if self.context.pages else self.context.new_page()

    def open(self, address: str) -> "Page":
        """Load an address in the first page and return the page."""
        self.page.goto(address)
        return self.page

    def go_offline(self, is_offline: bool = True) -> None:
        """Take the network away, or give it back. Open WebSockets stay open until the page closes them."""
        self.context.set_offline(is_offline)

    def excuse(self, pattern: str) -> None:
        """Allow the console to say something that this regular expression finds, such as that a connection failed."""
        self.excused.append(pattern)

    def download(self, act: Callable[[], object]) -> Path:
        """Return the file that ``act`` lets the browser save, in this person's folder of downloads."""
        with self.page.expect_download() as waiting:
            act()
        found: Download = waiting.value
        path = self.folder / Path(found.suggested_filename).name
        found.save_as(path)
        return path

    def close(self) -> None:
        """End it, once, and say what was wrong."""
        if self.is_closed:
            return
        self.is_closed = True
        self.context.close()
        assert self.foreign == [], f"the page asked for something outside: {self.foreign}"
        unexcused = [line for line in self.said if not any(re.search(each, line) for each in self.excused)]
        assert unexcused == [], f"the page complained: {unexcused}"

    def _watch(self, page: "Page") -> None:
        page.on("websocket", self._on_socket)

    def _on_request(self, request: "Request") -> None:
        self._note(request.url)

    def _on_socket(self, socket: "WebSocket") -> None:
        self._note(socket.url)

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _UNSEEN and parts.hostname not in HERE:
            self.foreign.append(url)

    def _on_console(self, message: "ConsoleMessage") -> None:
        if message.type in {"error", "warning", "assert"}:
            self.said.append(f"{message.type}: {message.text}")
