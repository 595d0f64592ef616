"""The language worker dies, hangs, lies or is told to stop: what its caller hears, and that the next document is read.

And three hundred hostile documents by seed, through one reader: each is read or refused with a code within its limit;
the console's memory stays where it was. ``make soak`` reads ten thousand.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.isolation.frames import Frame
from app.language import DocumentError, DocumentFault, DocumentKind, DocumentReader, ReaderLimits
from app.language import reader as reader_module
from app.language.protocol import FINISHED, SECTION
from tests.support.documents import make_docx, par
from tests.support.hostile_documents import GOOD_MARKDOWN, TRICKS, good_pdf, hostile
from tests.support.reading_storm import Storm

SLOW_DOCX = make_docx("<w:p/>" * 240_000 + par("x"))
"""Takes about a second to read."""


@pytest.fixture
def reader() -> Iterator[DocumentReader]:
    with DocumentReader() as running:
        running.read(DocumentKind.MARKDOWN, GOOD_MARKDOWN)
        yield running


def refusal(reader: DocumentReader, kind: DocumentKind, data: bytes) -> DocumentFault:
    with pytest.raises(DocumentError) as caught:
        reader.read(kind, data)
    return caught.value.code


def test_a_child_that_is_killed_at_work_costs_one_document(reader: DocumentReader) -> None:
    pid = reader.pid
    assert pid is not None
    threading.Timer(0.2, os.kill, (pid, signal.SIGKILL)).start()
    assert refusal(reader, DocumentKind.DOCX, SLOW_DOCX) is DocumentFault.READER_DIED
    assert reader.read(DocumentKind.PDF, good_pdf()).sections
    assert reader.pid != pid


def test_a_child_that_was_killed_while_idle_costs_nothing(reader: DocumentReader) -> None:
    assert reader.pid is not None
    os.kill(reader.pid, signal.SIGKILL)
    while Path(f"/proc/{reader.pid}/stat").read_text().rpartition(") ")[2][0] != "Z":
        time.sleep(0.01)
    assert reader.read(DocumentKind.PDF, good_pdf()).sections
    assert reader.starts == 2


def test_a_document_that_takes_too_long_is_stopped_by_the_clock(reader: DocumentReader) -> None:
    patient, reader._limits = reader._limits, ReaderLimits(document_s=0.2)
    assert refusal(reader, DocumentKind.DOCX, SLOW_DOCX) is DocumentFault.TOO_SLOW
    reader._limits = patient
    assert reader.read(DocumentKind.MARKDOWN, GOOD_MARKDOWN).sections


def test_a_child_that_hangs_is_stopped_by_the_clock(reader: DocumentReader) -> None:
    assert reader.pid is not None
    os.kill(reader.pid, signal.SIGSTOP)
    large = GOOD_MARKDOWN + b" " * 8_000_000  # more than the pipe holds, so that sending hangs too
    patient, reader._limits = reader._limits, ReaderLimits(document_s=1.0)
    assert refusal(reader, DocumentKind.MARKDOWN, large) is DocumentFault.TOO_SLOW
    reader._limits = patient
    assert reader.read(DocumentKind.MARKDOWN, GOOD_MARKDOWN).sections


def test_a_cancel_ends_the_document_at_work(reader: DocumentReader) -> None:
    threading.Timer(0.2, reader.cancel).start()
    started_s = time.monotonic()
    assert refusal(reader, DocumentKind.DOCX, SLOW_DOCX) is DocumentFault.CANCELLED
    assert time.monotonic() - started_s < 20


def test_closing_does_not_wait_for_the_document_at_work(reader: DocumentReader) -> None:
    threading.Timer(0.2, reader.close).start()
    assert refusal(reader, DocumentKind.DOCX, SLOW_DOCX) is DocumentFault.CANCELLED


@pytest.mark.parametrize(
    "lie",
    [
        Frame(FINISHED, {"request": 1, "sections": 3, "pages": 0, "modified": "", "notes": []}),
        Frame(FINISHED, {"request": 99, "sections": 0, "pages": 0, "modified": "", "notes": []}),
        Frame(SECTION, {"request": 2, "title": "", "body": "x", "page": 0}),
    ],
)
def test_a_child_that_lies_is_replaced(monkeypatch: pytest.MonkeyPatch, lie: Frame) -> None:
    answer = reader_module._Answer(1)

    class Liar:
        def read(self) -> Frame:
            return lie

    with pytest.raises(DocumentError) as caught:
        answer.collect(Liar())  # type: ignore[arg-type]
    assert caught.value.code is DocumentFault.READER_FAILED


def test_no_child_is_left_behind() -> None:
    with DocumentReader() as reader:
        reader.read(DocumentKind.MARKDOWN, GOOD_MARKDOWN)
        pid = reader.pid
    assert not Path(f"/proc/{pid}").exists()


def test_three_hundred_hostile_documents_are_read_or_refused() -> None:
    assert len(TRICKS) == 50
    storm = Storm()
    storm.run(range(300))
    storm.check()


def test_a_hostile_document_is_the_same_each_time() -> None:
    assert all(hostile(seed) == hostile(seed) for seed in (0, 27, 45))
