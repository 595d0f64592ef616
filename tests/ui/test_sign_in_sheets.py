"""How one signs in, within the console and by keyboard: password, phone, key stick; nothing secret stays behind."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.crypto.passwords import FLOOR
from app.crypto.timed_codes import code_at, step_at
from app.services.people import key_sticks
from app.services.people.service import PeopleService
from app.services.people.sign_in import Current, SignInService
from app.store.slot_seconds import SecondKind
from app.ui.people.sign_in_words import Wish
from app.ui.people.words import detail
from tests.support.consoles import DemoConsole
from tests.support.sticks import sticks_in
from tests.support.stretching import stretched_quickly
from tests.support.vaults import PASSWORD
from tests.support.waiting import PATIENCE_MS

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
NEW = "seven herons over a slate roof"
SHORT = "heron slate"


@pytest.fixture
def disk(tmp_path, monkeypatch):
    monkeypatch.setattr(key_sticks, "_is_apart", lambda _root, _vault: True)
    root = tmp_path / "BLUE STICK"
    root.mkdir()
    return root


@pytest.fixture
def office(qapp, qtbot, tmp_path, disk, monkeypatch):
    demo = DemoConsole(tmp_path, qapp, model=None)
    console = demo.start()
    monkeypatch.setattr("app.store.slots.stretch", stretched_quickly)
    demo.desk.membership = PeopleService(demo.desk.ledger, FLOOR)
    demo.desk.sign_in = SignInService(
        demo.desk.ledger, FLOOR, second_of=sticks_in(disk), roots=lambda: tuple(one for one in (disk,) if one.exists())
    )
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


def open_wish(qtbot, console, wish):
    press(console, Qt.Key.Key_Y)
    part = console.people.sign_in
    qtbot.waitUntil(lambda: part.overview.isVisible() and bool(part.overview.password.text()), timeout=PATIENCE_MS)
    part.overview.buttons[wish].click()
    sheet = part.sheets[wish]
    qtbot.waitUntil(sheet.isVisible, timeout=PATIENCE_MS)
    assert not part.overview.isVisible()
    return sheet


def closed(qtbot, sheet):
    qtbot.waitUntil(lambda: not sheet.isVisible(), timeout=PATIENCE_MS)


def proves(desk, password, code=""):
    return desk.sign_in.prove(desk.person.person_id, password, code).person == desk.person


def test_the_own_password_is_changed_by_keyboard_with_its_strength_in_words(office, qtbot):
    demo, console = office
    press(console, Qt.Key.Key_Y)
    part = console.people.sign_in
    qtbot.waitUntil(lambda: bool(part.overview.password.text()), timeout=PATIENCE_MS)
    assert part.overview.buttons[Wish.CHANGE_PASSWORD].hasFocus()
    press(console, Qt.Key.Key_Space)
    sheet = part.sheets[Wish.CHANGE_PASSWORD]
    assert sheet.proof.password.line().hasFocus()
    assert not sheet.proof.code.isVisible()
    press(console, Qt.Key.Key_Return)
    assert "the password you have now" in sheet.refusal.title()
    type_("some other long password")
    sheet.form.password.line().setFocus()
    type_(SHORT)
    assert "more character" in sheet.form.meter.words()
    type_(" and a violet hill")
    assert sheet.form.meter.strength() >= 3
    sheet.form.repeated.line().setFocus()
    type_(SHORT + " and a violet hill")
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "does not open" in sheet.refusal.title(), timeout=PATIENCE_MS)
    assert sheet.proof.password.is_empty()
    assert sheet.form.password.is_empty()
    type_(PASSWORD)
    for field in (sheet.form.password, sheet.form.repeated):
        field.line().setFocus()
        type_(NEW)
    press(console, Qt.Key.Key_Return)
    closed(qtbot, sheet)
    assert proves(demo.desk, NEW)


def test_esc_leaves_the_password_as_it_is_and_nothing_in_the_fields(office, qtbot):
    demo, console = office
    sheet = open_wish(qtbot, console, Wish.CHANGE_PASSWORD)
    type_(PASSWORD)
    sheet.form.password.line().setFocus()
    type_(NEW)
    press(console, Qt.Key.Key_Escape)
    closed(qtbot, sheet)
    assert sheet.proof.password.is_empty()
    assert sheet.form.password.is_empty()
    assert proves(demo.desk, PASSWORD)


def test_a_phone_is_set_up_with_a_picture_and_the_printed_codes_are_shown_once(office, qtbot):
    demo, console = office
    sheet = open_wish(qtbot, console, Wish.SET_PHONE)
    assert sheet.code.hasFocus()
    secret = sheet._secret
    assert len(secret) == 20
    assert sheet.typed.text().replace(" ", "").isalnum()
    type_("000000")
    sheet.proof.password.line().setFocus()
    type_(PASSWORD)
    press(console, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "another code" in sheet.refusal.title(), timeout=PATIENCE_MS)
    sheet.code.setText(code_at(secret, step_at(demo.desk.ledger.now_ms())))
    sheet.proof.password.line().setFocus()
    type_(PASSWORD)
    press(console, Qt.Key.Key_Return)
    closed(qtbot, sheet)
    assert sheet._secret == b""
    assert sheet.typed.text() == ""
    spare = console.people.sign_in.spare
    qtbot.waitUntil(spare.isVisible, timeout=PATIENCE_MS)
    codes = spare.codes.text().split()
    assert len(codes) == 8
    press(console, Qt.Key.Key_Escape)
    assert spare.codes.text() == ""
    assert demo.desk.sign_in.state().asks_code
    assert proves(demo.desk, PASSWORD, codes[0])
    qtbot.waitUntil(lambda: console.people.presenter.state.people.members[0].asks_code, timeout=PATIENCE_MS)
    assert "password and phone" in detail(console.people.presenter.state.people.members[0], None)


def test_with_a_phone_every_change_asks_for_a_code_too(office, qtbot):
    demo, console = office
    secret = demo.desk.sign_in.new_code().secret
    now = step_at(demo.desk.ledger.now_ms())
    demo.desk.sign_in.set_code(Current(PASSWORD), secret, code_at(secret, now - 1))
    sheet = open_wish(qtbot, console, Wish.REMOVE_PHONE)
    assert sheet.proof.code.isVisible()
    type_(PASSWORD)
    press(console, Qt.Key.Key_Return)
    assert "code that your phone shows" in sheet.refusal.title()
    sheet.proof.code.setFocus()
    type_(code_at(secret, now))
    press(console, Qt.Key.Key_Return)
    closed(qtbot, sheet)
    assert not demo.desk.sign_in.state().asks_code


def test_a_stick_is_made_with_a_shorter_password_and_taken_away_with_a_long_one(office, qtbot, disk):
    demo, console = office
    sheet = open_wish(qtbot, console, Wish.MAKE_STICK)
    qtbot.waitUntil(lambda: sheet.disk.count() == 1, timeout=PATIENCE_MS)
    assert sheet.disk.currentText() == "BLUE STICK"
    type_(PASSWORD)
    for field in (sheet.form.password, sheet.form.repeated):
        field.line().setFocus()
        type_(SHORT)
    assert "key stick" in sheet.form.meter.words()
    press(console, Qt.Key.Key_Return)
    closed(qtbot, sheet)
    assert len(list(disk.iterdir())) == 1
    assert demo.desk.sign_in.state().second is SecondKind.STICK
    assert proves(demo.desk, SHORT)
    away = open_wish(qtbot, console, Wish.REMOVE_STICK)
    type_(SHORT)
    for field in (away.form.password, away.form.repeated):
        field.line().setFocus()
        type_(NEW)
    press(console, Qt.Key.Key_Return)
    closed(qtbot, away)
    assert demo.desk.sign_in.state().second is None
    assert proves(demo.desk, NEW)


def test_without_a_disk_the_sheet_says_so_and_finds_one_that_comes(office, qtbot, disk):
    _demo, console = office
    disk.rmdir()
    sheet = open_wish(qtbot, console, Wish.MAKE_STICK)
    qtbot.waitUntil(sheet._none.isVisible, timeout=PATIENCE_MS)
    type_(PASSWORD)
    press(console, Qt.Key.Key_Return)
    assert "removable disk" in sheet.refusal.title()
    disk.mkdir()
    sheet.again.click()
    qtbot.waitUntil(lambda: sheet.disk.count() == 1 and sheet.disk.isVisible(), timeout=PATIENCE_MS)
