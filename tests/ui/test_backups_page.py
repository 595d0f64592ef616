"""The page of backups by keyboard: a backup now, one by itself, a rehearsal with the code, and what goes wrong."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.config import ConsoleSettings
from app.services.backups import RestoreService
from app.ui.backups.state import Work
from app.ui.shell.pages import PageId
from tests.support.consoles import DemoConsole
from tests.support.waiting import PATIENCE_MS

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


def started(qapp, qtbot, tmp_path, **settings):
    demo = DemoConsole(tmp_path / "office", qapp, model=None, settings=ConsoleSettings(idle_lock_s=3_600, **settings))
    console = demo.start()
    qtbot.waitUntil(console.window.isActiveWindow, timeout=PATIENCE_MS)
    return demo, console


@pytest.fixture
def office(qapp, qtbot, tmp_path, disk):
    (tmp_path / "office").mkdir()
    demo, console = started(qapp, qtbot, tmp_path, backup_dir=disk, backup_every_h=0)
    wait(qtbot, console, lambda state: state.is_reached)
    yield demo, console
    demo.abandon()


def wait(qtbot, console, holds):
    qtbot.waitUntil(lambda: holds(console.backups.presenter.state), timeout=PATIENCE_MS)


def press(console, key, modifiers=NONE):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def test_a_backup_is_taken_and_rehearsed_by_keyboard_alone(office, qtbot, disk):
    demo, console = office
    press(console, Qt.Key.Key_9, CTRL)
    page = console.backups.page
    assert "No backup has been taken yet" in page.headline.text()
    press(console, Qt.Key.Key_B)
    wait(qtbot, console, lambda state: state.newest is not None)
    assert RestoreService().list(disk)[0].number == 1
    assert page.headline.text() == "Backed up just now"
    press(console, Qt.Key.Key_R)
    assert console.backups.sheet.isVisible()
    QTest.keyClicks(QApplication.focusWidget(), str(demo.vault.store.code))
    press(console, Qt.Key.Key_Return)
    wait(qtbot, console, lambda state: state.rehearsed is not None)
    assert "Came back whole" in page._rehearsal.text()
    assert not console.backups.sheet.isVisible()


def test_a_wrong_password_is_told_and_changes_nothing(office, qtbot, disk):
    _demo, console = office
    console.backups.presenter.take()
    wait(qtbot, console, lambda state: state.newest is not None)
    console.window.show_page(PageId.BACKUPS)
    console.backups.ask()
    QTest.keyClicks(QApplication.focusWidget(), "not the password of this vault")
    press(console, Qt.Key.Key_Return)
    wait(qtbot, console, lambda state: state.problem == "wrong_password")
    assert "not the password" in console.backups.page.problem.text()
    assert len(RestoreService().list(disk)) == 1


def test_an_unplugged_disk_is_said_and_nothing_can_be_pressed(office, qtbot, disk):
    _demo, console = office
    shutil.rmtree(disk)
    console.window.show_page(PageId.BACKUPS)
    wait(qtbot, console, lambda state: not state.is_reached)
    assert "is not there" in console.backups.page.headline.text()
    assert not console.backups.page.take.isEnabled()
    assert not console.backups.page.rehearse.isEnabled()


def test_a_backup_that_is_due_is_taken_by_itself(qapp, qtbot, tmp_path, disk):
    (tmp_path / "office").mkdir()
    demo, console = started(qapp, qtbot, tmp_path, backup_dir=disk, backup_every_h=24)
    try:
        wait(qtbot, console, lambda state: state.newest is not None and state.work is Work.NONE)
        console.backups.presenter.look()
        wait(qtbot, console, lambda state: state.work is Work.NONE)
        assert len(RestoreService().list(disk)) == 1
    finally:
        demo.abandon()


def test_without_a_folder_the_page_says_what_is_at_stake_and_takes_one(qapp, qtbot, tmp_path, disk):
    (tmp_path / "office").mkdir()
    demo, console = started(qapp, qtbot, tmp_path)
    try:
        press(console, Qt.Key.Key_9, CTRL)
        page = console.backups.page
        assert "There is no backup" in page.headline.text()
        assert QApplication.focusWidget() is page.choose
        console.backups.use_folder(disk)
        wait(qtbot, console, lambda state: state.newest is not None)
        assert page.take.isEnabled()
    finally:
        demo.abandon()
