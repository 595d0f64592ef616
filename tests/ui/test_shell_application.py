"""The console from its first window to its last, as ``run_console`` runs it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.config import ConsoleSettings
from app.services.people.recovery import is_unproven, mark_unproven
from app.store.errors import WrongRecoveryCodeError
from app.ui.components import Button
from app.ui.first_run import FirstRunWizard
from app.ui.first_run.steps import Step
from app.ui.lock import LockReason, LockScreen
from app.ui.shell.application import ConsoleApplication
from app.ui.shell.commands import CommandId
from app.ui.shell.parts import ConsoleParts
from app.ui.shell.window import MainWindow
from tests.support.consoles import DemoConsole
from tests.support.vaults import PASSWORD
from tests.support.waiting import PATIENCE_MS


@pytest.fixture
def demo(qapp, tmp_path):
    return DemoConsole(tmp_path, qapp)


@pytest.fixture
def application(demo, qapp, qtbot):
    """A console that notes its quit instead of ending the test process's event loop."""
    made = ConsoleApplication(qapp, demo.parts)
    yield made
    if made.console is not None and demo.ended == [] and made.is_open:
        with qtbot.waitSignal(made.console.ended, timeout=PATIENCE_MS):
            made.console.end(None)
    made.finish()


def test_a_vault_is_met_by_the_lock_screen_and_the_right_password_opens_the_desk(application, qtbot):
    application.begin()
    entrance = application._entrance
    assert isinstance(entrance, LockScreen)
    assert entrance.isVisible()
    entrance.presenter.unlock(PASSWORD)
    qtbot.waitUntil(lambda: application.console is not None, timeout=PATIENCE_MS)
    console = application.console
    qtbot.waitUntil(lambda: console.presenters.inbox.model.rowCount() > 0, timeout=PATIENCE_MS)
    assert console.window.isVisible()
    assert application._entrance is None
    assert "Nothing has left this office" in console.window.status.words()


def test_without_a_vault_the_wizard_comes_first(qapp, tmp_path, demo):
    parts = demo.parts
    empty = ConsoleParts(
        vault_service=parts.vault_service,
        open_model=parts.open_model,
        make_proposals=parts.make_proposals,
        settings=ConsoleSettings(),
        vault_dir=tmp_path / "nothing here",
        demo_dir=parts.demo_dir,
        restart=parts.restart,
    )
    application = ConsoleApplication(qapp, empty)
    application.begin()
    assert isinstance(application._entrance, FirstRunWizard)
    application._entrance.hide()
    assert application.finish() is None


def test_locking_closes_the_vault_and_asks_for_a_locked_process(application, demo, qtbot, qapp):
    application.begin()
    application._entrance.presenter.unlock(PASSWORD)
    qtbot.waitUntil(lambda: application.console is not None, timeout=PATIENCE_MS)
    console = application.console
    qtbot.waitUntil(lambda: console.presenters.inbox.model.rowCount() > 0, timeout=PATIENCE_MS)
    model = demo.model
    with qtbot.waitSignal(console.ended, timeout=PATIENCE_MS):
        console.end(LockReason.BY_PERSON)
    assert not any(isinstance(widget, MainWindow) and widget.isVisible() for widget in qapp.topLevelWidgets())
    assert application.finish() is LockReason.BY_PERSON
    assert model.was_stopped
    with demo.vault.opened() as again:  # the folder's lock is free, so the vault is closed
        assert again.office.is_demo
    QApplication.processEvents()


def test_an_idle_desk_locks_itself(demo, qtbot):
    console = demo.start()
    qtbot.waitUntil(lambda: console.presenters.inbox.model.rowCount() > 0, timeout=PATIENCE_MS)
    console.idle.expired.emit()
    qtbot.waitUntil(lambda: demo.ended == [LockReason.IDLE], timeout=PATIENCE_MS)
    assert console.window.curtain.isVisible()
    demo.abandon()


@pytest.mark.parametrize("name", ["keyring.a", "head.b"])
def test_a_damaged_file_that_was_made_good_is_told_at_the_unlock(demo, name):
    path = demo.vault.store.directory / name
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    console = demo.start()
    said = console.window.toast.text()
    demo.abandon()
    assert said.startswith("Damaged files were made good")
    assert name in said


def test_a_demonstration_is_marked_on_the_window(demo, qtbot):
    console = demo.start()
    assert console.window.windowTitle().startswith("Demonstration")
    assert console.window._band.isVisible()
    demo.abandon()


