"""Each engine in a process of its own, on one and the same processor core: memory apart, time comparable.

Times are processor seconds of the child, so that neighbours on the machine do not count. The parent lets the two take
turns, round by round, because clocks of shared machines change within minutes.
"""

import multiprocessing
import os
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from anonymise_parts.engines import open_engine
from anonymise_parts.records import Found

_ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "BLIS")}
GRACE_S = 10


@dataclass(frozen=True, slots=True)
class Child:
    """The parent's end of one engine."""

    pipe: Connection

    def find_all(self, texts: Sequence[str]) -> list[list[Found]]:
        """Return what the engine finds in each text."""
        found: list[list[Found]] = self._ask("find_all", texts)
        return found

    def bulk_s(self, texts: Sequence[str]) -> float:
        """Return the processor seconds for all texts together."""
        return float(self._ask("bulk_s", texts))

    def each_ms(self, texts: Sequence[str]) -> list[float]:
        """Return the processor milliseconds of each text by itself."""
        return [float(each_ms) for each_ms in self._ask("each_ms", texts)]

    def peak_mb(self) -> float:
        """Return the largest resident size so far, in megabytes."""
        return float(self._ask("peak_mb", ()))

    def _ask(self, what: str, texts: Sequence[str]) -> Any:
        self.pipe.send((what, list(texts)))
        answer = self.pipe.recv()
        if isinstance(answer, BaseException):
            raise answer
        return answer


@contextmanager
def running(name: str, folder: Path) -> Iterator[Child]:
    """Start the engine ``name``; ends with the block."""
    os.environ.update(_ONE_THREAD)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, name, folder), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Child(ours)
    finally:
        ours.close()
        process.join(GRACE_S)
        if process.is_alive():
            process.kill()


def _serve(pipe: Connection, name: str, folder: Path) -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    engine = open_engine(name, folder)
    while True:
        try:
            what, texts = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(_answer(engine, what, texts))
        except Exception as error:  # noqa: BLE001 - the child's outermost loop; the parent raises it
            pipe.send(RuntimeError(f"{type(error).__name__}: {error}"))


def _answer(engine: Any, what: str, texts: list[str]) -> object:
    match what:
        case "find_all":
            return engine.find_all(texts)
        case "bulk_s":
            started = time.process_time()
            engine.find_all(texts)
            return time.process_time() - started
        case "each_ms":
            return [_timed_ms(engine, text) for text in texts]
        case _:
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed_ms(engine: Any, text: str) -> float:
    started = time.process_time()
    engine.find(text)
    return 1000 * (time.process_time() - started)
