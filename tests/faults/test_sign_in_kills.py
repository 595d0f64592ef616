"""SIGKILL at every step of writing while somebody changes how they sign in: the old way opens the vault or the new."""

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.crypto.passwords import FLOOR
from app.crypto.timed_codes import code_at, step_at
from app.services.people import key_sticks
from app.services.people.sign_in import Current, SignInService
from app.services.vaults import VaultService
from app.store.errors import StoreError, WrongCodeError
from tests.support.desks import TemporaryDesk
from tests.support.sticks import sticks_in
from tests.support.stretching import stretched_quickly
from tests.support.vaults import PASSWORD

NEW = "seven herons over a slate roof"
SHORT = "heron slate"
SECRET = bytes(range(20))
MAX_STEPS = 80
_CALLS = ("open", "pwrite", "fsync", "fdatasync", "replace", "rename", "unlink")

Act = Callable[[SignInService], object]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TemporaryDesk:
    place = TemporaryDesk(tmp_path)
    (tmp_path / "disk").mkdir()
    monkeypatch.setattr("app.store.slots.stretch", stretched_quickly)
    monkeypatch.setattr(key_sticks, "_is_apart", lambda _root, _vault: True)
    return place


def service_of(place: TemporaryDesk) -> VaultService:
    return VaultService(place.clock, second_of=sticks_in(place.parent / "disk"))


def phone(place: TemporaryDesk) -> str:
    place.clock.move(30_000)
    return code_at(SECRET, step_at(place.clock.now_ms))


def _die_at(step: int) -> None:
    """Count every call that changes a file, and die before the one of this number."""
    passed = [0]

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **named: Any) -> Any:
            passed[0] += 1
            if passed[0] == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **named)

        return wrapper

    for name in _CALLS:
        setattr(os, name, counted(getattr(os, name)))


def _killed(work: Callable[[], object], step: int) -> bool:
    """Do ``work`` in a child that dies at a step; False when it lived to the end."""
    child = os.fork()
    if child == 0:
        try:
            _die_at(step)
            work()
            os._exit(0)
        finally:
            os._exit(9)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _at_the_desk(place: TemporaryDesk, act: Act, password: str, code: str = "") -> Callable[[], object]:
    def work() -> None:
        desk = service_of(place).unlock(place.store.directory, password, code=code)
        act(SignInService(desk.ledger, FLOOR, second_of=sticks_in(place.parent / "disk")))
        # Not closed: what was said to be done must be on the disk already.

    return work


def _opens(place: TemporaryDesk, password: str, code: str = "") -> bool:
    try:
        with service_of(place).unlock(place.store.directory, password, code=code) as desk:
            return service_of(place).verify(desk).is_sound
    except StoreError:
        return False


@pytest.mark.parametrize(
    ("act", "new"),
    [
        (lambda sign_in: sign_in.change_password(Current(PASSWORD), NEW), NEW),
        (lambda sign_in: sign_in.make_stick(Current(PASSWORD), sign_in.disk, SHORT), SHORT),
    ],
    ids=["another password", "a key stick"],
)
def test_a_kill_at_any_step_leaves_the_old_password_or_the_new_one(
    place: TemporaryDesk, tmp_path: Path, act: Act, new: str
) -> None:
    SignInService.disk = tmp_path / "disk"  # type: ignore[attr-defined]
    outcomes = set()
    for step in range(1, MAX_STEPS):
        if not _killed(_at_the_desk(place, act, PASSWORD), step):
            break
        if _opens(place, new):
            outcomes.add(new)
            break
        assert _opens(place, PASSWORD), f"neither opens after step {step}"
        outcomes.add(PASSWORD)
    assert PASSWORD in outcomes
    assert _opens(place, new)
    assert not _opens(place, PASSWORD)


def test_a_kill_at_any_step_of_enrolment_leaves_the_door_as_it_was_or_asking(place: TemporaryDesk) -> None:
    for step in range(1, MAX_STEPS):
        code = phone(place)
        enrol = partial(SignInService.set_code, current=Current(PASSWORD), secret=SECRET, untrusted_code=code)
        was_killed = _killed(_at_the_desk(place, enrol, PASSWORD), step)
        if _opens(place, PASSWORD, phone(place)) and not _opens(place, PASSWORD):
            return
        assert was_killed
        assert _opens(place, PASSWORD)
    pytest.fail("enrolment never came to its end")


def test_a_kill_while_a_code_is_spent_never_lets_it_be_taken_twice(place: TemporaryDesk) -> None:
    with service_of(place).unlock(place.store.directory, PASSWORD) as desk:
        sign_in = SignInService(desk.ledger, FLOOR)
        sign_in.set_code(Current(PASSWORD), SECRET, phone(place))
    spent_by_a_kill = 0
    for step in range(1, MAX_STEPS):
        code = phone(place)
        if not _killed(_at_the_desk(place, lambda _sign_in: None, PASSWORD, code), step):
            break
        try:
            service_of(place).unlock(place.store.directory, PASSWORD, code=code).close()
        except WrongCodeError:
            spent_by_a_kill += 1
        with pytest.raises(WrongCodeError):
            service_of(place).unlock(place.store.directory, PASSWORD, code=code)
        assert _opens(place, PASSWORD, phone(place))
    assert spent_by_a_kill
