"""What the composer holds: unsent text, proposals in every state, sending with a second thought."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLabel

from app.domain.conversation import ComposerTab, Origin, Urgency
from app.domain.ids import OFFICE, ProposalId
from app.domain.prompt import Task
from app.domain.proposal import ProposalAction, ProposalWarning
from app.services.errors import InvalidTextError, TextFault
from app.services.ports import ProblemCode
from app.ui.background import BackgroundRunner
from app.ui.composer.editor import ComposerEditor
from app.ui.composer.pane import ComposerPane
from app.ui.composer.proposal_frame import SHORT_PX
from app.ui.composer.proposal_text import ProposalText
from app.ui.composer.settling import ANSWER_CHANGED, WHILE_EDITING
from app.ui.composer.state import Phase, ProposalState, state_of
from app.ui.composer.words import announcement, explanation, headline, problem_words, warning_words
from app.ui.shell.presenters import DeskPresenters
from tests.support.memory_desk import (
    MemoryConversations,
    MemoryDesk,
    ScriptedProposals,
    make_proposal,
    make_source,
    mark,
)
from tests.support.waiting import PATIENCE_MS

TEXT = "The desk opens at eight. It closes at five. Have a good day."
SOURCES = (make_source(1, "Opening hours", "We open at eight."), make_source(2, "Closing", "We close at five."))


class Bench:
    """A desk in memory with one open conversation and a proposal service that the test moves by hand."""

    def __init__(self, qtbot):
        self.qtbot = qtbot
        self.store = MemoryConversations()
        self.proposals = ScriptedProposals()
        self.runner = BackgroundRunner("composer under test")
        now_ms = self.store._now_ms
        self.desk = DeskPresenters(MemoryDesk(self.store), self.runner, now_ms, undo_ms=60_000, prepares_drafts=False)
        self.desk.use_proposals(self.proposals)
        self.composer = self.desk.composer
        self.texts, self.phases, self.failures, self.announced = [], [], [], []
        self.composer.text_replaced.connect(lambda texts: self.texts.append(texts.reply))
        self.composer.proposal_changed.connect(lambda state: self.phases.append(state.phase))
        self.composer.proposal_ended.connect(self.announced.append)
        self.composer.failed.connect(self.failures.append)
        self.cid = self.store.start("Ada Quill", Origin.PHONE, "When do you open?")
        self.open(self.cid)

    def open(self, cid):
        self.desk.conversation.open(cid)
        self.settle()
        self.qtbot.waitUntil(lambda: self.desk.conversation.shown is not None, timeout=PATIENCE_MS)

    def settle(self):
        self.qtbot.wait(1)
        self.qtbot.waitUntil(lambda: self.runner.is_idle, timeout=PATIENCE_MS)

    def newest(self):
        return self.store.thread(self.cid).items[-1].event_id

    def proposal(self, **changes):
        return make_proposal(self.cid, self.newest(), TEXT, sources=SOURCES, cited=((1,), (2,)), **changes)

    def from_service(self, name, *arguments):
        """Call the listener as the service does: on another thread."""
        listener = self.proposals.runs[-1].listener
        thread = threading.Thread(target=getattr(listener, name), args=arguments)
        thread.start()
        thread.join()

    def finish(self, **changes):
        proposal = self.proposal(**changes)
        self.store.record_proposal(self.cid, proposal)
        self.from_service("proposal_ready", proposal)
        self.qtbot.waitUntil(lambda: self.composer.state.proposal == proposal, timeout=PATIENCE_MS)
        return proposal


@pytest.fixture
def bench(qtbot):
    made = Bench(qtbot)
    yield made
    made.desk.detach()
    assert made.runner.close()


def test_a_proposal_goes_from_preparing_over_streaming_to_ready(bench, qtbot):
    bench.composer.propose()
    assert bench.composer.state.phase is Phase.PREPARING
    bench.from_service("sources_found", SOURCES)
    bench.from_service("words_arrived", "The desk")
    qtbot.waitUntil(lambda: bench.composer.state.phase is Phase.STREAMING, timeout=PATIENCE_MS)
    assert bench.composer.state.sources == SOURCES
    bench.finish()
    assert bench.phases[-3:] == [Phase.PREPARING, Phase.STREAMING, Phase.READY] or Phase.READY in bench.phases
    assert bench.composer.state.can_be_approved
    assert len(bench.announced) == 1


def test_many_words_at_once_reach_the_view_as_a_few_groups(bench, qtbot):
    bench.composer.propose()
    for end in range(1, len(TEXT)):
        bench.from_service("words_arrived", TEXT[:end])
    qtbot.waitUntil(lambda: bench.composer.state.text == TEXT[:-1], timeout=PATIENCE_MS)
    assert bench.phases.count(Phase.STREAMING) < 10


def test_escape_stops_and_keeps_what_is_there(bench, qtbot):
    bench.composer.propose()
    bench.from_service("words_arrived", "The desk opens")
    qtbot.waitUntil(lambda: bench.composer.state.text == "The desk opens", timeout=PATIENCE_MS)
    assert bench.composer.stop()
    assert bench.proposals.runs[-1].was_cancelled
    bench.from_service("proposal_failed", ProblemCode.STOPPED)
    qtbot.waitUntil(lambda: bench.composer.state.phase is Phase.STOPPED, timeout=PATIENCE_MS)
    assert bench.composer.state.text == "The desk opens"
    assert not bench.composer.approve()
    bench.composer.edit()
    assert bench.composer.text(ComposerTab.REPLY) == "The desk opens"


def test_approve_holds_the_text_as_it_stands_and_release_tells_where_it_came_from(bench, qtbot):
    bench.composer.propose()
    proposal = bench.finish()
    assert bench.composer.approve()
    qtbot.waitUntil(lambda: bench.desk.steps.last is not None, timeout=PATIENCE_MS)
    assert bench.store.sent == []
    bench.desk.steps.settle_all()
    qtbot.waitUntil(lambda: len(bench.store.sent) == 1, timeout=PATIENCE_MS)
    _cid, text, provenance = bench.store.sent[0]
    assert (text, provenance.proposal_id, provenance.changed_percent) == (TEXT, proposal.proposal_id, 0)


def test_an_edited_proposal_is_sent_as_an_edit_of_it(bench, qtbot):
    bench.composer.propose()
    proposal = bench.finish()
    bench.composer.edit()
    assert bench.composer.base is not None
    bench.composer.edited(ComposerTab.REPLY, TEXT.replace("eight", "nine"))
    bench.composer.send()
    qtbot.waitUntil(lambda: bench.desk.steps.last is not None, timeout=PATIENCE_MS)
    bench.desk.steps.settle_all()
    qtbot.waitUntil(lambda: len(bench.store.sent) == 1, timeout=PATIENCE_MS)
    assert bench.store.sent[0][2].proposal_id == proposal.proposal_id
    assert bench.store.sent[0][2].changed_percent > 0


def test_undo_brings_the_text_back_and_keeps_its_origin(bench, qtbot):
    bench.composer.propose()
    proposal = bench.finish()
    bench.composer.approve()
    qtbot.waitUntil(lambda: bench.desk.steps.last is not None, timeout=PATIENCE_MS)
    assert bench.desk.steps.undo_last()
    qtbot.waitUntil(lambda: bench.composer.text(ComposerTab.REPLY) == TEXT, timeout=PATIENCE_MS)
    bench.composer.approve()
    qtbot.waitUntil(lambda: bench.desk.steps.last is not None, timeout=PATIENCE_MS)
    bench.desk.steps.settle_all()
    qtbot.waitUntil(lambda: len(bench.store.sent) == 1, timeout=PATIENCE_MS)
    assert bench.store.sent[0][2].proposal_id == proposal.proposal_id


def test_when_nothing_is_undone_then_the_reply_leaves_by_itself(qtbot):
    bench = Bench(qtbot)
    bench.desk.sending._undo_ms = 30
    bench.composer.edited(ComposerTab.REPLY, "At eight.")
    bench.composer.send()
    qtbot.waitUntil(lambda: len(bench.store.sent) == 1, timeout=PATIENCE_MS)
    assert bench.desk.steps.last is None
    bench.desk.detach()
    bench.runner.close()


def test_when_sending_fails_then_the_text_is_in_the_composer_again(bench, qtbot):
    bench.composer.edited(ComposerTab.REPLY, "At eight.")
    bench.composer.flush()
    bench.settle()
    bench.store.fail_next = InvalidTextError(TextFault.TOO_LONG)
    bench.composer.send()
    qtbot.waitUntil(lambda: bench.failures != [], timeout=PATIENCE_MS)
    assert bench.composer.text(ComposerTab.REPLY) == "At eight."
    assert bench.store.sent == []


def test_a_message_that_arrives_sets_the_proposal_aside(bench, qtbot):
    bench.composer.propose()
    bench.finish()
    bench.store.receive(bench.cid, "And on Saturday?")
    qtbot.waitUntil(lambda: bench.composer.state.phase is Phase.STALE, timeout=PATIENCE_MS)
    assert not bench.composer.approve()
    assert headline(bench.composer.state) == "Something new came in"


def test_a_message_that_arrives_while_somebody_edits_is_said_too(bench, qtbot):
    bench.composer.propose()
    bench.finish()
    bench.composer.edit()
    bench.store.receive(bench.cid, "And on Saturday?")
    qtbot.waitUntil(lambda: bench.composer.state.problem == WHILE_EDITING, timeout=PATIENCE_MS)
    assert bench.composer.text(ComposerTab.REPLY) == TEXT


def change_answer(bench, proposal, *, back=False):
    """The approved answer behind a proposal is another one; ``back``: the old one again."""
    (bench.store.outdated.discard if back else bench.store.outdated.add)(proposal.proposal_id)
    bench.store._tell(OFFICE)


def test_when_the_answer_behind_a_proposal_changed_then_it_cannot_be_approved_until_it_is_as_it_was(bench, qtbot):
    bench.composer.propose()
    proposal = bench.finish()
    bench.composer.check(0)
    change_answer(bench, proposal)
    qtbot.waitUntil(lambda: bench.composer.state.problem == ANSWER_CHANGED, timeout=PATIENCE_MS)
    state = bench.composer.state
    assert (state.phase, state.text) == (Phase.STALE, TEXT)
    assert headline(state) == "The approved answer changed since"
    assert "Opening hours" in explanation(state)
    assert not bench.composer.approve()
    bench.settle()
    assert not bench.store.sent
    assert bench.store.thread(bench.cid).held is None
    change_answer(bench, proposal, back=True)
    qtbot.waitUntil(lambda: bench.composer.state.can_be_approved, timeout=PATIENCE_MS)


def test_a_proposal_that_is_made_again_after_its_answer_changed_can_be_approved(bench, qtbot):
    bench.composer.propose()
    change_answer(bench, bench.finish())
    qtbot.waitUntil(lambda: bench.composer.state.problem == ANSWER_CHANGED, timeout=PATIENCE_MS)
    bench.composer.propose()
    again = replace(bench.proposal(), proposal_id=ProposalId("again"))
    bench.store.record_proposal(bench.cid, again)
    bench.from_service("proposal_ready", again)
    qtbot.waitUntil(lambda: bench.composer.state.proposal == again, timeout=PATIENCE_MS)
    bench.settle()
    assert bench.composer.state.can_be_approved


def test_an_answer_that_changes_while_somebody_edits_is_said_and_the_text_stays(bench, qtbot):
    bench.composer.propose()
    proposal = bench.finish()
    bench.composer.edit()
    change_answer(bench, proposal)
    qtbot.waitUntil(lambda: bench.composer.state.problem == ANSWER_CHANGED, timeout=PATIENCE_MS)
    assert "Your text began from the old one" in explanation(bench.composer.state)
    assert bench.composer.text(ComposerTab.REPLY) == TEXT
    assert bench.composer.send()


@pytest.mark.parametrize("code", list(ProblemCode))
def test_every_problem_has_words_that_leave_the_person_able_to_write(code):
    words = problem_words(code.value)
    assert words.endswith(".")
    assert code.value not in words


def test_a_failed_run_leaves_own_text_alone(bench, qtbot):
    bench.composer.edited(ComposerTab.REPLY, "My own words")
    bench.composer.propose()
    bench.from_service("proposal_failed", ProblemCode.MODEL_FAILED)
    qtbot.waitUntil(lambda: bench.composer.state.phase is Phase.FAILED, timeout=PATIENCE_MS)
    assert bench.composer.text(ComposerTab.REPLY) == "My own words"
    assert len(bench.announced) == 1


def test_without_a_model_the_person_is_told(bench, qtbot):
    bench.desk.use_proposals(None)
    with qtbot.waitSignal(bench.composer.model_missing, timeout=PATIENCE_MS):
        bench.composer.propose()


def test_a_run_goes_on_while_the_person_is_elsewhere(bench, qtbot):
    other = bench.store.start("Ben", Origin.PHONE, "Hello?")
    bench.composer.propose()
    bench.open(other)
    qtbot.waitUntil(lambda: bench.composer.state.phase is Phase.NONE, timeout=PATIENCE_MS)
    bench.from_service("words_arrived", "The desk")
    bench.open(bench.cid)
    qtbot.waitUntil(lambda: bench.composer.state.phase in {Phase.PREPARING, Phase.STREAMING}, timeout=PATIENCE_MS)


def test_unsent_text_is_stored_soon_and_at_once_when_the_person_turns_away(bench, qtbot):
    bench.composer.edited(ComposerTab.REPLY, "We open")
    other = bench.store.start("Ben", Origin.PHONE, "Hello?")
    bench.open(other)
    assert (bench.cid, ComposerTab.REPLY, "We open") in bench.store.saved
    bench.open(bench.cid)
    qtbot.waitUntil(lambda: bench.texts[-1] == "We open", timeout=PATIENCE_MS)
    bench.composer.edited(ComposerTab.NOTE, "call")
    qtbot.waitUntil(lambda: (bench.cid, ComposerTab.NOTE, "call") in bench.store.saved, timeout=PATIENCE_MS)


def test_typing_is_not_overwritten_when_the_thread_is_read_again(bench, qtbot):
    bench.composer.edited(ComposerTab.REPLY, "Half a sent")
    count = len(bench.texts)
    bench.store.receive(bench.cid, "Are you there?")
    qtbot.waitUntil(lambda: len(bench.desk.conversation.shown.thread.items) == 2, timeout=PATIENCE_MS)
    assert len(bench.texts) == count


def test_discarding_tells_the_reason(bench, qtbot):
    bench.composer.propose()
    proposal = bench.finish()
    bench.composer.discard("It is wrong")
    qtbot.waitUntil(lambda: bench.store.discarded == [(proposal.proposal_id, "It is wrong")], timeout=PATIENCE_MS)
    assert bench.composer.state.phase is Phase.NONE


def test_in_an_emergency_drafting_is_left_to_people(bench, qtbot):
    bench.composer.propose()
    bench.finish()
    bench.store.set_urgency(bench.cid, Urgency.EMERGENCY)
    qtbot.waitUntil(lambda: bench.composer.state.phase is Phase.NONE, timeout=PATIENCE_MS)
    asked = len(bench.proposals.requests)
    with qtbot.waitSignal(bench.composer.refused, timeout=PATIENCE_MS):
        bench.composer.propose()
    assert len(bench.proposals.requests) == asked
    assert not bench.composer.approve()
    bench.store.set_urgency(bench.cid, Urgency.ROUTINE)
    qtbot.waitUntil(lambda: bench.composer.state.can_be_approved, timeout=PATIENCE_MS)


def test_a_rewrite_asks_for_its_task(bench):
    bench.composer.propose(Task.SHORTER)
    assert bench.proposals.requests[-1] == (bench.cid, Task.SHORTER)


def test_two_held_replies_are_taken_back_latest_first(bench, qtbot):
    other = bench.store.start("Ben", Origin.PHONE, "Hello?")
    bench.composer.edited(ComposerTab.REPLY, "First")
    bench.composer.send()
    qtbot.waitUntil(lambda: bench.desk.steps.last is not None, timeout=PATIENCE_MS)
    bench.open(other)
    bench.composer.edited(ComposerTab.REPLY, "Second")
    bench.composer.send()
    qtbot.waitUntil(lambda: bench.store.thread(other).held is not None, timeout=PATIENCE_MS)
    bench.settle()
    bench.desk.steps.undo_last()
    qtbot.waitUntil(lambda: bench.store.thread(other).held is None, timeout=PATIENCE_MS)
    assert bench.store.thread(bench.cid).held.text == "First"
    bench.desk.steps.undo_last()
    qtbot.waitUntil(lambda: bench.store.thread(bench.cid).held is None, timeout=PATIENCE_MS)
    assert bench.store.thread(bench.cid).unsent_reply == "First"


# -- words ---------------------------------------------------------------------------------------------------------


def state(action=ProposalAction.PROPOSE, warnings=()):
    return state_of(
        make_proposal("c", "e", TEXT, sources=SOURCES, cited=((1,), (2,)), action=action, warnings=warnings)
    )


def test_the_headline_counts_words_and_sources_and_knows_no_percentage():
    assert headline(state()) == "Draft ready · 13 words · 2 sources"
    everything = " ".join([headline(state(action)) + announcement(state(action)) for action in ProposalAction])
    assert "%" not in everything
    assert "AI" not in everything


@pytest.mark.parametrize("warning", [one for one in ProposalWarning if one is not ProposalWarning.FELL_BACK_TO_ANSWER])
def test_every_warning_is_a_sentence(warning):
    assert warning_words(state(warnings=(warning,)))[0].endswith(".")


def test_only_what_is_true_of_the_shown_text_is_warned_of():
    fell_back = (
        ProposalWarning.UNSOURCED_SENTENCE,
        ProposalWarning.UNSUPPORTED_FACT,
        ProposalWarning.FELL_BACK_TO_ANSWER,
    )
    assert warning_words(state(warnings=fell_back)) == ()
    assert explanation(state(warnings=fell_back)).startswith("The approved answer, word for word: Opening hours")
    made = make_proposal(
        "c", "e", TEXT, sources=SOURCES, cited=((1,), (2,), (1,)), warnings=(ProposalWarning.UNSOURCED_SENTENCE,)
    )
    assert warning_words(state_of(made)) == ()


# -- the text of the proposal --------------------------------------------------------------------------------------


@pytest.fixture
def shown(qtbot):
    view = ProposalText()
    view.resize(420, 140)
    qtbot.addWidget(view)
    view.show()
    return view


def test_streaming_only_appends_so_a_selection_stays(shown):
    shown.show_state(ProposalState(Phase.PREPARING))
    shown.show_state(ProposalState(Phase.STREAMING, "The desk opens"))
    cursor = shown.textCursor()
    cursor.setPosition(4)
    cursor.setPosition(8, QTextCursor.MoveMode.KeepAnchor)
    shown.setTextCursor(cursor)
    shown.show_state(ProposalState(Phase.STREAMING, "The desk opens at eight."))
    assert shown.toPlainText() == "The desk opens at eight."
    assert shown.textCursor().selectedText() == "desk"


def test_each_sentence_shows_its_sources_and_one_without_is_dotted(shown):
    shown.show_state(state())
    assert shown.chip_numbers() == (1, 2)
    text = shown.toPlainText()
    cursor = QTextCursor(shown.document())
    cursor.setPosition(text.index("Have") + 1)
    assert cursor.charFormat().underlineStyle() == cursor.charFormat().UnderlineStyle.DotLine
    cursor.setPosition(1)
    assert cursor.charFormat().underlineStyle() == cursor.charFormat().UnderlineStyle.NoUnderline


def test_text_of_the_model_is_never_markup(shown):
    shown.show_state(ProposalState(Phase.STREAMING, "<b>bold</b> <img src=x>"))
    assert shown.toPlainText() == "<b>bold</b> <img src=x>"


# -- the pane ------------------------------------------------------------------------------------------------------


@pytest.fixture
def pane(qtbot):
    view = ComposerPane()
    view.resize(820, 500)
    qtbot.addWidget(view)
    view.show()
    return view


def test_the_frame_keeps_its_height_from_the_first_moment_to_the_last(pane):
    heights = []
    ready = state()
    for moment in (
        ProposalState(Phase.PREPARING),
        ProposalState(Phase.STREAMING, "The"),
        ProposalState(Phase.STREAMING, TEXT * 9, SOURCES),
        ready,
    ):
        pane.show_proposal(moment)
        heights.append(pane.proposal.height())
    assert len(set(heights)) == 1


def unread_state():
    """A finished text with a fact that no source holds."""
    facts = (mark(TEXT, "five", None),)
    return state_of(make_proposal("c", "e", TEXT, sources=SOURCES, cited=((1,), (2,)), facts=facts))


def test_in_a_short_window_the_proposal_takes_all_the_room(pane, qtbot):
    pane.set_room(has_room=False, is_short=True)
    pane.show_proposal(ProposalState(Phase.STREAMING, "We open", SOURCES))
    pane.resize(820, 700)
    qtbot.waitUntil(lambda: pane.proposal.height() > 2 * SHORT_PX, timeout=PATIENCE_MS)
    streaming = pane.proposal.height()
    pane.show_proposal(unread_state())
    qtbot.wait(1)
    assert pane.proposal.height() == streaming


def test_where_two_lines_are_all_there_is_the_warning_takes_the_place_of_the_titles(pane, qtbot):
    def labels():
        return [label.text() for label in pane.proposal.findChildren(QLabel) if label.isVisible()]

    pane.set_room(has_room=False, is_short=True)
    pane.show_proposal(unread_state())
    pane.resize(820, 520)
    qtbot.waitUntil(lambda: any("Proposed from" in words for words in labels()), timeout=PATIENCE_MS)
    pane.resize(820, 300)
    qtbot.waitUntil(lambda: not any("Proposed from" in words for words in labels()), timeout=PATIENCE_MS)
    assert any("1 fact stands in no source" in words for words in labels())
    pane.show_proposal(replace(unread_state(), checked=frozenset({0})))
    assert any("Proposed from" in words for words in labels())


def test_reply_and_note_lie_on_different_paper(pane, qtbot):
    def colour(tab):
        pane.show_tab(tab)
        qtbot.wait(20)
        image = pane.grab().toImage()
        return image.pixelColor(pane.editor.mapTo(pane, pane.editor.rect().center())).name()

    assert colour(ComposerTab.REPLY) != colour(ComposerTab.NOTE)


def test_while_own_text_stands_in_the_editor_the_proposal_cannot_be_approved(pane):
    pane.show_proposal(state())
    assert pane.proposal.action_row.first_button().isVisible()
    pane.reply.setPlainText("My own words")
    assert not pane.proposal.action_row.first_button().isVisible()
    pane.reply.clear()
    assert pane.proposal.action_row.first_button().isVisible()


def test_the_editor_grows_with_its_text_and_then_scrolls(qtbot):
    editor = ComposerEditor("Reply")
    qtbot.addWidget(editor)
    editor.resize(400, editor.height())
    editor.show()
    small = editor.height()
    editor.setPlainText("\n" * 6)
    assert editor.height() > small
    editor.setPlainText("\n" * 60)
    tall = editor.height()
    editor.setPlainText("\n" * 90)
    assert editor.height() == tall


def test_pasted_text_loses_signs_that_steer_the_screen(qtbot, qapp):
    editor = ComposerEditor("Reply")
    qtbot.addWidget(editor)
    qapp.clipboard().setText("price \u202e001 EUR\u202c")
    editor.paste()
    assert editor.toPlainText() == "price 001 EUR"
