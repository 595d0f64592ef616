"""The wizard with real vaults and the real proposal path, walked by keyboard alone."""

import json
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.conversation import InboxView
from app.domain.office import Sector
from app.inference.generation import ProblemCode as ModelProblem
from app.services.ports import ProblemCode
from app.ui.background import BackgroundRunner
from app.ui.components import Button
from app.ui.first_run import FirstRunWizard
from app.ui.first_run.creation import Creation
from app.ui.first_run.recovery_sheet import RecoverySheet, save_sheet
from app.ui.first_run.steps import Start, Step
from app.ui.first_run.try_out import TryOutState
from app.ui.theme import SchemeChoice, Theme
from tests.support.opening_parts import PASSWORD, TestParts, quote_first_source
from tests.support.scripted_model import ScriptedModel

if TYPE_CHECKING:
    from app.ui.lock.ports import Opened

PATIENCE_MS = 30_000


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[BackgroundRunner]:
    made = BackgroundRunner("test store")
    yield made
    qtbot.waitUntil(lambda: made.is_idle, timeout=PATIENCE_MS)
    assert made.close()


@pytest.fixture
def parts(tmp_path: Path) -> TestParts:
    return TestParts(tmp_path / "vault")


class Walker:
    """A person with a keyboard and nothing else: keys go to whatever has the focus."""

    def __init__(self, wizard: FirstRunWizard, qtbot: QtBot) -> None:
        self.wizard, self.qtbot = wizard, qtbot
        self.opened: list[Opened] = []
        wizard.opened.connect(self.opened.append)
        wizard.resize(1366, 768)
        wizard.show()
        wizard.activateWindow()
        qtbot.waitUntil(wizard.go_on.hasFocus, timeout=PATIENCE_MS)

    @property
    def step(self) -> Step:
        return self.wizard.presenter.step

    def focused(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the focus"
        return widget

    def press(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.focused(), key)

    def type(self, words: str) -> None:
        self.qtbot.keyClicks(self.focused(), words)

    def enter(self, expected: Step) -> None:
        """Press Enter, come to ``expected`` and find the focus on it."""
        self.press(Qt.Key.Key_Return)
        self.arrive(expected)

    def arrive(self, expected: Step) -> None:
        self.qtbot.waitUntil(lambda: self.step is expected, timeout=PATIENCE_MS)
        wanted = self.wizard.pages.at(expected).first_focus() or self.wizard.go_on
        self.qtbot.waitUntil(
            lambda: wanted.hasFocus() or wanted.focusProxy() is QApplication.focusWidget(), timeout=PATIENCE_MS
        )

    def tab_to(self, widget: QWidget) -> None:
        for _ in range(12):
            if self.focused() is widget:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError("Tab does not reach it")

    def answer_until_code(self, start: Start, sector: Sector = Sector.CLINIC) -> None:
        self.enter(Step.SECTOR)
        self.press(Qt.Key.Key_Space)
        if sector is Sector.LAW:
            self.press(Qt.Key.Key_Down)
        self.enter(Step.START)
        self.press(Qt.Key.Key_Space)
        if start is Start.EMPTY:
            self.press(Qt.Key.Key_Down)
            self.enter(Step.OFFICE)
            self.type("Harbour Street Practice")
        self.enter(Step.PERSON)
        self.type("Dana Whitcroft")
        self.press(Qt.Key.Key_Tab)
        self.type(PASSWORD)
        self.press(Qt.Key.Key_Tab)
        self.press(Qt.Key.Key_Tab)
        self.type(PASSWORD)
        self.press(Qt.Key.Key_Return)
        self.arrive(Step.CODE)

    def prove_code(self) -> None:
        self.tab_to(self.wizard.go_on)
        self.enter(Step.CODE_CHECK)
        presenter = self.wizard.presenter
        for number in presenter.asked_groups:
            self.type(presenter.recovery_groups[number - 1].lower())
            self.press(Qt.Key.Key_Tab)
        self.press(Qt.Key.Key_Return)
        self.qtbot.waitUntil(lambda: presenter.is_code_proven, timeout=PATIENCE_MS)
        self.qtbot.waitUntil(self.wizard.go_on.hasFocus, timeout=PATIENCE_MS)

    def close(self) -> None:
        for opened in self.opened:
            opened.desk.close()
        self.wizard.close()


@pytest.fixture
def walker(qtbot: QtBot, parts: TestParts, runner: BackgroundRunner) -> Iterator[Walker]:
    wizard = FirstRunWizard(parts, runner)
    qtbot.addWidget(wizard)
    made = Walker(wizard, qtbot)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("start", "sector", "name"),
    [
        (Start.DEMO, Sector.CLINIC, "Linden Street Family Practice"),
        (Start.EMPTY, Sector.LAW, "Harbour Street Practice"),
    ],
)
def test_the_whole_way_by_keyboard_ends_with_a_desk_and_a_proposal(
    walker: Walker, parts: TestParts, start: Start, sector: Sector, name: str
) -> None:
    walker.answer_until_code(start, sector)
    walker.prove_code()
    walker.enter(Step.MACHINE)
    page = walker.wizard.pages.machine
    walker.qtbot.waitUntil(lambda: len(page.titles()) == 7, timeout=PATIENCE_MS)
    walker.enter(Step.TRY_OUT)
    try_out = walker.wizard.pages.try_out
    walker.qtbot.waitUntil(lambda: try_out.state_words().startswith("Ready"), timeout=PATIENCE_MS)
    assert try_out.text()
    assert ("sample question" in _words_on(try_out)) is (start is Start.EMPTY)
    walker.enter(Step.DONE)
    walker.press(Qt.Key.Key_Return)
    walker.qtbot.waitUntil(lambda: bool(walker.opened), timeout=PATIENCE_MS)

    opened = walker.opened[0]
    assert opened.model is parts.model
    assert opened.desk.person.display_name == "Dana Whitcroft"
    assert (opened.desk.office.name, opened.desk.office.sector) == (name, sector)
    assert opened.desk.office.is_demo is (start is Start.DEMO)
    rows = opened.desk.conversations.inbox(InboxView.OPEN)
    assert any(row.has_proposal for row in rows) if start is Start.DEMO else rows == ()
    assert bool(opened.desk.conversations.articles()) is (start is Start.DEMO)
    assert walker.wizard.presenter.recovery_groups == ()


