"""How somebody signs in: real slots and files, the least stretching; what opens, what waits, and what the log says."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.crypto.passwords import FLOOR
from app.crypto.timed_codes import code_at, step_at
from app.domain.events import EventKind
from app.domain.ids import OFFICE
from app.domain.office import Role
from app.services.backups import RestoreService, by_password
from app.services.desk import Desk
from app.services.errors import SignInFault, SignInRefusedError
from app.services.people import key_sticks
from app.services.people.door import faces_of
from app.services.people.sign_in import Current, SignInService
from app.services.vaults import VaultService
from app.store.errors import (
    DiskFullError,
    SecondMissingError,
    TooSoonError,
    VaultRolledBackError,
    WeakPasswordError,
    WrongCodeError,
    WrongPasswordError,
)
from app.store.slot_attempts import Moment
from app.store.slot_seconds import SecondKind
from tests.support.desks import TemporaryDesk
from tests.support.sticks import sticks_in
from tests.support.stretching import stretched_quickly
from tests.support.vaults import PASSWORD

NEW = "seven herons over a slate roof"
SHORT = "heron slate"
NOW = Current(PASSWORD)
IS_APART = key_sticks._is_apart


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TemporaryDesk:
    place = TemporaryDesk(tmp_path)
    monkeypatch.setattr("app.store.slots.stretch", stretched_quickly)
    return place


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A removable disk; a test has no second device, so that it is another one is taken on trust."""
    root = tmp_path / "disk"
    root.mkdir()
    monkeypatch.setattr(key_sticks, "_is_apart", lambda _root, _vault: True)
    return root


@pytest.fixture
def desk(place: TemporaryDesk, disk: Path) -> Iterator[Desk]:
    desk = place.open()
    desk.sign_in = SignInService(desk.ledger, FLOOR, second_of=sticks_in(disk))
    yield desk
    desk.vault.close()


@pytest.fixture
def service(place: TemporaryDesk, disk: Path) -> VaultService:
    return VaultService(place.clock, second_of=sticks_in(disk))


def told(desk: Desk, kind: EventKind) -> list[dict[str, object]]:
    return [dict(event.body) for event in desk.ledger.log.read(OFFICE) if event.kind is kind]


def phone(place: TemporaryDesk, secret: bytes) -> str:
    """Return what the phone shows now; each call is half a minute after the one before."""
    place.clock.move(30_000)
    return code_at(secret, step_at(place.clock.now_ms))


def with_phone(place: TemporaryDesk, desk: Desk) -> tuple[bytes, tuple[str, ...]]:
    secret = desk.sign_in.new_code().secret
    return secret, desk.sign_in.set_code(NOW, secret, phone(place, secret))


# -- The password ------------------------------------------------------------------------------------------------


def test_one_changes_the_own_password_with_the_one_of_now(
    place: TemporaryDesk, desk: Desk, service: VaultService
) -> None:
    with pytest.raises(WrongPasswordError):
        desk.sign_in.change_password(Current("some other long password"), NEW)
    desk.sign_in.change_password(NOW, NEW)
    assert told(desk, EventKind.SIGN_IN_CHANGED) == [{}]
    desk.vault.close()
    with pytest.raises(WrongPasswordError):
        service.unlock(place.store.directory, PASSWORD)
    service.unlock(place.store.directory, NEW).close()


def test_a_weak_one_is_refused_and_the_old_one_stays(place: TemporaryDesk, desk: Desk, service: VaultService) -> None:
    for weak in (SHORT, "passwordpassword", "Mara Lind Mara Lind"):
        assert not desk.sign_in.judge(weak).is_accepted
        with pytest.raises(WeakPasswordError):
            desk.sign_in.change_password(NOW, weak)
    desk.vault.close()
    service.unlock(place.store.directory, PASSWORD).close()


def test_guessing_at_an_open_console_waits_as_at_the_door(place: TemporaryDesk, desk: Desk) -> None:
    moment = Moment("boot", 1_000)
    sign_in = SignInService(desk.ledger, FLOOR, now=lambda: moment)
    for _ in range(3):
        with pytest.raises(WrongPasswordError):
            sign_in.change_password(Current("some other long password"), NEW)
    with pytest.raises(TooSoonError):
        sign_in.change_password(NOW, NEW)


