"""The lock screen on real vaults: it opens, it refuses in words, and it shows nothing personal."""

import inspect
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.crypto.errors import RecoveryCodeError
from app.domain.office import Office, Sector
from app.services import errors as service_errors
from app.store import errors as store_errors
from app.ui.background import BackgroundRunner
from app.ui.lock import LockReason, LockScreen, Opened
from app.ui.lock.presenter import Way
from app.ui.lock.reasons import REASON_WORDS
from app.ui.lock.refusals import CODE_UNKNOWN, WORDS, explain
from app.ui.theme import SchemeChoice, Theme
from tests.support.opening_parts import PASSWORD, TestParts

PATIENCE_MS = 30_000
OFFICE_NAME = "Nightingale Lane Surgery"
PERSON_NAME = "Dana Whitcroft"

# Codes that never reach the lock screen or the wizard: they belong to work on an open desk, or are roots and bugs.
ELSEWHERE = {
    "store_failed",
    "store_bug",
    "event_format",
    "unknown_conversation",
    "no_such_conversation",
    "demo_mix",
    "backup_place",
    "backup_missing",
    "backup_stopped",
    "backup_damaged",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """One vault for the module; tests copy it, because making one costs half a second."""
    folder = tmp_path_factory.mktemp("made") / "vault"
    parts = TestParts(folder)
    office = Office(OFFICE_NAME, Sector.CLINIC, is_demo=False)
    created = parts.vault_service.create(folder, password=PASSWORD, person_name=PERSON_NAME, office=office)
    created.desk.close()
    return folder, created.recovery_code


@pytest.fixture
def parts(made: tuple[Path, str], tmp_path: Path) -> TestParts:
    shutil.copytree(made[0], tmp_path / "vault")
    return TestParts(tmp_path / "vault")


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[BackgroundRunner]:
    runner = BackgroundRunner("test store")
    yield runner
    qtbot.waitUntil(lambda: runner.is_idle, timeout=PATIENCE_MS)
    assert runner.close()


MakeScreen = Callable[..., LockScreen]


@pytest.fixture
def make_screen(parts: TestParts, runner: BackgroundRunner, qtbot: QtBot) -> MakeScreen:
    def make(reason: LockReason = LockReason.START) -> LockScreen:
        screen = LockScreen(parts, runner, reason)
        qtbot.addWidget(screen)
        screen.resize(1366, 768)
        screen.show()
        screen.activateWindow()
        screen.focus_field()
        qtbot.waitUntil(screen.password.line().hasFocus, timeout=PATIENCE_MS)
        return screen

    return make


def _type_and_enter(qtbot: QtBot, words: str) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClicks(focused, words)
    qtbot.keyClick(focused, Qt.Key.Key_Return)


def _words_on(screen: LockScreen) -> str:
    labels = [label.text() for label in screen.findChildren(QLabel) if label.isVisible()]
    return " ".join([*labels, screen.windowTitle(), screen.accessibleName()])


def test_the_password_and_enter_open_the_desk(make_screen: MakeScreen, qtbot: QtBot) -> None:
    screen = make_screen()
    with qtbot.waitSignal(screen.opened, timeout=PATIENCE_MS) as opened:
        _type_and_enter(qtbot, PASSWORD)
    result = opened.args[0]
    assert isinstance(result, Opened)
    assert result.desk.office.name == OFFICE_NAME
    assert result.model is None
    assert screen.password.is_empty()
    result.desk.close()


def test_while_it_opens_nothing_can_be_pressed_and_the_line_moves(make_screen: MakeScreen, qtbot: QtBot) -> None:
    screen = make_screen()
    with qtbot.waitSignal(screen.opened, timeout=PATIENCE_MS) as opened:
        _type_and_enter(qtbot, PASSWORD)
        assert screen.progress.isVisible()
        assert not screen.unlock.isEnabled()
        assert not screen.password.isEnabled()
        assert not screen.other_way.isEnabled()
        screen.presenter.unlock("pressed again")
    opened.args[0].desk.close()


def test_a_wrong_password_is_said_and_the_cursor_comes_back(make_screen: MakeScreen, qtbot: QtBot) -> None:
    screen = make_screen()
    with qtbot.waitSignal(screen.presenter.refused, timeout=PATIENCE_MS):
        _type_and_enter(qtbot, "not the right words at all")
    assert screen.refusal.title() == "This password does not open the vault"
    assert "Nothing was changed" in screen.refusal.text()
    assert screen.refusal_code() == "wrong_password"
    assert screen.password.is_empty()
    assert screen.unlock.isEnabled()
    qtbot.waitUntil(screen.password.line().hasFocus, timeout=PATIENCE_MS)
    with qtbot.waitSignal(screen.opened, timeout=PATIENCE_MS) as opened:
        _type_and_enter(qtbot, PASSWORD)
    assert screen.refusal.isHidden()
    assert screen.refusal_code() is None
    opened.args[0].desk.close()


def test_an_empty_password_is_not_tried(make_screen: MakeScreen, qtbot: QtBot) -> None:
    screen = make_screen()
    with qtbot.assertNotEmitted(screen.presenter.busy_changed):
        _type_and_enter(qtbot, "")


NEW_PASSWORD = "eleven slow rivers under glass"


@pytest.fixture
def rescued(make_screen: MakeScreen, made: tuple[Path, str], qtbot: QtBot) -> LockScreen:
    """A screen whose vault was opened with the recovery code, by keyboard."""
    screen = make_screen()
    for _ in range(6):
        if screen.other_way.hasFocus():
            break
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClick(screen.other_way, Qt.Key.Key_Return)
    qtbot.waitUntil(screen.code.hasFocus, timeout=PATIENCE_MS)
    _type_and_enter(qtbot, made[1].lower().replace("-", " "))
    qtbot.waitUntil(lambda: screen.presenter.way is Way.NEW_PASSWORD, timeout=PATIENCE_MS)
    qtbot.waitUntil(screen.form.password.line().hasFocus, timeout=PATIENCE_MS)
    return screen


def test_after_a_recovery_a_new_password_is_set_and_only_it_opens_the_vault(
    rescued: LockScreen, parts: TestParts, made: tuple[Path, str], qtbot: QtBot
) -> None:
    assert "code opened the vault" in rescued.reason.text()
    qtbot.keyClicks(rescued.form.password.line(), NEW_PASSWORD)
    qtbot.keyClicks(rescued.form.repeated.line(), NEW_PASSWORD)
    with qtbot.waitSignal(rescued.opened, timeout=PATIENCE_MS) as opened:
        qtbot.keyClick(rescued.form.repeated.line(), Qt.Key.Key_Return)
    assert opened.args[0].desk.office.name == OFFICE_NAME
    opened.args[0].desk.close()
    with pytest.raises(store_errors.WrongPasswordError):
        parts.vault_service.unlock(parts.vault_dir, PASSWORD)
    parts.vault_service.unlock(parts.vault_dir, NEW_PASSWORD).close()
    parts.vault_service.check_recovery_code(parts.vault_dir, made[1])


def test_after_a_recovery_the_old_password_can_be_kept(rescued: LockScreen, parts: TestParts, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rescued.opened, timeout=PATIENCE_MS) as opened:
        rescued.other_way.click()
    opened.args[0].desk.close()
    parts.vault_service.unlock(parts.vault_dir, PASSWORD).close()


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "short", "not good enough"),
        (f"{OFFICE_NAME} {OFFICE_NAME}", f"{OFFICE_NAME} {OFFICE_NAME}", "not good enough"),
        (NEW_PASSWORD, "eleven slow rivers", "differ"),
    ],
)
def test_a_new_password_that_will_not_do_is_refused(
    rescued: LockScreen, qtbot: QtBot, password: str, again: str, words: str
) -> None:
    qtbot.keyClicks(rescued.form.password.line(), password)
    qtbot.keyClicks(rescued.form.repeated.line(), again)
    with qtbot.assertNotEmitted(rescued.presenter.busy_changed):
        qtbot.keyClick(rescued.form.repeated.line(), Qt.Key.Key_Return)
    assert words in rescued.refusal.title()
    rescued.close()


