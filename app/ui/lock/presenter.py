"""Decides what the lock screen does; knows no widget."""

from enum import Enum

from PySide6.QtCore import QObject, Signal

from app.services.desk import Desk
from app.ui.background import BackgroundRunner
from app.ui.lock.ports import Opened, OpeningParts
from app.ui.lock.refusals import Refusal, explain


class Way(Enum):
    """What opens the vault."""

    PASSWORD = "password"  # noqa: S105 - the name of a way, not a password
    RECOVERY = "recovery"


class LockPresenter(QObject):
    """Unlocks on the store thread and says what became of it."""

    #: Unlocking began or ended; argument: whether it is under way.
    busy_changed = Signal(bool)
    #: The vault was not opened; argument: ``Refusal``.
    refused = Signal(object)
    #: Password or recovery code is asked for; argument: ``Way``.
    way_changed = Signal(object)
    #: The vault is open; argument: ``Opened``.
    opened = Signal(object)

    def __init__(self, parts: OpeningParts, runner: BackgroundRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._runner = runner
        self._is_busy = False
        self._way = Way.PASSWORD

    @property
    def way(self) -> Way:
        """What is asked for."""
        return self._way

    def first_problem(self) -> Refusal | None:
        """Return what keeps the vault from being opened, as far as one sees without a password."""
        status = self._parts.vault_service.status(self._parts.vault_dir)
        if not status.exists:
            return explain(_Coded("vault_missing"))
        return None if status.problem is None else explain(_Coded(status.problem))

    def is_demo(self) -> bool:
        """Return whether the vault is marked as a demo."""
        return self._parts.vault_service.status(self._parts.vault_dir).is_demo_marked

    def ask_for(self, way: Way) -> None:
        """Ask for the password or for the recovery code."""
        if not self._is_busy and way is not self._way:
            self._way = way
            self.way_changed.emit(way)

    def unlock(self, secret: str) -> None:
        """Open the vault with what was typed; the answer is ``opened`` or ``refused``."""
        if self._is_busy:
            return
        service = self._parts.vault_service
        open_with = service.unlock if self._way is Way.PASSWORD else service.unlock_with_recovery_code
        self._set_busy(is_busy=True)
        self._runner.run(open_with, self._parts.vault_dir, secret, done=self._on_opened, failed=self._on_refused)

    def _on_opened(self, desk: Desk) -> None:
        # The screen stays busy: the next thing to be seen is the main window.
        self.opened.emit(Opened(desk))

    def _on_refused(self, error: Exception) -> None:
        self._set_busy(is_busy=False)
        self.refused.emit(explain(error))

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.busy_changed.emit(is_busy)


class _Coded(Exception):  # noqa: N818 - carries a code to its words, is never raised
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
