"""The printed ways in: proved or not, and a new code in place of one that nobody has on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.crypto.errors import RecoveryCodeError
from app.crypto.passwords import FLOOR
from app.crypto.timed_codes import code_at, step_at
from app.domain.events import EventKind
from app.domain.ids import OFFICE
from app.domain.office import Role
from app.services.desk import Desk
from app.services.errors import NotYoursError
from app.services.people.recovery import is_unproven, mark_unproven
from app.services.people.service import PeopleService
from app.services.people.sign_in import Current, SignInService
from app.services.vaults import VaultService
from app.store.errors import WrongRecoveryCodeError
from app.store.slot_records import SlotKind
from tests.support.desks import TemporaryDesk
from tests.support.stretching import stretched_quickly

NORAS = "seven herons over a slate roof"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TemporaryDesk:
    place = TemporaryDesk(tmp_path)
    monkeypatch.setattr("app.store.slots.stretch", stretched_quickly)
    return place


@pytest.fixture
def desk(place: TemporaryDesk) -> Iterator[Desk]:
    desk = place.open()
    desk.membership = PeopleService(desk.ledger, FLOOR)
    yield desk
    desk.vault.close()


def test_paper_counts_as_proved_when_it_really_opened_the_vault(place: TemporaryDesk, desk: Desk) -> None:
    assert desk.recovery.state().code_proven_ms is None
    mark_unproven(place.store.directory)
    assert desk.recovery.prove(str(place.store.code).lower()) is SlotKind.RECOVERY
    state = desk.recovery.state()
    assert (state.code_proven_ms is not None, state.shares_proven_ms) == (True, None)
    assert not is_unproven(place.store.directory)


def test_two_shares_are_proved_and_new_ones_are_not(desk: Desk) -> None:
    shares = desk.membership.make_shares()
    assert desk.recovery.prove(f"{shares[2]}\n{shares[0]}") is SlotKind.SHARES
    assert desk.recovery.state().shares_proven_ms is not None
    assert desk.recovery.state().code_proven_ms is None
    desk.membership.make_shares()
    assert desk.recovery.state().shares_proven_ms is None
    with pytest.raises(WrongRecoveryCodeError):
        desk.recovery.prove(f"{shares[2]}\n{shares[0]}")


def test_what_is_not_the_code_proves_nothing(place: TemporaryDesk, desk: Desk) -> None:
    mark_unproven(place.store.directory)
    other = "3" + str(place.store.code)[1:]
    with pytest.raises(RecoveryCodeError):
        desk.recovery.prove(other)
    assert desk.recovery.state().code_proven_ms is None
    assert is_unproven(place.store.directory)


def test_a_new_code_opens_and_the_old_one_opens_nothing(place: TemporaryDesk, desk: Desk) -> None:
    desk.recovery.prove(str(place.store.code))
    code = desk.recovery.renew_code()
    assert desk.recovery.state().code_proven_ms is None
    assert desk.is_rotation_due
    desk.close()
    service = VaultService()
    with pytest.raises(WrongRecoveryCodeError):
        service.unlock_with_recovery_code(place.store.directory, str(place.store.code))
    with service.unlock_with_recovery_code(place.store.directory, code) as rescued:
        assert not rescued.may_renew_recovery
        last = rescued.recovery.renew_code()
    with pytest.raises(WrongRecoveryCodeError):
        service.unlock_with_recovery_code(place.store.directory, code)
    service.unlock_with_recovery_code(place.store.directory, last).close()


def test_it_takes_an_administrator(place: TemporaryDesk, desk: Desk) -> None:
    nora = desk.membership.add_with_password("Nora Beck", Role.FRONT_DESK, NORAS)
    desk.vault.close()
    with VaultService().unlock(place.store.directory, NORAS, nora.person_id) as hers:
        assert not hers.may_renew_recovery
        for act in (hers.recovery.renew_code, lambda: hers.recovery.prove(str(place.store.code))):
            with pytest.raises(NotYoursError):
                act()
        kinds = {event.kind for event in hers.ledger.log.read(OFFICE)}
    assert EventKind.RECOVERY_RENEWED not in kinds


def test_an_auditor_sees_what_was_proved_and_may_set_up_a_phone(place: TemporaryDesk, desk: Desk) -> None:
    desk.recovery.prove(str(place.store.code))
    olaf = desk.membership.add_with_password("Olaf Brandt", Role.AUDITOR, NORAS)
    desk.vault.close()
    service = VaultService(place.clock)
    with service.unlock(place.store.directory, NORAS, olaf.person_id) as his:
        assert his.recovery.state().code_proven_ms is not None
        sign_in = SignInService(his.ledger, FLOOR)
        secret = sign_in.new_code().secret
        place.clock.move(30_000)
        spare = sign_in.set_code(Current(NORAS), secret, code_at(secret, step_at(place.clock.now_ms)))
    with service.unlock(place.store.directory, NORAS, olaf.person_id, code=spare[0]) as his:
        assert his.person == olaf
        assert not his.vault.may_read_messages
