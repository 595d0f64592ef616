"""The tour from its first to its last step."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.first_run import FirstRunWizard
from app.ui.lock import LockScreen
from app.ui.shell.application import ConsoleApplication
from app.ui.shell.console import Console
from app.ui.shell.parts import ConsoleParts
from app.ui.shell.quiet import quiet_offscreen
from app.ui.tour.errors import TourError, TourUnavailableError, TourUnwritableError
from app.ui.tour.first_hour import PASSWORD, walk_wizard
from app.ui.tour.front_desk import SMALL_SCREEN, walk_desk, walk_looks
from app.ui.tour.hand import Hand
from app.ui.tour.link import link_to
from app.ui.tour.office import walk_office
from app.ui.tour.post import TourPost
from app.ui.tour.record import TourRecord

DEFAULT_OUT_DIR = Path("vestibule-tour")
_IDLE_LOCK_S = 8 * 3600
_DONE, _FAILED, _UNAVAILABLE = 0, 1, 5

Window = TypeVar("Window", bound=QWidget)


def run_tour(make_parts: Callable[[Path], ConsoleParts], out_dir: Path | None) -> int:
    """Walk through every screen and write pictures, ``transcript.md`` and ``timings.json``; returns an exit code.

    Args:
        make_parts: builds the console's parts for a vault folder, as ``bootstrap`` does.
        out_dir: made when it is missing; ``vestibule-tour`` here when None.
    """
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    target = (out_dir or DEFAULT_OUT_DIR).resolve()
    record = TourRecord()
    try:
        _make_folder(target)
        with tempfile.TemporaryDirectory(prefix="vestibule-tour-") as folder, closing(TourPost(_now_ms)) as post:
            _walk(_for_tour(make_parts(Path(folder) / "vault"), post), Hand(target, record), record, post)
        record.write(target)
    except TourError as error:
        sys.stderr.write(f"tour: {error}\n")
        return _UNAVAILABLE if isinstance(error, TourUnavailableError) else _FAILED
    sys.stdout.write(f"{len(record.pictures)} pictures, transcript.md and timings.json are in {target}\n")
    return _DONE


def _walk(parts: ConsoleParts, hand: Hand, record: TourRecord, post: TourPost) -> None:
    qt = QApplication.instance() or QApplication(["vestibule"])
    assert isinstance(qt, QApplication)
    qt.setQuitOnLastWindowClosed(False)
    quiet_offscreen()
    first = ConsoleApplication(qt, parts)
    first.begin()
    try:
        _work_a_day(first, hand, record, post)
    finally:
        first.finish()
    _unlock_again(qt, parts, hand, record)


def _work_a_day(first: ConsoleApplication, hand: Hand, record: TourRecord, post: TourPost) -> None:
    walk_wizard(hand, _shown(hand, FirstRunWizard), record)
    hand.until(lambda: first.console is not None, "the desk")
    assert first.console is not None
    hand.take(first.console.window, SMALL_SCREEN)
    walk_desk(hand, first.console, record)
    walk_office(hand, first.console, record, post)
    walk_looks(hand, first.console, first.theme)
    _lock(hand, first.console)


def _lock(hand: Hand, console: Console) -> None:
    ended = _listen(console)
    hand.press(Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    hand.until(lambda: ended, "the lock")


def _unlock_again(qt: QApplication, parts: ConsoleParts, hand: Hand, record: TourRecord) -> None:
    started_s = time.perf_counter()
    second = ConsoleApplication(qt, parts)
    second.begin()
    screen = _shown(hand, LockScreen)
    record.add_timing("lock screen shown (inside a running process)", (time.perf_counter() - started_s) * 1000)
    screen.focus_field()
    hand.picture("lock", "Locked: nothing personal is on the screen or in memory")
    hand.write("not the right words at all")
    hand.press(Qt.Key.Key_Return)
    hand.until(screen.refusal.isVisible, "the refusal")
    hand.picture("refused", "A wrong password is refused in words")
    hand.write(PASSWORD)
    hand.press(Qt.Key.Key_Return)
    took_ms = hand.until(lambda: second.console is not None, "the desk after the lock")
    assert second.console is not None
    console = second.console
    hand.until(lambda: console.presenters.inbox.model.rowCount() > 0, "the inbox after the lock")
    record.add_timing("unlock, key derivation included", took_ms)
    hand.take(console.window, SMALL_SCREEN)
    hand.picture("unlocked", "Unlocked: everything is where it was")
    ended = _listen(console)
    console.end(None)
    hand.until(lambda: ended, "the end")
    second.finish()


def _listen(console: Console) -> list[object]:
    """Return a list that gets one entry when the console has stored and closed everything."""
    ended: list[object] = []
    console.ended.connect(ended.append)
    return ended


def _shown(hand: Hand, kind: type[Window]) -> Window:
    found = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible()]
    window = found[-1]
    hand.take(window, SMALL_SCREEN)
    return window


def _for_tour(parts: ConsoleParts, post: TourPost) -> ConsoleParts:
    """The same parts, but settings of the person who runs the tour are neither used nor changed.

    Nobody is contacted: what stands in for the gateway is in this process and has no socket.
    """
    settings = replace(
        parts.settings,
        idle_lock_s=_IDLE_LOCK_S,
        undo_send_s=5,
        scale_percent=100,
        prepare_drafts=True,
        backup_dir=Path(),
    )
    return replace(parts, settings=settings, save_setting=None, restart=_no_restart, make_link=link_to(post))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _no_restart(_reason: str) -> NoReturn:
    raise TourError("the tour does not replace its process")


def _make_folder(target: Path) -> None:
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TourUnwritableError(f"cannot make the folder {target}") from error
