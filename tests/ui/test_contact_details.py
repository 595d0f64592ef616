"""What is known of a contact, by keyboard: written down, refused with a word, taken back, hidden at the counter."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.contact import NOTHING_KNOWN, ContactDetails, ContactField
from app.domain.conversation import Origin
from app.ui.components import veil
from tests.support.consoles import DemoConsole
from tests.support.waiting import PATIENCE_MS

NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture
def demo(qapp, tmp_path):
    (tmp_path / "office").mkdir()
    made = DemoConsole(tmp_path / "office", qapp, model=None)
    yield made
    veil().draw(False)
    made.abandon()


@pytest.fixture
def cid(demo):
    return None


@pytest.fixture
def console(demo, qtbot):
    made = demo.start()
    qtbot.waitUntil(made.window.isActiveWindow, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: made.presenters.inbox.model.rowCount() > 0, timeout=PATIENCE_MS)
    opened = demo.desk.conversations.start("Rosa Melor", Origin.PHONE, "hello")
    made.presenters.conversation.open(opened)
    qtbot.waitUntil(lambda: made.presenters.conversation.open_id == opened, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: made.presenters.conversation.shown is not None, timeout=PATIENCE_MS)
    made.window.context.focus_first()
    return made


def press(console, key, modifiers=NONE):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def write(text):
    QTest.keyClicks(QApplication.focusWidget(), text)


def known(console):
    return console._desk.contacts.details(console.presenters.conversation.open_id)


def card(console):
    return console.window.context.contact


def write_down(console, qtbot, *texts):
    """Open the sheet, type into one field after the other, press Enter."""
    press(console, Qt.Key.Key_C, SHIFT)
    qtbot.waitUntil(console.contacts.sheet.isVisible, timeout=PATIENCE_MS)
    for text in texts:
        QApplication.focusWidget().selectAll()
        write(text)
        press(console, Qt.Key.Key_Tab)
    press(console, Qt.Key.Key_Return)


def test_details_are_written_down_and_taken_back_by_keyboard_alone(console, qtbot):
    assert "Only the name" in card(console)._nothing.text()
    write_down(console, qtbot, "Rosalind Quill; Rosie", "3/4/1984", "860 555 0142", "rosa@example.org",
               "47 Larkspur Street, Harrowgate", "LQ-4821", "Jorge Melor")  # fmt: skip
    qtbot.waitUntil(lambda: not known(console).is_empty, timeout=PATIENCE_MS)
    assert known(console) == ContactDetails(
        ("Rosalind Quill", "Rosie"), date(1984, 3, 4), ("+1 860 555 0142",), ("rosa@example.org",),
        "47 Larkspur Street, Harrowgate", ("LQ-4821",), ("Jorge Melor",),
    )  # fmt: skip
    qtbot.waitUntil(lambda: "Rosalind Quill · Rosie" in card(console).words(), timeout=PATIENCE_MS)
    assert "860 555 0142" in card(console).words()
    qtbot.waitUntil(lambda: not console.contacts.sheet.isVisible(), timeout=PATIENCE_MS)
    press(console, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: known(console) == NOTHING_KNOWN, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: card(console).words() == "", timeout=PATIENCE_MS)


def test_a_slip_is_said_at_its_field_and_everything_typed_stays(console, qtbot):
    write_down(console, qtbot, "Rosie", "3/4/1984", "555")
    sheet = console.contacts.sheet
    phones = sheet.fields[ContactField.PHONES]
    qtbot.waitUntil(phones.hasFocus, timeout=PATIENCE_MS)
    assert "a digit may be missing" in sheet._problems[ContactField.PHONES].text()
    assert sheet.isVisible()
    assert sheet.fields[ContactField.OTHER_NAMES].text() == "Rosie"
    assert known(console) == NOTHING_KNOWN
    write("860 555 0142")
    assert not sheet._problems[ContactField.PHONES].isVisible()
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: known(console).phones == ("+1 860 555 0142",), timeout=PATIENCE_MS)


def test_what_is_known_stands_in_the_fields_again(console, qtbot):
    write_down(console, qtbot, "Rosie")
    qtbot.waitUntil(lambda: not known(console).is_empty, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "Rosie" in card(console).words(), timeout=PATIENCE_MS)
    assert card(console).edit.text() == "Change the details"
    press(console, Qt.Key.Key_C, SHIFT)
    assert console.contacts.sheet.fields[ContactField.OTHER_NAMES].text() == "Rosie"
    press(console, Qt.Key.Key_Escape)
    assert not console.contacts.sheet.isVisible()


def test_counter_mode_shows_how_many_and_none_of_them(console, qtbot):
    write_down(console, qtbot, "Rosie", "3/4/1984")
    qtbot.waitUntil(lambda: "Rosie" in card(console).words(), timeout=PATIENCE_MS)
    veil().draw(True)
    assert card(console).words() == ""
    assert "2 of 7" in card(console)._veiled.text()
    veil().draw(False)
    assert "Rosie" in card(console).words()


def test_the_sheet_fits_a_small_screen_at_twice_the_size(console, qtbot):
    press(console, Qt.Key.Key_C, SHIFT)
    sheet = console.contacts.sheet
    console.window.resize(1366, 768)
    QApplication.processEvents()
    for field in sheet.fields.values():
        field.setFocus()
        QApplication.processEvents()
        place = field.mapTo(console.window, field.rect().center())
        assert console.window.rect().contains(place)
        assert field.visibleRegion().contains(field.rect().center())
