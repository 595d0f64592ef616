"""The console's side: one document after another through a confined child, which is replaced when it dies.

Blocks its caller for at most ``ReaderLimits.document_s`` a document (and ``start_s`` for a new child); call it on a
thread of its own. ``cancel`` may come from any thread.
"""

import base64
import itertools
import signal
import threading
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Final, Self

from app.isolation.child import SupervisedChild, WorkerOutcome
from app.isolation.errors import ChildError, FrameError, PipeClosedError
from app.isolation.frames import Frame
from app.isolation.orders import CONFINED, Grants
from app.language import worker
from app.language.deadline import deadline
from app.language.errors import DocumentError, DocumentFault, LanguageError
from app.language.pdf.library import locate
from app.language.protocol import (
    CHUNK,
    CHUNK_BYTES,
    FINISHED,
    FROM_WORKER,
    MAX_DOCUMENT_BYTES,
    MAX_READING_CHARS,
    MAX_SECTIONS,
    OPEN,
    PROBLEM,
    SECTION,
    TO_WORKER,
)
from app.language.records import DocumentKind, Reading, ReadingNote, Section

ENTRY: Final = worker.__name__
"""Imported here too, so that its byte code is cached: behind the walls it cannot be written."""

MAX_DOCUMENTS: Final = 100
"""Read by one child; what a document may have left behind in it does not stay for ever."""

_SPENT: Final = frozenset({DocumentFault.TOO_MANY_PARTS, DocumentFault.READER_FAILED, DocumentFault.READER_MISSING})
"""After these a child's memory is in an unknown state; the next document gets a new one."""


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """How long a document may take; a handbook of 100 pages takes about 2 s."""

    document_s: float = 30.0
    processor_s: int = 20
    start_s: float = 20.0


class _DeadAlreadyError(LanguageError):
    """The child was gone when a document came."""


