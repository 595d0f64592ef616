"""Key map, steps, palette, sheets, idle watch, problems, help: the parts that hold the window together."""

import inspect

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QPlainTextEdit, QVBoxLayout, QWidget

from app.services import errors as service_errors
from app.store import errors as store_errors
from app.ui.help.guide import GuideSheet
from app.ui.help.key_sheet import KeySheet
from app.ui.palette.fuzzy import score
from app.ui.shell.commands import COMMANDS, CommandId
from app.ui.shell.idle import WARN_MS, IdleWatch
from app.ui.shell.keymap import KeyMap, ShortcutGuard, native_key
from app.ui.shell.menus import snooze_times
from app.ui.shell.pages import PageId
from app.ui.shell.problems import problem_of
from app.ui.shell.steps import Step, StepKeeper
from app.ui.theme import IconName

DAY_MS = 86_400_000


class Window(QMainWindow):
    """A window with two text fields and a thing that is none."""

    def __init__(self):
        super().__init__()
        body = QWidget()
        column = QVBoxLayout(body)
        self.line, self.page, self.plain = QLineEdit(), QPlainTextEdit(), QWidget()
        self.plain.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for widget in (self.line, self.page, self.plain):
            column.addWidget(widget)
        self.setCentralWidget(body)


@pytest.fixture
def window(qtbot):
    made = Window()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    return made


@pytest.mark.parametrize("page", [None, *PageId])
def test_no_key_has_two_owners_on_a_page(page):
    keys = [QKeySequence(key).toString() for command in COMMANDS if command.page is page for key in command.keys]
    assert len(keys) == len(set(keys))
    assert all(keys)


def test_every_command_is_described_once_and_drawings_exist():
    assert {command.command_id for command in COMMANDS} == set(CommandId)
    assert len(COMMANDS) == len(CommandId)
    assert all(command.icon is None or isinstance(command.icon, IconName) for command in COMMANDS)


def test_no_single_key_needs_alt_or_altgr():
    assert all(
        not key.startswith("Alt+") or key.startswith(("Alt+Up", "Alt+Down", "Alt+Home"))
        for c in COMMANDS
        for key in c.keys
    )


def test_letters_are_commands_outside_text_fields_and_letters_inside(window):
    keymap, pressed = KeyMap(window), []
    keymap.bind(CommandId.NEXT, lambda: pressed.append("next"))
    window.plain.setFocus()
    QTest.keyClick(window.plain, Qt.Key.Key_J)
    window.page.setFocus()
    QTest.keyClick(window.page, Qt.Key.Key_J)
    assert pressed == ["next"]
    assert window.page.toPlainText() == "j"


