"""One life of the worker: a confined child and the thread that reads from it.

The supervisor makes a new one after a crash.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.inference import worker
from app.inference.native import locate
from app.inference.protocol import CANCEL, FROM_WORKER, LOAD, TO_WORKER, Request
from app.isolation.child import SupervisedChild, WorkerOutcome
from app.isolation.errors import FrameError, PipeClosedError
from app.isolation.frames import Frame
from app.isolation.orders import Grants

ENTRY: Final = worker.__name__
"""Imported here too, so that its byte code is cached: behind the walls it cannot be written."""

MAX_UNHANDLED_FRAMES: Final = 64
"""Frames read ahead of the supervisor; then the pipe fills and the worker waits."""


class WorkerLink:
    """A running (or ended) worker process.

    Args:
        on_frame, on_lost: called on the reading thread with this link; ``on_frame`` must arrange for ``frame_handled``.
    """

    def __init__(
        self,
        model_file: Path,
        *,
        on_frame: Callable[["WorkerLink", Frame], None],
        on_lost: Callable[["WorkerLink"], None],
    ) -> None:
        self._model_file = model_file
        self._on_frame = on_frame
        self._on_lost = on_lost
        self._room = threading.Semaphore(MAX_UNHANDLED_FRAMES)
        self._child = SupervisedChild(
            "model",
            entry=ENTRY,
            grants=Grants(files=(str(model_file),), packages=locate()),
            to_child=TO_WORKER,
            from_child=FROM_WORKER,
        )
        self._reading = threading.Thread(target=self._read, name="model-reader", daemon=True)
        self.is_ready = False

    @property
    def pid(self) -> int | None:
        """The worker's process id."""
        return self._child.pid

    def start(self) -> None:
        """Start the process and the reading. Raises ChildError."""
        self._child.start()
        self._reading.start()

    def load(self, *, context_tokens: int, threads: int) -> None:
        """Ask for the model."""
        self._send(Frame(LOAD, {"model": str(self._model_file), "context_tokens": context_tokens, "threads": threads}))

    def generate(self, request: Request) -> None:
        """Give it one request. Raises FrameError when the request is outside the protocol's limits."""
        self._send(request.frame())

    def cancel(self, number: int) -> None:
        """Ask for the end of a request."""
        self._send(Frame(CANCEL, {"request": number}))

    def frame_handled(self) -> None:
        """Make room for one more frame."""
        self._room.release()

    def kill(self) -> None:
        """End it now; ``on_lost`` follows."""
        self._child.kill()

    def close(self) -> WorkerOutcome:
        """End it in time and say what became of it."""
        outcome = self._child.close()
        self._room.release(MAX_UNHANDLED_FRAMES)  # the reader may be waiting for room; let it see the end
        self._reading.join()
        self._child.close_pipes()
        return outcome

    def _send(self, frame: Frame) -> None:
        with suppress(PipeClosedError):  # the reading thread sees the end too, and tells
            self._child.send(frame)

    def _read(self) -> None:
        """Outermost function of the reading thread."""
        try:
            while True:
                frame = self._child.read()
                self._room.acquire()
                self._on_frame(self, frame)
        except PipeClosedError:
            pass
        except FrameError:  # something the protocol does not allow: nothing after it can be trusted
            self._child.kill()
        self._on_lost(self)
