"""Rewrites, notes and the emergency list in the window, on a real vault, by keyboard."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMenu, QPushButton

from app.config.country import country_of
from app.domain.conversation import ItemKind
from app.domain.office import Role
from app.domain.prompt import Task
from app.domain.proposal import Article
from app.ui.composer.settling import ANSWER_CHANGED
from app.ui.shell.menus import rewrite_menu
from tests.support.consoles import DemoConsole
from tests.support.memory_desk import make_proposal, make_source, mark
from tests.support.waiting import PATIENCE_MS
from tests.ui.test_keyboard_journey import CTRL, opened, press, unlock

SOURCE = make_source(1, "Opening hours", "We open at 08:00 and close at 17:00.")


@pytest.fixture
def demo(qapp, tmp_path):
    made = DemoConsole(tmp_path, qapp)
    yield made
    made.abandon()


@pytest.fixture
def desk(demo, qtbot):
    console = unlock(demo, qtbot)
    press(console, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: opened(console) is not None, timeout=PATIENCE_MS)
    return console


def offer(desk, demo, qtbot, text, facts=()):
    thread = opened(desk)
    answer = Article(SOURCE.article_id, SOURCE.title, SOURCE.quote, SOURCE.approved_on)
    demo.desk.conversations.approve_article(answer)
    based_on = [item for item in thread.items if item.kind is ItemKind.MESSAGE][-1].event_id
    made = make_proposal(thread.conversation_id, based_on, text, sources=(SOURCE,), cited=((1,),), facts=facts)
    demo.desk.conversations.record_proposal(thread.conversation_id, made)
    qtbot.waitUntil(lambda: desk.presenters.composer.state.proposal == made, timeout=PATIENCE_MS)
    return made


def test_approving_an_unread_fact_leads_to_it_and_after_space_it_is_sent(desk, demo, qtbot):
    text = "We close at 17:30."
    offer(desk, demo, qtbot, text, (mark(text, "17:30", None),))
    press(desk, Qt.Key.Key_Return, CTRL | Qt.KeyboardModifier.ShiftModifier)
    chip = desk.window.composer.proposal.text.chips()[0]
    assert chip.hasFocus()
    assert opened(desk).held is None
    press(desk, Qt.Key.Key_Space)
    assert chip.isChecked()
    press(desk, Qt.Key.Key_Return, CTRL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: opened(desk).held is not None, timeout=PATIENCE_MS)


def test_a_draft_whose_answer_changed_waits_until_it_is_made_again(desk, demo, qtbot):
    text = "We close at 17:00."
    made = offer(desk, demo, qtbot, text)
    composer, frame = desk.presenters.composer, desk.window.composer.proposal
    qtbot.waitUntil(lambda: composer.state.can_be_approved, timeout=PATIENCE_MS)
    changed = Article(SOURCE.article_id, SOURCE.title, "We close at 16:00 on every day.", SOURCE.approved_on)
    demo.desk.conversations.approve_article(changed)
    qtbot.waitUntil(lambda: composer.state.problem == ANSWER_CHANGED, timeout=PATIENCE_MS)
    assert not composer.approve()
    assert frame.text.toPlainText().startswith(text)
    assert "The approved answer changed since" in [label.text() for label in frame.findChildren(QLabel)]
    press(desk, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: composer.state.can_be_approved, timeout=PATIENCE_MS)
    assert composer.state.proposal.proposal_id != made.proposal_id


def test_f_goes_to_the_next_fact_from_anywhere(desk, demo, qtbot):
    text = "We open at 08:00 and close at 17:00."
    offer(desk, demo, qtbot, text, (mark(text, "08:00", SOURCE), mark(text, "17:00", SOURCE)))
    for place in (0, 1, 0):
        press(desk, Qt.Key.Key_F)
        assert desk.window.composer.proposal.text.chips()[place].hasFocus()


def test_compare_shows_both_texts_and_b_takes_the_old_one(desk, demo, qtbot):
    before = offer(desk, demo, qtbot, "We open at 08:00 and close at 17:00.")
    memory = desk.presenters.composer._proposal._memory
    memory.asked(before.conversation_id, before)
    text = "Open from 08:00."
    thread = opened(desk)
    after = make_proposal(thread.conversation_id, before.based_on, text, sources=(SOURCE,), cited=((1,),))
    memory.arrived(thread.conversation_id, after)
    demo.desk.conversations.record_proposal(thread.conversation_id, after)
    qtbot.waitUntil(lambda: desk.presenters.composer.state.proposal == after, timeout=PATIENCE_MS)
    press(desk, Qt.Key.Key_V)
    assert desk.desk_part.comparing.isVisible()
    press(desk, Qt.Key.Key_B)
    assert not desk.desk_part.comparing.isVisible()
    assert desk.presenters.composer.state.proposal == before
    qtbot.waitUntil(lambda: opened(desk).proposal == before, timeout=PATIENCE_MS)


def test_a_hand_over_note_is_put_together_and_saved_as_a_note(desk, qtbot):
    press(desk, Qt.Key.Key_H)
    sheet = desk.desk_part.note
    assert sheet.isVisible()
    qtbot.waitUntil(lambda: "by the program" in sheet.origin(), timeout=PATIENCE_MS)
    assert all(chip.fact.is_supported for chip in sheet.text.chips())
    text = sheet.text.toPlainText()
    press(desk, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened(desk).items[-1].kind is ItemKind.NOTE, timeout=PATIENCE_MS)
    assert opened(desk).items[-1].text.split()[0] == text.split()[0]
    assert not sheet.isVisible()


def test_a_note_that_nobody_saves_is_recorded_nowhere(desk, qtbot):
    count = len(opened(desk).items)
    press(desk, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: "by the program" in desk.desk_part.note.origin(), timeout=PATIENCE_MS)
    press(desk, Qt.Key.Key_Escape)
    assert not desk.desk_part.note.isVisible()
    assert len(opened(desk).items) == count


def test_what_the_model_was_not_taught_is_greyed_out_with_the_reason(desk, demo, qtbot, qtlog):
    class Starter:
        def supports(self, task):
            return task is Task.REPLY

    offers, foot = rewrite_menu(Starter(), lambda _task: None)
    assert [one.is_enabled for one in offers] == [False] * 4
    assert "was not taught this" in foot
    assert "An administrator can import a larger model" in foot
    offer(desk, demo, qtbot, "We open at 08:00.")
    with qtlog.disabled():  # the offscreen platform can neither raise a menu nor grab the keyboard for it, and says so
        press(desk, Qt.Key.Key_W)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert not any(action.isEnabled() for action in menu.actions() if not action.isSeparator())
        menu.close()


def test_the_last_five_instructions_come_back_with_the_arrows(desk):
    sheet, told = desk.desk_part.instructing, []
    sheet.given.disconnect()
    sheet.given.connect(told.append)
    for number in range(7):
        sheet.open()
        QTest.keyClicks(sheet.line, f"number  {number}")
        QTest.keyClick(sheet.line, Qt.Key.Key_Return)
    assert told[-1] == "number 6"
    assert sheet.told() == tuple(f"number {number}" for number in (6, 5, 4, 3, 2))
    sheet.open()
    QTest.keyClick(sheet, Qt.Key.Key_Up)
    assert sheet.line.text() == "number 6"
    assert sheet.line.maxLength() == 300
    sheet.close_sheet()


def test_the_status_line_reminds_until_the_emergency_list_is_signed(desk, demo, qtbot):
    status = desk.window.status
    qtbot.waitUntil(lambda: "emergency list" in status.reminder(), timeout=PATIENCE_MS)
    press(desk, Qt.Key.Key_K, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), "emergency list")
    press(desk, Qt.Key.Key_Return)
    sheet = desk.desk_part.emergency_list
    assert sheet.isVisible()
    qtbot.waitUntil(lambda: "Nobody has signed" in sheet.state(), timeout=PATIENCE_MS)
    words = sheet.page.toPlainText()
    assert "English" in words
    assert "Spanish" in words
    sheet.sign_wanted.emit()
    qtbot.waitUntil(lambda: "Signed by" in sheet.state(), timeout=PATIENCE_MS)
    assert demo.desk.interlock.status().is_signed
    assert status.reminder() == ""


def test_an_office_that_never_signed_reads_the_list_when_its_administrator_first_comes(qapp, tmp_path, qtbot):
    demo = DemoConsole(tmp_path, qapp, has_demo=False, is_demo=False)
    try:
        demo.start()
        part = demo.console.desk_part
        qtbot.waitUntil(
            lambda: "emergency_list" in part.__dict__ and part.emergency_list.isVisible(), timeout=PATIENCE_MS
        )
        part.emergency_list.close_sheet()
        part.emergency.refresh()
        qtbot.wait(50)
        assert not part.emergency_list.isVisible(), "it asks once, and then the status line reminds"
        assert "emergency list" in demo.console.window.status.reminder()
    finally:
        demo.abandon()


def test_at_the_front_desk_the_list_is_read_and_not_signed(desk, demo, qtbot):
    demo.desk.vault.person = replace(demo.desk.person, role=Role.FRONT_DESK)
    desk.desk_part.open_list()
    sheet = desk.desk_part.emergency_list
    qtbot.waitUntil(lambda: "administrator or a professional" in sheet.state(), timeout=PATIENCE_MS)
    shown = {button.text() for button in sheet.findChildren(QPushButton) if button.isVisible()}
    assert "Close" in shown
    assert not any("sign" in words for words in shown)
    assert not sheet.findChild(QComboBox).isEnabled()


def test_another_country_says_its_own_numbers_and_is_signed_anew(desk, demo, qtbot):
    sheet = desk.desk_part.emergency_list
    desk.desk_part.open_list()
    sheet.sign_wanted.emit()
    qtbot.waitUntil(lambda: "Signed by" in sheet.state(), timeout=PATIENCE_MS)
    sheet.country_wanted.emit("gb" if demo.desk.interlock.country != "gb" else "ie")
    qtbot.waitUntil(lambda: "Nobody has signed" in sheet.state(), timeout=PATIENCE_MS)
    number = "999" if demo.desk.interlock.country == "gb" else "112"
    assert number in sheet.page.toPlainText()
    assert number in (demo.desk.interlock.script_for(["I can't breathe"]) or "")


def test_identity_is_confirmed_by_a_button_and_taken_back(desk, demo, qtbot):
    desk.window.open_context()

    def button(words):
        return next(b for b in desk.window.context.findChildren(QPushButton) if b.text() == words)

    assert opened(desk).identity is None
    button("Photo ID seen").click()
    qtbot.waitUntil(lambda: opened(desk).identity is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: button("Take back").isVisible(), timeout=PATIENCE_MS)
    assert not button("Known to the office").isVisible()
    button("Take back").click()
    qtbot.waitUntil(lambda: opened(desk).identity is None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: button("Known to the office").isVisible(), timeout=PATIENCE_MS)


@pytest.mark.parametrize(
    ("chosen", "environment", "country"),
    [
        ("", {"LANG": "en_GB.UTF-8"}, "gb"),
        ("", {"LC_ALL": "es_MX.UTF-8", "LANG": "en_US.UTF-8"}, "mx"),
        ("", {"LANG": "de_AT"}, "eu"),
        ("", {"LANG": "C.UTF-8"}, "us"),
        ("ie", {"LANG": "en_GB.UTF-8"}, "ie"),
        ("atlantis", {}, "us"),
    ],
)
def test_the_country_is_the_chosen_one_or_that_of_the_locale(chosen, environment, country):
    assert country_of(chosen, environment) == country
