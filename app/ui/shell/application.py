"""The console from its first window to its last: wizard or lock screen, then the desk, then a lock that replaces it all.

One process shows one desk. The vault's own lock file keeps a second console out, so nothing here has to.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.services.clock import system_clock
from app.ui.background import BackgroundRunner
from app.ui.first_run import FirstRunWizard
from app.ui.lock import LockReason, LockScreen
from app.ui.shell.console import Console
from app.ui.shell.parts import ConsoleParts
from app.ui.theme import SchemeChoice, Theme

if TYPE_CHECKING:
    from app.ui.lock.ports import Opened

SWITCH_INTERVAL_S = 0.002
"""How long another Python thread may keep the GUI thread waiting for the interpreter; Python's default is 5 ms."""


class ConsoleApplication(QObject):
    """Owns what is on the screen now."""

    def __init__(self, app: QApplication, parts: ConsoleParts) -> None:
        super().__init__(app)
        self._app = app
        self._parts = parts
        self._theme = Theme.apply(app, SchemeChoice(parts.settings.scheme.value), parts.settings.scale_percent / 100)
        self._runner = BackgroundRunner("store", self)
        self._entrance: QWidget | None = None
        self.console: Console | None = None
        self._wants_restart = False

    def begin(self) -> None:
        """Show the wizard where there is no vault, the lock screen where there is one."""
        status = self._parts.vault_service.status(self._parts.vault_dir)
        if status.exists:
            reason = LockReason.BY_PERSON if self._parts.start_locked else LockReason.START
            entrance: LockScreen | FirstRunWizard = LockScreen(self._parts, self._runner, reason)
        else:
            entrance = FirstRunWizard(self._parts, self._runner)
        entrance.opened.connect(self._on_opened)
        self._entrance = entrance
        entrance.show()

    def finish(self) -> bool:
        """End the store thread; True when the process should be replaced by a locked one."""
        self._runner.close()
        return self._wants_restart

    def _on_opened(self, opened: "Opened") -> None:
        self.console = Console(self._parts, opened.desk, self._theme, self._runner, system_clock, self)
        self.console.ended.connect(self._on_ended)
        entrance, self._entrance = self._entrance, None
        if entrance is not None:
            self.console.window.restoreGeometry(entrance.saveGeometry())
        self.console.begin(opened.model)  # type: ignore[arg-type]
        if entrance is not None:
            entrance.hide()
            entrance.deleteLater()

    def _on_ended(self, is_lock: bool) -> None:
        self._wants_restart = is_lock
        if self.console is not None:
            self.console.window.allow_close()
            self.console.window.hide()
        QTimer.singleShot(0, self._app.quit)


def run_console(parts: ConsoleParts, arguments: Sequence[str] = ()) -> int:
    """Run the console until its window is closed; a lock does not return but replaces the process."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    app = QApplication.instance() or QApplication(["vestibule", *arguments])
    assert isinstance(app, QApplication)
    app.setApplicationName("Vestibule")
    app.setQuitOnLastWindowClosed(False)
    console = ConsoleApplication(app, parts)
    console.begin()
    code = app.exec()
    if console.finish():
        parts.restart()
    return code
