"""The tripwire names the module that tried to leave; the wall behind it is another matter."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.isolation.tripwire import is_egress
from tests.support.confined import REPOSITORY

CHATTY = """
import http.client, socket, urllib.request

def call_home(how):
    if how == "url":
        urllib.request.urlopen("http://updates.example/latest")
    elif how == "http":
        http.client.HTTPConnection("updates.example", 80).request("GET", "/")
    elif how == "name":
        socket.getaddrinfo("updates.example", 80)
    elif how == "datagram":
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    elif how == "local":
        left, right = socket.socketpair()
        left.send(b"x")
        left.close(); right.close()
"""

RUN = """
import json, sys
sys.path[:0] = [{library!r}, {root!r}]
from app.isolation.tripwire import install_tripwire
trips = []
install_tripwire(trips.append)
import chatty_library
try:
    chatty_library.call_home({how!r})
    failed = None
except OSError as problem:
    failed = str(problem)
print(json.dumps({{"trips": [[t.event, t.module, t.line] for t in trips], "failed": failed}}))
"""


def trip(folder: Path, how: str) -> dict[str, list[list[object]]]:
    (folder / "chatty_library.py").write_text(CHATTY)
    code = RUN.format(library=str(folder), root=str(REPOSITORY), how=how)
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("how", ["url", "http", "name", "datagram"])
def test_when_a_library_calls_home_then_it_is_named_and_its_call_fails(tmp_path: Path, how: str) -> None:
    result = trip(tmp_path, how)
    assert result["trips"][0][1] == "chatty_library"
    assert result["failed"] is not None


def test_the_report_does_not_say_where_the_call_was_going(tmp_path: Path) -> None:
    assert "updates.example" not in json.dumps(trip(tmp_path, "name"))


def test_local_sockets_do_not_trip(tmp_path: Path) -> None:
    assert trip(tmp_path, "local") == {"trips": [], "failed": None}


class FakeSocket:
    def __init__(self, family: int) -> None:
        self.family = family


@pytest.mark.parametrize(
    ("event", "arguments", "expected"),
    [
        ("socket.__new__", (None, socket.AF_INET, 1, 0), True),
        ("socket.__new__", (None, socket.AF_UNIX, 1, 0), False),
        ("socket.connect", (FakeSocket(socket.AF_INET6), ("::1", 9)), True),
        ("socket.connect", (FakeSocket(socket.AF_UNIX), "/run/x"), False),
        ("socket.sendto", (FakeSocket(socket.AF_INET), ("127.0.0.1", 9)), True),
        ("urllib.Request", ("http://x.example", None, {}, "GET"), True),
        ("socket.getaddrinfo", ("x.example", 80, 0, 0, 0), True),
        ("open", ("/etc/hosts", "r", 0), False),
        ("socket.gethostname", (), False),
    ],
)
def test_which_events_are_egress(event: str, arguments: tuple[object, ...], expected: bool) -> None:
    assert is_egress(event, arguments) is expected
