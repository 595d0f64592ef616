"""Third part of the tour: what an administrator answers for, page by page."""

import tempfile
from pathlib import Path

from PySide6.QtCore import QSize, Qt

from app.ui.shell.console import Console
from app.ui.shell.pages import PageId
from app.ui.tour.channel import walk_channel
from app.ui.tour.hand import Hand
from app.ui.tour.post import TourPost
from app.ui.tour.record import TourRecord

SMALL_SCREEN = QSize(1366, 768)
_CTRL = Qt.KeyboardModifier.ControlModifier


def walk_office(hand: Hand, console: Console, record: TourRecord, post: TourPost) -> None:
    """Everything behind the entry "Office" of the rail."""
    assert hand.window is not None
    hand.window.resize(SMALL_SCREEN)
    with tempfile.TemporaryDirectory(prefix="vestibule-tour-") as folder:
        _backups(hand, console, record, Path(folder) / "Backups of the office")
    _people(hand, console)
    walk_channel(hand, console, post)
    _retention(hand, console)
    _requests(hand, console)
    _audit(hand, console)
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


def _people(hand: Hand, console: Console) -> None:
    hand.press(Qt.Key.Key_7, _CTRL)
    presenter = console.people.presenter
    hand.until(lambda: presenter.state.people is not None, "who opens the vault")
    hand.picture("people", "People: who opens this vault and as what; reasons stand on what is grey")
    hand.press(Qt.Key.Key_A)
    hand.write("Nora Beck")
    hand.picture("person", "Somebody comes in with a role; auditor and IT get no key to a message")
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


def _requests(hand: Hand, console: Console) -> None:
    console.window.show_page(PageId.REQUESTS)
    hand.press(Qt.Key.Key_N)
    sheet = console.subjects.take_sheet
    hand.until(sheet.isVisible, "the sheet for a request")
    hand.write("shauna mcgilicuddy")
    hand.until(lambda: sheet.list.count() > 0, "the person's conversations")
    hand.picture("request", "Somebody asks about their own data: the person is found, and the law's clock starts")
    hand.press(Qt.Key.Key_Escape)


def _audit(hand: Hand, console: Console) -> None:
    hand.press(Qt.Key.Key_0, _CTRL)
    page = console.audit.page
    hand.until(lambda: page.model.rowCount() > 0, "the audit log")
    hand.press(Qt.Key.Key_V)
    hand.until(page.banner.isVisible, "the check of the log")
    hand.picture("audit-log", "The audit log: who did and who opened what, and a check of the whole chain")
