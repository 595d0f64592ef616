"""The whole job of the front desk by keyboard alone, on a real vault and the real proposal path."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.conversation import ComposerTab, ConversationState, InboxView, ItemKind, Party, Urgency
from app.ui.composer.state import Phase
from app.ui.lock import LockReason
from app.ui.shell.window import Pane
from tests.support.consoles import DemoConsole
from tests.support.waiting import PATIENCE_MS

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def demo(qapp, tmp_path):
    made = DemoConsole(tmp_path, qapp)
    yield made
    made.abandon()


@pytest.fixture
def desk(demo, qtbot):
    """An unlocked console whose inbox is painted and whose model can be asked."""
    return unlock(demo, qtbot)


def unlock(demo, qtbot):
    console = demo.start()
    qtbot.waitUntil(lambda: console.presenters.inbox.model.rowCount() > 0, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: console.presenters.drafting.can_propose, timeout=PATIENCE_MS)
    qtbot.waitActive(console.window).__enter__()
    return console


def press(console, key, modifiers=NONE):
    """Press a key wherever the keyboard is now."""
    target = QApplication.focusWidget() or console.window
    QTest.keyClick(target, key, modifiers)
    QApplication.processEvents()


def opened(console):
    shown = console.presenters.conversation.shown
    return shown.thread if shown is not None else None


def open_id(console):
    thread = opened(console)
    return thread.conversation_id if thread else None


def open_name(console):
    thread = opened(console)
    return thread.contact_name if thread else None


def answered(console):
    """The words that the shown hits answer."""
    model = console.window.search.model
    excerpts = [model.hit(place).excerpt.lower() for place in range(model.rowCount())]
    return "parking" if excerpts and all("parking" in excerpt for excerpt in excerpts) else ""


def sent_texts(console):
    return [
        item.text
        for item in opened(console).items
        if item.kind is ItemKind.MESSAGE
        and item.party is Party.DESK
        and item.provenance is not None
        and item.provenance.proposal_id is not None
    ]


def test_unlock_oldest_propose_approve_undo_approve_next(desk, demo, qtbot):
    rows = demo.desk.conversations.inbox(InboxView.OPEN)
    oldest = min((row.oldest_unanswered_ms, row.conversation_id) for row in rows if row.oldest_unanswered_ms)[1]

    press(desk, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: opened(desk) is not None, timeout=PATIENCE_MS)
    assert opened(desk).conversation_id == oldest

    press(desk, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: desk.presenters.composer.state.can_be_approved, timeout=PATIENCE_MS)
    proposed = desk.presenters.composer.state.text

    press(desk, Qt.Key.Key_Return, CTRL | SHIFT)
    qtbot.waitUntil(lambda: opened(desk).held is not None, timeout=PATIENCE_MS)
    assert opened(desk).held.text == proposed
    assert desk.window.toast.text().startswith("Reply to")

    press(desk, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(
        lambda: opened(desk).held is None and desk.window.composer.reply.toPlainText() == proposed, timeout=PATIENCE_MS
    )
    assert sent_texts(desk) == []

    press(desk, Qt.Key.Key_Return, CTRL | SHIFT)
    qtbot.waitUntil(lambda: opened(desk).held is not None, timeout=PATIENCE_MS)
    desk.presenters.steps.settle_all()
    qtbot.waitUntil(lambda: sent_texts(desk) == [proposed], timeout=PATIENCE_MS)
    assert desk.window.composer.reply.toPlainText() == ""
    provenance = [item.provenance for item in opened(desk).items if item.provenance and item.provenance.proposal_id][-1]
    assert provenance.changed_percent == 0

    press(desk, Qt.Key.Key_E, SHIFT)
    qtbot.waitUntil(lambda: opened(desk) is not None and opened(desk).conversation_id != oldest, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: demo.desk.conversations.thread(oldest).state is ConversationState.DONE, timeout=PATIENCE_MS)


def test_the_next_and_the_previous_conversation_are_one_key_away(desk, qtbot):
    model = desk.presenters.inbox.model
    for key, modifiers, place in (
        (Qt.Key.Key_J, NONE, 0),
        (Qt.Key.Key_J, NONE, 1),
        (Qt.Key.Key_Down, ALT, 2),
        (Qt.Key.Key_K, NONE, 1),
        (Qt.Key.Key_Up, ALT, 0),
    ):
        press(desk, key, modifiers)
        assert desk.presenters.conversation.open_id == model.at(place).conversation_id
    qtbot.waitUntil(lambda: desk.window.inbox.list.currentIndex().row() == 0, timeout=PATIENCE_MS)


def test_single_letters_are_letters_inside_a_text_field(desk, qtbot):
    press(desk, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: opened(desk) is not None, timeout=PATIENCE_MS)
    before = opened(desk).conversation_id
    press(desk, Qt.Key.Key_R)
    assert desk.window.composer.reply.hasFocus()
    QTest.keyClicks(QApplication.focusWidget(), "jdenx/?")
    assert desk.window.composer.reply.toPlainText() == "jdenx/?"
    assert opened(desk).conversation_id == before
    assert desk.presenters.composer.state.phase in {Phase.NONE, Phase.READY, Phase.HAND_OVER}


def test_when_single_letters_are_switched_off_then_only_keys_with_a_modifier_work(desk):
    desk.keymap.use_single_keys(False)
    press(desk, Qt.Key.Key_J)
    assert desk.presenters.conversation.open_id is None
    press(desk, Qt.Key.Key_Down, ALT)
    assert desk.presenters.conversation.open_id is not None


def test_f6_goes_through_the_panes_and_back(desk, qtbot):
    press(desk, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: opened(desk) is not None, timeout=PATIENCE_MS)
    desk.window.focus_pane(Pane.LIST)
    seen = []
    for _ in range(4):
        press(desk, Qt.Key.Key_F6)
        seen.append(desk.window.pane_in_focus())
    assert seen == [Pane.THREAD, Pane.COMPOSER, Pane.RAIL, Pane.LIST]  # the details are folded at this size
    press(desk, Qt.Key.Key_F6, SHIFT)
    assert desk.window.pane_in_focus() is Pane.RAIL


def test_a_note_is_written_and_stays_inside(desk, demo, qtbot):
    press(desk, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: opened(desk) is not None, timeout=PATIENCE_MS)
    press(desk, Qt.Key.Key_N)
    QTest.keyClicks(QApplication.focusWidget(), "Call back after four.")
    press(desk, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: opened(desk).items[-1].kind is ItemKind.NOTE, timeout=PATIENCE_MS)
    assert opened(desk).items[-1].text == "Call back after four."
    qtbot.waitUntil(lambda: desk.window.composer.note.toPlainText() == "", timeout=PATIENCE_MS)
    assert sent_texts(desk) == []


def test_emergency_assignment_and_snooze_have_keys_and_can_be_taken_back(desk, demo, qtbot, qtlog):
    press(desk, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: opened(desk) is not None, timeout=PATIENCE_MS)
    here = opened(desk)
    press(desk, Qt.Key.Key_1, CTRL | SHIFT)
    qtbot.waitUntil(lambda: opened(desk).urgency is Urgency.EMERGENCY, timeout=PATIENCE_MS)
    press(desk, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: opened(desk).urgency is here.urgency, timeout=PATIENCE_MS)
    press(desk, Qt.Key.Key_A, SHIFT)
    qtbot.waitUntil(lambda: opened(desk).assigned_to == demo.desk.person.person_id, timeout=PATIENCE_MS)
    with qtlog.disabled():  # the offscreen platform can neither raise a menu nor grab the keyboard for it, and says so
        press(desk, Qt.Key.Key_B)
        menu = QApplication.activePopupWidget()
        assert menu is not None
        QTest.keyClick(menu, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: opened(desk).state is ConversationState.SNOOZED, timeout=PATIENCE_MS)
    press(desk, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: opened(desk).state is ConversationState.OPEN, timeout=PATIENCE_MS)


def test_search_opens_the_conversation_at_the_message(desk, qtbot):
    press(desk, Qt.Key.Key_Slash)
    assert desk.window.search.isVisible()
    QTest.keyClicks(QApplication.focusWidget(), "parking")
    qtbot.waitUntil(lambda: answered(desk) == "parking", timeout=PATIENCE_MS)
    hit = desk.window.search.model.hit(0)
    press(desk, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: opened(desk) is not None and opened(desk).conversation_id == hit.conversation_id, timeout=PATIENCE_MS
    )
    assert not desk.window.search.isVisible()


def test_the_palette_finds_a_command_by_a_few_letters_and_runs_it(desk, qtbot):
    press(desk, Qt.Key.Key_K, CTRL)
    assert desk.window.palette_sheet.isVisible()
    QTest.keyClicks(QApplication.focusWidget(), "who waits")
    press(desk, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened(desk) is not None, timeout=PATIENCE_MS)


def test_while_a_sheet_is_open_keys_stay_inside_it(desk):
    press(desk, Qt.Key.Key_F1)
    assert desk.commander.keys.isVisible()
    press(desk, Qt.Key.Key_J)
    assert desk.presenters.conversation.open_id is None
    press(desk, Qt.Key.Key_Escape)
    assert not desk.commander.keys.isVisible()
    press(desk, Qt.Key.Key_J)
    assert desk.presenters.conversation.open_id is not None


def test_the_curtain_hides_everything_and_any_key_lifts_it(desk):
    press(desk, Qt.Key.Key_F12)
    assert desk.window.curtain.isVisible()
    assert desk.window.curtain.geometry() == desk.window.root.rect()
    press(desk, Qt.Key.Key_J)
    assert not desk.window.curtain.isVisible()
    assert desk.presenters.conversation.open_id is None


def test_a_new_conversation_from_a_phone_call(desk, demo, qtbot):
    press(desk, Qt.Key.Key_C)
    QTest.keyClicks(QApplication.focusWidget(), "Ottoline Brask")
    press(desk, Qt.Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), "Asks whether we are open on Friday.")
    press(desk, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(
        lambda: opened(desk) is not None and opened(desk).contact_name == "Ottoline Brask", timeout=PATIENCE_MS
    )
    assert not desk.window.new_conversation.isVisible()
    assert "open on Friday" in demo.desk.conversations.thread(opened(desk).conversation_id).items[-1].text


def test_what_somebody_says_next_is_added_to_their_conversation(desk, demo, qtbot):
    press(desk, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: opened(desk) is not None, timeout=PATIENCE_MS)
    here, count = open_id(desk), len(opened(desk).items)
    press(desk, Qt.Key.Key_M)
    assert desk.window.new_conversation.words.hasFocus()
    QTest.keyClicks(QApplication.focusWidget(), "She called again.")
    press(desk, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(opened(desk).items) > count, timeout=PATIENCE_MS)
    assert open_id(desk) == here
    assert opened(desk).items[-1].text == "She called again."
    assert opened(desk).items[-1].party is Party.VISITOR
    assert not desk.window.new_conversation.isVisible()


def test_unsent_text_is_there_again_after_a_lock(desk, demo, qtbot):
    press(desk, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: opened(desk) is not None, timeout=PATIENCE_MS)
    here = opened(desk).conversation_id
    press(desk, Qt.Key.Key_R)
    QTest.keyClicks(QApplication.focusWidget(), "We will call you back")
    press(desk, Qt.Key.Key_O, CTRL | SHIFT)
    qtbot.waitUntil(lambda: demo.ended == [LockReason.BY_PERSON], timeout=PATIENCE_MS)
    assert desk.window.curtain.isVisible()
    demo.abandon()
    demo.ended.clear()

    again = unlock(demo, qtbot)
    again.presenters.conversation.open(here)
    qtbot.waitUntil(lambda: again.window.composer.reply.toPlainText() == "We will call you back", timeout=PATIENCE_MS)
    assert again.presenters.composer.text(ComposerTab.REPLY) == "We will call you back"
