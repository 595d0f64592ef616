"""A supervised, confined child process: started with nothing, reached by frames, ended in time.

It gets its own session and process group, an empty environment, no descriptor but three pipes (and, where it is given
one, the socket on which the dialler hands a connection over), and code that confines itself before it loads anything
(``start.py``). Standard error is drained on its own thread, counted, and not kept.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Final

from app.isolation.errors import ChildError, PipeClosedError
from app.isolation.frames import MAX_FRAME_BYTES, Frame, FrameReader, FrameWriter, Protocol, Shape
from app.isolation.orders import CONFINED, REFUSED, START, UNCONNECTED, Grants, start_order

GRACE_S: Final = 1.0
"""How long a child may take to end once asked (its pipe closed)."""
FORCE_S: Final = 2.0
"""How long the kernel may take to end it once told (SIGKILL)."""

_STDERR_CHUNK_BYTES: Final = 4096
_F_SETPIPE_SZ: Final = 1031
_START_SCRIPT: Final = Path(__file__).with_name("start.py")


class Fate(Enum):
    """What became of a child."""

    NEVER_STARTED = "never_started"
    FINISHED = "finished"
    """It ended by itself, status 0."""
    FAILED = "failed"
    """It ended by itself with another status."""
    CRASHED = "crashed"
    """A signal that we did not send ended it."""
    KILLED = "killed"
    """It did not end when asked, and we killed it."""
    LINGERING = "lingering"
    """It did not end even then."""


@dataclass(frozen=True, slots=True)
class WorkerOutcome:
    """The end of a child in numbers."""

    fate: Fate
    exit_status: int | None = None
    signal: int | None = None
    stderr_bytes: int = 0


class SupervisedChild:
    """One child process. ``send`` and ``read`` may be used from one thread each; ``kill`` from any.

    Args:
        name: for threads and people; no content.
        entry: the module of ours that the child runs once it is confined.
        grants: what it may read.
        to_child, from_child: the kinds of frames beside the start order and its answers.
        connection: what ``Dialler.dial`` returned; the child waits for it before it confines itself and has nothing
            else of the network. Belongs to this object from now on. The first frame may then be UNCONNECTED.
        on_stderr: receives what the child's libraries print, in pieces, cleaned of control characters; for developer
            builds only, because it may hold anything. None (the default) counts and drops it.
    """

    def __init__(
        self,
        name: str,
        *,
        entry: str,
        grants: Grants,
        to_child: Sequence[Shape] = (),
        from_child: Sequence[Shape] = (),
        connection: socket.socket | None = None,
        on_stderr: Callable[[str], None] | None = None,
    ) -> None:
        self.name = name
        self._entry = entry
        self._grants = grants
        self._to_child = Protocol(START, *to_child)
        self._from_child = Protocol(CONFINED, REFUSED, UNCONNECTED, *from_child)
        self._connection = connection
        self._on_stderr = on_stderr
        self._process: subprocess.Popen[bytes] | None = None
        self._stderr_bytes = 0
        self._stderr_thread: threading.Thread | None = None
        self._was_killed = False
        self._kill_lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process id, None before ``start``."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process and send its start order; the answer (CONFINED or REFUSED) is the first frame to read.

        Raises:
            ChildError: the process could not be started.
        """
        if self._process is not None:
            raise RuntimeError("a child is started once")
        passed = () if self._connection is None else (self._connection.fileno(),)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own script, no shell, no outside words
                self._command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={},
                cwd="/",
                close_fds=True,
                pass_fds=passed,
                start_new_session=True,
                umask=0o077,
            )
        except OSError as problem:
            raise ChildError("the child process could not be started") from problem
        finally:
            if self._connection is not None:
                self._connection.close()
        stdin, stdout, stderr = _pipes(self._process)
        _widen(stdin)
        self._reader = FrameReader(stdout, self._from_child)
        self._writer = FrameWriter(stdin, self._to_child)
        self._stderr_thread = threading.Thread(
            target=self._drain_stderr, args=(stderr,), name=f"{self.name}-stderr", daemon=True
        )
        self._stderr_thread.start()
        with suppress(PipeClosedError):  # it died at once: reading tells
            self._writer.write(start_order(self._entry, self._grants, *passed))

    def _command(self) -> list[str]:
        """Isolated, without site-packages, in UTF-8 whatever the (empty) environment says."""
        return [sys.executable, "-I", "-S", "-X", "utf8", str(_START_SCRIPT)]

    def send(self, frame: Frame) -> None:
        """Send ``frame``. Raises FrameError: not allowed, nothing was sent; PipeClosedError: the child is gone."""
        self._writer.write(frame)

    def read(self) -> Frame:
        """Block for the next frame; its body has the shape of its kind and is otherwise untrusted.

        Raises:
            PipeClosedError: the child is gone.
            FrameError: it sent something else; ``kill`` it.
        """
        return self._reader.read()

    def kill(self) -> None:
        """End the child and everything in its group now; harmless when it is over."""
        with self._kill_lock:
            if self._process is None or self._process.returncode is not None or self._has_ended():
                return
            self._was_killed = True
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> WorkerOutcome:
        """Ask the child to end, wait ``GRACE_S``, insist, wait ``FORCE_S``, and report. Blocks; may be called again."""
        process = self._process
        if process is None:
            return WorkerOutcome(Fate.NEVER_STARTED)
        stdin, _, _ = _pipes(process)
        with suppress(OSError, ValueError):
            stdin.close()
        if not _has_ended_within(process, GRACE_S):
            self.kill()
            if not _has_ended_within(process, FORCE_S):
                return WorkerOutcome(Fate.LINGERING, stderr_bytes=self._stderr_bytes)
        if self._stderr_thread is not None:
            self._stderr_thread.join(FORCE_S)
        return self._outcome(process.returncode)

    def close_pipes(self) -> None:
        """Release the reading end; call it on the reading thread after ``close``."""
        if self._process is not None:
            _, stdout, _ = _pipes(self._process)
            with suppress(OSError, ValueError):
                stdout.close()

    def _has_ended(self) -> bool:
        """Look without reaping, so that the process id cannot have been given to another process."""
        assert self._process is not None
        try:
            return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True

    def _outcome(self, return_code: int) -> WorkerOutcome:
        if return_code == 0:
            return WorkerOutcome(Fate.FINISHED, exit_status=0, stderr_bytes=self._stderr_bytes)
        if return_code > 0:
            return WorkerOutcome(Fate.FAILED, exit_status=return_code, stderr_bytes=self._stderr_bytes)
        fate = Fate.KILLED if self._was_killed else Fate.CRASHED
        return WorkerOutcome(fate, signal=-return_code, stderr_bytes=self._stderr_bytes)

    def _drain_stderr(self, stderr: IO[bytes]) -> None:
        with stderr:
            while piece := os.read(stderr.fileno(), _STDERR_CHUNK_BYTES):
                self._stderr_bytes += len(piece)
                if self._on_stderr is not None:
                    self._on_stderr(_clean(piece))


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    stdin, stdout, stderr = process.stdin, process.stdout, process.stderr
    assert stdin is not None
    assert stdout is not None
    assert stderr is not None
    return stdin, stdout, stderr


def _widen(pipe: IO[bytes]) -> None:
    """Let the largest frame fit into the pipe, so that sending one to a child that hangs does not hang us."""
    with suppress(OSError):  # over the user's pipe quota: then the usual 64 KiB
        fcntl.fcntl(pipe.fileno(), _F_SETPIPE_SZ, MAX_FRAME_BYTES)


def _has_ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _clean(piece: bytes) -> str:
    """Return text without control characters, which could drive a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in piece.decode("utf-8", "replace"))
