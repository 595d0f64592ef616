"""The page of the audit log by keyboard: read, filter, check, hand out."""

import json
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import text

from app.domain.events import EventKind
from app.services.evidence.checkpoints import parse_checkpoint
from app.ui.audit.words import action_words
from tests.support.consoles import DemoConsole
from tests.support.waiting import PATIENCE_MS

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def demo(qapp, tmp_path):
    made = DemoConsole(tmp_path, qapp, model=None)
    yield made
    made.abandon()


@pytest.fixture
def console(demo, qtbot):
    made = demo.start()
    qtbot.waitUntil(made.window.isActiveWindow, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: made.presenters.inbox.model.rowCount() > 0, timeout=PATIENCE_MS)
    press(made, Qt.Key.Key_0, CTRL)
    qtbot.waitUntil(lambda: made.audit.page.model.rowCount() > 0, timeout=PATIENCE_MS)
    return made


def press(console, key, modifiers=NONE):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def column(console, place):
    model = console.audit.page.model
    return [model.data(model.index(row, place)) for row in range(model.rowCount())]


def test_entries_stand_newest_first_and_reading_them_is_the_newest(console):
    assert column(console, 2)[0] == "read this log"
    assert "sent a reply" in column(console, 2)


def test_more_come_when_the_end_is_reached(console, qtbot, monkeypatch):
    monkeypatch.setattr("app.ui.audit.presenter.PAGE", 40)
    page, bar = console.audit.page, console.audit.page.table.verticalScrollBar()
    console.audit.presenter.show()
    qtbot.waitUntil(lambda: page.model.rowCount() == 40, timeout=PATIENCE_MS)
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: page.model.rowCount() == 80, timeout=PATIENCE_MS)
    wanted = [entry.seq for entry in console._desk.audit.entries(limit=80)]
    assert [entry.seq for entry in page.model._entries] == wanted


def test_a_filter_reads_again(console, qtbot):
    page = console.audit.page
    page.action.setCurrentIndex(page.action.findData(EventKind.MESSAGE_SENT.value))
    qtbot.waitUntil(lambda: set(column(console, 2)) == {"sent a reply"}, timeout=PATIENCE_MS)
    page.action.setCurrentIndex(page.action.findData(EventKind.KEYS_ROTATED.value))
    qtbot.waitUntil(page._empty.isVisible, timeout=PATIENCE_MS)


def test_a_check_says_that_the_log_is_whole_or_names_the_entry(console, qtbot):
    page = console.audit.page
    press(console, Qt.Key.Key_V)
    qtbot.waitUntil(page.banner.isVisible, timeout=PATIENCE_MS)
    assert "The log is whole" in page.banner.title()
    with console._desk.vault.connect().begin() as connection:
        connection.execute(text("UPDATE event SET actor = 'X' WHERE seq = 7"))
    press(console, Qt.Key.Key_V)
    qtbot.waitUntil(lambda: "NOT" in page.banner.title(), timeout=PATIENCE_MS)
    assert "7" in page.banner.title()


def test_a_check_that_goes_on_does_not_hold_up_the_lock(console, monkeypatch):
    began, is_over = threading.Event(), threading.Event()

    def check_for_ever(progress):
        began.set()
        try:
            while True:
                progress(1, 2)
        finally:
            is_over.set()

    monkeypatch.setattr(console._desk.audit, "verify", check_for_ever)
    console.audit.presenter.check()
    assert began.wait(PATIENCE_MS / 1000)
    console.audit.close()
    assert is_over.is_set()


def test_an_export_ends_in_a_signed_checkpoint(console, qtbot, tmp_path):
    file = tmp_path / "log.jsonl"
    with qtbot.waitSignal(console.audit.presenter.exported, timeout=PATIENCE_MS):
        console.audit.presenter.export(file)
    lines = file.read_text().splitlines()
    checkpoint, entries = parse_checkpoint(json.loads(lines[-1])["checkpoint"]), lines[:-1]
    assert json.loads(entries[-1])["action"] == "audit_exported"
    assert checkpoint.head_hash.hex() in {json.loads(line)["digest"] for line in entries}


def test_every_kind_of_event_has_words():
    for kind in EventKind:
        assert action_words(kind.value) != kind.value.replace("_", " "), kind
