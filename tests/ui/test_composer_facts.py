"""Facts in a proposal: chips by keyboard, the passage behind them, and the gate before an unread one is sent."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from app.domain.conversation import ComposerTab, Urgency
from app.domain.facts import FactKind, FactMark
from app.domain.prompt import Task
from app.domain.proposal import ProposalAction, Sentence
from app.ui.composer.differing import Change, compare
from app.ui.composer.edit_check import EditCheck
from app.ui.composer.editor import ComposerEditor
from app.ui.composer.pane import ComposerPane
from app.ui.composer.passage import marked
from app.ui.composer.pieces import cut
from app.ui.composer.state import Phase, state_of
from app.ui.composer.words import headline, warning_words
from tests.support.memory_desk import make_proposal, make_source, mark
from tests.support.waiting import PATIENCE_MS
from tests.ui.test_composer import Bench

SOURCE = make_source(1, "Opening hours", "On Thursdays we open at 08:00 and close at 17:00.")
TEXT = "We open at 08:00. We close at 17:30. Come in."
FACTS = (mark(TEXT, "08:00", SOURCE), mark(TEXT, "17:30", None))


def proposal(cid="c", based_on="e", text=TEXT, facts=FACTS, **changes):
    return make_proposal(cid, based_on, text, sources=(SOURCE,), cited=((1,), (1,), ()), facts=facts, **changes)


@pytest.fixture
def bench(qtbot):
    made = Bench(qtbot)
    yield made
    made.desk.detach()
    assert made.runner.close()


@pytest.fixture
def pane(qtbot):
    """A composer in a window with one proposal whose second fact stands in no source."""
    window = QMainWindow()
    made = ComposerPane()
    window.setCentralWidget(made)
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    made.show_proposal(state_of(proposal()))
    yield made
    made.proposal.text.wipe()


def offer(bench, made):
    bench.store.record_proposal(bench.cid, made)
    bench.qtbot.waitUntil(lambda: bench.composer.state.proposal == made, timeout=PATIENCE_MS)


# -- the gate ------------------------------------------------------------------------------------------------------


def test_an_unsupported_fact_keeps_a_proposal_from_being_approved_unread(bench, qtbot):
    offer(bench, proposal(bench.cid, bench.newest()))
    with qtbot.waitSignal(bench.composer.unread_found) as found:
        assert not bench.composer.approve()
    assert found.args == [1]
    assert bench.store.thread(bench.cid).held is None
    bench.composer.check(1)
    assert bench.composer.approve()
    qtbot.waitUntil(lambda: bench.store.thread(bench.cid).held is not None, timeout=PATIENCE_MS)


def test_a_supported_fact_never_blocks(bench):
    offer(bench, proposal(bench.cid, bench.newest(), facts=FACTS[:1]))
    assert bench.composer.approve()


def test_what_was_checked_survives_a_reading_and_a_visit_elsewhere_but_not_a_new_proposal(bench, qtbot):
    offer(bench, proposal(bench.cid, bench.newest()))
    bench.composer.check(1)
    bench.store.set_urgency(bench.cid, Urgency.SOON)
    qtbot.waitUntil(lambda: bench.desk.conversation.shown.thread.urgency is Urgency.SOON, timeout=PATIENCE_MS)
    assert bench.composer.state.checked == {1}
    other = bench.store.start("Ben", bench.store.thread(bench.cid).origin, "Hello?")
    bench.open(other)
    qtbot.waitUntil(lambda: bench.composer.state.phase is Phase.NONE, timeout=PATIENCE_MS)
    bench.open(bench.cid)
    qtbot.waitUntil(lambda: bench.composer.state.checked == {1}, timeout=PATIENCE_MS)
    text = TEXT.replace("Come in", "Do come in")
    offer(bench, proposal(bench.cid, bench.newest(), text=text, facts=(mark(text, "17:30", None),)))
    assert bench.composer.state.checked == frozenset()
    assert bench.composer.state.unread == (0,)


def test_an_unchanged_text_with_an_unread_fact_is_stopped_once_and_never_twice(bench, qtbot):
    offer(bench, proposal(bench.cid, bench.newest()))
    bench.composer.edit()
    with qtbot.waitSignal(bench.composer.unchanged_found):
        assert not bench.composer.send()
    assert bench.composer.text(ComposerTab.REPLY) == TEXT
    assert bench.composer.send()


def test_a_persons_own_words_are_never_stopped(bench, qtbot):
    offer(bench, proposal(bench.cid, bench.newest()))
    bench.composer.edit()
    bench.composer.edited(ComposerTab.REPLY, TEXT.replace("17:30", "17:45"))
    assert bench.composer.send()


def test_the_headline_counts_what_is_left_to_check():
    state = state_of(proposal())
    assert headline(state) == "Draft ready · 10 words · 1 source · 2 facts to check"
    assert "1 fact stands in no source" in warning_words(state)[0]


# -- chips ---------------------------------------------------------------------------------------------------------


def test_chips_say_what_they_are_and_where_they_come_from(pane):
    names = [chip.accessibleName() for chip in pane.proposal.text.chips()]
    assert names == ["08:00, from source 1: Opening hours", "17:30, unsupported: it stands in no source"]


def test_tab_goes_from_fact_to_fact_space_checks_and_enter_opens_the_passage(pane, qtbot):
    text, checked, opened = pane.proposal.text, [], []
    text.check_wanted.connect(checked.append)
    text.source_wanted.connect(opened.append)
    assert text.focus_fact(0)
    qtbot.waitUntil(text.chips()[0].hasFocus, timeout=PATIENCE_MS)
    assert text.popover().title() == "1 · Opening hours"
    assert text.popover().passage() == "08:00"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert text.chips()[1].hasFocus()
    assert "stands in no source" in text.popover().title()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert text.chips()[0].hasFocus()
    assert (checked, opened) == ([1], [1])


def test_the_next_fact_to_check_is_the_next_one_without_a_tick(pane):
    frame = pane.proposal
    frame.text.show_checked(frozenset({0}))
    assert frame.focus_next_fact()
    assert frame.text.chips()[1].hasFocus()
    frame.text.show_checked(frozenset({1}))
    assert frame.focus_next_fact()
    assert frame.text.chips()[0].hasFocus()


def test_when_a_new_text_comes_then_the_keyboard_does_not_land_on_a_button_that_sends(pane, qtbot):
    pane.proposal.text.focus_fact(1)
    qtbot.waitUntil(pane.proposal.text.chips()[1].hasFocus, timeout=PATIENCE_MS)
    pane.show_proposal(state_of(proposal(text="We close at 17:00.", facts=())))
    assert QApplication.focusWidget() is pane.proposal.text
    assert pane.proposal.text.popover() is None


def test_copied_words_are_the_words_of_the_text_alone(pane):
    pane.proposal.text.selectAll()
    assert pane.proposal.text.createMimeDataFromSelection().text() == TEXT


def test_emoji_before_a_fact_do_not_move_its_mark(pane):
    text = "🙂🙂 We close at 17:30."
    pane.show_proposal(state_of(proposal(text=text, facts=(mark(text, "17:30", None),))))
    chip = pane.proposal.text.chips()[0]
    cursor = pane.proposal.text.textCursor()
    cursor.setPosition(chip.start)
    cursor.setPosition(chip.end, cursor.MoveMode.KeepAnchor)
    assert cursor.selectedText().startswith("17:30")


def test_pieces_cover_the_text_whatever_the_marks_say():
    sentences = (Sentence(0, 8, (1,)), Sentence(9, 30, ()))
    facts = (
        FactMark(4, 12, FactKind.TIME, 1),
        FactMark(6, 400, FactKind.NAME, None),
        FactMark(-3, 2, FactKind.DATE, 1),
    )
    text = "abcdefgh ijklmnop"
    pieces = cut(text, sentences, facts)
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text
    assert [piece.fact for piece in pieces][:3] == [2, None, 0]  # the first mark wins where two overlap


def test_the_marked_words_of_a_long_passage_are_shown_with_a_little_around_them():
    quote = "word " * 200 + "closes at 17:00 sharp " + "word " * 200
    start = quote.index("17:00")
    shown = marked(quote, start, start + 5, around_chars=40)
    assert shown.text.startswith("…")
    assert shown.text.endswith("…")
    assert shown.text[shown.start : shown.end] == "17:00"
    assert len(shown.text) < 120


# -- rewrites ------------------------------------------------------------------------------------------------------


def rewrite(bench):
    before = proposal(bench.cid, bench.newest())
    offer(bench, before)
    bench.composer.check(1)
    bench.composer.propose(Task.SHORTER)
    after = proposal(bench.cid, bench.newest(), text="Open from 08:00.", facts=())
    bench.store.record_proposal(bench.cid, after)
    bench.from_service("proposal_ready", after)
    bench.qtbot.waitUntil(lambda: bench.composer.state.proposal == after, timeout=PATIENCE_MS)
    return before, after


def test_after_a_rewrite_the_text_before_can_be_gone_back_to_as_it_was_left(bench, qtbot):
    before, after = rewrite(bench)
    assert bench.composer.state.before == before
    bench.composer.go_back()
    assert bench.composer.state.proposal == before
    assert bench.composer.state.checked == {1}
    assert bench.composer.state.before is None
    qtbot.waitUntil(lambda: bench.store.thread(bench.cid).proposal == before, timeout=PATIENCE_MS)
    assert after != before


def test_a_rewrite_that_fails_leaves_a_way_back(bench, qtbot):
    before = proposal(bench.cid, bench.newest())
    offer(bench, before)
    bench.composer.propose(Task.WARMER)
    bench.from_service("proposal_failed", "model_failed")
    qtbot.waitUntil(lambda: bench.composer.state.phase is Phase.FAILED, timeout=PATIENCE_MS)
    assert bench.composer.state.before == before
    bench.composer.go_back()
    assert bench.composer.state.proposal == before


def test_an_instruction_reaches_the_service(bench):
    offer(bench, proposal(bench.cid, bench.newest()))
    bench.composer.propose(Task.INSTRUCTED, "Mention the car park")
    assert bench.proposals.requests[-1] == (bench.cid, Task.INSTRUCTED)
    assert bench.proposals.instructions[-1] == "Mention the car park"


def test_two_texts_are_compared_word_by_word():
    left, right = compare("We close at five today.", "We close at six today.")
    assert [s.text for s in left if s.change is Change.REMOVED] == ["five"]
    assert [s.text for s in right if s.change is Change.ADDED] == ["six"]
    assert "".join(s.text for s in left) == "We close at five today."
    assert "".join(s.text for s in right) == "We close at six today."


# -- emergencies ---------------------------------------------------------------------------------------------------


def urgent(bench):
    text = "Please call 911 now."
    return make_proposal(bench.cid, bench.newest(), text, action=ProposalAction.URGENT)


def test_in_an_emergency_the_fixed_script_is_shown_and_nothing_else(bench, qtbot):
    bench.store.record_proposal(bench.cid, proposal(bench.cid, bench.newest()))
    bench.store.set_urgency(bench.cid, Urgency.EMERGENCY)
    qtbot.waitUntil(lambda: bench.desk.conversation.shown.thread.urgency is Urgency.EMERGENCY, timeout=PATIENCE_MS)
    assert bench.composer.state.phase is Phase.NONE
    script = urgent(bench)
    offer(bench, script)
    assert bench.composer.state.phase is Phase.URGENT
    assert bench.composer.approve()


def test_in_an_emergency_d_asks_for_the_script_when_the_list_has_one(bench, qtbot):
    bench.store.receive(bench.cid, "I can't breathe")
    bench.store.set_urgency(bench.cid, Urgency.EMERGENCY)
    qtbot.waitUntil(lambda: bench.desk.conversation.shown.thread.urgency is Urgency.EMERGENCY, timeout=PATIENCE_MS)
    bench.composer.propose()
    qtbot.waitUntil(lambda: len(bench.proposals.requests) == 1, timeout=PATIENCE_MS)
    script = urgent(bench)
    bench.store.record_proposal(bench.cid, script)
    bench.from_service("proposal_ready", script)
    qtbot.waitUntil(lambda: bench.composer.state.phase is Phase.URGENT, timeout=PATIENCE_MS)


# -- edited text ---------------------------------------------------------------------------------------------------


def test_a_fact_that_a_person_types_and_no_source_holds_is_marked_after_a_pause(bench, qtbot):
    offer(bench, proposal(bench.cid, bench.newest()))
    bench.composer.edit()
    check, seen = EditCheck(bench.composer, bench.runner), []
    check.marked.connect(lambda text, facts: seen.append([text[fact.start : fact.end] for fact in facts]))
    bench.composer.edited(ComposerTab.REPLY, "We open at 08:00. It costs 45 dollars.")
    check.touched()
    qtbot.waitUntil(lambda: seen[-1:] == [["45 dollars"]], timeout=PATIENCE_MS)


def test_the_contacts_own_name_needs_no_source(bench, qtbot):
    offer(bench, proposal(bench.cid, bench.newest()))
    bench.composer.edit()
    check, seen = EditCheck(bench.composer, bench.runner), []
    check.marked.connect(lambda text, facts: seen.append([text[fact.start : fact.end] for fact in facts]))
    assert bench.store.thread(bench.cid).contact_name == "Ada Quill"
    bench.composer.edited(ComposerTab.REPLY, "Dear Ms Quill, we open at 08:00. Ask for Ms Hollis.")
    check.touched()
    qtbot.waitUntil(lambda: seen[-1:] == [["Ms Hollis"]], timeout=PATIENCE_MS)


def test_a_text_of_the_persons_own_is_not_looked_at(bench, qtbot):
    check, seen = EditCheck(bench.composer, bench.runner), []
    check.marked.connect(lambda _text, facts: seen.append(facts))
    bench.composer.edited(ComposerTab.REPLY, "It costs 45 dollars.")
    check.touched()
    qtbot.waitUntil(lambda: not check._pause.isActive(), timeout=PATIENCE_MS)
    bench.settle()
    assert seen == [()]


def test_marks_of_an_older_text_are_not_put_under_a_newer_one(qtbot):
    editor = ComposerEditor("Reply")
    qtbot.addWidget(editor)
    editor.setPlainText("🙂 It costs 45 dollars.")
    fact = mark(editor.toPlainText(), "45 dollars", None)
    editor.show_unheld(editor.toPlainText(), (fact,))
    assert [one.cursor.selectedText() for one in editor.extraSelections()] == ["45 dollars"]
    editor.show_unheld("another text", (fact,))
    assert editor.extraSelections() == []
