"""A child process whose every change of a file waits for leave, so that it can die, or meet a full disk, at any."""

import fcntl
import os
import select
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from tests.support.call_filter import NOTIFICATION, FileCall, install, read_call

KILL = -1
"""Verdict: the process dies here, and the call never happens."""
GO = 0
"""Verdict: the call happens. A positive verdict is the errno that it fails with instead."""

Verdict = Callable[[FileCall], int]
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_CONTINUE = 1
_DEADLINE_S = 120
_ANSWER = struct.Struct("=QqiI")

_processes = get_context("forkserver")


@dataclass
class Ending:
    """What became of a child: what it acknowledged, what it returned or raised, the signal that ended it."""

    acknowledged: list[Any] = field(default_factory=list)
    returned: Any = None
    error: tuple[str, str] | None = None
    """Name of the exception's class, and its code or words."""
    was_killed: bool = False
    calls: int = 0


def prepare_watching(*modules: str) -> None:
    """Have the process that children are forked from import what they need; skip the test where nobody may watch."""
    _processes.set_forkserver_preload(["tests.support.watched_child", *modules])
    child = _processes.Process(target=_try_to_install)
    child.start()
    child.join(_DEADLINE_S)
    if child.exitcode:
        pytest.skip(f"the kernel, or a container around us, lets nobody watch another's calls (errno {child.exitcode})")


def _try_to_install() -> None:
    number = 0
    try:
        install()
    except OSError as error:
        number = error.errno or 1
    os._exit(number)


def run_watched(root: Path, verdict: Verdict, act: Callable[..., Any], *given: Any) -> Ending:
    """Run ``act(acknowledge, *given)`` in a child; ask ``verdict`` before each change below ``root`` and at each mark.

    ``act`` is a function of a module. It calls ``acknowledge(what)`` for everything that it was told is done.
    """
    ours, theirs = _processes.Pipe()
    door, their_door = socket.socketpair()
    child = _processes.Process(target=_live, args=(theirs, their_door, act, given))
    child.start()
    theirs.close()
    their_door.close()
    assert child.pid is not None
    ending = Ending()
    with door:
        _, (listener, *_), _, _ = socket.recv_fds(door, 1, 1)
    watch = threading.Thread(target=_watch, args=(listener, child.pid, root.resolve(), verdict, ending), daemon=True)
    watch.start()
    _listen(ours, ending)
    child.join(_DEADLINE_S)
    watch.join(_DEADLINE_S)
    os.close(listener)
    ending.was_killed = child.exitcode == -signal.SIGKILL
    assert ending.was_killed or child.exitcode == 0, f"the child ended with {child.exitcode}"
    child.close()
    return ending


def _live(parent: Connection, door: socket.socket, act: Callable[..., Any], given: tuple[Any, ...]) -> None:
    listener = install()
    socket.send_fds(door, [b"l"], [listener])
    os.close(listener)
    try:
        parent.send(("returned", act(lambda what: parent.send(("acknowledged", what)), *given)))
    except Exception as error:  # noqa: BLE001  the test judges whether it was the right one
        parent.send(("error", (type(error).__name__, str(getattr(error, "code", "")) or str(error))))


def _listen(child: Connection, ending: Ending) -> None:
    """Take down what the child says until it is gone."""
    until = time.monotonic() + _DEADLINE_S
    while child.poll(max(0.0, until - time.monotonic())):
        try:
            word, value = child.recv()
        except (EOFError, OSError):
            child.close()
            return
        if word == "acknowledged":
            ending.acknowledged.append(value)
        else:
            setattr(ending, word, value)
    raise AssertionError("the child says nothing")


def _watch(listener: int, pid: int, root: Path, verdict: Verdict, ending: Ending) -> None:
    """Answer the child's calls until it is gone."""
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    while any(happened & select.POLLIN for _, happened in poll.poll()):
        notification = bytearray(NOTIFICATION.size)
        try:
            fcntl.ioctl(listener, _RECEIVE, notification)
            call = read_call(notification)
            answer = GO
            if call is not None and (call.mark or call.path.is_relative_to(root)):
                ending.calls += 1
                answer = verdict(call)
            if answer == KILL:
                os.kill(pid, signal.SIGKILL)
                return
            number = NOTIFICATION.unpack(notification)[0]
            fcntl.ioctl(listener, _SEND, _ANSWER.pack(number, 0, -answer, 0 if answer else _CONTINUE))
        except FileNotFoundError:
            continue  # it died meanwhile