def test_keys_with_ctrl_win_against_a_text_field_while_their_command_is_offered(window):
    keymap, pressed = KeyMap(window), []
    ShortcutGuard(keymap, window)
    keymap.bind(CommandId.UNDO, lambda: pressed.append("undo"))
    keymap.bind(CommandId.PALETTE, lambda: pressed.append("palette"))
    window.page.setFocus()
    QTest.keyClicks(window.page, "abc")
    keymap.set_enabled(CommandId.UNDO, is_enabled=False)
    QTest.keyClick(window.page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.page.toPlainText() == ""  # the field's own undo
    keymap.set_enabled(CommandId.UNDO, is_enabled=True)
    for key in (Qt.Key.Key_Z, Qt.Key.Key_K):
        QTest.keyClick(window.page, key, Qt.KeyboardModifier.ControlModifier)
    assert pressed == ["undo", "palette"]


def test_while_paused_only_the_allowed_commands_work(window):
    keymap, pressed = KeyMap(window), []
    keymap.bind(CommandId.NEXT, lambda: pressed.append("next"))
    keymap.bind(CommandId.STOP, lambda: pressed.append("stop"))
    window.plain.setFocus()
    keymap.pause({CommandId.STOP})
    for key in (Qt.Key.Key_J, Qt.Key.Key_Escape):
        QTest.keyClick(window.plain, key)
    keymap.resume()
    QTest.keyClick(window.plain, Qt.Key.Key_J)
    assert pressed == ["stop", "next"]


def test_the_key_sheet_shows_exactly_what_works(window, qtbot):
    keymap = KeyMap(window)
    keymap.bind(CommandId.NEXT, lambda: None)
    keymap.bind(CommandId.SIGN_OUT, lambda: None)
    sheet = KeySheet(window.centralWidget(), keymap)
    sheet.open()
    caps = {child.accessibleName() for child in sheet.findChildren(QWidget) if type(child).__name__ == "KeyCap"}
    assert caps == {"J", native_key("Alt+Down"), native_key("Ctrl+Shift+O"), native_key("Ctrl+L")}
    sheet._single.setChecked(False)
    qtbot.wait(1)
    assert not keymap.uses_single_keys


def test_a_sheet_keeps_tab_inside_and_gives_the_keyboard_back(window):
    window.line.setFocus()
    sheet = GuideSheet(window.centralWidget())
    sheet.open()
    for _ in range(6):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        assert sheet.isAncestorOf(window.focusWidget())
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert window.focusWidget() is window.line


def test_every_help_page_has_a_title_and_names_only_keys_that_exist(window):
    sheet = GuideSheet(window.centralWidget())
    assert sheet.list.count() >= 6
    known = {native_key(key) for command in COMMANDS for key in command.keys} | {"Tab"}
    for place, path in enumerate(sheet._pages):
        assert sheet.list.item(place).text()
        words = path.read_text(encoding="utf-8").split("**")[1::2]
        keys = [
            word for word in words if word in known or (word.startswith(("Ctrl+", "Shift+", "F")) and " " not in word)
        ]
        assert set(keys) <= known, (path.name, set(keys) - known)


# -- steps ---------------------------------------------------------------------------------------------------------


def test_undo_takes_back_the_latest_step_and_settling_does_the_rest(qtbot):
    keeper, log = StepKeeper(), []
    held = Step(
        "one",
        undo=lambda: log.append("undo one"),
        settle=lambda: log.append("sent one"),
        lasts_ms=60_000,
        is_countdown=True,
    )
    keeper.take(held)
    keeper.take(Step("two", undo=lambda: log.append("undo two")))
    assert keeper.undo_last()
    assert keeper.last is held
    keeper.settle_all()
    assert log == ["undo two", "sent one"]
    assert not keeper.undo_last()


def test_a_step_settles_by_itself(qtbot):
    keeper, log = StepKeeper(), []
    with qtbot.waitSignal(keeper.emptied):
        keeper.take(Step("soon", undo=lambda: None, settle=lambda: log.append("sent"), lasts_ms=20, is_countdown=True))
    assert log == ["sent"]


# -- palette -------------------------------------------------------------------------------------------------------


def test_a_few_letters_find_the_command_that_was_meant():
    titles = ["Snooze", "Show snoozed", "Switch between reply and note", "Next conversation"]

    def best(letters):
        scored = [(score(letters, title), title) for title in titles]
        return max((pair for pair in scored if pair[0] is not None), key=lambda pair: pair[0])[1]

    assert best("sno") == "Snooze"
    assert best("ss") == "Show snoozed"
    assert best("swi") == "Switch between reply and note"
    assert score("xyz", "Snooze") is None


# -- the rest ------------------------------------------------------------------------------------------------------


def test_the_idle_watch_warns_then_asks_for_the_lock_and_calms_down(qapp):
    clock = [0]
    watch, heard = IdleWatch(300_000, lambda: clock[0]), []
    watch.warned.connect(lambda: heard.append("warned"))
    watch.calmed.connect(lambda: heard.append("calmed"))
    watch.expired.connect(lambda: heard.append("expired"))
    clock[0] = 300_000 - WARN_MS
    watch.tick()
    watch.note_presence()
    clock[0] += 299_000
    watch.tick()
    clock[0] += 2_000
    watch.tick()
    assert heard == ["warned", "calmed", "warned", "expired"]


def test_snooze_never_offers_a_time_that_has_passed(qapp):
    for hour in range(24 * 8):
        now_ms = 1_795_000_000_000 + hour * 3_600_000
        assert all(moment > now_ms for _words, moment in snooze_times(now_ms))


def all_errors():
    for module in (service_errors, store_errors):
        for _name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Exception) and kind.__module__ == module.__name__:
                yield kind


@pytest.mark.parametrize("kind", sorted(set(all_errors()), key=lambda kind: kind.__name__))
def test_every_error_has_calm_words_without_content(kind):
    error = kind.__new__(kind)
    Exception.__init__(error, "Ada Quill said something private")
    problem = problem_of(error)
    assert problem.title
    assert problem.text.endswith(".")
    assert "Ada" not in problem.title + problem.text


@pytest.mark.parametrize("fault", list(service_errors.TextFault))
def test_every_refused_text_is_explained(fault):
    assert "not be done" not in problem_of(service_errors.InvalidTextError(fault)).title
