"""Letting people in, changing what they are, letting them go, and a new vault key for those who stay."""

from dataclasses import replace

import pytest

from app.crypto.passwords import FLOOR, KdfParameters
from app.crypto.recovery_code import RecoveryCode
from app.domain.ids import PersonId, VaultId
from app.domain.office import Licence, LicenceKind, Person, Role
from app.store.errors import (
    KdfDowngradeError,
    LastAdministratorError,
    NotAllowedError,
    NotYourselfError,
    SlotFileDamagedError,
    WrongPasswordError,
    WrongRecoveryCodeError,
)
from app.store.signing_in import unlock_with_password, unlock_with_recovery_code
from app.store.slot_people import (
    rotated,
    with_changed_person,
    with_new_person,
    with_rotation_due,
    with_shared_code,
    without_person,
)
from app.store.slot_records import SlotFile, SlotKind, VaultKeyBox
from app.store.slot_writing import make_slot_file, with_new_password
from app.store.slots import Unlocked, mac_of
from app.store.vault_keys import LIMITED_BYTES, VaultKeys

MARA = Person(PersonId("mara"), "Mara Lind", Role.ADMINISTRATOR)
RESCUE = Person(PersonId("rescue"), "Recovery code", Role.ADMINISTRATOR)
SHARES = Person(PersonId("shares"), "Recovery shares", Role.ADMINISTRATOR)
NORA = Person(PersonId("nora"), "Nora Beck", Role.PROFESSIONAL, Licence(LicenceKind.PHYSICIAN, "US-CA"))
OLAF = Person(PersonId("olaf"), "Olaf Reyes", Role.AUDITOR)
PASSWORD = "copper lantern under quiet stairs"
FIRST = "seven herons over a slate roof"
OTHER = "a violin asleep in the orchard"
CODE = RecoveryCode(bytes(range(32)))
SHARED = RecoveryCode(b"s" * 32)
NEW_KEY = b"n" * 32
OFFICE_KEY = b"o" * 32


@pytest.fixture(scope="module")
def made() -> Unlocked:
    fresh = make_slot_file(VaultId("01VAULT"), MARA, PASSWORD, (RESCUE, CODE), FLOOR)
    return replace(fresh, keys=fresh.keys.with_office(OFFICE_KEY))


@pytest.fixture(scope="module")
def with_nora(made: Unlocked) -> Unlocked:
    return with_new_person(made, NORA, FIRST, FLOOR, must_change=True)


@pytest.fixture(scope="module")
def with_olaf(made: Unlocked) -> Unlocked:
    return with_new_person(made, OLAF, OTHER, FLOOR, must_change=False)


def read(unlocked: Unlocked) -> SlotFile:
    return SlotFile.decode(unlocked.file.encode())


def test_a_new_person_comes_in_with_a_password_that_must_be_changed(with_nora: Unlocked) -> None:
    nora = unlock_with_password(read(with_nora), FIRST, NORA.person_id)
    assert (nora.person, nora.vault_key, nora.must_change) == (NORA, with_nora.vault_key, True)
    changed = with_new_password(nora, NORA.person_id, OTHER, FLOOR)
    again = unlock_with_password(read(changed), OTHER, NORA.person_id)
    assert (again.seed, again.must_change) == (nora.seed, False)
    assert not unlock_with_recovery_code(read(changed), CODE).must_change


def test_a_reset_gives_new_keys_and_a_password_that_must_be_changed(with_nora: Unlocked) -> None:
    nora = unlock_with_password(read(with_nora), FIRST, NORA.person_id)
    reset = read(with_new_password(with_nora, NORA.person_id, OTHER, FLOOR, must_change=True))
    with pytest.raises(WrongPasswordError):
        unlock_with_password(reset, FIRST, NORA.person_id)
    again = unlock_with_password(reset, OTHER, NORA.person_id)
    assert (again.person, again.vault_key, again.must_change) == (NORA, nora.vault_key, True)
    assert again.seed != nora.seed


def test_nobody_comes_in_twice_or_cheaply(with_nora: Unlocked) -> None:
    with pytest.raises(NotAllowedError):
        with_new_person(with_nora, NORA, OTHER, FLOOR, must_change=True)
    with pytest.raises(KdfDowngradeError):
        with_new_person(with_nora, OLAF, OTHER, KdfParameters(1, 8), must_change=True)