def test_closing_the_window_after_a_recovery_closes_the_vault(
    rescued: LockScreen, parts: TestParts, runner: BackgroundRunner, qtbot: QtBot
) -> None:
    rescued.close()
    qtbot.waitUntil(lambda: runner.is_idle, timeout=PATIENCE_MS)
    parts.vault_service.unlock(parts.vault_dir, PASSWORD).close()


def test_a_slip_in_the_recovery_code_names_its_group(
    make_screen: MakeScreen, made: tuple[Path, str], qtbot: QtBot
) -> None:
    screen = make_screen()
    screen.presenter.ask_for(Way.RECOVERY)
    groups = made[1].split("-")
    groups[4] = ("2" if groups[4][0] == "1" else "1") + groups[4][1:]
    with qtbot.waitSignal(screen.presenter.refused, timeout=PATIENCE_MS):
        screen.code.setPlainText("-".join(groups))
        qtbot.keyClick(screen.code, Qt.Key.Key_Return)
    assert screen.refusal.title() == "There is a slip in group 5"


def test_esc_returns_from_the_code_to_the_password_and_forgets_what_was_typed(
    make_screen: MakeScreen, qtbot: QtBot
) -> None:
    screen = make_screen()
    screen.presenter.ask_for(Way.RECOVERY)
    screen.code.setPlainText("ABCDE")
    qtbot.keyClick(screen.code, Qt.Key.Key_Escape)
    assert screen.presenter.way is Way.PASSWORD
    assert screen.code.text() == ""
    assert screen.password.isVisible()
    assert not screen.code.isVisible()


def test_a_pasted_novel_is_cut(make_screen: MakeScreen) -> None:
    screen = make_screen()
    screen.code.setPlainText("A" * 100_000)
    assert len(screen.code.text()) <= 800


