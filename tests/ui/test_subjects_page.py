"""Requests about own data by keyboard: taken, handed out as PDF and JSON, erased, closed."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.compliance.subject_requests import Outcome, RequestKind
from app.domain.conversation import IdentityMeans
from app.language.reader import DocumentReader
from app.language.records import DocumentKind
from app.ui.shell.pages import PageId
from tests.support.consoles import DemoConsole
from tests.support.waiting import PATIENCE_MS

NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def demo(qapp, tmp_path):
    made = DemoConsole(tmp_path / "office", qapp, model=None)
    yield made
    made.abandon()


@pytest.fixture
def console(demo, qtbot, tmp_path):
    made = demo.start()
    qtbot.waitUntil(made.window.isActiveWindow, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: made.presenters.inbox.model.rowCount() > 0, timeout=PATIENCE_MS)
    made.window.show_page(PageId.REQUESTS)
    return made


@pytest.fixture(autouse=True)
def _office(tmp_path):
    (tmp_path / "office").mkdir()


def press(console, key, modifiers=NONE):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def register(console):
    return console._desk.subjects.register()


def take(console, qtbot, name="Shauna McGillicuddy"):
    (match, *_rest) = console._desk.subjects.find(name)
    with qtbot.waitSignal(console.subjects.presenter.taken, timeout=PATIENCE_MS):
        console.subjects.presenter.take(RequestKind.COPY, (match.conversation_id,), IdentityMeans.KNOWN, "us")
    qtbot.waitUntil(lambda: console.subjects._state.register == register(console), timeout=PATIENCE_MS)
    return match.conversation_id


def test_a_request_is_taken_by_keyboard_alone(console, qtbot):
    assert "Nobody waits" in console.subjects.page.headline.text()
    press(console, Qt.Key.Key_N)
    sheet = console.subjects.take_sheet
    assert sheet.isVisible()
    QTest.keyClicks(QApplication.focusWidget(), "shauna mcgilicuddy")
    qtbot.waitUntil(lambda: sheet.list.count() == 1, timeout=PATIENCE_MS)
    assert not sheet.button.isEnabled()
    press(console, Qt.Key.Key_Tab)
    press(console, Qt.Key.Key_Down)
    press(console, Qt.Key.Key_Space)
    press(console, Qt.Key.Key_Tab)
    press(console, Qt.Key.Key_Tab)
    press(console, Qt.Key.Key_Down)
    assert sheet.button.isEnabled()
    press(console, Qt.Key.Key_Tab)
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(register(console)) == 1, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "1 to answer" in console.subjects.page.headline.text(), timeout=PATIENCE_MS)


def test_everything_is_handed_out_as_a_pdf_that_can_be_read_and_as_json(console, qtbot, tmp_path):
    cid = take(console, qtbot)
    pdf, copy = tmp_path / "copy.pdf", tmp_path / "copy.json"
    for file in (pdf, copy):
        with qtbot.waitSignal(console.subjects.presenter.written, timeout=PATIENCE_MS):
            console.subjects.save((cid,), file, has_notes=True)
    assert "maiden name" in json.loads(copy.read_text())["conversations"][0]["turns"][0]["text"]
    assert pdf.stat().st_mode & 0o077 == 0
    with DocumentReader() as reader:
        read = reader.read(DocumentKind.PDF, pdf.read_bytes())
    assert "maiden name" in " ".join(section.body for section in read.sections).replace("\n", " ")


def test_notes_stay_in_the_office_when_they_are_not_ticked(console, qtbot, tmp_path):
    cid = take(console, qtbot)
    console._desk.conversations.add_note(cid, "the zebra crossing")
    for has_notes in (True, False):
        file = tmp_path / f"{has_notes}.pdf"
        with qtbot.waitSignal(console.subjects.presenter.written, timeout=PATIENCE_MS):
            console.subjects.save((cid,), file, has_notes=has_notes)
        with DocumentReader() as reader:
            text = " ".join(section.body for section in reader.read(DocumentKind.PDF, file.read_bytes()).sections)
        assert ("zebra" in text) is has_notes


def test_a_request_is_answered_and_closed(console, qtbot):
    take(console, qtbot)
    console.subjects.answer(0)
    sheet = console.subjects.answer_sheet
    assert "Shauna" in sheet.title.text()
    sheet.outcomes[Outcome.DONE].click()
    qtbot.waitUntil(lambda: register(console)[0].outcome is Outcome.DONE, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "Nobody waits" in console.subjects.page.headline.text(), timeout=PATIENCE_MS)


def test_who_was_erased_stands_in_the_register_without_a_name(console, qtbot):
    take(console, qtbot)
    console.subjects.answer(0)
    with qtbot.waitSignal(console.subjects.presenter.erased, timeout=PATIENCE_MS):
        console.subjects.answer_sheet.erase.click()
    qtbot.waitUntil(lambda: not console.subjects._state.names, timeout=PATIENCE_MS)
    assert "Shauna" not in console.subjects.page.rows._rows[0]._title.text()
    console.subjects.answer(0)
    assert not console.subjects.answer_sheet.pdf.isEnabled()
