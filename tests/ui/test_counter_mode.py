"""Counter mode: somebody in front of the desk reads neither a name nor a word, and the person at it still works."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.conversation import ItemKind
from app.ui.components.veil import PersonLabel, VeilOver, person_line, veil
from app.ui.shell.pages import PageId
from app.ui.shell.window import Pane
from tests.support.consoles import DemoConsole
from tests.support.waiting import PATIENCE_MS

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _lifted():
    yield
    veil().draw(False)


@pytest.fixture
def demo(qapp, tmp_path):
    made = DemoConsole(tmp_path, qapp)
    yield made
    made.abandon()


def unlock(demo, qtbot):
    console = demo.start()
    qtbot.waitUntil(lambda: console.presenters.inbox.model.rowCount() > 0, timeout=PATIENCE_MS)
    qtbot.waitActive(console.window).__enter__()
    return console


def press(console, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def open_first(console, qtbot):
    press(console, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is not None, timeout=PATIENCE_MS)
    return console.presenters.conversation.shown.thread


def words_of(page) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if not label.isHidden())


def ink_of(widget) -> QImage:
    return widget.grab().toImage()


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Maria Alvarado", "M. A."), ("Prince", "P."), ("", "·"), ("ana de la cruz", "A. C."), ("\u202eevil", "E.")],
)
def test_a_name_becomes_its_initials(name, shown):
    veil().draw(True)
    assert person_line(name) == shown


def test_without_counter_mode_a_name_stays_as_it_is():
    assert person_line("Maria Alvarado") == "Maria Alvarado"


def test_a_label_of_a_person_follows_the_switch(qtbot):
    label = PersonLabel()
    qtbot.addWidget(label)
    label.set_untrusted("Maria Alvarado")
    veil().draw(True)
    assert label.text() == "M. A."
    label.set_untrusted("Tom Berg")
    assert label.text() == "T. B."
    veil().draw(False)
    assert label.text() == "Tom Berg"


def test_a_field_is_covered_until_the_keyboard_or_the_pointer_is_in_it(qtbot):
    holder, field, other = QWidget(), QPlainTextEdit("a secret"), QPlainTextEdit()
    column = QVBoxLayout(holder)
    column.addWidget(field)
    column.addWidget(other)
    qtbot.addWidget(holder)
    cover = VeilOver(field)
    with qtbot.waitActive(holder):
        holder.show()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus, timeout=PATIENCE_MS)
    assert not cover.isVisible()
    veil().draw(True)
    assert cover.isVisible()
    assert cover.size() == field.viewport().size()
    field.setFocus()
    assert not cover.isVisible()
    other.setFocus()
    assert cover.isVisible()
    QApplication.sendEvent(field.viewport(), QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1)))
    assert not cover.isVisible()
    QApplication.sendEvent(field.viewport(), QEvent(QEvent.Type.Leave))
    assert cover.isVisible()


def test_a_field_can_be_read_while_the_keyboard_stands_on_something_within_it(qtbot):
    holder, field, other = QWidget(), QPlainTextEdit("a secret with a date in it"), QPlainTextEdit()
    column = QVBoxLayout(holder)
    column.addWidget(field)
    column.addWidget(other)
    chip = QPushButton("16 December", field.viewport())
    qtbot.addWidget(holder)
    cover = VeilOver(field)
    with qtbot.waitActive(holder):
        holder.show()
    other.setFocus()
    veil().draw(True)
    QApplication.sendEvent(field.viewport(), QEvent(QEvent.Type.Leave))
    assert cover.isVisible()
    chip.setFocus()
    qtbot.waitUntil(lambda: not cover.isVisible(), timeout=PATIENCE_MS)


def test_what_is_covered_looks_the_same_whatever_it_says(qtbot):
    pictures = []
    for words in ("short", "a much longer secret\nover several lines\nof text"):
        field = QPlainTextEdit(words)
        field.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        field.resize(300, 120)
        qtbot.addWidget(field)
        VeilOver(field)
        veil().draw(True)
        field.show()
        pictures.append(ink_of(field.viewport()))
    assert pictures[0] == pictures[1]


def test_one_key_hides_every_name_and_word_of_the_desk_and_brings_them_back(demo, qtbot):
    console = unlock(demo, qtbot)
    thread = open_first(console, qtbot)
    window = console.window
    press(console, Qt.Key.Key_F11)
    assert veil().is_drawn
    assert "Counter mode" in window.status.words()
    assert window.conversation._name.text() == person_line(thread.contact_name)
    page_words = window.conversation.page.toPlainText()
    assert thread.contact_name not in page_words
    assert person_line(thread.contact_name) in page_words
    assert thread.contact_name not in window.composer.reply.placeholderText()
    assert thread.contact_name not in window.windowTitle()
    press(console, Qt.Key.Key_F11)
    assert not veil().is_drawn
    assert "Counter mode" not in window.status.words()
    assert thread.contact_name in window.conversation.page.toPlainText()


def test_toasts_say_initials(demo, qtbot):
    console = unlock(demo, qtbot)
    thread = open_first(console, qtbot)
    press(console, Qt.Key.Key_F11)
    press(console, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: "is done" in console.window.toast.text(), timeout=PATIENCE_MS)
    assert thread.contact_name not in console.window.toast.text()
    assert person_line(thread.contact_name) in console.window.toast.text()


def test_messages_are_bars_but_for_the_one_that_the_keyboard_is_on(demo, qtbot):
    console = unlock(demo, qtbot)
    thread = open_first(console, qtbot)
    page = console.window.conversation.page
    console.window.focus_pane(Pane.LIST)
    plain = ink_of(page.viewport())
    press(console, Qt.Key.Key_F11)
    hidden = ink_of(page.viewport())
    assert hidden != plain
    assert page.reading.event_id is None
    console.window.focus_pane(Pane.THREAD)
    messages = [item.event_id for item in thread.items if item.kind is not ItemKind.NOTICE]
    assert page.reading.event_id == messages[-1]
    assert ink_of(page.viewport()) != hidden
    press(console, Qt.Key.Key_Up)
    assert page.reading.event_id == messages[max(0, len(messages) - 2)]
    console.window.focus_pane(Pane.LIST)
    assert page.reading.event_id is None


def test_the_message_under_the_pointer_can_be_read(demo, qtbot):
    console = unlock(demo, qtbot)
    open_first(console, qtbot)
    page = console.window.conversation.page
    press(console, Qt.Key.Key_F11)
    console.window.focus_pane(Pane.LIST)
    placed = [one for one in page._writer.items if one.item.kind is not ItemKind.NOTICE][-1]
    spot = QPointF(page._sheet(placed).center() - QPointF(0, page.verticalScrollBar().value()))
    nothing = Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, spot, spot, nothing, nothing, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(page.viewport(), moved)
    assert page.reading.pointed == placed.item.event_id
    QApplication.sendEvent(page.viewport(), QEvent(QEvent.Type.Leave))
    assert page.reading.pointed is None


def test_the_list_looks_the_same_whatever_the_messages_say(demo, qtbot):
    console = unlock(demo, qtbot)
    press(console, Qt.Key.Key_F11)
    model = console.presenters.inbox.model
    console.window.composer.reply.setFocus()
    before = ink_of(console.window.inbox.list.viewport())
    rows = [replace(model.at(place), snippet="something else entirely") for place in range(model.rowCount())]
    model.replace(rows, has_more=False)
    assert ink_of(console.window.inbox.list.viewport()) == before


def test_search_results_say_initials(demo, qtbot):
    console = unlock(demo, qtbot)
    press(console, Qt.Key.Key_F11)
    console.window.search.open()
    console.window.search.field.setText("parking")
    model = console.window.search.model
    qtbot.waitUntil(lambda: model.rowCount() > 0, timeout=PATIENCE_MS)
    hit = model.hit(0)
    assert model.data(model.index(0)) == person_line(hit.contact_name) != hit.contact_name


def test_a_page_of_the_office_follows_the_switch(demo, qtbot):
    console = unlock(demo, qtbot)
    thread = open_first(console, qtbot)
    desk = console.presenters.desk
    desk.holds.add(thread.conversation_id, owner="Mara", reason="claim", review_on=desk.holds.today() + DAY)
    console.window.show_page(PageId.RETENTION)
    page = console.retention.page
    qtbot.waitUntil(lambda: thread.contact_name in words_of(page), timeout=PATIENCE_MS)
    press(console, Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: thread.contact_name not in words_of(page), timeout=PATIENCE_MS)
    assert person_line(thread.contact_name) in words_of(page)


def test_it_is_remembered_for_this_machine_and_there_from_the_first_picture(demo, qtbot):
    demo.settings = replace(demo.settings, counter_mode=True)
    console = unlock(demo, qtbot)
    assert veil().is_drawn
    assert "Counter mode" in console.window.status.words()


def test_the_chip_in_the_status_line_ends_it(demo, qtbot):
    console = unlock(demo, qtbot)
    press(console, Qt.Key.Key_F11)
    saved = []
    console.commander.counter_mode_changed.connect(saved.append)
    QTest.mouseClick(console.window.status._veil, Qt.MouseButton.LeftButton)
    assert not veil().is_drawn
    assert saved == [False]
