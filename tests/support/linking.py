"""A link in a process that stands behind the wall with a dialler in front of it, driven line by line by a test."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.domain.post_sign_in import DeskSignIn
from tests.support.dialling import REPOSITORY, head

_SCRIPT = """
import threading
from concurrent.futures import Future
from app.channel.errors import ChannelError
from app.channel.link.records import LinkTimes
from app.channel.link.supervisor import Link
from app.domain.channel import GatewayPlace
from app.domain.post_sign_in import DeskSignIn
given = json.loads(sys.argv[1])
place = GatewayPlace(given["host"], given["port"], "", is_tls=given["is_tls"],
                     ca_file=Path(given["ca_file"]) if given["ca_file"] else None)
who = DeskSignIn(bytes.fromhex(given["office"]), bytes.fromhex(given["token"]))
link = Link(place, who, lambda host, port, local: dialler.dial(host, port, is_local_only=local),
            LinkTimes(**given["times"]))
told = threading.Lock()
failing = [0]
def say(value):
    with told:
        print(json.dumps(value), flush=True)
def take(address, seq, frame):
    if failing[0]:
        failing[0] -= 1
        raise OSError("no room")
    say({"frame": [address.hex(), seq, frame.hex()]})
def plain(value):
    if isinstance(value, bytes):
        return value.hex()
    return [plain(one) for one in value] if isinstance(value, tuple) else value
def answered(number, future):
    problem = future.exception()
    code = problem.code if isinstance(problem, ChannelError) else repr(problem)
    code += f" {problem.reason}" if code == "link_down" else ""
    say({"answer": number, "code": code} if problem else {"answer": number, "result": plain(future.result())})
link.on_state(lambda state: say({"state": state.phase.value, "code": state.code, "retry": state.retry_at_ms is not None,
                                 "contact": state.last_contact_ms is not None, "pid": link.pid}))
link.on_frame(take)
link.start()
for line in sys.stdin:
    order = json.loads(line)
    if order["do"] == "look":
        say({"look": {"internet": internet(), "loaded": sorted(set(sys.modules) & {"ssl", "wsproto", "h11"})}})
    elif order["do"] == "fail":
        failing[0] = order["times"]
    elif order["do"] == "retry":
        link.retry_now()
    elif order["do"] == "hang_up":
        link.hang_up()
    else:
        arguments = [bytes.fromhex(one) if isinstance(one, str) else one for one in order["with"]]
        future = getattr(link, order["do"])(*arguments)
        future.add_done_callback(lambda done, number=order["number"]: answered(number, done))
link.stop()
say({"stopped": internet()})
"""

FAST = {"first_delay_s": 0.05, "longest_delay_s": 0.4, "steady_s": 5.0}


class LinkedConsole:
    """What the process told so far, and orders to it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.told: list[dict[str, Any]] = []
        self._numbers = 0
        self._news = threading.Condition()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def order(self, do: str, *arguments: bytes | int, **more: object) -> int:
        """Call ``do`` of the link; return the number under which the answer will come."""
        self._numbers += 1
        values = [one.hex() if isinstance(one, bytes) else one for one in arguments]
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, "with": values, "number": self._numbers, **more}) + "\n")
        self.process.stdin.flush()
        return self._numbers

    def ask(self, do: str, *arguments: bytes | int) -> Any:
        """Call ``do`` and return its result, or its code as ``LookupError``."""
        number = self.order(do, *arguments)
        found = self.wait_for(lambda one: one.get("answer") == number)
        if "code" in found:
            raise LookupError(found["code"])
        return found["result"]

    def look(self) -> dict[str, Any]:
        """Return the internet sockets of the console and what of the web it has loaded."""
        seen = len(self.told)
        self.order("look")
        return self.wait_for(lambda one: "look" in one, seen)["look"]

    def wait_for_state(self, state: str, code: str | None = None, since: int = 0) -> dict[str, Any]:
        """Wait until the link said that it stands so."""
        return self.wait_for(lambda one: one.get("state") == state and code in (None, one["code"]), since)

    def wait_for(self, fits: Any, since: int = 0) -> dict[str, Any]:
        """Wait for something it tells, from the ``since``-th on."""
        until = time.monotonic() + 30
        with self._news:
            while True:
                found = [one for one in self.told[since:] if fits(one)]
                if found:
                    return found[0]
                assert self._news.wait(until - time.monotonic()), f"it only told {self.told[-8:]}"

    @property
    def frames(self) -> list[list[Any]]:
        """Every frame that came, as (address, seq, frame)."""
        return [one["frame"] for one in self.told if "frame" in one]

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.told.append(json.loads(line))
                self._news.notify_all()


def command_line(
    host: str,
    port: int,
    who: DeskSignIn,
    *,
    is_tls: bool = False,
    ca_file: Path | None = None,
    times: dict[str, float] | None = None,
) -> list[str]:
    """Return the command of such a process; it ends when its standard input does."""
    given = {
        "host": host,
        "port": port,
        "is_tls": is_tls,
        "ca_file": "" if ca_file is None else str(ca_file),
        "office": who.office.hex(),
        "token": who.token.hex(),
        "times": FAST | (times or {}),
    }
    return [sys.executable, "-c", head() + _SCRIPT, json.dumps(given)]


@contextmanager
def linked_console(
    host: str,
    port: int,
    who: DeskSignIn,
    *,
    is_tls: bool = False,
    ca_file: Path | None = None,
    times: dict[str, float] | None = None,
) -> Iterator[LinkedConsole]:
    """Give a running link to ``host``; at the end it must stop by itself and without a word on standard error."""
    process = subprocess.Popen(
        command_line(host, port, who, is_tls=is_tls, ca_file=ca_file, times=times),
        cwd=REPOSITORY,
        env=dict(os.environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    console = LinkedConsole(process)
    try:
        yield console
    finally:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.close()
        try:
            process.wait(20)
        finally:
            process.kill()
        errors = process.stderr.read()
        console._reading.join(5)
        process.stderr.close()
        assert process.stdout is not None
        process.stdout.close()
    assert (process.returncode, errors) == (0, "")
    assert console.told[-1] == {"stopped": []}
