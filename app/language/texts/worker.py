"""The child that anonymises: what runs in it, behind the walls. Holds the texts of one batch and no name of a file."""

import gc
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from app.anonymise.errors import PipelineError, PipelineFault
from app.anonymise.finder import NameFinder
from app.anonymise.known import KnownText
from app.anonymise.labels import Label
from app.anonymise.office_rules import AllowedText, OfficeRules
from app.anonymise.replacing.profiles import Profile
from app.anonymise.shapes import OwnShape, ShapeError
from app.isolation.errors import FrameError, PipeClosedError
from app.isolation.frames import Frame, FrameReader, FrameWriter, Protocol
from app.language.limits import TEXTS_MEMORY_BYTES, limit_memory, limit_processor
from app.language.texts.errors import TextsFault
from app.language.texts.library import load_pipeline
from app.language.texts.protocol import (
    BATCH,
    DONE,
    FOUND,
    FROM_CHILD,
    MAX_INSTEAD_PER_FRAME,
    MAX_SPANS_PER_FRAME,
    PROBLEM,
    READY,
    RULES,
    SETUP,
    TO_CHILD,
)
from app.language.texts.reading import BatchReader, ConversationReading
from app.language.texts.thrift import ThriftyNames
from app.language.texts.windows import Window

EXIT_BAD_FRAME: Final = 71
EXIT_OUT_OF_MEMORY: Final = 72
EXIT_NO_PIPELINE: Final = 73

_PIPELINE_FAULTS: Final = {
    PipelineFault.MISSING: TextsFault.PIPELINE_MISSING,
    PipelineFault.ALTERED: TextsFault.PIPELINE_ALTERED,
    PipelineFault.UNREADABLE: TextsFault.PIPELINE_UNREADABLE,
}


def run(pipe_in: IO[bytes], pipe_out: IO[bytes]) -> int:
    """Serve until the parent closes the pipe; return the exit status. Called by ``isolation.boot`` behind the walls."""
    limit_memory(TEXTS_MEMORY_BYTES)
    reader = FrameReader(pipe_in, Protocol(*TO_CHILD))
    writer = FrameWriter(pipe_out, Protocol(*FROM_CHILD))
    try:
        setup = reader.read()
        if setup.shape is not SETUP:
            return EXIT_BAD_FRAME
        try:
            names = _open(setup)
        except PipelineError as error:
            writer.write(_problem(0, _PIPELINE_FAULTS[error.fault]))
            return EXIT_NO_PIPELINE
        gc.freeze()  # the pipeline's half million objects are not looked through again
        writer.write(Frame(READY, {"has_pipeline": names is not None}))
        server = _Server(names, writer)
        while True:
            server.serve(reader.read())
    except PipeClosedError:
        return 0
    except FrameError:
        return EXIT_BAD_FRAME


def _open(setup: Frame) -> NameFinder | None:
    if not setup.body["pipeline"]:
        return None
    folder = Path(setup.body["pipeline"])
    if setup.body["must_be_shipped"] and folder.is_dir() and not (folder / "manifest.json").is_file():
        raise PipelineError(PipelineFault.ALTERED)
    names = load_pipeline(folder)
    return names if names.is_thrifty else ThriftyNames(names)


class _Server:
    """Answers one frame after another."""

    def __init__(self, names: NameFinder | None, writer: FrameWriter) -> None:
        self._names = names
        self._writer = writer
        self._rules = OfficeRules()
        self._batches: BatchReader | None = None
        self._conversation: ConversationReading | None = None

    def serve(self, order: Frame) -> None:
        if order.shape is RULES:
            self._take_rules(order)
        elif order.shape is BATCH:
            self._answer(order)
        else:
            os._exit(EXIT_BAD_FRAME)

    def _take_rules(self, order: Frame) -> None:
        before = OfficeRules() if order.body["is_first"] else self._rules
        self._batches = None
        self._rules = OfficeRules(
            (*before.known, *(KnownText(text, Label(label), why) for text, label, why in order.body["known"])),
            (*before.shapes, *(OwnShape(shape, Label(label)) for shape, label in order.body["shapes"])),
            (*before.allowed, *(AllowedText(text, Label(label), sure) for text, label, sure in order.body["allowed"])),
        )

    def _answer(self, order: Frame) -> None:
        number = order.body["request"]
        limit_processor(order.body["cpu_s"])
        try:
            windows = self._read(order)
        except ShapeError:
            self._writer.write(_problem(number, TextsFault.BAD_RULES))
        except MemoryError:  # what is left of the memory is of no use to the next text
            self._writer.write(_problem(number, TextsFault.OUT_OF_MEMORY))
            os._exit(EXIT_OUT_OF_MEMORY)
        except FrameError:  # the pipe, or an answer outside the protocol
            raise
        except Exception:  # noqa: BLE001 - the worker's loop: whatever a text did to the finder, the parent gets a code
            self._writer.write(_problem(number, TextsFault.FINDER_FAILED))
        else:
            self._writer.write(Frame(DONE, {"request": number, "windows": windows}))

    def _read(self, order: Frame) -> int:
        if self._batches is None:
            self._batches = BatchReader(self._names, self._rules)
        conversations = [(secret, [_window(*one) for one in rows]) for secret, rows in order.body["conversations"]]
        spans = self._batches.find_all(window for _, windows in conversations for window in windows)
        place = 0
        rows: list[list[Any]] = []
        for number, (secret, windows) in enumerate(conversations, start=1):
            conversation = self._open_conversation(secret, order, self._batches)
            is_alone = bool(secret) and number < len(conversations)
            found_here = conversation.spread(windows, list(islice(spans, len(windows))), is_alone=is_alone)
            for window, found in zip(windows, found_here, strict=True):
                rows += [[place, *row] for row in conversation.take(window, found)]
                place += 1
        for some in _frames_of(rows):
            self._writer.write(Frame(FOUND, {"request": order.body["request"], "spans": some}))
        return place

    def _open_conversation(self, secret: str, order: Frame, batches: BatchReader) -> ConversationReading:
        if secret or self._conversation is None:
            profile, year = Profile(order.body["profile"]), order.body["year"]
            self._conversation = ConversationReading(profile, bytes.fromhex(secret), year, batches.shared_names())
        return self._conversation


def _window(start: int, until: int, text: str) -> Window:
    return Window(text, start, until)


def _frames_of(rows: list[list[Any]]) -> Iterator[list[list[Any]]]:
    """Yield the rows in groups that a frame holds."""
    group: list[list[Any]] = []
    chars = 0
    for row in rows:
        size = len(row[-1])
        if group and (len(group) == MAX_SPANS_PER_FRAME or chars + size > MAX_INSTEAD_PER_FRAME):
            yield group
            group, chars = [], 0
        group.append(row)
        chars += size
    if group:
        yield group


def _problem(number: int, code: TextsFault) -> Frame:
    return Frame(PROBLEM, {"request": number, "code": code.value})
