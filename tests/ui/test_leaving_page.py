"""What would leave, by keyboard alone: marks, profiles, corrections and undo, the way back, and what cannot be said."""

import threading
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.anonymise.labels import Label
from app.anonymise.replacing.profiles import Profile
from app.services.anonymising.rule_records import RuleKind
from app.ui.anonymise.groups import LabelGroup, labels_of, mark_of
from app.ui.anonymise.signs import DOT, place_of, shown, unit_of
from app.ui.anonymise.state import Phase
from app.ui.anonymise.why import why_words
from app.ui.anonymise.words import label_word, law_words
from app.ui.components import Toast
from app.ui.shell.commands import CommandId
from app.ui.shell.pages import PageId
from app.ui.theme import Role
from app.ui.theme.tokens import COLOURS, contrast
from tests.support.leaving_consoles import FIRST, SECOND, LeavingConsole, is_shown
from tests.support.waiting import PATIENCE_MS

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def house(qapp, tmp_path):
    made = LeavingConsole(tmp_path, qapp, model=None)
    yield made
    made.abandon()


@pytest.fixture
def wait(qtbot):
    return lambda condition: qtbot.waitUntil(condition, timeout=PATIENCE_MS)


@pytest.fixture
def console(house, wait):
    return house.open_page(wait)


def press(console, key, modifiers=NONE):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def page_of(console):
    return console.leaving.page


def said(console):
    thread = console.leaving.presenter.state.thread
    return [message.said(mark) for message in thread.messages for mark in message.marks]


def chosen(console):
    found = page_of(console).sides.chosen
    return None if found is None else found.said


def toast_words(console):
    return " ".join(toast.text() for toast in console.window.findChildren(Toast) if toast.isVisible())


def select(console, words):
    """Select words in the original, as somebody does with Shift and the arrows."""
    side = page_of(console).sides.here
    cursor = side.document().find(words, 0, side.document().FindFlag.FindCaseSensitively)
    assert not cursor.isNull()
    side.setFocus()
    side.put_cursor(cursor.selectionStart())
    for _sign in words:
        press(console, Qt.Key.Key_Right, SHIFT)


def rules(house):
    return {(rule.kind, rule.text, rule.label) for rule in house.console.leaving.view.rules.standing()}


def test_the_key_opens_the_page_on_the_open_conversation_and_esc_leads_back(console, house, wait):
    press(console, Qt.Key.Key_Escape)
    assert console.window.page_id is PageId.INBOX
    press(console, Qt.Key.Key_A, CTRL | SHIFT)
    assert console.window.page_id is PageId.LEAVING
    wait(lambda: is_shown(console))
    assert console.leaving.presenter.state.conversation_id == house.conversation_id


def test_the_palette_offers_it(console):
    offered = {command.command_id for command, action in console.keymap.bound() if action.isEnabled()}
    assert {CommandId.LEAVING_LIFT, CommandId.LEAVING_MISS, CommandId.LEAVING_RULES} <= offered
    press(console, Qt.Key.Key_Escape)
    offered = {command.command_id for command, action in console.keymap.bound() if action.isEnabled()}
    assert CommandId.LEAVING in offered
    assert CommandId.LEAVING_LIFT not in offered


def test_both_sides_stand_beside_one_another_and_no_name_is_at_the_right(console):
    here, leaving = page_of(console).sides.here, page_of(console).sides.leaving
    assert "rosa here" in here.toPlainText()
    assert SECOND in here.toPlainText()
    for word in ("rosa", "Rosa", "Melor", "desk@example.org", "415-555-0134"):
        assert word not in leaving.toPlainText()
    assert "and said" in leaving.toPlainText()


