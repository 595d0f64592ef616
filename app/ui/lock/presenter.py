"""Decides what the lock screen does; knows no widget."""

from enum import Enum
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.crypto.passwords import PasswordVerdict, check_password
from app.domain.ids import PersonId
from app.services.desk import Desk
from app.services.people.door import Face
from app.store.errors import StoreError
from app.ui.background import BackgroundRunner
from app.ui.lock.ports import Opened, OpeningParts
from app.ui.lock.refusals import Refusal, explain


class Way(Enum):
    """What opens the vault."""

    PASSWORD = "password"  # noqa: S105 - the name of a way, not a password
    RECOVERY = "recovery"
    NEW_PASSWORD = "new_password"  # noqa: S105 - likewise; the vault is open and gets another one
    FIRST_PASSWORD = "first_password"  # noqa: S105 - likewise; somebody else gave the one that opened it
    CHANGE = "change"
    """The password, and then another one in its place."""
    OWN_PASSWORD = "own_password"  # noqa: S105 - likewise; the person wants another one


class LockPresenter(QObject):
    """Unlocks on the store thread and says what became of it."""

    #: Unlocking began or ended; argument: whether it is under way.
    busy_changed = Signal(bool)
    #: The vault was not opened; argument: ``Refusal``.
    refused = Signal(object)
    #: Password or recovery code is asked for; argument: ``Way``.
    way_changed = Signal(object)
    #: It was looked for a key stick; argument: whether it is plugged in.
    second_looked = Signal(bool)
    #: The vault is open; argument: ``Opened``.
    opened = Signal(object)

    def __init__(self, parts: OpeningParts, runner: BackgroundRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._runner = runner
        self._is_busy = False
        self._way = Way.PASSWORD
        self._rescued: Desk | None = None
        self._person_id: PersonId | None = None

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

    def faces(self) -> tuple[Face, ...]:
        """Return who may be here, as far as one may know; empty where there is no telling."""
        try:
            return self._parts.vault_service.faces(self._parts.vault_dir)
        except StoreError:
            return ()

    def face(self) -> Face | None:
        """Return who is meant, as far as one may know: who was chosen, or the only one."""
        faces = self.faces()
        if len(faces) == 1:
            return faces[0]
        return next((face for face in faces if face.person_id == self._person_id), None)

    def look_for_second(self, face: Face) -> None:
        """Look whether the key stick of somebody is plugged in; ``second_looked`` follows."""
        if face.second is not None and not self._is_busy:
            look = partial(self._parts.vault_service.is_second_here, face.second)
            self._runner.run(look, done=self.second_looked.emit, topic="second")

    def choose(self, person_id: PersonId) -> None:
        """Take the next password for this person's; after a recovery, the one that is set."""
        if not self._is_busy:
            self._person_id = person_id

    def ask_for(self, way: Way) -> None:
        """Ask for the password or for the recovery code."""
        if not self._is_busy and self._rescued is None and way is not self._way:
            self._way = way
            self.way_changed.emit(way)

    def unlock(self, secret: str, code: str = "") -> None:
        """Open the vault with what was typed; the answer is ``opened`` or ``refused``."""
        if self._is_busy:
            return
        self._set_busy(is_busy=True)
        open_it = partial(self._open, self._way, self._person_id, secret, code)
        self._runner.run(open_it, done=self._on_opened, failed=self._on_refused)

    @property
    def keeps_second(self) -> bool:
        """Whether the password that is being chosen opens nothing without a key stick."""
        desk = self._rescued
        return desk is not None and self._way is not Way.NEW_PASSWORD and desk.sign_in.state().second is not None

    def judge_password(self, password: str) -> PasswordVerdict:
        """Say how good a new password is."""
        names = () if self._rescued is None else (self._rescued.office.name, *_names(self._rescued))
        return check_password(password, names, has_second=self.keeps_second)

    def set_password(self, password: str) -> None:
        """Give the person a new password after a recovery; the answer is ``opened`` or ``refused``."""
        if self._is_busy or self._rescued is None:
            return
        self._set_busy(is_busy=True)
        whose = self._person_id if self._way is Way.NEW_PASSWORD else None
        change = partial(self._parts.vault_service.change_password, person_id=whose)
        self._runner.run(change, self._rescued, password, done=self._on_changed, failed=self._on_refused)

    def keep_password(self) -> None:
        """Go on after a recovery without another password; a first password does not stay."""
        if not self._is_busy and self._way is not Way.FIRST_PASSWORD:
            self._hand_over()

    def abandon(self) -> None:
        """Close a vault that a recovery opened and that nobody wanted to go on with."""
        desk, self._rescued = self._rescued, None
        if desk is not None:
            self._runner.run(desk.close)

    def _open(self, way: Way, person_id: PersonId | None, secret: str, code: str) -> Desk:
        """Open the vault; runs on the store thread."""
        service, folder = self._parts.vault_service, self._parts.vault_dir
        if way is Way.RECOVERY:
            from app.crypto.shares import shares_in  # noqa: PLC0415  reads a word list

            shares = shares_in(secret)
            if shares:
                return service.unlock_with_shares(folder, shares)
            return service.unlock_with_recovery_code(folder, secret)
        return service.unlock(folder, secret, person_id, code=code, to_choose_another=True)

    def _on_opened(self, desk: Desk) -> None:
        must_change = desk.vault.people.unlocked.must_change
        if self._way is Way.PASSWORD and not must_change:
            # The screen stays busy: the next thing to be seen is the main window.
            self.opened.emit(Opened(desk))
            return
        self._rescued = desk
        self._set_busy(is_busy=False)
        own = Way.OWN_PASSWORD if self._way is Way.CHANGE else Way.NEW_PASSWORD
        self._way = Way.FIRST_PASSWORD if must_change else own
        self.way_changed.emit(self._way)

    def _on_changed(self, _nothing: object) -> None:
        self._hand_over()

    def _hand_over(self) -> None:
        desk, self._rescued = self._rescued, None
        if desk is not None:
            self.opened.emit(Opened(desk))

    def _on_refused(self, error: Exception) -> None:
        self._set_busy(is_busy=False)
        self.refused.emit(explain(error))

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.busy_changed.emit(is_busy)


def _names(desk: Desk) -> tuple[str, ...]:
    return tuple(person.display_name for person in desk.people)


class _Coded(Exception):  # noqa: N818 - carries a code to its words, is never raised
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
