"""The reader and its child: what goes in, what may come out, and who ends when."""

import os
from pathlib import Path

import pytest

from app.isolation.child import Fate
from app.language import DocumentError, DocumentFault, DocumentKind, DocumentReader
from app.language import reader as reader_module
from app.language.pdf import library
from app.language.protocol import CHUNK_BYTES, MAX_DOCUMENT_BYTES
from tests.support.hostile_documents import GOOD_MARKDOWN, good_docx, good_pdf


def refusal(reader: DocumentReader, kind: DocumentKind, data: bytes) -> DocumentFault:
    with pytest.raises(DocumentError) as caught:
        reader.read(kind, data)
    return caught.value.code


def test_one_child_reads_every_kind() -> None:
    with DocumentReader() as reader:
        assert reader.pid is None
        for kind, data in [
            (DocumentKind.MARKDOWN, GOOD_MARKDOWN),
            (DocumentKind.DOCX, good_docx()),
            (DocumentKind.PDF, good_pdf()),
        ]:
            assert "24 hours" in reader.read(kind, data).sections[0].body
        assert reader.starts == 1
    assert reader.last_outcome is not None
    assert reader.last_outcome.fate is Fate.FINISHED


def test_the_child_holds_no_path_no_socket_and_an_empty_environment(reader: DocumentReader) -> None:
    reader.read(DocumentKind.PDF, good_pdf())
    child = Path(f"/proc/{reader.pid}")
    if os.geteuid() == 0:  # a process that cannot be dumped shows this to root alone
        assert (child / "environ").read_bytes() == b""
        links = [str(link.readlink()) for link in (child / "fd").iterdir()]
        assert all(link.startswith("pipe:") for link in links), links
    status = (child / "status").read_text()
    assert "Seccomp:\t2" in status
    assert "NoNewPrivs:\t1" in status
    limits = (child / "limits").read_text()
    assert "Max core file size        0" in limits
    assert "Max file size             0" in limits
    assert f"Max data size             {320 * 1024 * 1024}" in limits


def test_a_document_of_many_chunks_arrives_whole(reader: DocumentReader) -> None:
    padding = os.urandom(2 * CHUNK_BYTES + 17)
    data = good_pdf() + b"\n%" + padding.replace(b"\n", b"x").replace(b"\r", b"x") + b"\n"
    assert "24 hours" in reader.read(DocumentKind.PDF, data).sections[0].body


def test_a_document_that_is_too_large_never_reaches_the_child() -> None:
    with DocumentReader() as reader:
        assert refusal(reader, DocumentKind.PDF, bytes(MAX_DOCUMENT_BYTES + 1)) is DocumentFault.TOO_LARGE
        assert reader.starts == 0


def test_a_child_is_replaced_after_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "MAX_DOCUMENTS", 2)
    with DocumentReader() as reader:
        for _ in range(5):
            reader.read(DocumentKind.MARKDOWN, GOOD_MARKDOWN)
        assert reader.starts == 3


def test_without_the_library_a_pdf_is_refused_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "locate", tuple)
    with DocumentReader() as reader:
        assert refusal(reader, DocumentKind.PDF, good_pdf()) is DocumentFault.READER_MISSING
        assert reader.read(DocumentKind.DOCX, good_docx()).sections


def test_a_machine_that_cannot_lock_it_in_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "locate", lambda: (("nowhere", "/nowhere/at/all"),))
    with DocumentReader() as reader:
        assert refusal(reader, DocumentKind.MARKDOWN, GOOD_MARKDOWN) is DocumentFault.NOT_CONFINED


def test_a_cancelled_reader_stays_so() -> None:
    with DocumentReader() as reader:
        reader.cancel()
        assert refusal(reader, DocumentKind.MARKDOWN, GOOD_MARKDOWN) is DocumentFault.CANCELLED


def test_only_the_declarations_of_the_library_are_granted() -> None:
    ((name, folder),) = library.locate()
    assert name == "pypdfium2_raw"
    assert Path(folder).name == "pypdfium2_raw"


def test_records_and_errors_show_no_words() -> None:
    with DocumentReader() as reader:
        reading = reader.read(DocumentKind.MARKDOWN, GOOD_MARKDOWN)
    assert "24" not in repr(reading)