def test_whoever_proves_to_be_there_at_last_starts_again_and_the_log_is_told(desk: Desk) -> None:
    moment = Moment("boot", 1_000)
    sign_in = SignInService(desk.ledger, FLOOR, now=lambda: moment)
    me = desk.person.person_id
    for _ in range(2):
        for _ in range(2):
            with pytest.raises(WrongPasswordError):
                sign_in.prove(me, "some other long password")
        sign_in.prove(me, PASSWORD)
    assert told(desk, EventKind.SIGN_IN_REFUSED) == [{"person_id": me, "count": 2}] * 2


def test_who_came_in_with_a_printed_code_has_no_password_to_change(place: TemporaryDesk, desk: Desk) -> None:
    desk.vault.close()
    with VaultService().unlock_with_recovery_code(place.store.directory, str(place.store.code)) as rescued:
        assert not rescued.sign_in.state().has_password
        with pytest.raises(SignInRefusedError) as refused:
            rescued.sign_in.change_password(NOW, NEW)
    assert refused.value.fault is SignInFault.NO_PASSWORD


def test_two_changes_at_once_leave_one_of_them_in_force(
    place: TemporaryDesk, desk: Desk, service: VaultService
) -> None:
    other = "five kettles on a violet hill"
    outcomes: list[BaseException | None] = []

    def change(new: str) -> None:
        try:
            desk.sign_in.change_password(NOW, new)
            outcomes.append(None)
        except WrongPasswordError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=change, args=(new,)) for new in (NEW, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome is None for outcome in outcomes) == [False, True]
    desk.vault.close()
    opened = 0
    for password in (NEW, other):
        try:
            service.unlock(place.store.directory, password).close()
            opened += 1
        except WrongPasswordError:
            pass
    assert opened == 1


# -- A code from the phone -----------------------------------------------------------------------------------------


def test_from_enrolment_on_the_door_asks_for_a_code(place: TemporaryDesk, desk: Desk, service: VaultService) -> None:
    folder = place.store.directory
    secret, spare = with_phone(place, desk)
    state = desk.sign_in.state()
    assert (state.asks_code, state.spare_left, state.second) == (True, len(spare), None)
    assert told(desk, EventKind.SECOND_FACTOR_SET) == [{"factor": "code"}]
    desk.vault.close()
    assert [face.asks_code for face in faces_of(folder)] == [True]
    with pytest.raises(WrongCodeError):
        service.unlock(folder, PASSWORD)
    code = phone(place, secret)
    with service.unlock(folder, PASSWORD, code=code) as again:
        assert told(again, EventKind.SECOND_FACTOR_REFUSED) == [{"person_id": again.person.person_id, "count": 1}]
    with pytest.raises(WrongCodeError):
        service.unlock(folder, PASSWORD, code=code)


def test_the_code_that_enrolled_the_phone_opens_nothing(
    place: TemporaryDesk, desk: Desk, service: VaultService
) -> None:
    secret = desk.sign_in.new_code().secret
    code = phone(place, secret)
    desk.sign_in.set_code(NOW, secret, code)
    desk.vault.close()
    with pytest.raises(WrongCodeError):
        service.unlock(place.store.directory, PASSWORD, code=code)


def test_a_phone_with_another_secret_is_not_enrolled(place: TemporaryDesk, desk: Desk, service: VaultService) -> None:
    secret = desk.sign_in.new_code().secret
    with pytest.raises(SignInRefusedError) as refused:
        desk.sign_in.set_code(NOW, secret, phone(place, bytes(20)))
    assert refused.value.fault is SignInFault.CODE_DOES_NOT_FIT
    desk.vault.close()
    service.unlock(place.store.directory, PASSWORD).close()


def test_a_printed_code_stands_in_once_and_the_log_says_how_many_are_left(
    place: TemporaryDesk, desk: Desk, service: VaultService
) -> None:
    folder = place.store.directory
    _secret, spare = with_phone(place, desk)
    desk.vault.close()
    with service.unlock(folder, PASSWORD, code=spare[0]) as again:
        assert told(again, EventKind.SPARE_CODE_USED) == [{"left": len(spare) - 1}]
        assert again.sign_in.state().spare_left == len(spare) - 1
    with pytest.raises(WrongCodeError):
        service.unlock(folder, PASSWORD, code=spare[0])


