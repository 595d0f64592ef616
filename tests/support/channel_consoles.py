"""Consoles without windows, each a real process with its dialler, its link and its wall; the parent asks and kills."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, TypeVar

from tests.support.desks import TemporaryDesk

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 90.0  # machines are slow; nothing waits so long on an idle one
_PROGRAM = "tests.support.channel_console_process"
T = TypeVar("T")


class ConsoleError(Exception):
    """A service refused; ``name`` is the class of its error, ``code`` its code."""

    def __init__(self, name: str, code: str, text: str) -> None:
        super().__init__(f"{name}({code}): {text}")
        self.name, self.code = name, code


@dataclass
class ChannelConsole:
    """One office. ``start`` after every ``kill`` or ``close``; the vault stays."""

    folder: Path
    shift_ms: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    house: TemporaryDesk = field(init=False)
    _pipe: Connection | None = None

    def __post_init__(self) -> None:
        self.house = TemporaryDesk(self.folder)

    @property
    def vault_dir(self) -> Path:
        return self.house.store.directory

    @property
    def log(self) -> Path:
        """Everything that its processes wrote to standard output and error."""
        return self.folder / "console.log"

    def start(self) -> None:
        """Start the process and wait until the desk is open."""
        ours, theirs = Pipe()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", _PROGRAM, str(theirs.fileno()), str(self.folder)],
                cwd=ROOT,
                env=environment(self.folder),
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        theirs.close()
        self._pipe = ours
        ours.send((self.house.store, self.shift_ms))
        self._receive()

    def ask(self, path: str, *given: Any, **named: Any) -> Any:
        """Call ``desk.channel.invite`` or ``reply`` in the process and return what it gives."""
        assert self._pipe is not None
        self._pipe.send((path, given, named))
        return self._receive()

    def begin(self, path: str, *given: Any) -> None:
        """Ask and do not wait: the next thing is ``take_answer`` or ``kill``."""
        assert self._pipe is not None
        self._pipe.send((path, given, {}))

    def take_answer(self) -> bool:
        """Return whether what was begun has been answered by now."""
        assert self._pipe is not None
        return self._pipe.poll() and self._pipe.recv()[0] == "done"

    def until(self, path: str, is_good: Callable[[Any], bool], *given: Any, limit_s: float = PATIENCE_S) -> Any:
        """Ask again until the answer is good, and return it."""
        return wait_for(lambda: self.ask(path, *given), is_good, what=path, limit_s=limit_s)

    def kill(self) -> None:
        """SIGKILL; dialler and link must end by themselves."""
        assert self.process is not None
        below = self.children()
        self.process.kill()
        self.process.wait(PATIENCE_S)
        self._hang_up()
        wait_for(lambda: [pid for pid in below if is_alive(pid)], lambda left: not left, what="its children ended")

    def close(self) -> None:
        """Close the vault and end, as when the window is closed."""
        if self.process is None or self.process.poll() is not None:
            return
        self.ask("close")
        self._hang_up()
        assert self.process.wait(PATIENCE_S) == 0, self.log.read_text(errors="replace")

    def children(self) -> dict[int, str]:
        """Every process below it: id → command line."""
        assert self.process is not None
        return _below(self.process.pid)

    def kill_link(self) -> bool:
        """SIGKILL the link, if there is one just now."""
        links = [pid for pid, line in self.children().items() if "link" in line]
        for pid in links:
            os.kill(pid, signal.SIGKILL)
        return bool(links)

    def _receive(self) -> Any:
        assert self._pipe is not None
        assert self._pipe.poll(PATIENCE_S * 2), "the console says nothing"
        try:
            kind, value = self._pipe.recv()
        except EOFError:
            raise AssertionError(f"the console ended: {self.log.read_text(errors='replace')[-4_000:]}") from None
        if kind == "error":
            raise ConsoleError(*value)
        return value

    def _hang_up(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None


def wait_for(look: Callable[[], T], is_good: Callable[[T], bool], *, what: str, limit_s: float = PATIENCE_S) -> T:
    """Look again every few milliseconds until it is good, and return what was seen; else say what was seen last."""
    end = time.monotonic() + limit_s
    while True:
        seen = look()
        if is_good(seen):
            return seen
        assert time.monotonic() < end, f"{what}: still {seen!r}"
        time.sleep(0.02)


def environment(folder: Path) -> dict[str, str]:
    """Return an environment in which nobody's own settings and data are found."""
    names = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    return {**os.environ, **{name: str(folder / "home" / name.lower()) for name in names}, "LANG": "C.UTF-8"}


def is_alive(pid: int) -> bool:
    """Return whether a process runs (a zombie does not)."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def _below(pid: int) -> dict[int, str]:
    found: dict[int, str] = {}
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(children).split():
            found[int(child)] = _read(Path(f"/proc/{child}/cmdline")).replace("\0", " ")
            found |= _below(int(child))
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