class DocumentReader:
    """Reads documents. Use it as a context manager, or ``close`` it; it starts a child when the first one comes.

    Args:
        limits: for tests, which have no time to wait.
    """

    def __init__(self, limits: ReaderLimits | None = None) -> None:
        self._limits = limits or ReaderLimits()
        self._child: SupervisedChild | None = None
        self._documents = 0
        self._numbers = itertools.count(1)
        self._turn = threading.Lock()
        self._is_cancelled = False
        self.last_outcome: WorkerOutcome | None = None
        self.starts = 0
        """How many children there have been."""

    def __enter__(self) -> Self:
        """Nothing starts yet."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """End the child."""
        self.close()

    @property
    def pid(self) -> int | None:
        """The process id of the child that lives now."""
        child = self._child
        return child.pid if child is not None else None

    def read(self, kind: DocumentKind, untrusted_bytes: bytes) -> Reading:
        """Return what a document holds. The reading is checked for shape and size; its words are untrusted still.

        Raises:
            DocumentError: the document was refused; the reader is ready for the next one.
        """
        if len(untrusted_bytes) > MAX_DOCUMENT_BYTES:
            raise DocumentError(DocumentFault.TOO_LARGE)
        with self._turn:
            if self._is_cancelled:
                raise DocumentError(DocumentFault.CANCELLED)
            try:
                return self._read_once(kind, untrusted_bytes)
            except _DeadAlreadyError:  # it died before it saw the document, which is not to blame
                return self._read_once(kind, untrusted_bytes)

    def cancel(self) -> None:
        """End the document that is being read, and refuse all others, for good. Returns at once."""
        self._is_cancelled = True
        child = self._child
        if child is not None:
            child.kill()

    def close(self) -> None:
        """End the child; a document that is being read on another thread is cancelled."""
        if not self._turn.acquire(blocking=False):
            self.cancel()
            self._turn.acquire()
        try:
            self._end_child()
        finally:
            self._turn.release()

    # With the turn held

    def _read_once(self, kind: DocumentKind, untrusted_bytes: bytes) -> Reading:
        child = self._ready_child()
        self._documents += 1
        with deadline(child, self._limits.document_s) as is_late:
            try:
                return self._exchange(child, kind, untrusted_bytes)
            except DocumentError as refusal:
                if refusal.code in _SPENT:
                    self._end_child()
                raise
            except FrameError as problem:
                if not isinstance(problem, PipeClosedError):
                    child.kill()
                raise DocumentError(self._cause_of_death(is_late)) from problem

    def _ready_child(self) -> SupervisedChild:
        if self._child is not None and self._documents >= MAX_DOCUMENTS:
            self._end_child()
        if self._child is None:
            self._child = self._start()
            self._documents = 0
        return self._child

    def _start(self) -> SupervisedChild:
        self.starts += 1
        child = SupervisedChild(
            "language",
            entry=ENTRY,
            grants=Grants(packages=locate()),
            to_child=TO_WORKER,
            from_child=FROM_WORKER,
        )
        try:
            child.start()
            with deadline(child, self._limits.start_s):
                is_confined = child.read().shape is CONFINED
        except (ChildError, FrameError):
            is_confined = False
        if not is_confined:
            self._end(child)
            raise DocumentError(DocumentFault.CANCELLED if self._is_cancelled else DocumentFault.NOT_CONFINED)
        return child

    def _exchange(self, child: SupervisedChild, kind: DocumentKind, untrusted_bytes: bytes) -> Reading:
        number = next(self._numbers)
        size = len(untrusted_bytes)
        order: dict[str, str | int] = {
            "request": number,
            "kind": kind.value,
            "size": size,
            "cpu_s": self._limits.processor_s,
        }
        try:
            child.send(Frame(OPEN, order))
        except PipeClosedError:
            if self._is_cancelled or self._documents == 1:
                raise
            self._end_child()
            raise _DeadAlreadyError from None
        for start in range(0, size, CHUNK_BYTES):
            data = base64.b64encode(untrusted_bytes[start : start + CHUNK_BYTES]).decode("ascii")
            child.send(Frame(CHUNK, {"request": number, "data": data}))
        return _Answer(number).collect(child)

    def _cause_of_death(self, is_late: threading.Event) -> DocumentFault:
        """End what is left of the child and say why a document has no answer."""
        outcome = self._end_child()
        if self._is_cancelled:
            return DocumentFault.CANCELLED
        is_slow = is_late.is_set() or (outcome is not None and outcome.signal == signal.SIGXCPU)
        return DocumentFault.TOO_SLOW if is_slow else DocumentFault.READER_DIED

    def _end_child(self) -> WorkerOutcome | None:
        child, self._child = self._child, None
        return None if child is None else self._end(child)

    def _end(self, child: SupervisedChild) -> WorkerOutcome:
        self.last_outcome = child.close()
        child.close_pipes()
        return self.last_outcome


class _Answer:
    """The frames that answer one request, put together and counted."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._sections: list[Section] = []
        self._chars = 0

    def collect(self, child: SupervisedChild) -> Reading:
        """Return the reading.

        Raises:
            DocumentError: the worker refused the document.
            FrameError: the worker is gone, or says what it may not.
        """
        while True:
            frame = child.read()
            body = frame.body
            if body.get("request") != self._number:
                raise DocumentError(DocumentFault.READER_FAILED)
            if frame.shape is SECTION:
                self._add(Section(body["title"], body["body"], body["page"]))
            elif frame.shape is FINISHED and body["sections"] == len(self._sections):
                notes = tuple(ReadingNote(code) for code in body["notes"])
                return Reading(tuple(self._sections), notes, body["pages"], _day(body["modified"]))
            elif frame.shape is PROBLEM:
                raise DocumentError(DocumentFault(body["code"]))
            else:
                raise DocumentError(DocumentFault.READER_FAILED)

    def _add(self, section: Section) -> None:
        self._sections.append(section)
        self._chars += len(section.body)
        if len(self._sections) > MAX_SECTIONS or self._chars > MAX_READING_CHARS:
            raise DocumentError(DocumentFault.READER_FAILED)


def _day(untrusted_text: str) -> date | None:
    try:
        return date.fromisoformat(untrusted_text)
    except ValueError:
        return None
