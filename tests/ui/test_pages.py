"""Pages beside the inbox: one at a time, each with its own keys, and the way back."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QLineEdit, QPushButton

from app.ui.shell.commands import CommandId
from app.ui.shell.pages import Page, PageId
from app.ui.shell.window import Pane
from tests.support.consoles import DemoConsole
from tests.support.waiting import PATIENCE_MS

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


class TwoStops(Page):
    """A page with a text field and a button that notes what it hears."""

    def __init__(self):
        super().__init__()
        self.log = []
        self.line, self.button = QLineEdit(), QPushButton("Here")
        self.is_busy = False
        row = QHBoxLayout(self)
        row.addWidget(self.line)
        row.addWidget(self.button)

    def enter(self):
        self.log.append("enter")

    def leave(self):
        self.log.append("leave")

    def settle(self):
        self.log.append("settle")

    def stops(self):
        return self.line, self.button

    def stop(self):
        was_busy, self.is_busy = self.is_busy, False
        return was_busy


@pytest.fixture
def demo(qapp, tmp_path):
    made = DemoConsole(tmp_path, qapp, model=None)
    yield made
    made.abandon()


@pytest.fixture
def console(demo, qtbot):
    made = demo.start()
    qtbot.waitUntil(lambda: made.presenters.inbox.model.rowCount() > 0, timeout=PATIENCE_MS)
    qtbot.waitUntil(made.window.isActiveWindow, timeout=PATIENCE_MS)
    made.commander.offer_page(PageId.MODEL, TwoStops)
    return made


def press(console, key, modifiers=NONE):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def model_page(console):
    return next(page for page in console.window.pages if isinstance(page, TwoStops))


def test_a_page_is_made_when_it_is_first_shown_and_takes_the_keyboard(console):
    assert not any(isinstance(page, TwoStops) for page in console.window.pages)
    press(console, Qt.Key.Key_6, CTRL)
    page = model_page(console)
    assert page.isVisible()
    assert not console.window.inbox.isVisible()
    assert QApplication.focusWidget() is page.line
    assert page.log == ["enter"]


def test_letters_of_the_inbox_do_nothing_on_another_page_and_work_again_after_it(console, qtbot):
    press(console, Qt.Key.Key_6, CTRL)
    model_page(console).button.setFocus()
    press(console, Qt.Key.Key_J)
    press(console, Qt.Key.Key_G)
    assert console.presenters.conversation.open_id is None
    assert not console.keymap.action(CommandId.PROPOSE).isEnabled()
    press(console, Qt.Key.Key_Escape)
    assert console.window.page_id is PageId.INBOX
    press(console, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: console.presenters.conversation.open_id is not None, timeout=PATIENCE_MS)


def test_esc_stops_what_the_page_does_before_it_leads_back(console):
    press(console, Qt.Key.Key_6, CTRL)
    model_page(console).is_busy = True
    press(console, Qt.Key.Key_Escape)
    assert console.window.page_id is PageId.MODEL
    press(console, Qt.Key.Key_Escape)
    assert console.window.page_id is PageId.INBOX
    assert console.window.pane_in_focus() is Pane.LIST
    assert model_page(console).log == ["enter", "leave"]


def test_f6_goes_through_the_places_of_the_page_and_the_rail(console):
    press(console, Qt.Key.Key_6, CTRL)
    page = model_page(console)
    press(console, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is page.button
    press(console, Qt.Key.Key_F6)
    assert console.window.rail.isAncestorOf(QApplication.focusWidget())
    press(console, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is page.line


def test_the_keyboard_comes_back_to_where_it_was_on_each_page(console):
    press(console, Qt.Key.Key_6, CTRL)
    page = model_page(console)
    page.button.setFocus()
    press(console, Qt.Key.Key_1, CTRL)
    assert console.window.inbox.list.hasFocus()
    press(console, Qt.Key.Key_6, CTRL)
    assert page.button.hasFocus()


def test_the_curtain_and_sheets_lie_over_every_page(console):
    press(console, Qt.Key.Key_6, CTRL)
    press(console, Qt.Key.Key_F12)
    assert console.window.curtain.isVisible()
    press(console, Qt.Key.Key_A)
    press(console, Qt.Key.Key_F1)
    assert console.commander.open_sheet() is console.commander.keys
    press(console, Qt.Key.Key_Escape)
    assert console.window.page_id is PageId.MODEL
    assert not console.keymap.action(CommandId.DONE).isEnabled()


def test_a_problem_is_said_on_every_page(console):
    press(console, Qt.Key.Key_6, CTRL)
    console._runner.went_wrong.emit(RuntimeError("boom"))
    assert "This could not be done" in console.window.toast.text()


def test_before_a_lock_every_page_stores_what_is_unsaved(console, demo, qtbot):
    press(console, Qt.Key.Key_6, CTRL)
    page = model_page(console)
    console.end(None)
    qtbot.waitUntil(lambda: bool(demo.ended), timeout=PATIENCE_MS)
    assert page.log[-1] == "settle"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_everything_in_the_rail_can_be_seen_in_a_low_window(console, demo, scale):
    console.commander.offer_page(PageId.ANSWERS, TwoStops)
    demo.theme.set_scale(scale)
    console.window.resize(1366, 768)
    QApplication.processEvents()
    rail = console.window.rail
    buttons = [button for button in rail.findChildren(QAbstractButton) if button.isVisible()]
    assert len(buttons) >= 10
    for button in buttons:
        top = button.mapTo(rail, QPoint(0, 0)).y()
        assert top >= 0
        assert top + button.height() <= rail.height(), button.accessibleName()
    ordered = sorted(buttons, key=lambda button: button.mapTo(rail, QPoint(0, 0)).y())
    for above, below in pairwise(ordered):
        top, next_top = (button.mapTo(rail, QPoint(0, 0)).y() for button in (above, below))
        assert next_top >= top + above.height() or next_top == top, below.accessibleName()