def test_only_an_administrator_changes_who_is_here(with_nora: Unlocked) -> None:
    nora = unlock_with_password(read(with_nora), FIRST, NORA.person_id)
    for act in (
        lambda: with_new_person(nora, OLAF, OTHER, FLOOR, must_change=True),
        lambda: with_changed_person(nora, replace(MARA, display_name="Somebody Else")),
        lambda: without_person(nora, MARA.person_id),
        lambda: with_shared_code(nora, SHARES, SHARED),
        lambda: with_rotation_due(nora),
        lambda: rotated(nora, NEW_KEY),
    ):
        with pytest.raises(NotAllowedError):
            act()


# --- those who never see a message ----------------------------------------------------------------------------------


def test_the_box_of_an_auditor_does_not_lead_to_the_vault_key(with_olaf: Unlocked) -> None:
    olaf = unlock_with_password(read(with_olaf), OTHER, OLAF.person_id)
    assert not olaf.keys.are_full
    with pytest.raises(NotAllowedError):
        olaf.vault_key  # noqa: B018 - the reading is the act
    full = with_olaf.keys
    assert (olaf.keys.database, olaf.keys.head, olaf.keys.slots) == (full.database, full.head, full.slots)
    assert olaf.keys.office == OFFICE_KEY
    held = b"".join(filter(None, (olaf.keys.database, olaf.keys.head, olaf.keys.slots, olaf.keys.names)))
    assert full.vault_key not in held
    assert len(full.content_for(Role.AUDITOR)) == LIMITED_BYTES
    assert [entry.person.display_name for entry in olaf.file.people] == ["Mara Lind", "Recovery code", "Olaf Reyes"]


def test_an_auditor_changes_the_own_password_and_nothing_else(with_olaf: Unlocked) -> None:
    olaf = unlock_with_password(read(with_olaf), OTHER, OLAF.person_id)
    changed = read(with_new_password(olaf, OLAF.person_id, FIRST, FLOOR))
    assert unlock_with_password(changed, FIRST, OLAF.person_id).person == OLAF
    with pytest.raises(NotAllowedError):
        with_new_password(olaf, MARA.person_id, FIRST, FLOOR)


def test_an_auditor_who_forges_a_full_box_is_refused(with_olaf: Unlocked) -> None:
    """Auditors hold the key of the MAC; what keeps them from naming themselves members is the signature."""
    olaf = unlock_with_password(read(with_olaf), OTHER, OLAF.person_id)
    own = next(box for box in olaf.file.vault_keys if box.person_id == OLAF.person_id)
    forged = VaultKeyBox(own.epoch, own.person_id, own.since + 1, own.box, own.signed_by, own.signature)
    file = replace(olaf.file, vault_keys=(*olaf.file.vault_keys, forged))
    with pytest.raises(SlotFileDamagedError):
        unlock_with_password(replace(file, mac=mac_of(file, olaf.keys)), OTHER, OLAF.person_id)


def test_a_role_without_messages_takes_the_vault_key_away_and_makes_a_rotation_due(with_nora: Unlocked) -> None:
    changed = with_changed_person(with_nora, replace(NORA, role=Role.AUDITOR, licence=None))
    assert changed.file.is_rotation_due
    nora = unlock_with_password(read(changed), FIRST, NORA.person_id)
    assert (nora.person.role, nora.keys.are_full) == (Role.AUDITOR, False)
    assert nora.must_change
    back = with_changed_person(replace(changed, file=replace(changed.file, is_rotation_due=False)), NORA)
    assert not back.file.is_rotation_due
    assert unlock_with_password(read(back), FIRST, NORA.person_id).vault_key == with_nora.vault_key


# --- letting go -----------------------------------------------------------------------------------------------------


def test_who_was_let_go_has_no_way_in_and_makes_a_rotation_due(with_nora: Unlocked) -> None:
    gone = without_person(with_nora, NORA.person_id)
    file = read(gone)
    assert file.is_rotation_due
    assert file.slot_of(NORA.person_id) is None
    assert all(box.person_id != NORA.person_id for box in file.vault_keys)
    with pytest.raises(WrongPasswordError):
        unlock_with_password(file, FIRST, NORA.person_id)
    assert unlock_with_password(file, PASSWORD, MARA.person_id).vault_key == with_nora.vault_key