def test_the_password_typed_in_the_wizard_opens_the_vault_afterwards(walker: Walker, parts: TestParts) -> None:
    walker.answer_until_code(Start.EMPTY)
    assert walker.wizard.pages.person.password.is_empty()
    assert walker.wizard.pages.person.repeated.is_empty()
    walker.wizard.close()
    walker.qtbot.waitUntil(lambda: walker.wizard.presenter.desk is None, timeout=PATIENCE_MS)
    walker.qtbot.waitUntil(lambda: walker.wizard.presenter._runner.is_idle, timeout=PATIENCE_MS)
    with parts.vault_service.unlock(parts.vault_dir, PASSWORD) as desk:
        assert desk.office.name == "Harbour Street Practice"


def test_esc_goes_back_and_keeps_every_answer(walker: Walker) -> None:
    walker.enter(Step.SECTOR)
    walker.press(Qt.Key.Key_Space)
    walker.enter(Step.START)
    walker.press(Qt.Key.Key_Space)
    walker.enter(Step.PERSON)
    walker.type("Dana")
    for expected in (Step.START, Step.SECTOR, Step.WELCOME):
        walker.press(Qt.Key.Key_Escape)
        walker.arrive(expected)
    for expected in (Step.SECTOR, Step.START, Step.PERSON):
        walker.enter(expected)
    assert walker.wizard.pages.person.name.text() == "Dana"


def test_a_page_without_an_answer_says_what_is_missing_and_stays(walker: Walker) -> None:
    walker.enter(Step.SECTOR)
    walker.press(Qt.Key.Key_Return)
    assert walker.step is Step.SECTOR
    assert walker.wizard.problem.text() == "Choose one of the two."
    walker.press(Qt.Key.Key_Space)
    assert walker.wizard.problem.text() == ""


@pytest.mark.parametrize(
    ("password", "again", "problem"),
    [
        ("short", "short", "not good enough"),
        ("password password password", "password password password", "not good enough"),
        (PASSWORD, "", "second time"),
        (PASSWORD, "seven quiet lanterns by the dawn", "differ"),
    ],
)
def test_a_password_that_will_not_do_is_refused_before_anything_is_made(
    walker: Walker, parts: TestParts, password: str, again: str, problem: str
) -> None:
    walker.enter(Step.SECTOR)
    walker.press(Qt.Key.Key_Space)
    walker.enter(Step.START)
    walker.press(Qt.Key.Key_Space)
    walker.enter(Step.PERSON)
    walker.type("Dana")
    person = walker.wizard.pages.person
    walker.qtbot.keyClicks(person.password.line(), password)
    walker.qtbot.keyClicks(person.repeated.line(), again)
    walker.press(Qt.Key.Key_Return)
    assert problem in walker.wizard.problem.text()
    assert walker.step is Step.PERSON
    assert not parts.vault_dir.exists()


