"""The model worker: what runs in the confined child. Reads requests, answers one at a time, holds one prompt.

A second thread reads the pipe, so that a cancel is seen while llama.cpp computes, and so that the worker ends at once
when its parent does.
"""

import os
import queue
import threading
import time
from dataclasses import dataclass, field
from typing import IO, Final

from app.inference.engine import Counts, Engine
from app.inference.failures import LoadError, RequestError
from app.inference.generation import ProblemCode
from app.inference.native import load_interface
from app.inference.protocol import (
    CANCEL,
    FINISHED,
    FROM_WORKER,
    GENERATE,
    LOAD,
    PROBLEM,
    PROGRESS,
    READY,
    TEXT,
    TO_WORKER,
    LoadProblem,
    Request,
)
from app.inference.threads import SPIN_COUNT
from app.isolation.errors import FrameError, PipeClosedError
from app.isolation.frames import Frame, FrameReader, FrameWriter, Protocol

MAX_WAITING: Final = 4
"""Requests the parent may have sent ahead; it sends one at a time."""

EXIT_BAD_FRAME: Final = 71
EXIT_LOAD: Final = 72


def run(pipe_in: IO[bytes], pipe_out: IO[bytes]) -> int:
    """Serve until the parent closes the pipe; return the exit status. Called by ``isolation.boot`` behind the walls."""
    os.environ["GOMP_SPINCOUNT"] = SPIN_COUNT  # both are read when the library is loaded
    os.environ["GGML_NO_BACKTRACE"] = "1"  # a failed assertion would start a debugger, which the walls refuse noisily
    reader = FrameReader(pipe_in, Protocol(*TO_WORKER))
    writer = FrameWriter(pipe_out, Protocol(*FROM_WORKER))
    try:
        engine = _load(reader, writer)
    except LoadError as problem:
        _send(writer, Frame(PROBLEM, {"request": 0, "code": problem.code.value}))
        return EXIT_LOAD
    desk = _Desk(engine)
    threading.Thread(target=_read_requests, args=(reader, desk), name="requests", daemon=True).start()
    while True:
        _serve(engine, desk, desk.requests.get(), writer)


@dataclass
class _Desk:
    """What the two threads share: the waiting requests, and which one is being answered."""

    engine: Engine
    requests: "queue.Queue[Request]" = field(default_factory=lambda: queue.Queue(MAX_WAITING))
    lock: threading.Lock = field(default_factory=threading.Lock)
    current: int = 0
    cancelled: set[int] = field(default_factory=set)

    def begin(self, number: int) -> None:
        """Take the flag down for ``number``, unless its cancel overtook it."""
        with self.lock:
            self.current = number
            self.engine.cancel.take_down()
            if number in self.cancelled:
                self.engine.cancel.put_up()
            self.cancelled.clear()  # the parent sends one request at a time: others are over

    def end(self) -> None:
        """Nothing is being answered."""
        with self.lock:
            self.current = 0

    def cancel(self, number: int) -> None:
        """Stop ``number`` now, or as soon as it begins."""
        with self.lock:
            if number == self.current:
                self.engine.cancel.put_up()
            elif len(self.cancelled) < MAX_WAITING:
                self.cancelled.add(number)


def _load(reader: FrameReader, writer: FrameWriter) -> Engine:
    try:
        order = reader.read()
    except FrameError as problem:
        raise LoadError(LoadProblem.PROTOCOL) from problem
    if order.shape is not LOAD:
        raise LoadError(LoadProblem.PROTOCOL)
    started_s = time.perf_counter()
    try:
        interface = load_interface()
    except (ImportError, OSError, RuntimeError) as problem:
        raise LoadError(LoadProblem.ENGINE_MISSING) from problem
    engine = Engine(
        interface,
        order.body["model"],
        context_tokens=order.body["context_tokens"],
        threads=order.body["threads"],
    )
    ready: dict[str, int | float] = {
        "context_tokens": engine.context.tokens,
        "vocabulary": engine.vocabulary.size,
        "parameters": engine.parameters,
        "load_ms": (time.perf_counter() - started_s) * 1000,
    }
    _send(writer, Frame(READY, ready))
    return engine


def _read_requests(reader: FrameReader, desk: _Desk) -> None:
    """Outermost function of the reading thread. The end of the pipe is the end of the process, in whatever it is."""
    status = EXIT_BAD_FRAME
    try:
        while True:
            frame = reader.read()
            if frame.shape is CANCEL:
                desk.cancel(frame.body["request"])
            elif frame.shape is GENERATE:
                desk.requests.put_nowait(Request.of(frame))
            else:
                break
    except PipeClosedError:
        status = 0
    except (FrameError, queue.Full):
        pass
    os._exit(status)


def _serve(engine: Engine, desk: _Desk, request: Request, writer: FrameWriter) -> None:
    desk.begin(request.number)
    answering = _Answering(request.number, writer)
    try:
        counts = engine.generate(request, on_progress=answering.progress, on_text=answering.text)
        answer = _finished(request.number, counts)
    except RequestError as problem:
        answer = Frame(PROBLEM, {"request": request.number, "code": problem.code.value})
    except (ValueError, OverflowError, MemoryError):
        answer = Frame(PROBLEM, {"request": request.number, "code": ProblemCode.DECODE_FAILED.value})
    desk.end()
    _send(writer, answer)


class _Answering:
    """Sends what one request has to say while it is being answered."""

    def __init__(self, request: int, writer: FrameWriter) -> None:
        self._request = request
        self._writer = writer

    def progress(self, evaluated: int) -> None:
        _send(self._writer, Frame(PROGRESS, {"request": self._request, "evaluated": evaluated}))

    def text(self, words: str) -> None:
        _send(self._writer, Frame(TEXT, {"request": self._request, "text": words}))


def _finished(request: int, counts: Counts) -> Frame:
    return Frame(
        FINISHED,
        {
            "request": request,
            "finish": counts.finish.value,
            "prompt_tokens": counts.prompt,
            "reused_tokens": counts.reused,
            "generated_tokens": counts.generated,
            "prompt_ms": counts.prompt_s * 1000,
            "generation_ms": counts.generation_s * 1000,
        },
    )


def _send(writer: FrameWriter, frame: Frame) -> None:
    """Send, or end: without a parent there is nothing left to do."""
    try:
        writer.write(frame)
    except PipeClosedError:
        os._exit(0)
