"""The pages of an administrator: one entry in the rail, tabs above the page, and the keys between them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout

from app.ui.shell.pages import Page, PageId
from tests.support.consoles import DemoConsole
from tests.support.waiting import PATIENCE_MS


class OneStop(Page):
    """A page with one field."""

    def __init__(self):
        super().__init__()
        self.line = QLineEdit()
        QVBoxLayout(self).addWidget(self.line)

    def stops(self):
        return (self.line,)


class Other(OneStop):
    """Another one."""


@pytest.fixture
def demo(qapp, tmp_path):
    made = DemoConsole(tmp_path, qapp, model=None)
    yield made
    made.abandon()


@pytest.fixture
def window(demo, qtbot):
    console = demo.start()
    qtbot.waitUntil(console.window.isActiveWindow, timeout=PATIENCE_MS)
    window = console.window
    for page_id, make in ((PageId.BACKUPS, Other), (PageId.PEOPLE, OneStop)):
        if page_id not in window._makers:
            console.commander.offer_page(page_id, make)
        else:
            window._makers[page_id] = make
    return window


def press(window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget() or window, key, modifiers)
    QApplication.processEvents()


def test_the_strip_is_there_on_pages_of_the_office_only_and_names_them_in_order(window):
    assert not window.office_tabs.isVisible()
    press(window, Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
    assert window.office_tabs.isVisible()
    bar = window.office_tabs.bar
    words = [bar.tabText(place) for place in range(bar.count())]
    assert words.index("People") < words.index("Backups")
    assert bar.tabText(bar.currentIndex()) == "People"
    press(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert not window.office_tabs.isVisible()


def test_the_rail_leads_back_to_the_page_of_the_office_that_was_last_in_front(window):
    press(window, Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    press(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    window.rail._office.click()
    assert window.page_id is PageId.BACKUPS
    assert window.rail._office.isChecked()


def test_arrow_keys_go_from_tab_to_tab_and_f6_reaches_the_strip(window):
    press(window, Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
    bar = window.office_tabs.bar
    for _ in range(4):
        press(window, Qt.Key.Key_F6)
        if bar.hasFocus():
            break
    assert bar.hasFocus()
    before = window.page_id
    press(window, Qt.Key.Key_Right)
    assert window.page_id is not before
