"""A console as a person starts it, ``python -m app open``, offscreen, with a robot at its keyboard.

Nothing in it is replaced: wall, dialler, store, model worker, language worker, and the exec with which it locks itself.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

REPOSITORY = Path(__file__).resolve().parents[2]
ROBOT = REPOSITORY / "tests" / "support" / "robot"
PATIENCE_S = 120.0
_LOOK_EVERY_S = 0.02


class RealConsole:
    """One console over one vault; a context manager, with whose block everything ends."""

    def __init__(self, vault_dir: Path, home: Path) -> None:
        self._vault_dir = vault_dir
        self._home = home
        self.shown_s = 0.0
        """When the last window was first there, on the monotonic clock, which all processes share."""

    def __enter__(self) -> Self:
        ours, theirs = socket.socketpair()
        os.set_inheritable(theirs.fileno(), True)
        self._orders = Connection(ours.detach())
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app", "open", "--vault", str(self._vault_dir)],
                env=self._environment(theirs.fileno()),
                cwd=REPOSITORY,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.wait_for_window()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._orders.close()
        self._process.kill()
        self._process.wait(PATIENCE_S)

    @property
    def pid(self) -> int:
        """The process of the windows; the same before and after a lock."""
        return self._process.pid

    def wait_for_window(self) -> None:
        """Wait until a new image of the process shows something."""
        word, self.shown_s = self._answer()
        assert word == "shown"

    def ask(self, name: str, *given: object) -> Any:
        """Let the robot do or look at something (``do_…`` in ``tests.support.console_robot``)."""
        self._orders.send((name, given))
        word, value = self._answer()
        assert word == "done", value
        return value

    def wait_until(self, name: str, *given: object) -> None:
        """Ask until the answer is yes."""
        wait_until(lambda: self.ask(name, *given), name)

    def _answer(self) -> tuple[str, Any]:
        assert self._orders.poll(PATIENCE_S), "the console says nothing"
        word, value = self._orders.recv()
        return str(word), value

    def _environment(self, descriptor: int) -> dict[str, str]:
        places = {f"XDG_{name}_HOME": str(self._home / name.lower()) for name in ("DATA", "CONFIG", "CACHE", "STATE")}
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._home),
            "QT_QPA_PLATFORM": "offscreen",
            "QT_LOGGING_RULES": "qt.qpa.fonts=false",
            "PYTHONPATH": f"{ROBOT}",
            "VESTIBULE_ROBOT": str(descriptor),
            **places,
        }


def wait_until(is_so: Callable[[], object], what: str) -> None:
    """Look again and again until ``is_so``."""
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, f"it never came to this: {what}"
        time.sleep(_LOOK_EVERY_S)
