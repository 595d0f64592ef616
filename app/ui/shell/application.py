"""The console from its first window to its last: wizard or lock screen, the desk, a lock that replaces it all.

One process shows one desk. The vault's own lock file keeps a second console out, so nothing here has to.
"""

import gc
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.services.clock import system_clock
from app.services.people.recovery import is_unproven
from app.ui.background import BackgroundRunner
from app.ui.lock import LockReason, LockScreen
from app.ui.shell.parts import ConsoleParts
from app.ui.shell.quiet import quiet_offscreen
from app.ui.theme import SchemeChoice, Theme, active

if TYPE_CHECKING:
    from app.ui.first_run import FirstRunWizard
    from app.ui.lock.ports import Opened
    from app.ui.shell.console import Console

SWITCH_INTERVAL_S = 0.0005
"""How long another Python thread may keep the GUI thread waiting for the interpreter; Python's default is 5 ms.

Painting asks for it many times over: beside a thread that computes, 2 ms each added up to 70 ms (measured), this to 20.
"""
SETTLED_MS = 5_000
"""So long after an unlock the desk has everything that it keeps to its end."""

ENTRANCE_PX = (1180, 760)
"""Size of wizard and lock screen at 100 %."""


class ConsoleApplication(QObject):
    """Owns what is on the screen now."""

    def __init__(self, app: QApplication, parts: ConsoleParts, reason: LockReason = LockReason.START) -> None:
        super().__init__(app)
        self._app = app
        self._parts = parts
        self._theme = Theme.apply(app, SchemeChoice(parts.settings.scheme.value), parts.settings.scale_percent / 100)
        self._runner = BackgroundRunner("store", self)
        self._entrance: QWidget | None = None
        self.console: Console | None = None
        self._reason = reason
        self._ended_for: LockReason | None = None
        self._is_open = False

    @property
    def theme(self) -> Theme:
        """What the windows wear."""
        return self._theme

    def begin(self) -> None:
        """Show the wizard where there is no vault, the lock screen where there is one."""
        entrance = self._make_entrance()
        entrance.opened.connect(self._on_opened)
        self._entrance = entrance
        _place(entrance, active().px(ENTRANCE_PX[0]), active().px(ENTRANCE_PX[1]))
        entrance.show()

    @property
    def is_open(self) -> bool:
        """True from the unlock until everything is stored and closed."""
        return self._is_open

    def finish(self) -> LockReason | None:
        """End the store thread; returns why the process should be replaced by a locked one, or None."""
        self._runner.close()
        return self._ended_for

    def _make_entrance(self) -> "LockScreen | FirstRunWizard":
        if self._parts.vault_service.status(self._parts.vault_dir).exists:
            return LockScreen(self._parts, self._runner, self._reason)
        from app.ui.first_run import FirstRunWizard  # noqa: PLC0415  needed once in the life of a vault

        return FirstRunWizard(self._parts, self._runner)

    def _on_opened(self, opened: "Opened") -> None:
        if self._is_first_run_unfinished(opened):
            self._resume_first_run(opened)
            return
        from app.ui.shell.console import Console  # noqa: PLC0415  the lock screen must not wait for the desk's code

        self.console = Console(self._parts, opened.desk, self._theme, self._runner, system_clock, self)
        self.console.ended.connect(self._on_ended)
        entrance, self._entrance = self._entrance, None
        _place(self.console.window, self.console.window.width(), self.console.window.height())
        if entrance is not None and entrance.isMaximized():
            self.console.window.setWindowState(Qt.WindowState.WindowMaximized)
        self._is_open = True
        self.console.begin(opened.model)  # type: ignore[arg-type]
        # What lives then lives as long as the desk. A full collection that looks through it holds the interpreter, and
        # with it the screen, for 60 ms; without it for 10 (measured).
        QTimer.singleShot(SETTLED_MS, self, gc.freeze)
        if entrance is not None:
            entrance.hide()
            entrance.deleteLater()

    def _is_first_run_unfinished(self, opened: "Opened") -> bool:
        """Say whether somebody has unlocked who can finish a first run that was left before the paper was proved."""
        is_unlocked = isinstance(self._entrance, LockScreen)
        return is_unlocked and is_unproven(self._parts.vault_dir) and opened.desk.may_renew_recovery

    def _resume_first_run(self, opened: "Opened") -> None:
        from app.ui.first_run import FirstRunWizard  # noqa: PLC0415  needed once in the life of a vault

        lock_screen, wizard = self._entrance, FirstRunWizard(self._parts, self._runner)
        wizard.opened.connect(self._on_opened)
        self._entrance = wizard
        _place(wizard, active().px(ENTRANCE_PX[0]), active().px(ENTRANCE_PX[1]))
        wizard.resume(opened.desk)
        wizard.show()
        if lock_screen is not None:
            lock_screen.hide()
            lock_screen.deleteLater()

    def _on_ended(self, reason: LockReason | None) -> None:
        self._ended_for = reason
        self._is_open = False
        if self.console is not None:
            self.console.dispose()
        QTimer.singleShot(0, self._app.quit)


def _place(window: QWidget, width: int, height: int) -> None:
    """Give a window this size, or what the screen has, in the middle of the screen."""
    room = window.screen().availableGeometry()
    window.resize(min(width, room.width()), min(height, room.height()))
    window.move(room.center() - window.rect().center())


def run_console(parts: ConsoleParts, lock_reason: str | None = None) -> int:
    """Run the console until its window is closed; a lock does not return but replaces the process.

    ``lock_reason`` is the value of a ``LockReason``; an unknown one is taken for an ordinary start.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    app = QApplication.instance() or QApplication(["vestibule"])
    assert isinstance(app, QApplication)
    quiet_offscreen()
    app.setApplicationName("Vestibule")
    app.setQuitOnLastWindowClosed(False)
    known = {reason.value: reason for reason in LockReason}
    console = ConsoleApplication(app, parts, known.get(lock_reason or "", LockReason.START))
    console.begin()
    code = app.exec()
    reason = console.finish()
    if reason is not None:
        parts.restart(reason.value)
    return code