def test_nobody_lets_themselves_go_or_makes_themselves_something_else(made: Unlocked) -> None:
    with pytest.raises(NotYourselfError):
        without_person(made, MARA.person_id)
    with pytest.raises(NotYourselfError):
        with_changed_person(made, replace(MARA, role=Role.FRONT_DESK))
    renamed = with_changed_person(made, replace(MARA, display_name="Mara Lind-Oakes"))
    assert renamed.person.display_name == "Mara Lind-Oakes"
    assert unlock_with_password(read(renamed), PASSWORD).person == renamed.person


def test_the_last_administrator_with_a_password_stays(made: Unlocked) -> None:
    """Also when the holder of the recovery code asks: printed codes let nobody in from day to day."""
    rescue = unlock_with_recovery_code(read(made), CODE)
    with pytest.raises(LastAdministratorError):
        without_person(rescue, MARA.person_id)
    with pytest.raises(LastAdministratorError):
        with_changed_person(rescue, replace(MARA, role=Role.IT))


def test_the_first_administrator_can_go_once_there_is_another(with_nora: Unlocked) -> None:
    promoted = with_changed_person(with_nora, replace(NORA, role=Role.ADMINISTRATOR, licence=None))
    nora = unlock_with_password(read(promoted), FIRST, NORA.person_id)
    gone = rotated(without_person(nora, MARA.person_id), NEW_KEY)
    assert unlock_with_password(read(gone), FIRST, NORA.person_id).vault_key == NEW_KEY
    with pytest.raises(WrongPasswordError):
        unlock_with_password(read(gone), PASSWORD)


# --- a new vault key ------------------------------------------------------------------------------------------------


def test_a_rotation_gives_everybody_who_stayed_the_new_key_and_asks_for_no_password(with_nora: Unlocked) -> None:
    start = with_new_person(with_nora, OLAF, OTHER, FLOOR, must_change=False)
    start = without_person(with_shared_code(start, SHARES, SHARED), NORA.person_id)
    after = rotated(start, NEW_KEY)
    file = read(after)
    assert (file.epoch, file.is_rotation_due) == (2, False)
    assert unlock_with_password(file, PASSWORD, MARA.person_id).vault_key == NEW_KEY
    assert unlock_with_recovery_code(file, CODE).vault_key == NEW_KEY
    assert unlock_with_recovery_code(file, SHARED, SlotKind.SHARES).vault_key == NEW_KEY
    olaf = unlock_with_password(file, OTHER, OLAF.person_id)
    assert olaf.keys == replace(VaultKeys.under(NEW_KEY, 2), office=OFFICE_KEY, whole=None)
    names = [entry.person.display_name for entry in olaf.file.people]
    assert names == ["Mara Lind", "Recovery code", "Nora Beck", "Olaf Reyes", "Recovery shares", "Nora Beck"]


def test_who_was_let_go_cannot_use_the_old_key_on_the_new_file(with_nora: Unlocked) -> None:
    """She kept everything that she ever had: her seed, the old vault key and the old file."""
    nora = unlock_with_password(read(with_nora), FIRST, NORA.person_id)
    file = read(rotated(without_person(with_nora, NORA.person_id), NEW_KEY))
    old_slot = next(slot for slot in nora.file.slots if slot.person_id == NORA.person_id)
    old_box = next(box for box in nora.file.vault_keys if box.person_id == NORA.person_id)
    forged = replace(file, slots=(*file.slots, old_slot), vault_keys=(*file.vault_keys, old_box))
    with pytest.raises(SlotFileDamagedError):
        unlock_with_password(replace(forged, mac=mac_of(forged, nora.keys)), FIRST, NORA.person_id)
    assert mac_of(file, nora.keys) != file.mac


# --- shares ---------------------------------------------------------------------------------------------------------


def test_new_shares_take_the_place_of_old_ones_and_leave_the_recovery_code_alone(made: Unlocked) -> None:
    first = with_shared_code(made, SHARES, SHARED)
    assert not first.file.is_rotation_due
    second = with_shared_code(first, replace(SHARES, person_id=PersonId("other")), RecoveryCode(b"t" * 32))
    assert second.file.is_rotation_due
    file = read(second)
    with pytest.raises(WrongRecoveryCodeError):
        unlock_with_recovery_code(file, SHARED, SlotKind.SHARES)
    assert unlock_with_recovery_code(file, RecoveryCode(b"t" * 32), SlotKind.SHARES).person == SHARES
    assert unlock_with_recovery_code(file, CODE).person == RESCUE
    with pytest.raises(WrongRecoveryCodeError):
        unlock_with_recovery_code(file, SHARED)
