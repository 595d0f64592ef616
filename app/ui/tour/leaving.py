"""A part of the tour: what would leave of a conversation, and the office's own rules for finding."""

from PySide6.QtCore import Qt

from app.ui.anonymise.part import LeavingPart
from app.ui.anonymise.state import Phase
from app.ui.shell.console import Console
from app.ui.shell.window import Pane
from app.ui.tour.hand import Hand
from app.ui.tour.record import TourRecord

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_MOST_CONVERSATIONS = 12
_MARKS_WANTED = 3
"""So many marks show what the page is for; conversations are tried until one has them."""
_SHAPE = "LQ-9999"
_TRIED = "my file is lq-4821, call me at 415-555-0134"


def walk_leaving(hand: Hand, console: Console, record: TourRecord) -> None:
    """Look at what would leave, and write a rule of the office; everything by keyboard."""
    part = console.leaving
    if part is None:
        return
    console.window.focus_pane(Pane.LIST)
    if not _find_conversation(hand, console, part):
        record.remarks.append("What would leave: the anonymiser is not available here")
        _go_back(hand)
        return
    hand.press(Qt.Key.Key_3)
    _wait(hand, part)
    hand.press(Qt.Key.Key_J)
    hand.picture("what-would-leave", "What would leave: every replacement with its reason, beside what was written")
    _write_rule(hand, part)
    _go_back(hand)


def _find_conversation(hand: Hand, console: Console, part: LeavingPart) -> bool:
    """Open conversations until one has something to show; False where the anonymiser cannot run."""
    for _ in range(_MOST_CONVERSATIONS):
        _open_next(hand, console)
        hand.press(Qt.Key.Key_A, _CTRL | _SHIFT)
        _wait(hand, part)
        thread = part.presenter.state.thread
        if thread is None:
            return False
        if thread.found_count >= _MARKS_WANTED:
            return True
        hand.press(Qt.Key.Key_Escape)
    hand.press(Qt.Key.Key_A, _CTRL | _SHIFT)
    _wait(hand, part)
    return True


def _open_next(hand: Hand, console: Console) -> None:
    before = console.presenters.conversation.open_id
    hand.press(Qt.Key.Key_J)
    hand.until(lambda: console.presenters.conversation.open_id != before, "the next conversation")


def _wait(hand: Hand, part: LeavingPart) -> None:
    ended = {Phase.SHOWN, Phase.FAILED}
    hand.until(lambda: part.presenter.state.phase in ended and not part.page.sides.is_writing, "what would leave")


def _write_rule(hand: Hand, part: LeavingPart) -> None:
    hand.press(Qt.Key.Key_R)
    pane = part.page.rules_pane
    pane.form.kind.setFocus()
    hand.press(Qt.Key.Key_Down)
    hand.press(Qt.Key.Key_Tab)
    hand.write(_SHAPE)
    hand.press(Qt.Key.Key_Tab)
    hand.press(Qt.Key.Key_Tab)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: pane.model.rowCount() > 0, "the rule")
    pane.form.tried.setFocus()
    hand.write(_TRIED)
    hand.until(pane.form.found.text, "what the rules find")
    hand.picture("rules-of-finding", "The office's own rules for finding, tried on a line, and its own test set")


def _go_back(hand: Hand) -> None:
    hand.press(Qt.Key.Key_1, _CTRL)
