"""At the door with a phone and a key stick, and choosing another password before anybody has come in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.crypto.passwords import FLOOR
from app.crypto.timed_codes import code_at, step_at
from app.domain.office import Office, Sector
from app.services.clock import system_clock
from app.services.desk import Desk
from app.services.people import key_sticks
from app.services.people.sign_in import Current, SignInService
from app.ui.background import BackgroundRunner
from app.ui.lock import LockScreen
from app.ui.lock.presenter import Way
from tests.support.opening_parts import PASSWORD, QuickVaultService, TestParts
from tests.support.sticks import sticks_in

PATIENCE_MS = 60_000
SHORT = "heron slate"
CHOSEN = "a violin asleep in the orchard"
SECRET = bytes(range(20))


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(key_sticks, "_is_apart", lambda _root, _vault: True)
    root = tmp_path / "disk"
    root.mkdir()
    return root


@pytest.fixture
def parts(tmp_path: Path, disk: Path) -> TestParts:
    parts = TestParts(tmp_path / "vault", vault_service=QuickVaultService(second_of=sticks_in(disk)))
    office = Office("Nightingale Lane Surgery", Sector.CLINIC, is_demo=False)
    service = parts.vault_service
    service.create(parts.vault_dir, password=PASSWORD, person_name="Dana Whitcroft", office=office).desk.close()
    return parts


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[BackgroundRunner]:
    runner = BackgroundRunner("test store")
    yield runner
    qtbot.waitUntil(lambda: runner.is_idle, timeout=PATIENCE_MS)
    assert runner.close()


def screen_of(parts: TestParts, runner: BackgroundRunner, qtbot: QtBot) -> LockScreen:
    screen = LockScreen(parts, runner)
    qtbot.addWidget(screen)
    screen.resize(1366, 768)
    screen.show()
    screen.activateWindow()
    screen.focus_field()
    qtbot.waitUntil(screen.password.line().hasFocus, timeout=PATIENCE_MS)
    return screen


def set_up(parts: TestParts, disk: Path, *, phone: bool = False, stick: bool = False) -> None:
    with parts.vault_service.unlock(parts.vault_dir, PASSWORD) as desk:
        sign_in = SignInService(desk.ledger, FLOOR, second_of=sticks_in(disk))
        current = Current(PASSWORD, has_just_come_in=True)
        if phone:
            sign_in.set_code(current, SECRET, shown(-1))
        if stick:
            sign_in.make_stick(current, disk, SHORT)


def shown(steps: int = 0) -> str:
    return code_at(SECRET, step_at(system_clock()) + steps)


def opened(screen: LockScreen, qtbot: QtBot) -> Desk:
    with qtbot.waitSignal(screen.opened, timeout=PATIENCE_MS) as signal:
        qtbot.keyClick(screen.focusWidget(), Qt.Key.Key_Return)
    desk: Desk = signal.args[0].desk
    return desk


def test_password_and_code_are_typed_one_after_the_other(
    parts: TestParts, disk: Path, runner: BackgroundRunner, qtbot: QtBot
) -> None:
    set_up(parts, disk, phone=True)
    screen = screen_of(parts, runner, qtbot)
    assert screen.beside.code.isVisible()
    qtbot.keyClicks(screen.password.line(), PASSWORD)
    qtbot.keyClick(screen.password.line(), Qt.Key.Key_Return)
    qtbot.waitUntil(screen.beside.code.hasFocus, timeout=PATIENCE_MS)
    assert not screen.password.is_empty()
    qtbot.keyClicks(screen.beside.code, shown())
    opened(screen, qtbot).close()
    assert screen.beside.code.text() == ""


def test_a_wrong_code_is_refused_without_saying_what_was_wrong(
    parts: TestParts, disk: Path, runner: BackgroundRunner, qtbot: QtBot
) -> None:
    set_up(parts, disk, phone=True)
    screen = screen_of(parts, runner, qtbot)
    words = set()
    for password, code in ((PASSWORD, "000000"), (PASSWORD + "!", shown())):
        screen.password.line().setText(password)
        screen.beside.code.setText(code)
        with qtbot.waitSignal(screen.presenter.refused, timeout=PATIENCE_MS):
            screen.unlock.click()
        words.add((screen.refusal.title(), screen.refusal.text()))
    assert len(words) == 1
    assert "together" in screen.refusal.title()
    assert screen.beside.code.text() == ""


def test_the_door_says_that_the_stick_is_missing_and_sees_it_come(
    parts: TestParts, disk: Path, runner: BackgroundRunner, qtbot: QtBot
) -> None:
    set_up(parts, disk, stick=True)
    stick = next(disk.iterdir())
    pulled_out = stick.rename(disk.parent / "pulled out")
    screen = screen_of(parts, runner, qtbot)
    assert screen.beside.stick.text() == "Plug in your key stick."
    assert not screen.beside.code.isVisible()
    qtbot.keyClicks(screen.password.line(), SHORT)
    with qtbot.waitSignal(screen.presenter.refused, timeout=PATIENCE_MS):
        qtbot.keyClick(screen.password.line(), Qt.Key.Key_Return)
    assert screen.refusal_code() == "second_missing"
    pulled_out.rename(stick)
    qtbot.waitUntil(lambda: screen.beside.stick.text() == "Your key stick is plugged in.", timeout=PATIENCE_MS)
    qtbot.waitUntil(screen.password.line().hasFocus, timeout=PATIENCE_MS)
    qtbot.keyClicks(screen.password.line(), SHORT)
    opened(screen, qtbot).close()


def test_another_password_is_chosen_at_the_door_by_keyboard(
    parts: TestParts, disk: Path, runner: BackgroundRunner, qtbot: QtBot
) -> None:
    screen = screen_of(parts, runner, qtbot)
    screen.change.setFocus()
    qtbot.keyClick(screen.change, Qt.Key.Key_Space)
    assert screen.presenter.way is Way.CHANGE
    qtbot.waitUntil(screen.password.line().hasFocus, timeout=PATIENCE_MS)
    qtbot.keyClicks(screen.password.line(), PASSWORD)
    qtbot.keyClick(screen.password.line(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.presenter.way is Way.OWN_PASSWORD, timeout=PATIENCE_MS)
    qtbot.waitUntil(screen.form.password.line().hasFocus, timeout=PATIENCE_MS)
    qtbot.keyClicks(screen.form.password.line(), SHORT)
    assert "more character" in screen.form.meter.words()
    screen.form.password.clear()
    qtbot.keyClicks(screen.form.password.line(), CHOSEN)
    qtbot.keyClicks(screen.form.repeated.line(), CHOSEN)
    screen.form.repeated.line().setFocus()
    opened(screen, qtbot).close()
    parts.vault_service.unlock(parts.vault_dir, CHOSEN).close()


def test_with_a_stick_the_other_password_may_be_short_and_what_goes_with_it_stays(
    parts: TestParts, disk: Path, runner: BackgroundRunner, qtbot: QtBot
) -> None:
    set_up(parts, disk, phone=True, stick=True)
    screen = screen_of(parts, runner, qtbot)
    screen.presenter.ask_for(Way.CHANGE)
    assert screen.beside.code.isVisible()
    screen.password.line().setText(SHORT)
    screen.beside.code.setText(shown())
    screen.unlock.click()
    qtbot.waitUntil(lambda: screen.presenter.way is Way.OWN_PASSWORD, timeout=PATIENCE_MS)
    other = "slate heron"
    screen.form.password.line().setText(other)
    screen.form.repeated.line().setText(other)
    screen.form.refresh()
    assert "key stick" in screen.form.meter.words()
    with qtbot.waitSignal(screen.opened, timeout=PATIENCE_MS) as signal:
        screen.unlock.click()
    state = signal.args[0].desk.sign_in.state()
    signal.args[0].desk.close()
    assert (state.asks_code, state.second is not None) == (True, True)


def test_who_only_thought_of_another_password_comes_in_with_the_old_one(
    parts: TestParts, runner: BackgroundRunner, qtbot: QtBot
) -> None:
    screen = screen_of(parts, runner, qtbot)
    screen.presenter.ask_for(Way.CHANGE)
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert screen.presenter.way is Way.PASSWORD
    screen.password.line().setText(PASSWORD)
    with qtbot.waitSignal(screen.opened, timeout=PATIENCE_MS) as signal:
        screen.unlock.click()
    signal.args[0].desk.close()
    assert not screen.beside.isVisible()
