"""The process that makes vectors: reads frames, answers frames. Started confined by ``isolation.boot``."""

import os
from typing import IO, Final

from app.inference.embedding.engine import EmbeddingEngine, RefusedError
from app.inference.embedding.protocol import (
    EMBED,
    EMBEDDED,
    FROM_EMBEDDER,
    LOAD,
    PROBLEM,
    READY,
    TO_EMBEDDER,
    EmbeddingProblem,
    packed,
)
from app.inference.native import load_interface
from app.inference.threads import SPIN_COUNT
from app.isolation.errors import FrameError, PipeClosedError
from app.isolation.frames import Frame, FrameReader, FrameWriter, Protocol

EXIT_BAD_FRAME: Final = 71
EXIT_LOAD: Final = 72


def run(pipe_in: IO[bytes], pipe_out: IO[bytes]) -> int:
    """Serve until the parent closes the pipe; return the exit status. Called by ``isolation.boot`` behind the walls."""
    os.environ["GOMP_SPINCOUNT"] = SPIN_COUNT  # both are read when the library is loaded
    os.environ["GGML_NO_BACKTRACE"] = "1"
    reader = FrameReader(pipe_in, Protocol(*TO_EMBEDDER))
    writer = FrameWriter(pipe_out, Protocol(*FROM_EMBEDDER))
    try:
        return _serve(reader, writer)
    except PipeClosedError:
        return 0
    except FrameError:
        return EXIT_BAD_FRAME


def _serve(reader: FrameReader, writer: FrameWriter) -> int:
    order = reader.read()
    if order.shape is not LOAD:
        return EXIT_BAD_FRAME
    try:
        engine = EmbeddingEngine(load_interface(), order.body["model"], threads=order.body["threads"])
    except (RefusedError, ImportError, OSError, RuntimeError) as error:
        problem = error.problem if isinstance(error, RefusedError) else EmbeddingProblem.ENGINE_MISSING
        writer.write(_problem(0, problem))
        return EXIT_LOAD
    writer.write(Frame(READY, {"dims": engine.dims}))
    while True:
        writer.write(_answer(engine, reader.read()))


def _answer(engine: EmbeddingEngine, asked: Frame) -> Frame:
    if asked.shape is not EMBED:
        return _problem(0, EmbeddingProblem.TEXT_INVALID)
    number = asked.body["request"]
    try:
        return Frame(EMBEDDED, {"request": number, "vector": packed(engine.embed(asked.body["text"]))})
    except RefusedError as error:
        return _problem(number, error.problem)
    except (ValueError, OverflowError, MemoryError):
        return _problem(number, EmbeddingProblem.DECODE_FAILED)


def _problem(number: int, problem: EmbeddingProblem) -> Frame:
    return Frame(PROBLEM, {"request": number, "code": problem.value})
