"""One's own sign-in without widgets. One thread of its own, because every change takes two stretchings."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.crypto.passwords import PasswordVerdict
from app.services.desk import Desk
from app.services.people.sign_in import Current
from app.ui.background import BackgroundRunner
from app.ui.lock.refusals import explain
from app.ui.people.sign_in_words import Wish


class SignInPresenter(QObject):
    """Asks the service and tells the sheets."""

    #: It was read how the person signs in; argument: ``SignInState``.
    state_read = Signal(object)
    #: A change began or ended; argument: whether it is under way.
    busy_changed = Signal(bool)
    #: A secret for a phone was made; argument: ``NewCode``.
    code_offered = Signal(object)
    #: The removable disks were looked for; argument: a tuple of ``Path``.
    disks_found = Signal(object)
    #: A wish came true; argument: ``Wish``.
    done = Signal(object)
    #: Printed codes were made; argument: a tuple of them.
    spare_made = Signal(object)
    #: A wish could not come true; argument: ``Refusal``.
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._work = BackgroundRunner("sign-in", self)

    def close(self) -> None:
        """End the thread, once what was begun is done."""
        self._work.close()

    def judge(self, password: str, *, has_second: bool | None = None) -> PasswordVerdict:
        """Say how good a new password is."""
        return self._desk.sign_in.judge(password, has_second=has_second)

    def look(self) -> None:
        """Read how the person signs in; ``state_read`` follows."""
        self._work.run(self._desk.sign_in.state, done=self.state_read.emit, failed=self._on_failed, topic="state")

    def offer_code(self) -> None:
        """Make a secret for a phone; ``code_offered`` follows."""
        self.code_offered.emit(self._desk.sign_in.new_code())

    def look_for_disks(self) -> None:
        """Look for removable disks; ``disks_found`` follows."""
        self._work.run(self._desk.sign_in.disks, done=self.disks_found.emit, failed=self._on_failed, topic="disks")

    def fulfil(self, wish: Wish, current: Current, new_password: str) -> None:
        """Do what takes a password alone; ``done`` or ``failed`` follows, ``spare_made`` with new printed codes."""
        service = self._desk.sign_in
        acts: dict[Wish, Callable[[], object]] = {
            Wish.CHANGE_PASSWORD: partial(service.change_password, current, new_password),
            Wish.NEW_SPARE: partial(service.renew_spare, current),
            Wish.REMOVE_PHONE: partial(service.remove_code, current),
            Wish.REMOVE_STICK: partial(service.remove_second, current, new_password),
        }
        self._do(wish, acts[wish])

    def set_code(self, current: Current, secret: bytes, code: str) -> None:
        """Have the door ask for a code."""
        self._do(Wish.SET_PHONE, partial(self._desk.sign_in.set_code, current, secret, code))

    def make_stick(self, current: Current, root: Path, new_password: str) -> None:
        """Write a key stick and need it from now on."""
        self._do(Wish.MAKE_STICK, partial(self._desk.sign_in.make_stick, current, root, new_password))

    def _do(self, wish: Wish, act: Callable[[], object]) -> None:
        self.busy_changed.emit(True)
        self._work.run(act, done=partial(self._on_done, wish), failed=self._on_failed)

    def _on_done(self, wish: Wish, result: object) -> None:
        self.busy_changed.emit(False)
        self.done.emit(wish)
        if isinstance(result, tuple):
            self.spare_made.emit(result)
        self.look()

    def _on_failed(self, error: Exception) -> None:
        self.busy_changed.emit(False)
        self.failed.emit(explain(error))