def test_new_printed_codes_take_the_place_of_the_old_ones(
    place: TemporaryDesk, desk: Desk, service: VaultService
) -> None:
    secret, old = with_phone(place, desk)
    new = desk.sign_in.renew_spare(Current(PASSWORD, phone(place, secret)))
    desk.vault.close()
    with pytest.raises(WrongCodeError):
        service.unlock(place.store.directory, PASSWORD, code=old[1])
    service.unlock(place.store.directory, PASSWORD, code=new[1]).close()


def test_taking_the_code_away_takes_a_code(place: TemporaryDesk, desk: Desk, service: VaultService) -> None:
    secret, _spare = with_phone(place, desk)
    with pytest.raises(WrongCodeError):
        desk.sign_in.remove_code(NOW)
    desk.sign_in.remove_code(Current(PASSWORD, phone(place, secret)))
    assert told(desk, EventKind.SECOND_FACTOR_REMOVED) == [{"factor": "code"}]
    with pytest.raises(SignInRefusedError):
        desk.sign_in.remove_code(NOW)
    desk.vault.close()
    service.unlock(place.store.directory, PASSWORD).close()


def test_a_code_that_was_spent_within_the_console_is_spent_at_the_door(
    place: TemporaryDesk, desk: Desk, service: VaultService
) -> None:
    secret, _spare = with_phone(place, desk)
    code = phone(place, secret)
    desk.sign_in.prove(desk.person.person_id, PASSWORD, code)
    with pytest.raises(WrongCodeError):
        desk.sign_in.prove(desk.person.person_id, PASSWORD, code)
    # Also when the slot is sealed anew with what the console remembers.
    service.change_password(desk, NEW, kdf=FLOOR)
    desk.vault.close()
    with pytest.raises(WrongCodeError):
        service.unlock(place.store.directory, NEW, code=code)
    service.unlock(place.store.directory, NEW, code=phone(place, secret)).close()


def test_another_password_keeps_the_phone(place: TemporaryDesk, desk: Desk, service: VaultService) -> None:
    secret, spare = with_phone(place, desk)
    desk.sign_in.change_password(Current(PASSWORD, phone(place, secret)), NEW)
    assert desk.sign_in.state().spare_left == len(spare)
    desk.vault.close()
    with pytest.raises(WrongCodeError):
        service.unlock(place.store.directory, NEW)
    service.unlock(place.store.directory, NEW, code=phone(place, secret)).close()


def test_a_code_lets_no_password_be_shorter(place: TemporaryDesk, desk: Desk) -> None:
    secret, _spare = with_phone(place, desk)
    with pytest.raises(WeakPasswordError):
        desk.sign_in.change_password(Current(PASSWORD, phone(place, secret)), SHORT)


def test_a_second_person_proves_to_be_there(place: TemporaryDesk, desk: Desk) -> None:
    nora = desk.membership.add_with_password("Nora Beck", Role.FRONT_DESK, NEW)
    proven = desk.sign_in.prove(nora.person_id, NEW)
    assert proven.person == nora
    assert not desk.sign_in.asks_code(nora.person_id)
    with pytest.raises(WrongPasswordError):
        desk.sign_in.prove(nora.person_id, PASSWORD)


def test_a_slot_file_of_before_the_phone_is_refused_as_rolled_back(
    place: TemporaryDesk, desk: Desk, service: VaultService
) -> None:
    slots = place.store.directory / "slots.json"
    before = slots.read_bytes()
    with_phone(place, desk)
    desk.vault.close()
    slots.write_bytes(before)
    with pytest.raises(VaultRolledBackError):
        service.unlock(place.store.directory, PASSWORD)


def test_a_slot_file_of_before_a_code_was_spent_is_refused_as_rolled_back(
    place: TemporaryDesk, desk: Desk, service: VaultService
) -> None:
    slots = place.store.directory / "slots.json"
    secret, _spare = with_phone(place, desk)
    desk.vault.close()
    unspent = slots.read_bytes()
    code = phone(place, secret)
    service.unlock(place.store.directory, PASSWORD, code=code).close()
    slots.write_bytes(unspent)
    with pytest.raises(VaultRolledBackError):
        service.unlock(place.store.directory, PASSWORD, code=code)


