"""Retention by keyboard: rules signed and changed, what is due let go, holds, and one conversation erased for good."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.compliance.clock_doubt import ClockDoubt
from app.compliance.rules import Duration, Unit
from app.config import ConsoleSettings
from app.domain.conversation import InboxView, Origin
from app.domain.office import Role
from app.services.erasing.certificate import is_genuine
from app.services.erasing.plaintext_hunt import HuntPlace
from app.ui.retention.apply_sheet import ApplySheet
from app.ui.retention.months import MonthGrid, next_months
from app.ui.retention.state import Work
from tests.support.consoles import DemoConsole
from tests.support.waiting import PATIENCE_MS

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


@pytest.fixture
def console(qapp, qtbot, tmp_path):
    yield from opened(qapp, qtbot, tmp_path)


@pytest.fixture
def empty_console(qapp, qtbot, tmp_path):
    yield from opened(qapp, qtbot, tmp_path, has_demo=False)


def opened(qapp, qtbot, tmp_path, **parts):
    folder = tmp_path / "office"
    folder.mkdir()
    demo = DemoConsole(folder, qapp, model=None, settings=ConsoleSettings(idle_lock_s=3_600), **parts)
    console = demo.start()
    qtbot.waitUntil(console.window.isActiveWindow, timeout=PATIENCE_MS)
    yield console
    demo.abandon()


def press(console, key, modifiers=NONE):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def write(words):
    QTest.keyClicks(QApplication.focusWidget(), words)


def wait(qtbot, console, holds):
    qtbot.waitUntil(
        lambda: console.retention.presenter.state.work is Work.NONE and holds(console.retention.presenter.state),
        timeout=PATIENCE_MS,
    )


def show_page(qtbot, console):
    press(console, Qt.Key.Key_8, CTRL)
    wait(qtbot, console, lambda state: state.preview is not None)
    return console.retention.page


def sign_short_rules(console):
    """Everything of the default class is due after a day."""
    book = console._desk.retention.book
    rules = book.in_force().rules
    classes = tuple(replace(one, keep=Duration(1, Unit.DAYS)) for one in rules.classes)
    book.sign(replace(rules, classes=classes))


def open_first(qtbot, console):
    row = console._desk.conversations.inbox(InboxView.OPEN)[3]
    console.commander.open_conversation(row.conversation_id)
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is not None, timeout=PATIENCE_MS)
    return row


def test_the_rules_are_read_signed_and_changed_by_keyboard(console, qtbot):
    page = show_page(qtbot, console)
    assert page.headline.text() == "Nobody has signed the rules yet"
    assert not page.go.isEnabled()
    press(console, Qt.Key.Key_S)
    wait(qtbot, console, lambda state: state.preview.in_force.is_signed)
    assert page.headline.text() == "Nothing is due"
    assert "Signed by Mara Lind" in page._rules.text()
    page.stops()[-1].setFocus()
    press(console, Qt.Key.Key_Return)
    assert console.retention.changing.isVisible()
    write("0")
    assert not console.retention.changing.button.isEnabled()
    press(console, Qt.Key.Key_A, CTRL)
    write("12")
    press(console, Qt.Key.Key_Return)
    wait(qtbot, console, lambda state: state.preview.in_force.rules.classes[0].keep.number == 12)
    assert not console.retention.changing.isVisible()


def test_what_is_due_goes_once_somebody_has_typed_the_number(console, qtbot, tmp_path):
    before = sum(map(len, (console._desk.conversations.inbox(view, 500) for view in InboxView)))
    sign_short_rules(console)
    page = show_page(qtbot, console)
    due = len(console.retention.presenter.state.due)
    assert due > 8
    assert page.headline.text() == f"{due} conversations may go"
    assert f"Let {due} conversations go…" == page.go.text()
    assert QApplication.focusWidget() in page.stops()
    press(console, Qt.Key.Key_L)
    sheet = console.retention.applying
    assert f"Let {due} conversations go for good?" == sheet.title.text()
    write("5")
    press(console, Qt.Key.Key_Return)
    assert sheet.isVisible()
    press(console, Qt.Key.Key_A, CTRL)
    write(str(due))
    press(console, Qt.Key.Key_Return)
    wait(qtbot, console, lambda state: state.erased is not None)
    wait(qtbot, console, lambda state: state.preview.plan.due == ())
    assert f"{due} conversations erased for good" in page._outcome._title.text()
    after = sum(map(len, (console._desk.conversations.inbox(view, 500) for view in InboxView)))
    assert after < before
    saved = tmp_path / "certificate.json"
    console.retention.write_certificate(console.retention.presenter.state.erased.certificate, saved)
    assert is_genuine(json.loads(saved.read_text()))


def test_esc_keeps_everything(console, qtbot):
    sign_short_rules(console)
    show_page(qtbot, console)
    press(console, Qt.Key.Key_L)
    write(str(len(console.retention.presenter.state.due)))
    press(console, Qt.Key.Key_Escape)
    assert not console.retention.applying.isVisible()
    assert console.retention.presenter.state.erased is None


def test_a_change_meanwhile_is_said_and_nothing_goes(console, qtbot):
    sign_short_rules(console)
    page = show_page(qtbot, console)
    due = console.retention.presenter.state.due
    press(console, Qt.Key.Key_L)
    console._desk.conversations.add_note(due[0].conversation_id, "somebody looked")
    write(str(len(due)))
    press(console, Qt.Key.Key_Return)
    wait(qtbot, console, lambda state: bool(state.problem))
    assert "Something changed while you were looking" in page.problem.text()
    assert console._desk.conversations.thread(due[0].conversation_id)


def test_a_doubtful_clock_asks_for_the_day(console, qtbot):
    sign_short_rules(console)
    show_page(qtbot, console)
    preview = console.retention.presenter.state.preview
    console.retention.page.show_state(
        replace(console.retention.presenter.state, preview=replace(preview, doubt=ClockDoubt.JUMPED))
    )
    assert "has jumped" in console.retention.page._doubt._title.text()
    sheet = ApplySheet(console.window.root)
    sheet.ask(replace(preview, doubt=ClockDoubt.JUMPED))
    given = []
    sheet.confirmed.connect(lambda *all_of_it: given.append(all_of_it))
    sheet.count.setText(str(len(preview.plan.due)))
    assert not sheet.button.isEnabled()
    sheet.day.setText("2026-11-24")
    sheet.button.click()
    assert str(given[0][2]) == "2026-11-24"


def test_a_conversation_is_held_shown_and_released_by_keyboard(console, qtbot):
    row = open_first(qtbot, console)
    press(console, Qt.Key.Key_K, CTRL)
    write("hold for legal")
    press(console, Qt.Key.Key_Return)
    assert console.retention.holding.isVisible()
    press(console, Qt.Key.Key_Return)
    assert console.retention.holding.isVisible()
    write("claim of 3 May")
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(console._desk.holds.all()), timeout=PATIENCE_MS)
    page = show_page(qtbot, console)
    wait(qtbot, console, lambda state: len(state.holds) == 1)
    shown = page._holds._rows[0]
    assert shown._title.text() == row.contact_name
    assert "claim of 3 May" in shown._detail.text()
    page._holds.buttons()[0].setFocus()
    press(console, Qt.Key.Key_Return)
    assert console.retention.releasing.isVisible()
    write("settled")
    press(console, Qt.Key.Key_Return)
    wait(qtbot, console, lambda state: state.holds == ())
    assert not page._holds._empty.isHidden()


def test_a_held_conversation_cannot_be_erased(console, qtbot):
    row = open_first(qtbot, console)
    holds = console._desk.holds
    holds.add(row.conversation_id, owner="Mara Lind", reason="claim", review_on=holds.today() + timedelta(days=5))
    console.retention.ask_erase()
    sheet = console.retention.erasing
    qtbot.waitUntil(sheet.isVisible, timeout=PATIENCE_MS)
    assert "legal hold" in sheet.words
    assert not sheet.button.isEnabled()


def test_one_conversation_is_erased_from_its_own_commands(console, qtbot):
    row = open_first(qtbot, console)
    write_unsent = console.presenters.composer
    press(console, Qt.Key.Key_K, CTRL)
    write("erase for good")
    press(console, Qt.Key.Key_Return)
    sheet = console.retention.erasing
    qtbot.waitUntil(sheet.isVisible, timeout=PATIENCE_MS)
    assert row.contact_name in sheet.words
    assert "for good" in sheet.button.text()
    assert QApplication.focusWidget() is sheet.keep
    press(console, Qt.Key.Key_Return)
    assert not sheet.isVisible()
    assert console._desk.conversations.thread(row.conversation_id)
    console.retention.ask_erase()
    qtbot.waitUntil(sheet.isVisible, timeout=PATIENCE_MS)
    press(console, Qt.Key.Key_Tab, SHIFT)
    assert QApplication.focusWidget() is sheet.button
    press(console, Qt.Key.Key_Return)
    wait(qtbot, console, lambda state: state.erased is not None)
    qtbot.waitUntil(lambda: sheet.title.text() == "Erased", timeout=PATIENCE_MS)
    assert "not found" in sheet.words
    assert QApplication.focusWidget() is sheet.save
    assert not console._desk.vault.keyring.has(row.conversation_id)
    assert console.presenters.conversation.open_id is None
    assert write_unsent.followed is None


def test_words_that_are_left_elsewhere_are_shown_with_their_file(console, qtbot, tmp_path):
    row = open_first(qtbot, console)
    text = console._desk.conversations.thread(row.conversation_id).items[-1].text
    (tmp_path / "left.txt").write_text(text)
    console._desk.erasure.places = (HuntPlace("temporary", tmp_path),)
    console.retention.presenter.erase(row.conversation_id)
    wait(qtbot, console, lambda state: state.erased is not None)
    page = show_page(qtbot, console)
    assert "which only you can remove" in page._outcome._title.text()
    assert "left.txt" in page._outcome._text.text()


def test_an_empty_office_says_so(empty_console, qtbot):
    page = show_page(qtbot, empty_console)
    press(empty_console, Qt.Key.Key_S)
    wait(qtbot, empty_console, lambda state: state.preview.in_force.is_signed)
    assert "no conversation" in page.explanation.text()
    assert not page._due._empty.isHidden()
    assert not page._holds._empty.isHidden()


def test_who_may_not_is_told_why_and_sees_no_button(console, qtbot):
    row = open_first(qtbot, console)
    console._desk.vault.person = replace(console._desk.vault.person, role=Role.FRONT_DESK)
    console.retention.ask_erase()
    assert "takes an administrator" in console.window.toast.text()
    state = replace(console.retention.presenter.state, may_change=False)
    console.retention.page.show_state(state)
    assert not console.retention.page.go.isEnabled()
    assert console._desk.conversations.thread(row.conversation_id)


def test_the_calendar_counts_twelve_months_and_says_them(qtbot):
    from datetime import date  # noqa: PLC0415

    grid = MonthGrid()
    qtbot.addWidget(grid)
    grid.show_counts(date(2026, 11, 24), {date(2027, 1, 1): 17})
    months = next_months(date(2026, 11, 24))
    assert (months[0], months[2], months[-1]) == (date(2026, 11, 1), date(2027, 1, 1), date(2027, 10, 1))
    assert "January 2027: 17" in grid.words()
    assert "February 2027: 0" in grid.words()


def test_new_conversations_do_not_make_the_page_stale_while_they_are_young(console, qtbot):
    sign_short_rules(console)
    show_page(qtbot, console)
    digest = console.retention.presenter.state.preview.digest
    console._desk.conversations.start("Ada Quill", Origin.PHONE, "a new question")
    press(console, Qt.Key.Key_R)
    wait(qtbot, console, lambda _state: True)
    assert console.retention.presenter.state.preview.digest == digest


def select(console, words):
    page = console.window.conversation.page
    cursor = page.find_all(words)[-1]
    page.setTextCursor(cursor)
    return page


def test_selected_words_are_taken_out_by_keyboard(console, qtbot):
    row = open_first(qtbot, console)
    item = console._desk.conversations.thread(row.conversation_id).items[-1]
    words = item.text.split(".")[0][:30]
    page = select(console, words)
    found, selected = page.selected_words()
    assert (found.event_id, selected) == (item.event_id, words)
    press(console, Qt.Key.Key_K, CTRL)
    write("take the selected words")
    press(console, Qt.Key.Key_Return)
    sheet = console.retention.redacting
    assert sheet.isVisible()
    assert words.split()[0] in sheet._words.text()
    write("a third person")
    press(console, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is sheet.button
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: words not in console._desk.conversations.thread(row.conversation_id).items[-2].text,
        timeout=PATIENCE_MS,
    )
    qtbot.waitUntil(lambda: "███" in page.toPlainText() and words not in page.toPlainText(), timeout=PATIENCE_MS)
    assert "took words out of a message" in page.toPlainText()


def test_without_a_selection_in_one_message_nothing_can_be_taken_out(console, qtbot):
    open_first(qtbot, console)
    page = console.window.conversation.page
    assert page.selected_words() is None
    console.retention.ask_redact()
    assert "Select words of one message" in console.window.toast.text()
    page.selectAll()
    assert page.selected_words() is None


# -- one conversation, one matter --------------------------------------------------------------------------------


def open_conversation(console, qtbot, name):
    desk = console.presenters.desk
    cid = desk.conversations.start(name, Origin.PHONE, f"about the cellar of {name}")
    console.commander.open_conversation(cid)
    qtbot.waitUntil(lambda: console.presenters.conversation.open_id == cid, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is not None, timeout=PATIENCE_MS)
    return cid


def lay_aside_sheets(console):
    """The emergency list lies over the first window of whoever may sign it."""
    sheet = console.commander.open_sheet()
    if sheet is not None:
        sheet.close_sheet()


def choose_last_class(console, qtbot):
    console.retention.ask_kept()
    sheet = console.retention.keeping
    qtbot.waitUntil(sheet.isVisible, timeout=PATIENCE_MS)
    assert not sheet.button.isEnabled()
    sheet.classes.setCurrentIndex(sheet.classes.count() - 1)
    chosen = sheet.classes.currentData()
    assert sheet._how_long.text()
    sheet.button.click()
    return chosen


def test_a_conversation_is_put_into_a_class_and_taken_back_with_the_undo_key(empty_console, qtbot):
    console, retention = empty_console, empty_console.presenters.desk.retention
    lay_aside_sheets(console)
    cid = open_conversation(console, qtbot, "Ada Quill")
    chosen = choose_last_class(console, qtbot)
    qtbot.waitUntil(lambda: console.presenters.steps.last is not None, timeout=PATIENCE_MS)
    assert retention.class_of(cid) == chosen != ""
    assert "Kept as" in console.presenters.steps.last.words
    console.presenters.steps.undo_last()
    qtbot.waitUntil(lambda: retention.class_of(cid) == "", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "Kept as" in console.window.toast.text(), timeout=PATIENCE_MS)
    assert console.presenters.steps.last is None, "the way back is no step of its own"


def test_who_may_not_set_retention_is_told_so_and_asked_nothing(empty_console, qtbot):
    console = empty_console
    lay_aside_sheets(console)
    open_conversation(console, qtbot, "Ada Quill")
    desk = console.presenters.desk
    desk.vault.person = replace(desk.vault.person, role=Role.FRONT_DESK)
    console.retention.ask_kept()
    console.retention.ask_matter()
    assert "keeping" not in console.retention.__dict__
    assert "clearing" not in console.retention.__dict__
    assert "administrator" in console.window.toast.text()


def test_a_whole_matter_goes_in_one_run_with_one_certificate_and_what_is_held_stays(empty_console, qtbot):
    console, desk = empty_console, empty_console.presenters.desk
    lay_aside_sheets(console)
    desk.erasure.places = (HuntPlace("vault", desk.vault.directory),)
    first = desk.conversations.start("Ada Quill", Origin.PHONE, "the first letter about the cellar")
    held = desk.conversations.start("Ada Quill", Origin.PHONE, "the second letter about the cellar")
    other = desk.conversations.start("Ida Quill", Origin.PHONE, "somebody else")
    desk.holds.add(held, owner="Mara Lind", reason="a dispute", review_on=desk.holds.today() + timedelta(days=30))
    last = open_conversation(console, qtbot, "Ada Quill")
    console.retention.ask_matter()
    sheet = console.retention.clearing
    qtbot.waitUntil(sheet.isVisible, timeout=PATIENCE_MS)
    assert set(sheet.chosen()) == {first, last}
    assert not sheet._boxes[held].isEnabled()
    assert not sheet._boxes[other].isChecked()
    assert not sheet.button.isEnabled()
    sheet.count.setFocus()
    write("2")
    assert sheet.button.text() == "Erase 2 conversations for good"
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: console.retention.presenter.state.erased is not None, timeout=PATIENCE_MS)
    certificate = console.retention.presenter.state.erased.certificate
    assert set(certificate.conversation_ids) == {first, last}
    assert is_genuine(certificate.json)
    left = {row.conversation_id for row in desk.conversations.inbox(InboxView.OPEN)}
    assert left == {held, other}
    assert console.presenters.conversation.shown is None


# -- older backups -----------------------------------------------------------------------------------------------


def test_after_words_were_taken_out_older_backups_are_offered_to_go(qapp, qtbot, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    folder = tmp_path / "office"
    folder.mkdir()
    settings = ConsoleSettings(idle_lock_s=3_600, backup_dir=disk, backup_every_h=0)
    demo = DemoConsole(folder, qapp, model=None, has_demo=False, settings=settings)
    try:
        console = demo.start()
        qtbot.waitUntil(console.window.isActiveWindow, timeout=PATIENCE_MS)
        lay_aside_sheets(console)
        desk = console.presenters.desk
        cid = open_conversation(console, qtbot, "Ada Quill")
        desk.backups.take(disk)
        desk.backups.take(disk)
        console.backups.presenter.look()
        qtbot.waitUntil(lambda: len(console.backups.presenter.state.snapshots) == 2, timeout=PATIENCE_MS)
        item = desk.conversations.thread(cid).items[-1]
        start = item.text.index("cellar")
        console.retention.presenter.redact(cid, item.event_id, (start, start + 6), "")
        qtbot.waitUntil(lambda: "older" in console.backups.__dict__, timeout=PATIENCE_MS)
        sheet = console.backups.older
        qtbot.waitUntil(sheet.isVisible, timeout=PATIENCE_MS)
        assert "2 backups of before" in sheet._words.text()
        sheet.button.click()
        qtbot.waitUntil(lambda: [one.number for one in desk.backups.snapshots(disk)] == [3], timeout=PATIENCE_MS)
    finally:
        demo.abandon()


def test_where_there_is_no_backup_nothing_is_asked(empty_console, qtbot):
    empty_console.retention.outdated.emit("Taken out for good.")
    assert "older" not in empty_console.backups.__dict__