class TestFaults:
    """What the screen says before anybody typed, and what the vault says afterwards; nothing is ever written."""

    @pytest.mark.parametrize(
        ("harm", "code"),
        [
            (lambda folder: (folder / "slots.json").unlink(), "slot_file_missing"),
            (lambda folder: (folder / "slots.json").write_text("{}"), "slot_file_damaged"),
            (lambda folder: _replace_by_plain_sqlite(folder / "vault.db"), "not_encrypted"),
            (shutil.rmtree, "vault_missing"),
        ],
    )
    def test_what_can_be_seen_from_outside_is_said_at_once(
        self, parts: TestParts, make_screen: MakeScreen, harm: Callable[[Path], object], code: str
    ) -> None:
        harm(parts.vault_dir)
        screen = make_screen()
        assert screen.refusal.isVisible()
        assert screen.refusal.title() == WORDS[code].title

    def test_a_damaged_database_is_refused_in_words(
        self, parts: TestParts, make_screen: MakeScreen, qtbot: QtBot
    ) -> None:
        database = parts.vault_dir / "vault.db"
        raw = bytearray(database.read_bytes())
        raw[5000:5032] = bytes(32)
        database.write_bytes(raw)
        screen = make_screen()
        with qtbot.waitSignal(screen.presenter.refused, timeout=PATIENCE_MS) as refused:
            _type_and_enter(qtbot, PASSWORD)
        assert refused.args[0].code in WORDS

    def test_a_vault_that_is_open_elsewhere_is_said_and_can_be_tried_again(
        self, parts: TestParts, make_screen: MakeScreen, qtbot: QtBot
    ) -> None:
        screen = make_screen()
        with parts.vault_service.unlock(parts.vault_dir, PASSWORD):
            with qtbot.waitSignal(screen.presenter.refused, timeout=PATIENCE_MS) as refused:
                _type_and_enter(qtbot, PASSWORD)
            assert refused.args[0].code == "vault_busy"
        qtbot.waitUntil(screen.password.line().hasFocus, timeout=PATIENCE_MS)
        with qtbot.waitSignal(screen.opened, timeout=PATIENCE_MS) as opened:
            _type_and_enter(qtbot, PASSWORD)
        opened.args[0].desk.close()


class TestSilence:
    """Before unlocking nothing personal is on the screen; refusals never carry the error's own words."""

    @pytest.mark.parametrize("reason", list(LockReason))
    def test_neither_office_nor_person_is_named(self, make_screen: MakeScreen, reason: LockReason) -> None:
        words = _words_on(make_screen(reason))
        assert OFFICE_NAME not in words
        assert PERSON_NAME not in words
        assert "Vestibule" in words
        assert REASON_WORDS[reason] in words

    def test_an_unknown_error_is_said_without_its_own_words(self) -> None:
        refusal = explain(RuntimeError("Mrs Alvarado, /home/dana/vault"))
        assert refusal.code == CODE_UNKNOWN
        assert "Alvarado" not in repr(refusal)


def _codes() -> list[str]:
    classes = [one for _, one in inspect.getmembers(store_errors, inspect.isclass)]
    codes = {getattr(one, "code", "") for one in classes if issubclass(one, store_errors.StoreError)}
    codes |= {fault.value for fault in service_errors.TextFault if not fault.value.startswith("text_empty")}
    return sorted(codes - ELSEWHERE - {"text_too_long"})


@pytest.mark.parametrize("code", _codes())
def test_every_code_of_the_store_has_words(code: str) -> None:
    refusal = WORDS[code]
    assert refusal.title
    assert not refusal.title.endswith(".")
    assert refusal.text.endswith(".")


@pytest.mark.parametrize(("group", "title"), [(None, "The code is not complete"), (7, "There is a slip in group 7")])
def test_a_mistyped_code_is_explained(group: int | None, title: str) -> None:
    assert explain(RecoveryCodeError(group)).title == title


@pytest.mark.parametrize("choice", [SchemeChoice.LIGHT, SchemeChoice.DARK])
def test_at_two_hundred_percent_everything_can_be_reached(
    make_screen: MakeScreen, qapp: QApplication, choice: SchemeChoice
) -> None:
    Theme.apply(qapp, choice, 2.0, is_motion_reduced=True)
    screen = make_screen()
    assert screen.size().height() == 768
    assert screen.minimumSizeHint().height() <= 768
    assert screen.minimumSizeHint().width() <= 1366


def test_the_place_of_the_vault_is_shown_the_way_people_read_it(make_screen: MakeScreen, parts: TestParts) -> None:
    assert f"Vault: {parts.vault_dir}" in _words_on(make_screen()).replace("~", str(Path.home()))


def _replace_by_plain_sqlite(file: Path) -> None:
    file.unlink()
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE plain (x)")
    connection.commit()
    connection.close()


def test_closing_the_window_says_that_nobody_wants_to_unlock(make_screen: MakeScreen, qtbot: QtBot) -> None:
    screen = make_screen()
    with qtbot.waitSignal(screen.closed, timeout=PATIENCE_MS), qtbot.assertNotEmitted(screen.opened):
        screen.close()
