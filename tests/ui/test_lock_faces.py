"""Several people at one desk: who is here is said by a letter, then the password, and a first one is changed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.crypto.passwords import FLOOR
from app.domain.ids import PersonId
from app.domain.office import Office, Role, Sector
from app.services.people.door import Face
from app.services.people.service import PeopleService
from app.ui.background import BackgroundRunner
from app.ui.lock import LockScreen
from app.ui.lock.faces import FacePicker, labels_of
from app.ui.lock.presenter import Way
from tests.support.opening_parts import PASSWORD, TestParts

PATIENCE_MS = 60_000
NORAS = "seven herons over a slate roof"
CHOSEN = "a violin asleep in the orchard"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A vault of three people, and the one-time password of the third."""
    folder = tmp_path_factory.mktemp("made") / "vault"
    parts = TestParts(folder)
    office = Office("Nightingale Lane Surgery", Sector.CLINIC, is_demo=False)
    with parts.vault_service.create(
        folder, password=PASSWORD, person_name="Dana Whitcroft", office=office
    ).desk as desk:
        people = PeopleService(desk.ledger, FLOOR)
        people.add_with_password("Nora Beck", Role.FRONT_DESK, NORAS)
        given = people.add("Dora Wyn", Role.AUDITOR).one_time_password
    return folder, given


@pytest.fixture
def parts(made: tuple[Path, str], tmp_path: Path) -> TestParts:
    shutil.copytree(made[0], tmp_path / "vault")
    return TestParts(tmp_path / "vault")


@pytest.fixture
def screen(parts: TestParts, qtbot: QtBot) -> Iterator[LockScreen]:
    runner = BackgroundRunner("test store")
    screen = LockScreen(parts, runner)
    qtbot.addWidget(screen)
    screen.resize(1366, 768)
    screen.show()
    screen.activateWindow()
    screen.focus_field()
    qtbot.waitUntil(screen.faces.tiles[0].hasFocus, timeout=PATIENCE_MS)
    yield screen
    qtbot.waitUntil(lambda: runner.is_idle, timeout=PATIENCE_MS)
    assert runner.close()


def press(qtbot: QtBot, words: str) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClicks(focused, words)


def test_a_letter_says_who_is_here_and_the_password_is_next(screen: LockScreen, qtbot: QtBot) -> None:
    press(qtbot, "n")
    qtbot.waitUntil(screen.password.line().hasFocus, timeout=PATIENCE_MS)
    press(qtbot, NORAS)
    with qtbot.waitSignal(screen.opened, timeout=PATIENCE_MS) as opened:
        qtbot.keyClick(screen.password.line(), Qt.Key.Key_Return)
    assert opened.args[0].desk.person.display_name == "Nora Beck"
    opened.args[0].desk.close()


def test_where_two_share_initials_the_letter_goes_from_one_to_the_next(screen: LockScreen, qtbot: QtBot) -> None:
    assert [tile.text() for tile in screen.faces.tiles] == ["DW", "NB", "DW 2"]
    press(qtbot, "d")
    press(qtbot, "d")
    assert screen.faces.person_id() == screen.faces.tiles[2].face.person_id
    qtbot.keyClick(screen.faces.tiles[2], Qt.Key.Key_Return)
    assert screen.password.line().hasFocus()


def test_the_password_of_somebody_else_does_not_do(screen: LockScreen, qtbot: QtBot) -> None:
    press(qtbot, "n")
    press(qtbot, PASSWORD)
    with qtbot.waitSignal(screen.presenter.refused, timeout=PATIENCE_MS):
        qtbot.keyClick(screen.password.line(), Qt.Key.Key_Return)
    assert screen.refusal_code() == "wrong_password"
    qtbot.waitUntil(screen.password.line().hasFocus, timeout=PATIENCE_MS)


def test_nothing_is_tried_before_somebody_says_who_it_is(screen: LockScreen, qtbot: QtBot) -> None:
    screen.password.setFocus()
    press(qtbot, NORAS)
    with qtbot.assertNotEmitted(screen.presenter.busy_changed):
        qtbot.keyClick(screen.password.line(), Qt.Key.Key_Return)
    assert "who it is" in screen.refusal.title()