def test_a_folder_that_is_not_empty_is_refused_in_words_and_left_alone(walker: Walker, parts: TestParts) -> None:
    parts.vault_dir.mkdir(mode=0o700)
    (parts.vault_dir / "letter.txt").write_text("mine")
    walker.enter(Step.SECTOR)
    walker.press(Qt.Key.Key_Space)
    walker.enter(Step.START)
    walker.press(Qt.Key.Key_Space)
    walker.enter(Step.PERSON)
    walker.type("Dana")
    person = walker.wizard.pages.person
    with walker.qtbot.waitSignal(walker.wizard.presenter.creation_refused, timeout=PATIENCE_MS) as refused:
        for field in (person.password, person.repeated):
            walker.qtbot.keyClicks(field.line(), PASSWORD)
        walker.press(Qt.Key.Key_Return)
    assert refused.args[0].code == "vault_exists"
    assert walker.step is Step.PERSON
    assert [file.name for file in parts.vault_dir.iterdir()] == ["letter.txt"]


def test_a_slip_on_the_paper_is_found_and_the_group_is_named(walker: Walker) -> None:
    walker.answer_until_code(Start.EMPTY)
    walker.tab_to(walker.wizard.go_on)
    walker.enter(Step.CODE_CHECK)
    presenter, page = walker.wizard.presenter, walker.wizard.pages.code_check
    wrong = presenter.asked_groups[1]
    for number in presenter.asked_groups:
        right = presenter.recovery_groups[number - 1]
        walker.qtbot.keyClicks(
            page.field(number), ("2" if right[0] == "1" else "1") + right[1:] if number == wrong else right
        )
    with walker.qtbot.waitSignal(presenter.code_checked, timeout=PATIENCE_MS) as checked:
        walker.press(Qt.Key.Key_Return)
    assert f"group {wrong}" in checked.args[0].refusal.title
    assert not presenter.is_code_proven
    assert walker.step is Step.CODE_CHECK
    walker.press(Qt.Key.Key_Escape)
    walker.arrive(Step.CODE)
    assert presenter.recovery_groups


def test_one_cannot_go_on_without_having_opened_the_recovery_slot(walker: Walker) -> None:
    walker.answer_until_code(Start.EMPTY)
    walker.tab_to(walker.wizard.go_on)
    walker.enter(Step.CODE_CHECK)
    walker.press(Qt.Key.Key_Return)
    assert walker.step is Step.CODE_CHECK
    assert "Type the groups" in walker.wizard.problem.text()


def test_going_back_from_the_code_says_what_it_means_and_then_deletes_the_vault(
    walker: Walker, parts: TestParts
) -> None:
    walker.answer_until_code(Start.EMPTY)
    walker.press(Qt.Key.Key_Escape)
    assert walker.step is Step.CODE
    assert walker.wizard.pages.code.is_asking_start_over()
    assert (parts.vault_dir / "vault.db").exists()
    delete = next(button for button in walker.wizard.pages.code.findChildren(Button) if "Delete" in button.text())
    walker.qtbot.keyClick(delete, Qt.Key.Key_Return)
    walker.arrive(Step.PERSON)
    walker.qtbot.waitUntil(lambda: not any(parts.vault_dir.iterdir()), timeout=PATIENCE_MS)
    assert walker.wizard.presenter.recovery_groups == ()


def test_the_code_is_on_the_screen_only_while_its_page_is(walker: Walker) -> None:
    walker.answer_until_code(Start.EMPTY)
    group = walker.wizard.presenter.recovery_groups[0]
    assert group in _words_on(walker.wizard)
    walker.tab_to(walker.wizard.go_on)
    walker.enter(Step.CODE_CHECK)
    walker.qtbot.waitUntil(lambda: group not in _words_on(walker.wizard), timeout=PATIENCE_MS)