# -- A key stick ---------------------------------------------------------------------------------------------------


def test_with_a_stick_the_password_may_be_short_and_opens_nothing_alone(
    place: TemporaryDesk, desk: Desk, service: VaultService, disk: Path
) -> None:
    folder = place.store.directory
    written = desk.sign_in.make_stick(NOW, disk, SHORT)
    assert written.stat().st_mode & 0o077 == 0
    assert told(desk, EventKind.SECOND_FACTOR_SET) == [{"factor": "stick"}]
    assert desk.sign_in.state().second is SecondKind.STICK
    desk.vault.close()
    service.unlock(folder, SHORT).close()
    elsewhere = written.rename(written.with_name("elsewhere"))
    with pytest.raises(SecondMissingError):
        service.unlock(folder, SHORT)
    elsewhere.rename(written)
    with pytest.raises(WrongPasswordError):
        service.unlock(folder, SHORT + "!")


def test_a_stick_that_is_missing_counts_as_no_wrong_password(
    place: TemporaryDesk, desk: Desk, service: VaultService, disk: Path
) -> None:
    desk.sign_in.make_stick(NOW, disk, SHORT).rename(disk / "elsewhere")
    desk.vault.close()
    for _ in range(5):
        with pytest.raises(SecondMissingError):
            service.unlock(place.store.directory, SHORT)


def test_a_damaged_stick_counts_as_missing(place: TemporaryDesk, desk: Desk, service: VaultService, disk: Path) -> None:
    written = desk.sign_in.make_stick(NOW, disk, SHORT)
    desk.vault.close()
    written.write_bytes(written.read_bytes().replace(b"0", b"1"))
    with pytest.raises(SecondMissingError):
        service.unlock(place.store.directory, SHORT)


def test_without_the_stick_the_password_has_to_be_long_again(
    place: TemporaryDesk, desk: Desk, service: VaultService, disk: Path
) -> None:
    desk.sign_in.make_stick(NOW, disk, SHORT)
    assert desk.sign_in.judge(SHORT).is_accepted
    with pytest.raises(WeakPasswordError):
        desk.sign_in.remove_second(Current(SHORT), SHORT)
    desk.sign_in.remove_second(Current(SHORT), NEW)
    assert told(desk, EventKind.SECOND_FACTOR_REMOVED) == [{"factor": "stick"}]
    assert not desk.sign_in.judge(SHORT).is_accepted
    desk.vault.close()
    for stick in disk.iterdir():
        stick.unlink()
    service.unlock(place.store.directory, NEW).close()


def test_phone_and_stick_go_together(place: TemporaryDesk, desk: Desk, service: VaultService, disk: Path) -> None:
    secret, _spare = with_phone(place, desk)
    desk.sign_in.make_stick(Current(PASSWORD, phone(place, secret)), disk, SHORT)
    desk.vault.close()
    with pytest.raises(WrongCodeError):
        service.unlock(place.store.directory, SHORT)
    service.unlock(place.store.directory, SHORT, code=phone(place, secret)).close()
    service.unlock(place.store.directory, SHORT, code=phone(place, secret)).close()


def test_a_wrong_password_writes_no_stick(desk: Desk, disk: Path) -> None:
    with pytest.raises(WrongPasswordError):
        desk.sign_in.make_stick(Current("some other long password"), disk, SHORT)
    with pytest.raises(WeakPasswordError):
        desk.sign_in.make_stick(NOW, disk, "short")
    assert not list(disk.iterdir())


def test_a_folder_on_the_disk_of_the_vault_is_no_place_for_a_stick(
    place: TemporaryDesk, desk: Desk, service: VaultService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sticks, "_is_apart", IS_APART)
    with pytest.raises(SignInRefusedError) as refused:
        desk.sign_in.make_stick(NOW, tmp_path, SHORT)
    assert refused.value.fault is SignInFault.STICK_BESIDE_VAULT
    desk.vault.close()
    service.unlock(place.store.directory, PASSWORD).close()