def test_a_first_password_lets_nobody_in_until_another_is_chosen(
    screen: LockScreen, made: tuple[Path, str], parts: TestParts, qtbot: QtBot
) -> None:
    screen.faces.tiles[2].click()
    press(qtbot, made[1])
    qtbot.keyClick(screen.password.line(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.presenter.way is Way.FIRST_PASSWORD, timeout=PATIENCE_MS)
    assert "only you know" in screen.reason.text()
    assert not screen.other_way.isVisible()
    assert not screen.faces.isVisible()
    with qtbot.assertNotEmitted(screen.opened):
        screen.presenter.keep_password()
    qtbot.waitUntil(screen.form.password.line().hasFocus, timeout=PATIENCE_MS)
    qtbot.keyClicks(screen.form.password.line(), CHOSEN)
    qtbot.keyClicks(screen.form.repeated.line(), CHOSEN)
    with qtbot.waitSignal(screen.opened, timeout=PATIENCE_MS) as opened:
        qtbot.keyClick(screen.form.repeated.line(), Qt.Key.Key_Return)
    desk = opened.args[0].desk
    assert (desk.person.display_name, desk.vault.people.unlocked.must_change) == ("Dora Wyn", False)
    desk.close()


def test_two_shares_give_somebody_who_forgot_a_new_password(
    screen: LockScreen, made: tuple[Path, str], parts: TestParts, qtbot: QtBot
) -> None:
    with parts.vault_service.unlock(parts.vault_dir, PASSWORD) as desk:
        shares = desk.membership.make_shares()
    screen.presenter.ask_for(Way.RECOVERY)
    words = shares[1].split()
    screen.code.setPlainText(f"{shares[0]}\n{' '.join(['vestibule', *words[1:]])}")
    with qtbot.waitSignal(screen.presenter.refused, timeout=PATIENCE_MS):
        qtbot.keyClick(screen.code, Qt.Key.Key_Return)
    assert (screen.refusal.title(), "word 1 " in screen.refusal.text()) == ("There is a slip in share 2", True)
    screen.code.setPlainText(f"{shares[0]}\n{shares[1]}")
    qtbot.keyClick(screen.code, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.presenter.way is Way.NEW_PASSWORD, timeout=PATIENCE_MS)
    qtbot.waitUntil(screen.faces.tiles[0].hasFocus, timeout=PATIENCE_MS)
    press(qtbot, "n")
    qtbot.waitUntil(screen.form.password.line().hasFocus, timeout=PATIENCE_MS)
    qtbot.keyClicks(screen.form.password.line(), CHOSEN)
    qtbot.keyClicks(screen.form.repeated.line(), CHOSEN)
    with qtbot.waitSignal(screen.opened, timeout=PATIENCE_MS) as opened:
        qtbot.keyClick(screen.form.repeated.line(), Qt.Key.Key_Return)
    opened.args[0].desk.close()
    nora = screen.faces.tiles[1].face.person_id
    parts.vault_service.unlock(parts.vault_dir, CHOSEN, nora).close()


def test_no_name_is_on_the_screen(screen: LockScreen) -> None:
    words = " ".join(label.text() for label in screen.findChildren(QLabel) if label.isVisible())
    shown = words + " ".join(tile.accessibleName() for tile in screen.faces.tiles)
    for name in ("Dana", "Whitcroft", "Nora", "Beck", "Dora", "Wyn", "Nightingale"):
        assert name not in shown
    assert "NB, Front desk" in shown


def test_too_many_wrong_ones_are_told_to_wait(screen: LockScreen, qtbot: QtBot) -> None:
    for _ in range(4):
        screen.faces.tiles[1].click()
        press(qtbot, "some other long password")
        with qtbot.waitSignal(screen.presenter.refused, timeout=PATIENCE_MS):
            qtbot.keyClick(screen.password.line(), Qt.Key.Key_Return)
        qtbot.waitUntil(screen.password.line().hasFocus, timeout=PATIENCE_MS)
    assert screen.refusal_code() == "too_soon"
    assert "then try again" in screen.refusal.text()


@pytest.mark.parametrize("count", [0, 1])
def test_where_there_is_no_choice_nothing_is_asked(qtbot: QtBot, count: int) -> None:
    picker = FacePicker([Face(PersonId("a"), "A", Role.IT)][:count])
    qtbot.addWidget(picker)
    assert picker.person_id() is None
    assert len(picker.tiles) == count


def test_labels_number_those_who_share_initials() -> None:
    faces = [Face(PersonId(str(number)), initials, Role.IT) for number, initials in enumerate(("A", "B", "A", "A"))]
    assert labels_of(faces) == ["A", "B", "A 2", "A 3"]
