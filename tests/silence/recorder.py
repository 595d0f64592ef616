"""Runs a command under strace and says which internet sockets its whole process tree asked for."""

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

_PROBE = "SOCK_NONBLOCK|0x700"
"""How strace writes the impossible type (0xF00) with which the wall and the workers ask whether they are confined."""

_INTERNET = re.compile(r"socket\((AF_INET6?|AF_PACKET|AF_NETLINK)\b.*?\)\s*=\s*(-?\d+)")


_CONNECT = re.compile(r"connect\(\d+, \{sa_family=AF_INET6?, .*\}, \d+\)")
_ADDRESS = re.compile(r'htons\((\d+)\).*"([0-9a-f.:]+)"')


def need_strace() -> str:
    """Return the path of strace, or skip: without a recorder there is nothing to say."""
    found = shutil.which("strace")
    if found is None:
        pytest.skip("strace is not installed")
    return found


def record(command: Sequence[str], folder: Path, environment: Mapping[str, str], timeout_s: float) -> list[str]:
    """Run ``command`` to its end and return one line per internet socket that was asked for, granted or refused.

    ``AF_NETLINK`` counts too: glibc opens one to list interfaces before it resolves a name.

    Raises:
        AssertionError: the command itself failed; its last words are in the message.
    """
    trace = folder / "sockets.trace"
    recorder = [need_strace(), "-f", "-qq", "-e", "trace=socket", "-e", "signal=none", "-o", str(trace)]
    ended = subprocess.run(
        [*recorder, *command], env=dict(environment), capture_output=True, text=True, timeout=timeout_s, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if _INTERNET.search(line) and _PROBE not in line]


def record_connections(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> "Recording":
    """Run ``command`` under strace until :meth:`Recording.end`; what it connected to is known from then on."""
    trace = folder / "connections.trace"
    recorder = [need_strace(), "-f", "-qq", "-e", "trace=connect,socket", "-e", "signal=none", "-o", str(trace)]
    process = subprocess.Popen(
        [*recorder, *command],
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return Recording(process, trace)


class Recording:
    """A command that is watched."""

    def __init__(self, process: subprocess.Popen[str], trace: Path) -> None:
        self.process = process
        self._trace = trace

    def end(self, timeout_s: float = 60) -> list[tuple[str, int]]:
        """Close its standard input, wait for its end; return (address, port) of every connection that was asked for."""
        _, errors = self.process.communicate(timeout=timeout_s)
        assert self.process.returncode == 0, errors[-2000:]
        found = [_ADDRESS.search(line) for line in self._lines() if _CONNECT.search(line)]
        return [(one[2], int(one[1])) for one in found if one]

    def askers(self) -> set[str]:
        """Return the process ids that asked for an internet socket, granted or refused."""
        return {line.split()[0] for line in self._lines() if _INTERNET.search(line) and _PROBE not in line}

    def _lines(self) -> list[str]:
        return self._trace.read_text(encoding="utf-8", errors="replace").splitlines()
