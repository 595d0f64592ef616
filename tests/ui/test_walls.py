"""Walls, emergency access and its review in real windows over a real vault of six people, by keyboard."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.conversation import Origin
from app.domain.office import Role
from app.domain.walls import Cause, Finding
from app.services.walls.emergency import Asked
from app.ui.shell.commands import CommandId
from app.ui.shell.pages import PageId
from app.ui.theme import SchemeChoice, Theme
from app.ui.walls.words import idle_word, refusal_words
from tests.support.consoles import DemoConsole
from tests.support.waiting import PATIENCE_MS
from tests.support.walled import PASSWORDS, WalledOffice

NAME, WORDS = "Zephyrine Quillfeather", "the marmalade inheritance dispute"
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@dataclass
class OfficeConsole(DemoConsole):
    """A console at which one of the six sits."""

    who: str = "noor"

    def __post_init__(self) -> None:
        self.office = WalledOffice(self.folder)
        with self.office.sit("otto") as desk:
            desk.interlock.sign()  # else its sheet lies over the first window of whoever may sign it
        self.vault = SimpleNamespace(
            open=lambda: self.office.sit(self.who), store=SimpleNamespace(directory=self.office.directory)
        )
        self.ended = []
        self.theme = Theme.apply(self.app, SchemeChoice.LIGHT, 1.0, is_motion_reduced=True)


@pytest.fixture
def made(qapp, tmp_path):
    console = OfficeConsole(tmp_path, qapp)
    yield console
    console.abandon()


def wall(console, *, named=("vale",), by="vale"):
    with console.office.sit(by) as desk:
        cid = desk.conversations.start(NAME, Origin.PHONE, WORDS)
        if named:
            desk.walls.set(cid, [console.office.id_of(one) for one in named])
        return cid


def start(made, qtbot, who):
    made.who = who
    console = made.start()
    if console.presenters.desk.vault.may_read_messages:
        qtbot.waitUntil(lambda: console.presenters.inbox.state.is_loaded, timeout=PATIENCE_MS)
    qtbot.waitActive(console.window).__enter__()
    return console


def press(console, key, modifiers=NONE):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def typed(words):
    QTest.keyClicks(QApplication.focusWidget(), words)


def tab():
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)


def rows(console):
    model = console.presenters.inbox.model
    return [model.at(place).contact_name for place in range(model.rowCount())]


def fill(console, qtbot, password):
    """Fill the sheet of emergency access by keyboard alone."""
    press(console, Qt.Key.Key_E, CTRL | SHIFT)
    sheet = console.walls.access_sheet
    qtbot.waitUntil(sheet.whose.hasFocus, timeout=PATIENCE_MS)
    typed("quillfeather")
    tab()
    press(console, Qt.Key.Key_Down)
    assert sheet.cause.currentData() is Cause.DEADLINE
    tab()
    typed("She collapsed in the waiting room.")
    tab()
    place = sheet.second.findData("vale")
    while sheet.second.currentIndex() != place:
        press(console, Qt.Key.Key_Down if sheet.second.currentIndex() < place else Qt.Key.Key_Up)
    tab()
    typed(password)
    press(console, Qt.Key.Key_Return)
    return sheet


def test_a_wall_is_set_by_keyboard_and_the_conversation_says_so(made, qtbot):
    cid = wall(made, named=())
    console = start(made, qtbot, "vale")
    press(console, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is not None, timeout=PATIENCE_MS)
    assert console.window.conversation._wall.isHidden()
    press(console, Qt.Key.Key_W, CTRL | SHIFT)
    sheet = console.walls.wall_sheet
    qtbot.waitUntil(sheet.isVisible, timeout=PATIENCE_MS)
    assert sheet.chosen() == ("vale",)
    assert "No administrator is within" in sheet._warning.text()
    assert NAME in sheet.title.text()
    sheet._button.setFocus()
    press(console, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: cid in console.presenters.desk.ledger.keys.walled, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not console.window.conversation._wall.isHidden(), timeout=PATIENCE_MS)
    assert rows(console) == [NAME]


def test_who_leaves_themselves_out_loses_it_from_the_screen_at_once(made, qtbot):
    cid = wall(made, named=())
    console = start(made, qtbot, "otto")
    press(console, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is not None, timeout=PATIENCE_MS)
    console.keymap.action(CommandId.WALL).trigger()
    sheet = console.walls.wall_sheet
    qtbot.waitUntil(sheet.isVisible, timeout=PATIENCE_MS)
    for person, box in sheet._boxes.values():
        box.setChecked(person.person_id == "vale")
    assert "You leave yourself out" in sheet._warning.text()
    sheet._button.click()
    qtbot.waitUntil(lambda: rows(console) == [], timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is None, timeout=PATIENCE_MS)
    assert not console.presenters.desk.ledger.keys.has(cid)


def test_a_wall_needs_somebody_and_falls_by_a_button(made, qtbot):
    cid = wall(made)
    console = start(made, qtbot, "vale")
    press(console, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not console.window.conversation._wall.isHidden(), timeout=PATIENCE_MS)
    console.keymap.action(CommandId.WALL).trigger()
    sheet = console.walls.wall_sheet
    qtbot.waitUntil(sheet.isVisible, timeout=PATIENCE_MS)
    for _, box in sheet._boxes.values():
        box.setChecked(False)
    assert not sheet._button.isEnabled()
    assert "Name at least one person" in sheet._warning.text()
    sheet._lower.click()
    qtbot.waitUntil(lambda: cid not in console.presenters.desk.ledger.keys.walled, timeout=PATIENCE_MS)
    qtbot.waitUntil(console.window.conversation._wall.isHidden, timeout=PATIENCE_MS)


def test_two_people_get_in_by_keyboard_and_the_status_line_ends_it(made, qtbot):
    cid = wall(made)
    console = start(made, qtbot, "noor")
    assert rows(console) == []
    sheet = fill(console, qtbot, PASSWORDS["vale"])
    qtbot.waitUntil(lambda: console.presenters.conversation.open_id == cid, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: rows(console) == [NAME], timeout=PATIENCE_MS)
    assert not sheet.isVisible()
    assert "Emergency access" in console.window.status.words()
    assert sheet.password.peek() == ""
    QTest.mouseClick(console.window.status._access, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: rows(console) == [], timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is None, timeout=PATIENCE_MS)
    assert "Emergency access" not in console.window.status.words()


def test_a_wrong_password_says_so_and_keeps_what_was_typed(made, qtbot):
    wall(made)
    console = start(made, qtbot, "noor")
    sheet = fill(console, qtbot, "not the password at all")
    qtbot.waitUntil(lambda: sheet._problem.text() == "This is not their password.", timeout=PATIENCE_MS)
    assert sheet.isVisible()
    assert sheet.whose.text() == "quillfeather"
    assert sheet.password.peek() == ""
    assert rows(console) == []


def test_two_matters_of_one_name_are_offered_to_choose_from(made, qtbot):
    wall(made)
    second = wall(made)
    console = start(made, qtbot, "noor")
    sheet = fill(console, qtbot, PASSWORDS["vale"])
    qtbot.waitUntil(sheet._answer.isVisible, timeout=PATIENCE_MS)
    assert sheet._choices.count() == 2
    assert console.presenters.desk.emergency.running == ()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: console.presenters.conversation.open_id == second, timeout=PATIENCE_MS)


def test_what_is_over_by_itself_leaves_the_screen(made, qtbot):
    cid = wall(made)
    console = start(made, qtbot, "noor")
    fill(console, qtbot, PASSWORDS["vale"])
    qtbot.waitUntil(lambda: console.presenters.conversation.open_id == cid, timeout=PATIENCE_MS)
    console.presenters.desk.emergency._ledger.keys.take_back(cid)  # as at its moment
    console.walls.presenter.look_for_end()
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is None, timeout=PATIENCE_MS)
    assert "is over" in console.window.toast.text()


def test_an_administrator_reviews_it_on_the_page(made, qtbot):
    cid = wall(made)
    with made.office.sit("noor") as desk:
        asked = Asked("quillfeather", Cause.DANGER, "She collapsed in the waiting room.")
        desk.emergency.open(desk.emergency.confirm(asked, made.office.id_of("vale"), PASSWORDS["vale"]), cid)
    console = start(made, qtbot, "otto")
    console.window.show_page(PageId.ACCESS)
    page = console.walls.page
    qtbot.waitUntil(lambda: "1 emergency access to be reviewed" in page.headline.text(), timeout=PATIENCE_MS)
    page.rows.all_buttons()[0].click()
    sheet = console.walls.review_sheet
    assert sheet.isVisible()
    assert "Noor Haddad, confirmed by Dr Vale" in sheet._who.text()
    assert NAME not in sheet._what.text()
    typed("Spoke to both.")
    sheet.bad.click()
    qtbot.waitUntil(lambda: "No emergency access waits" in page.headline.text(), timeout=PATIENCE_MS)
    access = console.presenters.desk.emergency.accesses()[0]
    assert (access.finding, access.note) == (Finding.NOT_JUSTIFIED, "Spoke to both.")
    assert page.rows.all_buttons()[0].isHidden()


def test_an_auditor_sees_the_list_and_cannot_judge(made, qtbot):
    cid = wall(made)
    with made.office.sit("noor") as desk:
        asked = Asked("quillfeather", Cause.DANGER, "She collapsed in the waiting room.")
        desk.emergency.open(desk.emergency.confirm(asked, made.office.id_of("vale"), PASSWORDS["vale"]), cid)
    console = start(made, qtbot, "quinn")
    console.window.show_page(PageId.ACCESS)
    page = console.walls.page
    qtbot.waitUntil(lambda: "1 emergency access" in page.headline.text(), timeout=PATIENCE_MS)
    assert page.rows.all_buttons()[0].isHidden()
    assert page.ask.isHidden()
    assert all(not select.isEnabled() for select in page.limits.values())


def test_the_page_has_words_for_nothing(made, qtbot):
    console = start(made, qtbot, "otto")
    console.window.show_page(PageId.ACCESS)
    page = console.walls.page
    qtbot.waitUntil(lambda: console.walls.presenter.state.is_loaded, timeout=PATIENCE_MS)
    assert "No emergency access waits" in page.headline.text()
    assert not page.rows._empty.isHidden()


def test_an_administrator_sets_the_idle_lock_and_the_next_sign_in_has_it(made, qtbot):
    console = start(made, qtbot, "otto")
    console.window.show_page(PageId.ACCESS)
    page = console.walls.page
    qtbot.waitUntil(lambda: console.walls.presenter.state.is_loaded, timeout=PATIENCE_MS)
    select = page.limits[Role.FRONT_DESK]
    select.setCurrentIndex(select.findData(120))
    qtbot.waitUntil(
        lambda: console.presenters.desk.idle_limits.limits_s() == {Role.FRONT_DESK: 120}, timeout=PATIENCE_MS
    )
    assert page.limits[Role.ADMINISTRATOR].findData(600) < 0, "nobody sets an administrator above five minutes"
    made.abandon()
    made.ended.clear()
    console = start(made, qtbot, "noor")
    assert console.idle._limit_ms == 120_000


@pytest.mark.parametrize(("seconds", "words"), [(60, "1 minute"), (300, "5 minutes"), (30, "30 seconds")])
def test_times_are_said_in_words(qapp, seconds, words):
    assert idle_word(seconds) == words


def test_every_refusal_has_words_of_its_own(qapp):
    from app.domain.walls import AccessFault, WallFault  # noqa: PLC0415
    from app.services.walls.errors import AccessRefusedError, WallRefusedError  # noqa: PLC0415

    said = [refusal_words(WallRefusedError(fault)) for fault in WallFault]
    said += [refusal_words(AccessRefusedError(fault)) for fault in AccessFault]
    assert len(set(said)) == len(said)
    assert not any("could not be done" in one for one in said)
