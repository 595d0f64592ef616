"""Third part of the tour: what an administrator answers for, page by page."""

import tempfile
from pathlib import Path

from PySide6.QtCore import Qt

from app.ui.shell.console import Console
from app.ui.tour.hand import Hand
from app.ui.tour.record import TourRecord

_CTRL = Qt.KeyboardModifier.ControlModifier


def walk_office(hand: Hand, console: Console, record: TourRecord) -> None:
    """Everything behind the entry "Office" of the rail."""
    with tempfile.TemporaryDirectory(prefix="vestibule-tour-") as folder:
        _backups(hand, console, record, Path(folder) / "Backups of the office")
    _retention(hand, console)
    hand.press(Qt.Key.Key_1, _CTRL)


def _backups(hand: Hand, console: Console, record: TourRecord, folder: Path) -> None:
    folder.mkdir()
    hand.press(Qt.Key.Key_9, _CTRL)
    presenter = console.backups.presenter
    console.backups.use_folder(folder)
    took_ms = hand.until(lambda: presenter.state.newest is not None, "the first backup")
    record.add_timing("first backup of the demo office", took_ms)
    hand.picture("backups", "Backups: how old the newest is, one now, and a rehearsal that proves that it comes back")
    hand.press(Qt.Key.Key_R)
    hand.picture("rehearsal", "A rehearsal opens the copy with the printed recovery code, as after a fire")
    hand.press(Qt.Key.Key_Escape)


def _retention(hand: Hand, console: Console) -> None:
    hand.press(Qt.Key.Key_8, _CTRL)
    presenter = console.retention.presenter
    hand.until(lambda: presenter.state.preview is not None, "what is due by the rules of retention")
    hand.press(Qt.Key.Key_S)
    hand.until(
        lambda: presenter.state.preview is not None and presenter.state.preview.in_force.is_signed, "a signature"
    )
    hand.picture("retention", "Retention: what may go, what falls due when, what is held, and the signed rules")