def test_a_disk_that_was_pulled_out_is_refused_in_words(desk: Desk, disk: Path) -> None:
    disk.rmdir()
    with pytest.raises(SignInRefusedError) as refused:
        desk.sign_in.make_stick(NOW, disk, SHORT)
    assert refused.value.fault is SignInFault.STICK_UNWRITABLE


def test_a_link_in_place_of_a_stick_is_not_followed(
    place: TemporaryDesk, desk: Desk, service: VaultService, disk: Path, tmp_path: Path
) -> None:
    written = desk.sign_in.make_stick(NOW, disk, SHORT)
    desk.vault.close()
    real = tmp_path / "copied"
    real.write_bytes(written.read_bytes())
    written.unlink()
    written.symlink_to(real)
    with pytest.raises(SecondMissingError):
        service.unlock(place.store.directory, SHORT)


def test_another_vault_key_leaves_phone_and_stick_as_they_are(
    place: TemporaryDesk, desk: Desk, service: VaultService, disk: Path
) -> None:
    secret, spare = with_phone(place, desk)
    desk.sign_in.make_stick(Current(PASSWORD, phone(place, secret)), disk, SHORT)
    desk.membership.ask_for_rotation()
    desk.close()
    with service.unlock(place.store.directory, SHORT, code=phone(place, secret)) as again:
        assert again.vault.people.unlocked.file.epoch == 2
        assert again.sign_in.state().spare_left == len(spare)
    with pytest.raises(WrongCodeError):
        service.unlock(place.store.directory, SHORT)


def test_on_a_full_disk_a_code_is_not_spent_and_nobody_comes_in(
    place: TemporaryDesk, desk: Desk, service: VaultService, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, _spare = with_phone(place, desk)
    desk.vault.close()
    code = phone(place, secret)

    def full(_path: Path, _octets: bytes) -> None:
        raise DiskFullError

    with monkeypatch.context() as patch:
        patch.setattr("app.store.vault.replace_file", full)
        with pytest.raises(DiskFullError):
            service.unlock(place.store.directory, PASSWORD, code=code)
    service.unlock(place.store.directory, PASSWORD, code=code).close()


# -- An administrator ------------------------------------------------------------------------------------------------


def test_a_reset_takes_phone_and_stick_away(
    place: TemporaryDesk, desk: Desk, service: VaultService, disk: Path
) -> None:
    folder = place.store.directory
    me = desk.person.person_id
    nora = desk.membership.add_with_password("Nora Beck", Role.FRONT_DESK, NEW)
    desk.vault.close()
    with service.unlock(folder, NEW, nora.person_id) as hers:
        sign_in = SignInService(hers.ledger, FLOOR, second_of=sticks_in(disk))
        secret = sign_in.new_code().secret
        sign_in.set_code(Current(NEW), secret, phone(place, secret))
        sign_in.make_stick(Current(NEW, phone(place, secret)), disk, SHORT)
    with service.unlock(folder, PASSWORD, me) as admin:
        given = admin.membership.reset(nora.person_id)
    with service.unlock(folder, given.one_time_password, nora.person_id, to_choose_another=True) as hers:
        assert not hers.sign_in.state().asks_code
        assert hers.sign_in.state().second is None


# -- Backups -----------------------------------------------------------------------------------------------------


def test_a_backup_opens_with_password_code_and_stick_together(
    place: TemporaryDesk, desk: Desk, disk: Path, tmp_path: Path
) -> None:
    secret, _codes = with_phone(place, desk)
    desk.sign_in.make_stick(Current(PASSWORD, phone(place, secret)), disk)
    folder, nowhere = tmp_path / "backups", tmp_path / "nowhere"
    folder.mkdir()
    nowhere.mkdir()
    desk.backups.take(folder)
    restores = RestoreService(place.clock)
    assert restores.asks_code(folder)
    given = {"second_of": sticks_in(disk), "clock": place.clock}
    for code in ("", "000000"):
        with pytest.raises(WrongCodeError):
            restores.rehearse(folder, by_password(PASSWORD, code, **given))
    code = phone(place, secret)
    with pytest.raises(SecondMissingError):
        restores.rehearse(folder, by_password(PASSWORD, code, second_of=sticks_in(nowhere), clock=place.clock))
    assert restores.rehearse(folder, by_password(PASSWORD, code, **given)).events
