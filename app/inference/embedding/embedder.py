"""The console's side: a confined process that makes vectors, asked one text at a time.

It is started at the first text. A process that dies, hangs or answers nonsense is ended for good: the search then goes
on with the shipped table, and whoever wants vectors again makes a new ``Embedder``.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from app.inference.embedding import worker
from app.inference.embedding.protocol import (
    EMBED,
    EMBEDDED,
    FROM_EMBEDDER,
    LOAD,
    PROBLEM,
    READY,
    TO_EMBEDDER,
    EmbeddingProblem,
    unpacked,
)
from app.inference.errors import InferenceError, ModelFileError
from app.inference.native import locate
from app.isolation.child import SupervisedChild
from app.isolation.errors import ChildError, FrameError, PipeClosedError
from app.isolation.frames import Frame, Shape
from app.isolation.orders import CONFINED, REFUSED, Grants

if TYPE_CHECKING:
    from array import array

LOAD_S: Final = 60.0
"""A model of 600 MB is read from a slow disk in half of that."""
ANSWER_S: Final = 20.0


class EmbeddingError(InferenceError):
    """There is no vector; ``code`` says why."""

    def __init__(self, code: EmbeddingProblem) -> None:
        super().__init__(code.value)
        self.code = code


class Embedder:
    """Vectors of texts, from one GGUF file. May be used from several threads; they wait for one another.

    Args:
        model_file: a file that ``gguf.check_file`` has let pass.
        threads: of llama.cpp.
    """

    def __init__(self, model_file: Path, *, threads: int = 1) -> None:
        self._file = model_file.resolve()
        self._threads = threads
        self._lock = threading.Lock()
        self._child: SupervisedChild | None = None
        self._problem: EmbeddingProblem | None = None
        self._request = 0
        self._dims = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def dims(self) -> int:
        """How many numbers a vector has; 0 before the first one."""
        return self._dims

    @property
    def pid(self) -> int | None:
        """The process id while there is one."""
        child = self._child
        return child.pid if child is not None else None

    @property
    def problem(self) -> EmbeddingProblem | None:
        """Why it makes no vectors any more."""
        return self._problem

    def embed(self, text: str) -> "array[float]":
        """Return the vector of ``text``, of length one. Blocks.

        Raises:
            EmbeddingError: TEXT_INVALID and DECODE_FAILED are of this text alone; after any other code it is over.
        """
        with self._lock:
            child = self._running()
            self._request += 1
            answer = self._asked(child, Frame(EMBED, {"request": self._request, "text": text}), EMBEDDED, ANSWER_S)
            vector = unpacked(str(answer["vector"]), self._dims)
            if vector is None or answer["request"] != self._request:
                raise self._ended(EmbeddingProblem.WORKER_LOST)
            return vector

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end_child()
            self._problem = self._problem or EmbeddingProblem.WORKER_LOST

    def _running(self) -> SupervisedChild:
        if self._problem is not None:
            raise EmbeddingError(self._problem)
        if self._child is None:
            self._child = self._started()
        return self._child

    def _started(self) -> SupervisedChild:
        try:
            child = SupervisedChild(
                "embedder",
                entry=worker.__name__,
                grants=Grants(files=(str(self._file),), packages=locate()),
                to_child=TO_EMBEDDER,
                from_child=FROM_EMBEDDER,
            )
            child.start()
        except (ModelFileError, ChildError) as error:
            raise self._ended(EmbeddingProblem.ENGINE_MISSING) from error
        self._child = child
        order = Frame(LOAD, {"model": str(self._file), "threads": self._threads})
        self._received(child, CONFINED, LOAD_S)
        self._dims = int(self._asked(child, order, READY, LOAD_S)["dims"])
        return child

    def _asked(self, child: SupervisedChild, frame: Frame, answer: Shape, limit_s: float) -> Mapping[str, Any]:
        try:
            child.send(frame)
        except PipeClosedError as error:
            raise self._ended(EmbeddingProblem.WORKER_LOST) from error
        except FrameError as error:  # longer than the protocol lets a text be: nothing was sent
            raise EmbeddingError(EmbeddingProblem.TEXT_INVALID) from error
        return self._received(child, answer, limit_s)

    def _received(self, child: SupervisedChild, answer: Shape, limit_s: float) -> Mapping[str, Any]:
        """Return the body of the next frame, which must be an ``answer``; a child that is too slow is killed."""
        deadline = threading.Timer(limit_s, child.kill)
        deadline.daemon = True
        deadline.start()
        try:
            frame = child.read()
        except (PipeClosedError, FrameError) as error:
            raise self._ended(EmbeddingProblem.WORKER_LOST) from error
        finally:
            deadline.cancel()
        if frame.shape is answer:
            return frame.body
        if frame.shape is REFUSED:
            raise self._ended(EmbeddingProblem.ENGINE_MISSING)
        problem = EmbeddingProblem(frame.body["code"]) if frame.shape is PROBLEM else EmbeddingProblem.WORKER_LOST
        if problem in {EmbeddingProblem.TEXT_INVALID, EmbeddingProblem.DECODE_FAILED}:
            raise EmbeddingError(problem)
        raise self._ended(problem)

    def _ended(self, problem: EmbeddingProblem) -> EmbeddingError:
        self._problem = problem
        self._end_child()
        return EmbeddingError(problem)

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.close()
            child.close_pipes()
