"""Second part of the tour: the work of the front desk, from who waits longest to the lock."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication

from app.domain.conversation import Thread
from app.domain.prompt import Task
from app.ui.composer.state import RUNNING
from app.ui.shell.console import Console
from app.ui.shell.window import Pane
from app.ui.theme import SchemeChoice, Theme
from app.ui.tour.errors import TourStuckError
from app.ui.tour.hand import Hand
from app.ui.tour.leaving import walk_leaving
from app.ui.tour.record import TourRecord

SMALL_SCREEN = QSize(1366, 768)
WIDE_SCREEN = QSize(1920, 1080)

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_FEW_QUESTIONS = 5
_MOST_CONVERSATIONS = 12
"""How many waiting conversations are tried until one is covered by an approved answer."""
_FACTS_WANTED = 8
"""For so many of them the answer must also state a fact that can be checked."""


def walk_desk(hand: Hand, console: Console, record: TourRecord) -> None:
    """Answer, take back, send, note, search; everything by keyboard."""
    hand.until(lambda: console.presenters.inbox.model.rowCount() > 0, "the inbox")
    hand.until(lambda: console.presenters.drafting.can_propose, "the model")
    hand.picture("inbox", "The inbox: emergencies first, then who has waited longest")
    _show_emergency(hand, console)
    _answer_one(hand, console, record)
    _hand_over(hand, console)
    _sign_list(hand, console)
    _write_note(hand, console)
    _call_answer(hand, console)
    _search(hand, console)
    _answers(hand, console)
    _models(hand, console)
    walk_leaving(hand, console, record)
    _sheets(hand, console)
    _big_screen(hand)


def walk_looks(hand: Hand, console: Console, theme: Theme) -> None:
    """The same window in the dark and at twice the size."""
    assert hand.window is not None
    hand.window.resize(SMALL_SCREEN)
    theme.set_choice(SchemeChoice.DARK)
    hand.picture("dark", "In the dark")
    theme.set_choice(SchemeChoice.LIGHT)
    theme.set_scale(2.0)
    hand.picture("twice-the-size", "At 200 % on the smallest screen: list and thread take turns")
    theme.set_scale(1.0)
    hand.until(console.window.isVisible, "the window")


def _show_emergency(hand: Hand, console: Console) -> None:
    hand.press(Qt.Key.Key_J)
    hand.until(lambda: _thread(console) is not None, "the thread")
    hand.picture("emergency", "An emergency stands on top, with the word and the people who took it")


def _answer_one(hand: Hand, console: Console, record: TourRecord) -> None:
    hand.press(Qt.Key.Key_G)
    hand.until(lambda: _thread(console) is not None, "who waits longest")
    for number in range(_MOST_CONVERSATIONS):
        if _propose(hand, console, record) and (console.presenters.composer.state.facts or number >= _FACTS_WANTED):
            break
        hand.press(Qt.Key.Key_J)
    else:
        raise TourStuckError("no waiting conversation got a proposal with sources")
    hand.picture("proposal", "A proposal in the composer, with the approved answers it rests on")
    _compare(hand, console)
    _check_facts(hand, console)
    hand.press(Qt.Key.Key_Return, _CTRL | _SHIFT)
    hand.until(lambda: _held(console), "the held reply")
    hand.picture("held", "Approved: it can be taken back for five seconds")
    hand.press(Qt.Key.Key_Z, _CTRL)
    hand.until(lambda: not _held(console), "the recalled reply")
    hand.picture("taken-back", "Taken back: the text is in the composer again")
    hand.press(Qt.Key.Key_Return, _CTRL | _SHIFT)
    hand.until(lambda: _held(console), "the held reply")
    took_ms = hand.until(lambda: not _held(console), "the sent reply")
    record.remarks.append(f"A reply was held for {took_ms / 1000:.1f} s and then sent")
    hand.picture("sent", "Sent, with the line that says how the message came to be")


def _check_facts(hand: Hand, console: Console) -> None:
    """Look behind the first fact, and check every one that stands in no source: nothing is approved unread."""
    composer = console.presenters.composer
    if not composer.state.facts:
        return
    hand.press(Qt.Key.Key_F)
    hand.until(lambda: console.window.composer.proposal.text.popover() is not None, "the passage behind a fact")
    hand.picture("fact", "The passage behind a fact, with its very words marked; Space checks it")
    for _ in composer.state.facts:
        if composer.state.to_check:
            hand.press(Qt.Key.Key_F)
            hand.press(Qt.Key.Key_Space)
    hand.picture("checked", "Every fact has its tick")
    console.window.focus_pane(Pane.THREAD)


def _compare(hand: Hand, console: Console) -> None:
    """Only where the model was taught to write shorter."""
    composer, model = console.presenters.composer, console.presenters.drafting.model
    if model is None or not model.supports(Task.SHORTER):
        return
    composer.propose(Task.SHORTER)
    hand.until(lambda: composer.state.phase not in RUNNING, "the shorter text")
    if composer.state.before is not None and composer.state.proposal is not None:
        hand.press(Qt.Key.Key_V)
        hand.picture("compare", "Before and after a rewrite, word by word, with a way back")
        hand.press(Qt.Key.Key_B)
        hand.press(Qt.Key.Key_Escape)


def _hand_over(hand: Hand, console: Console) -> None:
    console.window.focus_pane(Pane.LIST)
    hand.press(Qt.Key.Key_H)
    part = console.desk_part
    hand.until(part.note.text.toPlainText, "the hand-over note")
    hand.picture("hand-over", "A hand-over note from the conversation's own sentences; nothing is recorded yet")
    hand.press(Qt.Key.Key_Escape)


def _sign_list(hand: Hand, console: Console) -> None:
    hand.press(Qt.Key.Key_K, _CTRL)
    hand.write("emergency list")
    hand.press(Qt.Key.Key_Return)
    part = console.desk_part
    hand.until(part.emergency_list.state, "the emergency list")
    hand.picture("emergency-list", "The emergency list: what is said first, which words lead to it, who signed it")
    hand.press(Qt.Key.Key_Escape)


def _propose(hand: Hand, console: Console, record: TourRecord) -> bool:
    """Ask for a proposal on the open conversation; True when it has sources to show."""
    composer = console.presenters.composer
    QApplication.processEvents()
    if not composer.state.can_be_approved:
        hand.press(Qt.Key.Key_D)
        hand.until(lambda: composer.state.phase in RUNNING or composer.state.proposal is not None, "the drafting")
        hand.until(lambda: composer.state.phase not in RUNNING, "the proposal")
    proposal = composer.state.proposal
    if proposal is None or not composer.state.can_be_approved or not proposal.sources:
        return False
    if proposal.first_token_ms is not None:
        record.add_timing("proposal: first word", proposal.first_token_ms)
    record.add_timing("proposal: whole", proposal.total_ms)
    return True


def _write_note(hand: Hand, console: Console) -> None:
    hand.press(Qt.Key.Key_J)
    hand.until(lambda: _thread(console) is not None, "the next conversation")
    hand.press(Qt.Key.Key_N)
    hand.write("Dr. away until Thursday; call back after four.")
    hand.picture("note", "A note looks like a note and stays inside")
    hand.press(Qt.Key.Key_Return, _CTRL)
    hand.until(lambda: console.window.composer.note.toPlainText() == "", "the stored note")
    hand.press(Qt.Key.Key_Escape)


def _search(hand: Hand, console: Console) -> None:
    console.window.inbox.list.setFocus()
    hand.press(Qt.Key.Key_Slash)
    hand.until(console.window.search.isVisible, "the search")
    hand.write("appointment")
    hand.until(lambda: console.window.search.model.rowCount() > 0, "the hits")
    hand.picture("search", "Search over every message, as one types")
    hand.press(Qt.Key.Key_Escape)


def _call_answer(hand: Hand, console: Console) -> None:
    hand.press(Qt.Key.Key_J)
    hand.until(lambda: _thread(console) is not None, "the next conversation")
    hand.press(Qt.Key.Key_R)
    hand.write("/park")
    hand.until(lambda: console.answers.completion.is_open, "the list of answers")
    hand.picture("short-code", "An approved answer by a few letters, while one writes")
    hand.press(Qt.Key.Key_Escape)
    for _ in "/park":
        hand.press(Qt.Key.Key_Backspace)
    hand.press(Qt.Key.Key_Escape)


def _answers(hand: Hand, console: Console) -> None:
    hand.press(Qt.Key.Key_5, _CTRL)
    page = console.answers.page
    hand.until(lambda: page.list_pane.model.rowCount() > 0, "the approved answers")
    hand.press(Qt.Key.Key_J)
    hand.until(lambda: console.presenters.answers.open is not None, "an answer")
    console.answers.try_question()
    hand.write("Where can I park?")
    hand.until(lambda: console.answers.trial.answers_shown, "the tried question")
    hand.picture("try-a-question", "A question is tried: which answers would be offered, which not, and why")
    hand.press(Qt.Key.Key_Escape)
    hand.picture("answers", "Approved answers: text, validity, review, uses and history")
    hand.press(Qt.Key.Key_Escape)
    hand.press(Qt.Key.Key_1, _CTRL)


def _models(hand: Hand, console: Console) -> None:
    if console.models is None:
        return
    presenter = console.models.presenter
    hand.press(Qt.Key.Key_6, _CTRL)
    hand.until(lambda: bool(presenter.state.running), "the models")
    hand.picture("model", "The model in use: what it needs and gives here, its licence, its checksum")
    hand.press(Qt.Key.Key_T)
    hand.until(lambda: presenter.state.test is None or presenter.state.test.done >= _FEW_QUESTIONS, "the driving test")
    hand.picture("driving-test", "Its driving test asks the office's own questions the way the inbox asks them")
    presenter.stop()
    hand.until(lambda: presenter.state.test is None, "the end of the test")
    hand.press(Qt.Key.Key_1, _CTRL)


def _sheets(hand: Hand, console: Console) -> None:
    for key, modifiers, name, caption in (
        (Qt.Key.Key_K, _CTRL, "palette", "Every command by a few letters"),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier, "keys", "The keys, from the same list that the window uses"),
        (Qt.Key.Key_C, Qt.KeyboardModifier.NoModifier, "new-conversation", "A phone call or a walk-in"),
        (Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier, "curtain", "The curtain, for when somebody stands close"),
    ):
        console.window.inbox.list.setFocus()
        hand.press(key, modifiers)
        hand.picture(name, caption)
        hand.press(Qt.Key.Key_Escape)


def _big_screen(hand: Hand) -> None:
    assert hand.window is not None
    hand.window.resize(WIDE_SCREEN)
    hand.picture("wide", "On a wide screen the details stand beside the thread")


def _thread(console: Console) -> Thread | None:
    shown = console.presenters.conversation.shown
    return shown.thread if shown is not None else None


def _held(console: Console) -> bool:
    thread = _thread(console)
    return thread is not None and thread.held is not None
