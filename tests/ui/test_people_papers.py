"""Sheets of paper: each share on its own page with what its keeper has to know, and no copy of it anywhere else."""

from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtWidgets import QWidget

from app.crypto.recovery_code import RecoveryCode
from app.crypto.shares import split_code
from app.crypto.spare_codes import make_spare_codes
from app.ui.components import paper
from app.ui.components.paper import save_pdf
from app.ui.people import on_paper
from app.ui.people.papers import SharePaper, SparePaper, VaultOnPaper

VAULT = VaultOnPaper("Linden Street Family Practice", "01KB2TQ4Z8X6N3M9P7V5W1C0DE", date(2026, 11, 24))


def papers() -> tuple[SharePaper, ...]:
    shares = split_code(RecoveryCode.generate())
    return tuple(SharePaper(VAULT, number, 3, tuple(share.split())) for number, share in enumerate(shares, start=1))


def texts(file: Path) -> list[str]:
    document = pypdfium2.PdfDocument(file)
    try:
        pages = []
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            pages.append(text.get_text_bounded())
            text.close()
            page.close()
        return pages
    finally:
        document.close()


@pytest.mark.usefixtures("qapp")
def test_each_share_has_a_page_with_its_words_in_order_and_no_other_ones(tmp_path: Path) -> None:
    shares = papers()
    save_pdf(tmp_path / "shares.pdf", "shares", *(share.draw for share in shares))
    pages = texts(tmp_path / "shares.pdf")
    assert len(pages) == 3
    for share, page in zip(shares, pages, strict=True):
        assert share.title in page
        assert VAULT.vault_id in page
        found = page.split(VAULT.vault_id, 1)[1].split()
        for number, word in enumerate(share.words, start=1):
            assert found[found.index(str(number)) + 1] == word
        assert "Any two of the three sheets" in page
        assert "Kept by" in page


@pytest.mark.usefixtures("qapp")
def test_everything_on_a_page_fits_on_it(tmp_path: Path) -> None:
    save_pdf(tmp_path / "share.pdf", "share", papers()[0].draw)
    save_pdf(tmp_path / "spare.pdf", "spare", SparePaper(VAULT, make_spare_codes()).draw)
    for name, last in (("share", "Since"), ("spare", "ask for one of these codes")):
        document = pypdfium2.PdfDocument(tmp_path / f"{name}.pdf")
        page = document[0]
        text = page.get_textpage()
        place = text.search(last).get_next()
        assert place is not None
        _left, bottom, right, _top = text.get_charbox(place[0] + len(last) - 1)
        assert bottom > 40
        assert right < page.get_width() - 40
        text.close()
        page.close()
        document.close()


@pytest.mark.usefixtures("qapp")
def test_a_pdf_is_closed_to_others_and_the_only_file_that_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "tmp"
    elsewhere.mkdir()
    for name in ("TMPDIR", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(elsewhere))
    target = tmp_path / "codes.pdf"
    codes = make_spare_codes()
    monkeypatch.setattr(on_paper, "ask_for_pdf", lambda *_: target)
    assert "Saved" in on_paper.save_paper(QWidget(), SparePaper(VAULT, codes), "codes.pdf")
    assert target.stat().st_mode & 0o077 == 0
    assert not [path for path in elsewhere.rglob("*") if path.is_file()]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["codes.pdf"]
    shown = texts(target)[0]
    assert all(code in shown for code in codes)


@pytest.mark.usefixtures("qapp")
def test_a_place_that_cannot_be_written_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_paper, "ask_for_pdf", lambda *_: tmp_path / "missing" / "codes.pdf")
    assert "could not be written" in on_paper.save_paper(QWidget(), papers()[0], "share.pdf")
    monkeypatch.setattr(on_paper, "ask_for_pdf", lambda *_: None)
    assert on_paper.save_paper(QWidget(), papers()[0], "share.pdf") == ""


def test_what_names_a_print_job_holds_no_word(qapp: object) -> None:
    del qapp
    share = papers()[0]
    assert share.title == "Recovery share 1 of 3"
    assert share.words[0] not in repr(share)
    assert paper.DPI == 300
