"""An administrator looks after the people of a vault: real slots, the least stretching, and a log that names nobody."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.crypto.passwords import FLOOR
from app.domain.conversation import Origin
from app.domain.events import EventKind
from app.domain.ids import OFFICE, PersonId
from app.domain.office import Licence, LicenceKind, Role
from app.domain.roles import WhyNot
from app.services.desk import Desk
from app.services.errors import (
    ChoiceFault,
    InvalidChoiceError,
    InvalidTextError,
    NotYoursError,
    PasswordMustChangeError,
)
from app.services.people.licence import check_licence
from app.services.people.service import PeopleService, PersonAct
from app.services.vaults import VaultService
from app.store.errors import (
    NotYourselfError,
    TooSoonError,
    WeakPasswordError,
    WrongPasswordError,
    WrongRecoveryCodeError,
)
from app.store.slot_attempts import Moment
from tests.support.desks import TemporaryDesk
from tests.support.vaults import PASSWORD

NEW = "seven herons over a slate roof"


@pytest.fixture
def place(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(place: TemporaryDesk) -> Iterator[Desk]:
    desk = place.open()
    desk.membership = PeopleService(desk.ledger, FLOOR)
    yield desk
    desk.vault.close()


def told(desk: Desk, kind: EventKind) -> list[dict[str, object]]:
    return [dict(event.body) for event in desk.ledger.log.read(OFFICE) if event.kind is kind]


def test_somebody_new_comes_in_with_a_one_time_password_and_has_to_choose_another(
    place: TemporaryDesk, desk: Desk
) -> None:
    folder, service = place.store.directory, VaultService()
    added = desk.membership.add(" Nora  Beck ", Role.FRONT_DESK)
    assert added.person.display_name == "Nora Beck"
    assert added.one_time_password not in repr(added)
    assert [member.must_change for member in desk.membership.list().members] == [False, True]
    assert told(desk, EventKind.PERSON_ADDED) == [{"person_id": added.person.person_id, "role": "front_desk"}]
    desk.vault.close()
    with pytest.raises(PasswordMustChangeError):
        service.unlock(folder, added.one_time_password, added.person.person_id)
    with service.unlock(folder, added.one_time_password, added.person.person_id, to_choose_another=True) as nora:
        service.change_password(nora, NEW, kdf=FLOOR)
        assert told(nora, EventKind.SIGN_IN_CHANGED) == [{}]
    with service.unlock(folder, NEW, added.person.person_id) as nora:
        assert nora.person == added.person
        assert [face.initials for face in service.faces(folder)] == ["ML", "NB"]
        with pytest.raises(NotYoursError) as caught:
            nora.membership.add("Olaf Reyes", Role.AUDITOR)
        assert caught.value.why is WhyNot.TAKES_ADMINISTRATOR


def test_who_chooses_the_password_at_this_desk_keeps_it(desk: Desk) -> None:
    with pytest.raises(WeakPasswordError):
        desk.membership.add_with_password("Nora Beck", Role.FRONT_DESK, "passwordpassword")
    desk.membership.add_with_password("Nora Beck", Role.FRONT_DESK, NEW)
    assert [member.must_change for member in desk.membership.list().members] == [False, False]


def test_names_and_licences_are_looked_at_before_anybody_comes_in(desk: Desk) -> None:
    before = (desk.vault.directory / "slots.json").read_bytes()
    with pytest.raises(InvalidTextError):
        desk.membership.add("  ", Role.IT)
    for name, role, licence, fault in (
        ("mara lind", Role.IT, None, ChoiceFault.NAME_TAKEN),
        ("Nora Beck", Role.PROFESSIONAL, None, ChoiceFault.LICENCE_MISSING),
        ("Nora Beck", Role.PROFESSIONAL, Licence(LicenceKind.NURSE, "California"), ChoiceFault.LICENCE_PLACE),
    ):
        with pytest.raises(InvalidChoiceError) as caught:
            desk.membership.add(name, role, licence)
        assert caught.value.fault is fault
    assert (desk.vault.directory / "slots.json").read_bytes() == before


def test_only_a_professional_has_a_licence_and_its_place_is_written_one_way() -> None:
    licence = Licence(LicenceKind.ATTORNEY, " us-ca ")
    assert check_licence(Role.PROFESSIONAL, licence) == Licence(LicenceKind.ATTORNEY, "US-CA")
    assert check_licence(Role.FRONT_DESK, licence) is None


def test_who_is_let_go_leaves_their_conversations_to_nobody_and_the_vault_gets_a_new_key(
    place: TemporaryDesk, desk: Desk
) -> None:
    nora = desk.membership.add("Nora Beck", Role.FRONT_DESK).person
    cids = [desk.conversations.start("Ada Quill", Origin.PHONE, "My ankle.") for _ in range(3)]
    for cid in cids:
        desk.conversations.assign(cid, nora.person_id)
    desk.conversations.mark_done(cids[0])
    assert desk.membership.open_conversations_of(nora.person_id) == 2
    assert desk.membership.disable(nora.person_id) == 2
    assert desk.membership.open_conversations_of(nora.person_id) == 0
    assert desk.ledger.names[nora.person_id] == "Nora Beck"
    assert nora not in desk.people
    assert desk.membership.list().is_rotation_due
    assert told(desk, EventKind.PERSON_DISABLED) == [{"person_id": nora.person_id}]
    desk.close()
    with VaultService().unlock(place.store.directory, PASSWORD) as again:
        assert told(again, EventKind.KEYS_ROTATED) == [{"epoch": 2}]
        assert not again.membership.list().is_rotation_due
        assert again.ledger.names[nora.person_id] == "Nora Beck"


def test_what_cannot_be_done_to_somebody_is_said_beforehand_and_refused_all_the_same(desk: Desk) -> None:
    people, me = desk.membership, desk.person.person_id
    nora = people.add("Nora Beck", Role.FRONT_DESK).person
    assert people.why_not(PersonAct.DISABLE, me) == "not_yourself"
    assert people.why_not(PersonAct.RESET, me) == "not_yourself"
    assert people.why_not(PersonAct.CHANGE, me) is None
    assert all(people.why_not(act, nora.person_id) is None for act in PersonAct)
    for refusal, act in (
        (NotYourselfError, lambda: people.disable(me)),
        (NotYourselfError, lambda: people.reset(me)),
        (NotYourselfError, lambda: people.change(me, name="Mara Lind", role=Role.IT)),
    ):
        with pytest.raises(refusal):
            act()
    desk.vault.person = replace(desk.vault.person, person_id=PersonId("rescue"))
    assert people.why_not(PersonAct.DISABLE, me) == "last_administrator"


def test_a_role_changes_and_the_log_says_so_by_id(desk: Desk) -> None:
    nora = desk.membership.add("Nora Beck", Role.FRONT_DESK).person
    licence = Licence(LicenceKind.PHYSICIAN, "DE")
    desk.membership.change(nora.person_id, name="Nora Beck-Oakes", role=Role.PROFESSIONAL, licence=licence)
    found = desk.membership.find("Nora Beck-Oakes")
    assert (found.role, found.licence) == (Role.PROFESSIONAL, licence)
    assert told(desk, EventKind.PERSON_CHANGED) == [{"person_id": nora.person_id, "role": "professional"}]
    with pytest.raises(InvalidChoiceError):
        desk.membership.find("Nora Beck")


def test_who_forgot_gets_a_one_time_password(place: TemporaryDesk, desk: Desk) -> None:
    nora = desk.membership.add_with_password("Nora Beck", Role.FRONT_DESK, NEW)
    reset = desk.membership.reset(nora.person_id)
    assert told(desk, EventKind.SIGN_IN_RESET) == [{"person_id": nora.person_id}]
    desk.vault.close()
    with pytest.raises(WrongPasswordError):
        VaultService().unlock(place.store.directory, NEW, nora.person_id)
    with pytest.raises(PasswordMustChangeError):
        VaultService().unlock(place.store.directory, reset.one_time_password, nora.person_id)


def test_two_shares_open_the_vault_until_new_ones_are_made(place: TemporaryDesk, desk: Desk) -> None:
    folder, service = place.store.directory, VaultService()
    first = desk.membership.make_shares()
    assert told(desk, EventKind.RECOVERY_SHARED) == [{"threshold": 2, "shares": 3}]
    assert desk.membership.list().has_shares
    desk.vault.close()
    with service.unlock_with_shares(folder, first[1:]) as rescued:
        assert rescued.person.role is Role.ADMINISTRATOR
        second = rescued.membership.make_shares()
        assert rescued.membership.list().is_rotation_due
        rescued.vault.close()
    with pytest.raises(WrongRecoveryCodeError):
        service.unlock_with_shares(folder, first[:2])
    with service.unlock_with_shares(folder, second[:2]) as rescued:
        assert rescued.person.display_name == "Recovery shares"
        rescued.vault.close()
    with service.unlock_with_recovery_code(folder, str(place.store.code)) as rescued:
        assert told(rescued, EventKind.SIGN_IN_REFUSED) == [{"person_id": "shares", "count": 1}]


class Machine:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.ms = 1_000_000

    def __call__(self) -> Moment:
        return Moment("boot", self.ms)


def test_wrong_passwords_wait_and_are_told_when_somebody_comes_in(place: TemporaryDesk) -> None:
    folder, machine = place.store.directory, Machine()
    service = VaultService(now=machine)
    for _ in range(3):
        with pytest.raises(WrongPasswordError):
            service.unlock(folder, "some other long password")
    with pytest.raises(TooSoonError) as caught:
        service.unlock(folder, PASSWORD)
    assert caught.value.left_ms == 5_000
    machine.ms += 5_000
    with service.unlock(folder, PASSWORD) as desk:
        me = desk.person.person_id
        assert told(desk, EventKind.SIGN_IN_REFUSED) == [{"person_id": me, "count": 3}]
    with service.unlock(folder, PASSWORD) as desk:
        assert len(told(desk, EventKind.SIGN_IN_REFUSED)) == 1