def test_without_a_model_the_wizard_says_so_and_goes_on(walker: Walker, parts: TestParts) -> None:
    parts.model = None
    walker.answer_until_code(Start.DEMO)
    walker.prove_code()
    walker.enter(Step.MACHINE)
    walker.enter(Step.TRY_OUT)
    page = walker.wizard.pages.try_out
    walker.qtbot.waitUntil(lambda: page.state_words() == "No proposal", timeout=PATIENCE_MS)
    walker.enter(Step.DONE)
    walker.press(Qt.Key.Key_Return)
    assert walker.opened[0].model is None


def test_a_model_that_fails_is_said_and_can_be_asked_again(walker: Walker, parts: TestParts) -> None:
    parts.model = ScriptedModel([ModelProblem.WORKER_UNAVAILABLE, quote_first_source])
    walker.answer_until_code(Start.EMPTY)
    walker.prove_code()
    walker.enter(Step.MACHINE)
    views = []
    walker.wizard.presenter.try_out_changed.connect(views.append)
    walker.enter(Step.TRY_OUT)
    walker.qtbot.waitUntil(lambda: bool(views) and views[-1].state is TryOutState.FAILED, timeout=PATIENCE_MS)
    assert views[-1].problem is ProblemCode.NO_MODEL
    walker.tab_to(walker.wizard.pages.try_out.again)
    walker.press(Qt.Key.Key_Return)
    walker.qtbot.waitUntil(lambda: views[-1].state is TryOutState.READY, timeout=PATIENCE_MS)


def test_the_proposal_streams_and_can_be_stopped(walker: Walker, parts: TestParts) -> None:
    model = ScriptedModel([quote_first_source])
    model.pause()
    parts.model = model
    walker.answer_until_code(Start.DEMO)
    walker.prove_code()
    walker.enter(Step.MACHINE)
    views = []
    walker.wizard.presenter.try_out_changed.connect(views.append)
    walker.enter(Step.TRY_OUT)
    walker.qtbot.waitUntil(lambda: any(view.state is TryOutState.WRITING for view in views), timeout=PATIENCE_MS)
    assert views[-1].sources
    walker.tab_to(walker.wizard.pages.try_out.stop)
    walker.press(Qt.Key.Key_Space)
    ended = {TryOutState.READY, TryOutState.FAILED}
    walker.qtbot.waitUntil(lambda: views[-1].state in ended, timeout=PATIENCE_MS)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_page_fits_the_smallest_screen(
    qapp: QApplication, qtbot: QtBot, parts: TestParts, runner: BackgroundRunner, scale: float
) -> None:
    Theme.apply(qapp, SchemeChoice.DARK, scale, is_motion_reduced=True)
    wizard = FirstRunWizard(parts, runner)
    qtbot.addWidget(wizard)
    wizard.resize(1366, 768)
    wizard.show()
    assert wizard.size() == QSize(1366, 768)
    assert wizard.minimumSizeHint().width() <= 1366
    assert wizard.minimumSizeHint().height() <= 768
    assert wizard.side.isVisible() is (scale == 1.0)
    assert wizard.progress.isVisible() is (scale == 2.0)
    wizard.close()


def test_every_field_and_button_has_a_name(walker: Walker) -> None:
    for page in walker.wizard.pages:
        for field in page.findChildren(QLineEdit):
            assert field.accessibleName(), type(page).__name__
        assert page.accessibleName()
    assert walker.wizard.side.steps.accessibleName().startswith("Step 1 of ")


def test_the_pdf_can_be_read_by_its_owner_alone(qapp: QApplication, tmp_path: Path) -> None:
    groups = tuple(f"ABCD{number % 10}" for number in range(13))
    target = tmp_path / "sheet.pdf"
    save_sheet(RecoverySheet("Linden Street", "01J", date(2026, 11, 24), groups), target)
    assert target.read_bytes().startswith(b"%PDF-")
    assert target.stat().st_size > 2_000
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with pytest.raises(OSError, match="sheet"):
        save_sheet(RecoverySheet("x", "y", date(2026, 11, 24), groups), tmp_path / "missing" / "sheet.pdf")


def test_nothing_that_holds_the_code_shows_it(tmp_path: Path) -> None:
    groups = ("SECRT",) * 13
    assert "SECRT" not in repr(RecoverySheet("x", "y", date(2026, 11, 24), groups))
    assert "SECRT" not in repr(Creation(None, "SECRT"))  # type: ignore[arg-type]
    assert json.dumps(repr(Creation(None, "SECRT"))) == '"<Creation hidden>"'  # type: ignore[arg-type]


def _words_on(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))
