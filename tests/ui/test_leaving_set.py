"""Several conversations taken along, anonymised, by keyboard: ticked, looked at, written, and nothing else."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.conversation import Origin
from app.domain.events import EventKind
from app.domain.ids import OFFICE
from app.domain.office import Role
from app.services.anonymising.set_release import LINES_FILE, REPORT_FILE
from app.ui.components import veil
from app.ui.shell.pages import PageId
from tests.support.leaving_consoles import LeavingConsole
from tests.support.waiting import PATIENCE_MS

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def demo(qapp, tmp_path):
    (tmp_path / "office").mkdir()
    made = LeavingConsole(tmp_path / "office", qapp, model=None)
    yield made
    veil().draw(False)
    made.abandon()


@pytest.fixture
def console(demo, qtbot):
    made = demo.start()
    qtbot.waitUntil(made.window.isActiveWindow, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: made.presenters.inbox.model.rowCount() > 0, timeout=PATIENCE_MS)
    made.window.show_page(PageId.LEAVING)
    return made


def press(console, key, modifiers=NONE):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def opened(console, qtbot):
    press(console, Qt.Key.Key_S)
    sheet = console.leaving.sets.sheet
    qtbot.waitUntil(lambda: sheet.isVisible() and sheet.list.count() > 0, timeout=PATIENCE_MS)
    return sheet


def noted(console):
    return [one for one in console._desk.ledger.log.read(OFFICE) if one.kind is EventKind.ANONYMISED_SET_EXPORTED]


def test_from_the_key_to_the_folder_without_a_mouse(console, qtbot, tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    sheet = opened(console, qtbot)
    assert not sheet.look.isEnabled()
    assert sheet.list.hasFocus()
    press(console, Qt.Key.Key_A, CTRL)
    assert len(sheet.chosen) == sheet.list.count()
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "would leave" in sheet.words.text(), timeout=PATIENCE_MS)
    assert noted(console) == []
    qtbot.waitUntil(sheet.write.hasFocus, timeout=PATIENCE_MS)
    preview = sheet._preview
    assert f"Write {len(preview.threads)} conversations into a folder…" in sheet.write.text()
    monkeypatch.setattr("app.ui.anonymise.set_part.QFileDialog.getExistingDirectory", lambda *_a: str(out))
    press(console, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not sheet.isVisible(), timeout=PATIENCE_MS)
    (made,) = out.iterdir()
    report = json.loads((made / REPORT_FILE).read_text())
    assert report["leaving"] == len((made / LINES_FILE).read_text().splitlines()) == len(preview.threads)
    assert len(noted(console)) == 1
    assert "The audit log says so" in console.window.toast.text()


def test_another_tick_asks_for_another_look(console, qtbot):
    sheet = opened(console, qtbot)
    press(console, Qt.Key.Key_A, CTRL)
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(sheet.write.isVisible, timeout=PATIENCE_MS)
    sheet.list.setFocus()
    press(console, Qt.Key.Key_Space)
    assert len(sheet.chosen) == sheet.list.count() - 1
    assert not sheet.write.isVisible()
    assert sheet.words.text() == ""
    press(console, Qt.Key.Key_A, CTRL)
    press(console, Qt.Key.Key_A, CTRL)
    assert sheet.chosen == ()
    assert not sheet.look.isEnabled()


def test_what_came_in_meanwhile_is_not_written(console, qtbot, tmp_path):
    sheet = opened(console, qtbot)
    press(console, Qt.Key.Key_A, CTRL)
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(sheet.write.isVisible, timeout=PATIENCE_MS)
    preview = sheet._preview
    console._desk.conversations.receive(preview.threads[0].conversation_id, "one more thing")
    console.leaving.sets.write(preview, tmp_path)
    qtbot.waitUntil(lambda: "Look again" in sheet.words.text(), timeout=PATIENCE_MS)
    assert not sheet.write.isVisible()
    assert noted(console) == []


def test_a_click_anywhere_in_a_row_ticks_it_once(console, qtbot):
    sheet = opened(console, qtbot)
    place = sheet.list.visualItemRect(sheet.list.item(1)).center()
    for count in (1, 0):
        QTest.mouseClick(sheet.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert len(sheet.chosen) == count


def test_only_an_administrator_is_asked(console, qtbot):
    console._desk.vault.person = replace(console._desk.vault.person, role=Role.FRONT_DESK)
    press(console, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: "takes an administrator" in console.window.toast.text(), timeout=PATIENCE_MS)
    assert "sheet" not in console.leaving.sets.__dict__


def test_names_are_hidden_at_the_counter(console, qtbot):
    console._desk.conversations.start("Rosa Melor", Origin.PHONE, "hello")
    sheet = opened(console, qtbot)

    def texts():
        return " ".join(sheet.list.item(row).text() for row in range(sheet.list.count()))

    assert "Rosa Melor" in texts()
    veil().draw(True)
    assert "Rosa Melor" not in texts()
    veil().draw(False)
    assert "Rosa Melor" in texts()


def test_esc_stops_what_is_being_looked_at(console, demo, qtbot):
    sheet = opened(console, qtbot)
    demo.anonymiser.gate = lambda: qtbot.wait(1)
    press(console, Qt.Key.Key_A, CTRL)
    press(console, Qt.Key.Key_Return)
    press(console, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert console.leaving.sets._stop.is_set()