def test_tab_goes_from_mark_to_mark_on_and_back_and_out_behind_the_last(console):
    side = page_of(console).sides.here
    side.setFocus()
    marks = said(console)
    assert chosen(console) == marks[0]
    for mark in marks[1:]:
        press(console, Qt.Key.Key_Tab)
        assert chosen(console) == mark
    press(console, Qt.Key.Key_Backtab)
    assert chosen(console) == marks[-2]
    press(console, Qt.Key.Key_Tab)
    press(console, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not side


def test_the_letters_step_as_well_and_the_other_side_marks_the_same(console):
    page_of(console).sides.here.setFocus()
    press(console, Qt.Key.Key_J)
    marks = said(console)
    assert chosen(console) == marks[1]
    press(console, Qt.Key.Key_K)
    assert chosen(console) == marks[0]
    for side in (page_of(console).sides.here, page_of(console).sides.leaving):
        assert len(side.extraSelections()) == 1


def test_a_chosen_mark_is_explained_in_words_with_its_law(console):
    side = page_of(console).sides.here
    side.setFocus()
    assert chosen(console) == "rosa"
    words = page_of(console).inspector.words()
    assert "Name" in words
    assert "leaves as [PERSON_1]" in words
    assert "conversation this is" in words
    assert "HIPAA Safe Harbor (A)" in words


@pytest.mark.parametrize(
    ("key", "profile", "instead"),
    [
        (Qt.Key.Key_4, Profile.LABELS, "[DATE_1]"),
        (Qt.Key.Key_3, Profile.PSEUDONYMS, "@example.org"),
        (Qt.Key.Key_2, Profile.LIMITED, "19"),
    ],
)
def test_the_numbers_choose_the_profile(console, wait, key, profile, instead):
    press(console, key)
    wait(lambda: console.leaving.presenter.state.thread.profile is profile and is_shown(console))
    assert instead in page_of(console).sides.leaving.toPlainText()
    assert page_of(console).head.profiles[profile].kind.value == "primary"


def test_safe_harbor_leaves_the_year_of_a_birth(console, wait):
    assert console.leaving.presenter.state.profile is Profile.SAFE_HARBOR
    assert "born 1961" in page_of(console).sides.leaving.toPlainText()


def test_a_false_hit_is_lifted_by_one_key_and_taken_back_by_another(console, house, wait):
    while chosen(console) != "will":
        press(console, Qt.Key.Key_J)
    press(console, Qt.Key.Key_L)
    wait(lambda: "will" not in said(console) and is_shown(console))
    assert (RuleKind.LIFT, "will", Label.PERSON) in rules(house)
    assert "can will bring" in page_of(console).sides.leaving.toPlainText()
    press(console, Qt.Key.Key_Z, CTRL)
    wait(lambda: "will" in said(console) and is_shown(console))
    assert rules(house) == set()


def test_delete_lifts_too(console, wait):
    while chosen(console) != "will":
        press(console, Qt.Key.Key_J)
    press(console, Qt.Key.Key_Delete)
    wait(lambda: "will" not in said(console) and is_shown(console))


def test_the_contact_leaves_only_after_a_second_look_that_says_why(console, house, wait):
    assert chosen(console) == "rosa"
    press(console, Qt.Key.Key_L)
    sheet = console.leaving.confirming
    assert sheet.isVisible()
    assert "person whose conversation this is" in sheet.reason.title()
    press(console, Qt.Key.Key_Return)
    assert not sheet.isVisible()
    assert rules(house) == set()
    press(console, Qt.Key.Key_L)
    press(console, Qt.Key.Key_Tab)
    press(console, Qt.Key.Key_Return)
    wait(lambda: "rosa" not in said(console) and is_shown(console))
    assert "rosa here" in page_of(console).sides.leaving.toPlainText()
    rule = console.leaving.view.rules.standing()[0]
    assert rule.confirmed_in == (house.conversation_id,)


def test_a_miss_is_marked_with_its_label_found_from_then_on_and_a_case(console, house, wait):
    assert "jorge" not in said(console)
    select(console, "jorge")
    press(console, Qt.Key.Key_M)
    assert console.leaving.labels.isVisible()
    press(console, Qt.Key.Key_Return)
    wait(lambda: "jorge" in said(console) and is_shown(console))
    assert rules(house) == {(RuleKind.FIND, "jorge", Label.PERSON)}
    assert [case.must_find for case in console.leaving.view.rules.cases()] == [True]
    assert chosen(console) == "jorge"
    press(console, Qt.Key.Key_Z, CTRL)
    wait(lambda: "jorge" not in said(console) and is_shown(console))
    assert console.leaving.view.rules.cases() == ()


def test_another_label_is_chosen_by_arrows_or_its_letter(console, house, wait):
    select(console, "LQ-4821")
    press(console, Qt.Key.Key_Return, SHIFT)
    press(console, Qt.Key.Key_Right)
    press(console, Qt.Key.Key_O)
    assert QApplication.focusWidget().text() == label_word(Label.ORG)
    press(console, Qt.Key.Key_N)
    press(console, Qt.Key.Key_Return)
    wait(lambda: bool(rules(house)))
    assert {label for _kind, _text, label in rules(house)} <= {Label.ID, Label.PERSON}


def test_a_word_at_the_cursor_needs_no_selection(console, wait):
    side = page_of(console).sides.here
    side.setFocus()
    side.put_cursor(side.document().find("jorge").selectionStart() + 2)
    assert page_of(console).sides.selected().said == "jorge"


def test_a_selection_behind_signs_of_two_units_and_none_is_cut_right(console):
    select(console, "(\U0001f600)"[1:2])
    selected = page_of(console).sides.selected()
    assert selected.said == "\U0001f600"
    assert FIRST[selected.start : selected.end] == "\U0001f600"


def test_who_is_this_is_answered_on_the_right_side_and_by_name(console, wait):
    press(console, Qt.Key.Key_4)
    wait(lambda: console.leaving.presenter.state.profile is Profile.LABELS and is_shown(console))
    sides, inspector = page_of(console).sides, page_of(console).inspector
    sides.leaving.setFocus()
    sides.leaving.put_cursor(sides.leaving.document().find("[PERSON_1]").selectionStart() + 1)
    assert chosen(console) == "rosa"
    press(console, Qt.Key.Key_Return)
    wait(lambda: inspector.answer.text() == "[PERSON_1] is rosa")
    assert sides.here.hasFocus()
    inspector.who.setFocus()
    QTest.keyClicks(inspector.who, "[PERSON_9]")
    press(console, Qt.Key.Key_Return)
    wait(lambda: "nobody" in inspector.answer.text())


def test_copying_keeps_the_way_back_first(console, house, wait):
    press(console, Qt.Key.Key_4)
    wait(lambda: console.leaving.presenter.state.profile is Profile.LABELS and is_shown(console))
    press(console, Qt.Key.Key_C, CTRL | SHIFT)
    wait(lambda: QGuiApplication.clipboard().text().startswith("Visitor: "))
    text = QGuiApplication.clipboard().text()
    assert "rosa" not in text.casefold()
    assert console.leaving.view.who_is(house.conversation_id, "[PERSON_1]") == "rosa"


def test_nothing_found_says_so_and_asks_to_read(house, wait):
    console = house.open_page(wait, "is the waiting room warm?")
    page = page_of(console)
    assert console.leaving.presenter.state.thread.found_count == 0
    banners = [one.title() for one in page.findChildren(type(page.problem)) if one.isVisible()]
    assert banners == ["Nothing that identifies somebody was found."]


def test_no_open_conversation_is_an_empty_page_with_a_way_back(house, wait):
    console = house.start()
    wait(lambda: console.presenters.inbox.model.rowCount() > 0)
    console.window.show_page(PageId.LEAVING)
    assert console.leaving.presenter.state.phase is Phase.EMPTY
    press(console, Qt.Key.Key_Escape)
    assert console.window.page_id is PageId.INBOX


@dataclass
class AwayError(Exception):
    code: str = "pipeline_missing"


def test_a_worker_that_is_not_available_says_so_and_shows_nothing_as_safe(house, wait):
    def fail():
        raise AwayError

    console = house.open_page(wait)
    house.anonymiser.gate = fail
    press(console, Qt.Key.Key_4)
    wait(lambda: console.leaving.presenter.state.phase is Phase.FAILED)
    page = page_of(console)
    assert page.problem.title() == "The anonymiser is not available here"
    assert "pipeline_missing" in page.problem.text()
    assert page.sides.leaving.toPlainText() == ""
    assert not page.foot.copy.isEnabled()
    house.anonymiser.gate = lambda: None
    page.problem.action_wanted.emit()
    wait(lambda: is_shown(console))


def test_long_work_shows_progress_is_stopped_by_esc_and_goes_on(house, wait):
    console = house.open_page(wait)
    gate, begun = threading.Event(), threading.Event()

    def hold():
        begun.set()
        gate.wait(PATIENCE_MS / 1000)

    house.anonymiser.gate = hold
    press(console, Qt.Key.Key_4)
    wait(begun.is_set)
    assert page_of(console).work.halt.isVisible()
    press(console, Qt.Key.Key_Escape)
    assert console.leaving.presenter.state.phase is Phase.STOPPED
    assert page_of(console).problem.isVisible()
    assert not page_of(console).foot.copy.isEnabled()
    gate.set()
    house.anonymiser.gate = lambda: None
    page_of(console).problem.action_wanted.emit()
    wait(lambda: is_shown(console))
    assert console.leaving.presenter.state.thread.profile is Profile.LABELS


def test_a_long_conversation_is_written_in_pieces_and_scrolls_in_step(house, wait):
    texts = [f"message {number} from rosa " + "with many more words " * (number % 7 * 4) for number in range(90)]
    console = house.open_page(wait, *texts)
    sides = page_of(console).sides
    here, leaving = sides.here, sides.leaving
    bar = here.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    message = here.first_seen()
    assert 0 < message < len(texts)
    top, bottom = leaving.room_of(message)
    assert top - 2 <= leaving.verticalScrollBar().value() <= bottom + 2
    leaving.verticalScrollBar().setValue(0)
    assert bar.value() == 0


def test_the_place_is_kept_when_the_page_is_worked_out_anew(console, wait):
    for _step in range(3):
        press(console, Qt.Key.Key_J)
    before = chosen(console)
    press(console, Qt.Key.Key_4)
    wait(lambda: console.leaving.presenter.state.thread.profile is Profile.LABELS and is_shown(console))
    assert chosen(console) == before


def test_the_worker_rests_a_while_after_the_page_was_left(console, house, wait):
    console.leaving.presenter._rest.setInterval(0)
    press(console, Qt.Key.Key_Escape)
    wait(lambda: house.anonymiser.rested == 1)


def test_coming_back_in_time_keeps_the_worker(console, house, wait):
    press(console, Qt.Key.Key_Escape)
    assert console.leaving.presenter._rest.isActive()
    press(console, Qt.Key.Key_A, CTRL | SHIFT)
    wait(lambda: is_shown(console))
    assert not console.leaving.presenter._rest.isActive()
    assert house.anonymiser.rested == 0


def test_the_pointer_on_a_stand_in_says_who_it_is(console, wait):
    press(console, Qt.Key.Key_4)
    wait(lambda: console.leaving.presenter.state.profile is Profile.LABELS and is_shown(console))
    side = page_of(console).sides.leaving
    spot = side.document().find("[PERSON_1]")
    spot.setPosition(spot.selectionStart() + 3)
    point = side.cursorRect(spot).center()
    assert side.words_at(point) == "[PERSON_1] = rosa"
    nowhere = QPoint(1, 1)
    assert side.words_at(nowhere) == ""
    asked = QHelpEvent(QEvent.Type.ToolTip, nowhere, side.viewport().mapToGlobal(nowhere))
    assert QApplication.sendEvent(side.viewport(), asked)


def test_a_message_that_comes_in_meanwhile_is_shown_as_well(console, house, wait):
    house.desk.conversations.receive(house.conversation_id, "and rosa again")
    wait(lambda: len(console.leaving.presenter.state.thread.messages) == 3 and is_shown(console))
    assert "again" in page_of(console).sides.leaving.toPlainText()


def test_in_a_narrow_window_the_way_back_is_said_in_a_toast(console, house, wait):
    console.window.resize(820, 700)
    wait(lambda: not page_of(console).is_wide)
    press(console, Qt.Key.Key_4)
    wait(lambda: console.leaving.presenter.state.thread.profile is Profile.LABELS and is_shown(console))
    console.leaving.presenter.identify("[PERSON_1]")
    wait(lambda: "[PERSON_1] = rosa" in toast_words(console))


def test_marks_never_rely_on_colour_alone_and_keep_their_contrast():
    lines = [mark_of(group).line for group in LabelGroup]
    assert len(set(lines)) == len(lines)
    assert {label for group in LabelGroup for label in labels_of(group)} == set(Label)
    for colours in COLOURS.values():
        for group in LabelGroup:
            assert contrast(colours[Role.INK], colours[mark_of(group).wash]) >= 4.5
            assert contrast(colours[mark_of(group).line_role], colours[mark_of(group).wash]) >= 3


def test_every_label_has_a_word_and_a_law():
    assert len({label_word(label) for label in Label}) == len(Label)
    assert all(law_words(label, "") for label in Label)
    assert "(H)" in law_words(Label.ID, "medical_record")


def test_every_reason_of_a_detector_has_words_of_its_own():
    from app.anonymise.detectors import PATTERNS  # noqa: PLC0415 - only this test reads them

    for pattern in PATTERNS:
        words = why_words(pattern.why, pattern.ground)
        assert words != why_words("unheard_of", pattern.ground), pattern.why
        assert words.endswith(".")


@pytest.mark.parametrize(
    ("text", "seen"),
    [("a\u200bb", f"a{DOT}b"), ("a\rb", "a b"), ("\u202eb", f"{DOT}b"), ("\ud800", "\ufffd"), ("a\nb", "a\nb")],
)
def test_signs_that_steer_or_hide_are_shown_one_for_one(text, seen):
    assert shown(text) == seen
    assert len(shown(text)) == len(text)


def test_places_go_there_and_back_over_signs_of_two_units():
    text = "a\U0001f600b\U0001f600c"
    for place in range(len(text) + 1):
        assert place_of(text, unit_of(text, place)) == place
