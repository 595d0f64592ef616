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
