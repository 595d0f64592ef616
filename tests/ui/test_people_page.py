"""The page of people by keyboard: somebody comes in, is changed, forgets and goes; and the desk of an auditor."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.crypto.passwords import FLOOR
from app.crypto.shares import join_shares
from app.domain.conversation import InboxView
from app.domain.office import LicenceKind, Role
from app.services.desk import Desk
from app.services.people.recovery import is_unproven
from app.services.people.service import PeopleService, PersonAct
from app.store.errors import WrongPasswordError
from app.store.signing_in import unlock_with_recovery_code
from app.store.slot_records import SlotKind
from app.store.vault import VaultFiles
from app.ui.background import BackgroundRunner
from app.ui.lock import LockReason
from app.ui.shell.console import Console
from app.ui.shell.pages import PageId
from tests.support.consoles import DemoConsole, now_ms
from tests.support.people import open_as
from tests.support.waiting import PATIENCE_MS

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
NORAS = "seven herons over a slate roof"


@pytest.fixture
def office(qapp, qtbot, tmp_path):
    demo = DemoConsole(tmp_path, qapp, model=None)
    console = demo.start()
    demo.desk.membership = PeopleService(demo.desk.ledger, FLOOR)
    qtbot.waitUntil(console.window.isActiveWindow, timeout=PATIENCE_MS)
    press(console, Qt.Key.Key_7, CTRL)
    qtbot.waitUntil(lambda: console.people.presenter.state.people is not None, timeout=PATIENCE_MS)
    yield demo, console
    demo.abandon()


def press(console, key, modifiers=NONE):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def type_(words):
    QTest.keyClicks(QApplication.focusWidget(), words)
    QApplication.processEvents()


def members(console):
    people = console.people.presenter.state.people
    return () if people is None else people.members


def wait_for(qtbot, console, count):
    qtbot.waitUntil(lambda: len(members(console)) == count, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: len(console.people.page.rows) == count, timeout=PATIENCE_MS)


def add(qtbot, console, name, role=Role.FRONT_DESK):
    console.people.ask()
    sheet = console.people.asking
    sheet.name.setText(name)
    sheet.role.setCurrentIndex(sheet.role.findData(role))
    sheet.button.click()
    qtbot.waitUntil(console.people.giving.isVisible, timeout=PATIENCE_MS)
    password = console.people.giving.password.text()
    console.people.giving.button.click()
    return password


def test_with_one_person_the_page_says_what_a_password_of_ones_own_is_for(office):
    _demo, console = office
    page = console.people.page
    assert page.headline.text() == "One person opens this vault"
    assert "of their own" in page.explanation.text()
    row = page.rows[0]
    assert row.buttons[PersonAct.CHANGE].isEnabled()
    for act in (PersonAct.RESET, PersonAct.DISABLE):
        assert not row.buttons[act].isEnabled()
        assert "Another administrator" in row.buttons[act].toolTip()
        assert row.buttons[act].accessibleDescription() == row.buttons[act].toolTip()


def test_a_professional_comes_in_by_keyboard_alone_and_the_password_is_shown_once(office, qtbot):
    demo, console = office
    press(console, Qt.Key.Key_A)
    sheet = console.people.asking
    assert sheet.name.hasFocus()
    assert not sheet.button.isEnabled()
    type_("Nora Beck")
    press(console, Qt.Key.Key_Tab)
    type_("P")
    assert sheet.role.currentData() is Role.PROFESSIONAL
    assert sheet.place.isVisible()
    press(console, Qt.Key.Key_Tab)
    press(console, Qt.Key.Key_Tab)
    type_("California")
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "US-CA" in sheet._problem.text(), timeout=PATIENCE_MS)
    sheet.place.clear()
    type_("us-ca")
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(console.people.giving.isVisible, timeout=PATIENCE_MS)
    assert not sheet.isVisible()
    given = console.people.giving.password.text()
    assert len(given) == 23
    press(console, Qt.Key.Key_Escape)
    assert console.people.giving.password.text() == ""
    wait_for(qtbot, console, 2)
    nora = members(console)[1].person
    assert (nora.display_name, nora.licence.kind, nora.licence.place) == ("Nora Beck", LicenceKind.PHYSICIAN, "US-CA")
    assert demo.desk.vault.password_holders[1] == nora


def test_a_name_that_is_taken_is_said_in_the_sheet(office, qtbot):
    demo, console = office
    press(console, Qt.Key.Key_A)
    type_(demo.desk.person.display_name)
    press(console, Qt.Key.Key_Return)
    sheet = console.people.asking
    qtbot.waitUntil(lambda: "has this name already" in sheet._problem.text(), timeout=PATIENCE_MS)
    assert sheet.isVisible()


def test_somebody_is_changed_and_gets_another_first_password(office, qtbot):
    _demo, console = office
    first = add(qtbot, console, "Nora Beck")
    wait_for(qtbot, console, 2)
    console.people.page.rows[1].buttons[PersonAct.CHANGE].click()
    sheet = console.people.asking
    assert (sheet.name.text(), sheet.role.currentData()) == ("Nora Beck", Role.FRONT_DESK)
    sheet.role.setCurrentIndex(sheet.role.findData(Role.AUDITOR))
    assert "Never a message" in sheet._meaning.text()
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: members(console)[1].person.role is Role.AUDITOR, timeout=PATIENCE_MS)
    qtbot.waitUntil(console.people.page._due.isVisible, timeout=PATIENCE_MS)
    console.people.page.rows[1].buttons[PersonAct.RESET].click()
    assert console.people.resetting.isVisible()
    console.people.resetting.button.click()
    qtbot.waitUntil(console.people.giving.isVisible, timeout=PATIENCE_MS)
    assert console.people.giving.password.text() != first


def test_letting_somebody_go_names_the_count_and_locks_with_a_new_key(office, qtbot):
    demo, console = office
    add(qtbot, console, "Nora Beck")
    wait_for(qtbot, console, 2)
    nora = members(console)[1].person
    cid = demo.desk.conversations.inbox(InboxView.OPEN)[0].conversation_id
    demo.desk.conversations.assign(cid, nora.person_id)
    console.people.page.rows[1].buttons[PersonAct.DISABLE].click()
    qtbot.waitUntil(console.people.parting.isVisible, timeout=PATIENCE_MS)
    sheet = console.people.parting
    assert sheet.title.text() == "Let Nora Beck go?"
    assert "1 open conversation will be nobody's" in sheet.words.text()
    assert sheet.keep.hasFocus()
    press(console, Qt.Key.Key_Escape)
    assert len(members(console)) == 2
    console.people.page.rows[1].buttons[PersonAct.DISABLE].click()
    qtbot.waitUntil(sheet.isVisible, timeout=PATIENCE_MS)
    mara = demo.desk.vault.people.unlocked
    sheet.button.click()
    qtbot.waitUntil(lambda: demo.ended == [LockReason.BY_PERSON], timeout=PATIENCE_MS)
    vault = open_as(demo.vault.store.directory, mara.person.person_id, mara.seed)
    with Desk.over(vault, now_ms) as desk:
        assert desk.vault.people.unlocked.file.epoch == 2
        assert [one.person.display_name for one in desk.membership.list().members] == [mara.person.display_name]
        assert desk.conversations.thread(cid).assigned_to is None


def test_shares_are_made_shown_one_after_another_and_forgotten(office, qtbot):
    demo, console = office
    press(console, Qt.Key.Key_S)
    sheet = console.people.sharing
    assert sheet.button.hasFocus()
    assert not sheet.share.isVisible()
    press(console, Qt.Key.Key_Space)
    qtbot.waitUntil(sheet.share.isVisible, timeout=PATIENCE_MS)
    shown = []
    for number in (1, 2, 3):
        assert sheet.title.text() == f"Share {number} of 3"
        shown.append(" ".join(word for word in sheet.share.text().split() if not word.isdigit()))
        press(console, Qt.Key.Key_Space)
    assert not sheet.isVisible()
    assert sheet.share.text() == ""
    qtbot.waitUntil(lambda: console.people.presenter.state.people.has_shares, timeout=PATIENCE_MS)
    file = demo.desk.vault.people.unlocked.file
    code = join_shares([shown[2], shown[0]])
    assert unlock_with_recovery_code(file, code, SlotKind.SHARES).vault_key == demo.desk.vault.people.unlocked.vault_key


def test_shares_are_forgotten_when_the_sheet_is_closed_half_way(office, qtbot):
    _demo, console = office
    press(console, Qt.Key.Key_S)
    press(console, Qt.Key.Key_Space)
    sheet = console.people.sharing
    qtbot.waitUntil(sheet.share.isVisible, timeout=PATIENCE_MS)
    press(console, Qt.Key.Key_Escape)
    assert (sheet.share.text(), sheet._left) == ("", [])


# --- somebody who never sees a message -------------------------------------------------------------------------------


@pytest.fixture(params=[Role.AUDITOR, Role.IT])
def limited(request, qapp, qtbot, tmp_path):
    """A console at the desk of an auditor, or of somebody from IT."""
    demo = DemoConsole(tmp_path, qapp, model=None)
    with demo.vault.open() as desk:
        olaf = PeopleService(desk.ledger, FLOOR).add_with_password("Olaf Reyes", request.param, NORAS)
    demo.desk = Desk.over(VaultFiles.open(demo.vault.store.directory, NORAS, olaf.person_id), now_ms)
    demo.runner = BackgroundRunner("store")
    demo.console = Console(demo.parts, demo.desk, demo.theme, demo.runner, now_ms)
    demo.console.ended.connect(demo.ended.append)
    demo.console.begin()
    qtbot.waitUntil(demo.console.window.isActiveWindow, timeout=PATIENCE_MS)
    yield demo, demo.console, request.param
    demo.abandon()


def test_who_never_sees_a_message_has_a_desk_that_asks_for_none(limited, qtbot):
    demo, console, role = limited
    assert console.window.page_id is (PageId.BACKUPS if role is Role.IT else PageId.AUDIT)
    assert console.presenters.inbox.model.rowCount() == 0
    press(console, Qt.Key.Key_7, CTRL)
    qtbot.waitUntil(lambda: len(members(console)) == 2, timeout=PATIENCE_MS)
    assert not console.people.page.add.isEnabled()
    assert "takes an administrator" in console.people.page._reason.text()
    press(console, Qt.Key.Key_A)
    assert "asking" not in console.people.__dict__
    press(console, Qt.Key.Key_1, CTRL)
    banner = console.window.conversation.banner
    qtbot.waitUntil(lambda: banner.title() == "Your role never sees a message", timeout=PATIENCE_MS)
    console.end(LockReason.BY_PERSON)
    qtbot.waitUntil(lambda: demo.ended == [LockReason.BY_PERSON], timeout=PATIENCE_MS)


def test_an_old_password_of_somebody_who_went_is_wrong(tmp_path, qapp):
    demo = DemoConsole(tmp_path, qapp, model=None, has_demo=False)
    with demo.vault.open() as desk:
        people = PeopleService(desk.ledger, FLOOR)
        people.disable(people.add_with_password("Nora Beck", Role.FRONT_DESK, NORAS).person_id)
    with pytest.raises(WrongPasswordError):
        VaultFiles.open(demo.vault.store.directory, NORAS)


def test_the_paper_is_proved_on_the_page_and_a_slip_is_named(office, qtbot):
    demo, console = office
    page = console.people.page
    qtbot.waitUntil(lambda: "nobody has proved" in page._recovery.text(), timeout=PATIENCE_MS)
    page.prove.click()
    sheet = console.people.proving
    assert sheet.code.hasFocus()
    code = str(demo.vault.store.code)
    sheet.code.setPlainText("9" + code[1:] if code[0] != "9" else "8" + code[1:])
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "group 1" in sheet.outcome.title(), timeout=PATIENCE_MS)
    sheet.code.setPlainText(code)
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "It works" in sheet.outcome.title(), timeout=PATIENCE_MS)
    assert sheet.code.text() == ""
    press(console, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "proved on" in page._recovery.text(), timeout=PATIENCE_MS)


def test_a_new_recovery_code_is_asked_for_and_locks(office, qtbot):
    demo, console = office
    console.people.page.renew.click()
    sheet = console.people.renewing
    assert sheet.keep.hasFocus()
    press(console, Qt.Key.Key_Escape)
    assert not is_unproven(demo.vault.store.directory)
    console.people.page.renew.click()
    sheet.button.click()
    qtbot.waitUntil(lambda: demo.ended == [LockReason.BY_PERSON], timeout=PATIENCE_MS)
    assert is_unproven(demo.vault.store.directory)
