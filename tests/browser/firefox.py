"""Debian's Firefox, spoken to in WebDriver BiDi: playwright drives only a build of its own, which Debian does not have.

Only as much as one smoke of the page needs; the suite's browser is Chromium. Source: https://w3c.github.io/webdriver-bidi/
"""

import itertools
import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Message, Ping, Request, TextMessage

from tests.browser.waiting import PATIENCE_MS

PROGRAM = shutil.which("firefox-esr")
_LISTENING = re.compile(r"WebDriver BiDi listening on ws://127\.0\.0\.1:(\d+)")
_PREFERENCES = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 0,
    "toolkit.telemetry.enabled": False,
}


class Firefox:
    """One page in it."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_MS / 1_000)
        self._wire = WSConnection(ConnectionType.CLIENT)
        self._numbers = itertools.count(1)
        self._text = ""
        self._say(Request(host=f"127.0.0.1:{port}", target="/session"))
        while not isinstance(self._next(), AcceptConnection):
            pass
        self.ask("session.new", capabilities={})
        self._page = self.ask("browsingContext.create", type="tab")["context"]

    def ask(self, method: str, **given: Any) -> dict[str, Any]:
        """Send one command and return its result; what else it tells meanwhile is left alone."""
        number = next(self._numbers)
        self._say(Message(data=json.dumps({"id": number, "method": method, "params": given})))
        while (answer := self._message()).get("id") != number:
            pass
        assert answer["type"] == "success", answer
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, address: str) -> None:
        """Load a page."""
        self.ask("browsingContext.navigate", context=self._page, url=address, wait="complete")

    def evaluate(self, script: str) -> Any:
        """Return the string, number or truth that an expression gives; promises are waited for."""
        given = {"target": {"context": self._page}, "awaitPromise": True, "userActivation": True}
        found = self.ask("script.evaluate", expression=script, **given)
        assert found["type"] == "success", found
        return found["result"].get("value")

    def until(self, condition: str) -> None:
        """Wait until an expression is true."""
        end_s = time.monotonic() + PATIENCE_MS / 1_000
        while not self.evaluate(f"Boolean({condition})"):
            assert time.monotonic() < end_s, f"never: {condition}; {self.evaluate('document.body.innerText')}"
            time.sleep(0.05)

    def press(self, keys: str) -> None:
        """Type, as at a keyboard, where the focus is."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.ask("input.performActions", context=self._page, actions=[{"type": "key", "id": "k", "actions": actions}])

    def close(self) -> None:
        """Let the browser end."""
        self.ask("browser.close")
        self._socket.close()

    def _say(self, event: Any) -> None:
        self._socket.sendall(self._wire.send(event))

    def _message(self) -> dict[str, Any]:
        while True:
            event = self._next()
            if isinstance(event, TextMessage):
                self._text += event.data
                if event.message_finished:
                    text, self._text = self._text, ""
                    found: dict[str, Any] = json.loads(text)
                    return found

    def _next(self) -> Any:
        while True:
            for event in self._wire.events():
                if isinstance(event, Ping):
                    self._say(event.response())
                else:
                    return event
            self._wire.receive_data(self._socket.recv(1 << 16) or None)


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """Give a browser with an empty profile and end it; the test is skipped where there is none."""
    if PROGRAM is None:
        pytest.skip("Firefox is not installed here (apt-get install firefox-esr); the suite does not require it")
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [PROGRAM, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    home = {"HOME": str(profile), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MOZ_DISABLE_CONTENT_SANDBOX": "1"}
    with subprocess.Popen(command, env=home, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            browser = Firefox(_port(process))
            yield browser
            browser.close()
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE_MS / 1_000)


def _port(process: "subprocess.Popen[str]") -> int:
    assert process.stderr is not None
    for line in process.stderr:
        if found := _LISTENING.search(line):
            return int(found[1])
    raise AssertionError("Firefox does not say where it listens")