def test_without_a_model_the_status_line_says_so_and_writing_still_works(qapp, tmp_path, qtbot):
    demo = DemoConsole(tmp_path, qapp, model=None)
    console = demo.start()
    qtbot.waitUntil(lambda: "No model on this machine" in console.window.status.words(), timeout=PATIENCE_MS)
    console.commander.open_oldest()
    qtbot.waitUntil(lambda: console.presenters.inbox.model.rowCount() > 0, timeout=PATIENCE_MS)
    console.commander.open_oldest()
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is not None, timeout=PATIENCE_MS)
    console.window.composer.reply.setPlainText("At eight.")
    assert console.presenters.composer.send()
    qtbot.waitUntil(lambda: console.presenters.steps.last is not None, timeout=PATIENCE_MS)
    demo.abandon()


def test_everything_that_takes_the_keyboard_has_a_name(demo, qtbot):
    console = demo.start(1920, 1080)
    qtbot.waitUntil(lambda: console.presenters.inbox.model.rowCount() > 0, timeout=PATIENCE_MS)
    console.commander.open_oldest()
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is not None, timeout=PATIENCE_MS)
    sheets = (
        console.window.search,
        console.window.palette_sheet,
        console.window.new_conversation,
        console.commander.keys,
    )
    for sheet in (None, *sheets):
        if sheet is not None:
            sheet.open()
        stops = [
            widget
            for widget in console.window.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
        ]
        assert len(stops) > 10
        nameless = [widget for widget in stops if not spoken(widget)]
        assert nameless == []
        if sheet is not None:
            sheet.close_sheet()
    demo.abandon()


def spoken(widget):
    """What a screen reader says when the keyboard arrives."""
    return widget.accessibleName() or getattr(widget, "text", str)()


def test_at_200_percent_nothing_is_cut_off_on_a_small_screen(demo, qtbot, qapp):
    demo.theme.set_scale(2.0)
    console = demo.start(1366, 768)
    qtbot.waitUntil(lambda: console.presenters.inbox.model.rowCount() > 0, timeout=PATIENCE_MS)
    console.commander.open_oldest()
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is not None, timeout=PATIENCE_MS)
    console.keymap.action(CommandId.PROPOSE).trigger()
    qtbot.waitUntil(lambda: console.presenters.composer.state.can_be_approved, timeout=PATIENCE_MS)
    qtbot.wait(50)
    room = console.window.root.rect()
    for button in console.window.findChildren(Button):
        if button.isVisible():
            corner = button.mapTo(console.window.root, button.rect().bottomRight())
            assert room.contains(corner), button.text()
            assert button.height() >= button.sizeHint().height()
    demo.abandon()


def resumed(application, qtbot):
    application.begin()
    application._entrance.presenter.unlock(PASSWORD)
    qtbot.waitUntil(lambda: isinstance(application._entrance, FirstRunWizard), timeout=PATIENCE_MS)
    wizard = application._entrance
    qtbot.waitUntil(lambda: wizard.presenter.step is Step.CODE, timeout=PATIENCE_MS)
    return wizard


def test_a_first_run_that_was_left_before_the_paper_was_proved_goes_on_with_a_new_code(application, demo, qtbot):
    mark_unproven(demo.parts.vault_dir)
    old_code = str(demo.vault.store.code)
    wizard = resumed(application, qtbot)
    code = "-".join(wizard.presenter.recovery_groups)
    assert code != old_code
    assert wizard.pages.code._resumed.isVisibleTo(wizard)
    wizard.go_on.click()
    page = wizard.pages.code_check
    for number in page.numbers():
        page.field(number).setText(code.split("-")[number - 1])
    wizard.go_on.click()
    qtbot.waitUntil(lambda: wizard.presenter.is_code_proven, timeout=PATIENCE_MS)
    assert not is_unproven(demo.parts.vault_dir)
    wizard.go_on.click()
    qtbot.waitUntil(lambda: application.console is not None, timeout=PATIENCE_MS)
    desk = application.console.presenters.desk
    assert desk.recovery.state().code_proven_ms is not None
    assert desk.is_rotation_due
    with pytest.raises(WrongRecoveryCodeError):
        desk.recovery.prove(old_code)


def test_whoever_has_no_printer_now_works_and_is_asked_again(application, demo, qtbot):
    mark_unproven(demo.parts.vault_dir)
    wizard = resumed(application, qtbot)
    assert wizard.back.text() == "Later"
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: application.console is not None, timeout=PATIENCE_MS)
    assert wizard.presenter.recovery_groups == ()
    assert is_unproven(demo.parts.vault_dir)
