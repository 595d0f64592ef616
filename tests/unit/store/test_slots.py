"""The slot file: who may open a vault, and everything that must not open it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.crypto import passwords
from app.crypto.identities import Identity, PublicIdentity
from app.crypto.passwords import FLOOR, KdfParameters
from app.crypto.recovery_code import RecoveryCode
from app.domain.ids import PersonId, VaultId
from app.domain.office import Person, Role
from app.store import slot_writing
from app.store.errors import (
    KdfDowngradeError,
    NotAllowedError,
    SlotFileDamagedError,
    SlotFileMissingError,
    WrongPasswordError,
    WrongRecoveryCodeError,
)
from app.store.files import create_file
from app.store.signing_in import unlock_with_password, unlock_with_recovery_code
from app.store.slot_records import MAX_SLOT_FILE_BYTES, Slot, SlotFile, SlotKind, VaultKeyBox
from app.store.slot_writing import make_slot_file, with_new_password
from app.store.slots import Unlocked, mac_of, read_slot_file, signed_bytes, with_names
from app.store.vault_keys import VaultKeys

MARA = Person(PersonId("mara"), "Mara Lind", Role.ADMINISTRATOR)
RESCUE = Person(PersonId("rescue"), "Recovery code", Role.ADMINISTRATOR)
IDA = Person(PersonId("ida"), "Ida Voss", Role.FRONT_DESK)
NORA = Person(PersonId("nora"), "Nora Beck", Role.PROFESSIONAL)
PASSWORD = "copper lantern under quiet stairs"
CODE = RecoveryCode(bytes(range(32)))


@pytest.fixture(scope="module")
def made() -> Unlocked:
    return make_slot_file(VaultId("01VAULT"), MARA, PASSWORD, (RESCUE, CODE), FLOOR)


def test_password_and_recovery_code_give_the_same_vault_key(made: Unlocked) -> None:
    file = SlotFile.decode(made.file.encode())
    by_password, by_code = unlock_with_password(file, PASSWORD), unlock_with_recovery_code(file, CODE)
    assert by_password.vault_key == by_code.vault_key == made.vault_key
    assert (by_password.person, by_code.person) == (MARA, RESCUE)


def test_another_password_is_wrong(made: Unlocked) -> None:
    with pytest.raises(WrongPasswordError):
        unlock_with_password(made.file, PASSWORD + "!")


def test_a_password_that_cannot_be_encoded_is_wrong_not_a_crash(made: Unlocked) -> None:
    with pytest.raises(WrongPasswordError):
        unlock_with_password(made.file, "\ud800" * 15)


def test_another_code_is_wrong(made: Unlocked) -> None:
    with pytest.raises(WrongRecoveryCodeError):
        unlock_with_recovery_code(made.file, RecoveryCode.generate())


def test_nothing_secret_stands_in_the_file_or_shows_in_repr(made: Unlocked) -> None:
    encoded = made.file.encode()
    assert made.vault_key not in encoded
    assert CODE.secret not in encoded
    assert repr(made) == "<Unlocked hidden>"


def test_names_are_for_members_only_and_initials_for_everybody(made: Unlocked) -> None:
    encoded = made.file.encode()
    assert b"Mara" not in encoded
    assert b"Lind" not in encoded
    outside = SlotFile.decode(encoded)
    assert [entry.person.display_name for entry in outside.people] == ["ML", "RC"]
    inside = unlock_with_password(outside, PASSWORD).file
    assert [entry.person for entry in inside.people] == [MARA, RESCUE]
    assert inside.encode() == encoded


def test_a_file_of_before_with_names_in_the_clear_still_opens(made: Unlocked) -> None:
    admin = Identity(made.seed)
    entries = [replace(entry, hidden=None) for entry in made.file.people]
    entries = [
        replace(entry, signature=admin.sign(signed_bytes(made.file, "person", entry.statement()))) for entry in entries
    ]
    old = replace(made.file, people=tuple(entries))
    old = replace(old, mac=mac_of(old, made.keys))
    assert b'"name":"Mara Lind"' in old.encode()
    assert unlock_with_recovery_code(SlotFile.decode(old.encode()), CODE).person == RESCUE


# --- several people -------------------------------------------------------------------------------------------------


def with_people(made: Unlocked, *people: tuple[Person, Person, RecoveryCode]) -> SlotFile:
    """The same file with more people: (who, vouched for by whom, the secret of her slot). Their seeds are known."""
    file = made.file
    identities = {RESCUE.person_id: Identity(unlock_with_recovery_code(file, CODE).seed)}
    for person, voucher, code in people:
        seed = seed_of(person)
        identities[person.person_id] = Identity(seed)
        file = replace(file, generation=file.generation + 1)
        signer = identities[voucher.person_id]
        file = slot_writing.with_person(file, person, Identity(seed).public, made.keys, signer)
        slot = Slot(person.person_id, SlotKind.RECOVERY, person.person_id, None, b"", file.generation)
        file = slot_writing.with_slot(file, slot_writing.seal_seed(file, slot, seed, code.secret))
    return replace(file, mac=mac_of(file, made.keys))


def seed_of(person: Person) -> bytes:
    return person.person_id.encode().ljust(32, b".")


def resigned(made: Unlocked, file: SlotFile, signer: Identity, **changes: object) -> SlotFile:
    """The file with its newest person entry changed and signed by ``signer``, and a right MAC."""
    entry = replace(file.people[-1], signed_by=signer.public.signing_key, **changes)
    entry = replace(entry, signature=signer.sign(signed_bytes(file, "person", entry.statement())))
    file = replace(file, people=(*file.people[:-1], entry))
    return replace(file, mac=mac_of(file, made.keys))


def test_the_format_holds_several_people_and_older_slots_stay_good(made: Unlocked) -> None:
    key = RecoveryCode(b"i" * 32)
    file = SlotFile.decode(with_people(made, (IDA, RESCUE, key)).encode())
    ida = unlock_with_recovery_code(file, key)
    assert (ida.person, ida.vault_key) == (IDA, made.vault_key)
    assert unlock_with_recovery_code(file, CODE).vault_key == made.vault_key


def test_an_administrator_made_by_an_administrator_may_vouch(made: Unlocked) -> None:
    keys = RecoveryCode(b"i" * 32), RecoveryCode(b"n" * 32)
    second = replace(IDA, role=Role.ADMINISTRATOR)
    file = with_people(made, (second, RESCUE, keys[0]), (NORA, second, keys[1]))
    assert unlock_with_recovery_code(file, keys[1]).person == NORA


def test_a_front_desk_person_cannot_let_anybody_in(made: Unlocked) -> None:
    keys = RecoveryCode(b"i" * 32), RecoveryCode(b"n" * 32)
    file = with_people(made, (IDA, RESCUE, keys[0]), (NORA, IDA, keys[1]))
    with pytest.raises(SlotFileDamagedError):
        unlock_with_recovery_code(file, keys[1])


def test_a_front_desk_person_cannot_vouch_even_when_an_administrator_made_the_box(made: Unlocked) -> None:
    keys = RecoveryCode(b"i" * 32), RecoveryCode(b"n" * 32)
    file = with_people(made, (IDA, RESCUE, keys[0]), (NORA, RESCUE, keys[1]))
    assert unlock_with_recovery_code(file, keys[1]).person == NORA
    with pytest.raises(SlotFileDamagedError):
        unlock_with_recovery_code(resigned(made, file, Identity(seed_of(IDA))), keys[1])


def test_somebody_who_has_left_neither_enters_nor_vouches(made: Unlocked) -> None:
    keys = RecoveryCode(b"i" * 32), RecoveryCode(b"n" * 32)
    second = replace(IDA, role=Role.ADMINISTRATOR)
    rescuer = Identity(unlock_with_recovery_code(made.file, CODE).seed)
    left = resigned(made, with_people(made, (second, RESCUE, keys[0])), rescuer, is_active=False)
    with pytest.raises(SlotFileDamagedError):
        unlock_with_recovery_code(left, keys[0])
    with pytest.raises(SlotFileDamagedError):
        unlock_with_recovery_code(with_people(replace(made, file=left), (NORA, RESCUE, keys[1])), keys[0])


def test_what_an_administrator_signed_before_leaving_stays_good_and_nothing_after(made: Unlocked) -> None:
    keys = RecoveryCode(b"i" * 32), RecoveryCode(b"n" * 32)
    second = replace(IDA, role=Role.ADMINISTRATOR)
    file = with_people(made, (second, RESCUE, keys[0]), (NORA, second, keys[1]))
    rescuer = Identity(unlock_with_recovery_code(made.file, CODE).seed)
    public = Identity(seed_of(IDA)).public
    file = replace(file, generation=file.generation + 1)
    file = slot_writing.with_person(file, IDA, public, made.keys, rescuer)  # to the front desk from now on
    file = replace(file, mac=mac_of(file, made.keys))
    assert unlock_with_recovery_code(file, keys[1]).person == NORA
    assert unlock_with_recovery_code(file, keys[0]).person.role is Role.FRONT_DESK
    late = slot_writing.with_person(
        replace(file, generation=file.generation + 1),
        NORA,
        Identity(seed_of(NORA)).public,
        made.keys,
        Identity(seed_of(IDA)),
    )
    with pytest.raises(SlotFileDamagedError):
        unlock_with_recovery_code(replace(late, mac=mac_of(late, made.keys)), keys[1])


def test_two_people_who_vouch_for_each_other_lead_nowhere(made: Unlocked) -> None:
    key = RecoveryCode(b"i" * 32)
    ida = replace(IDA, role=Role.ADMINISTRATOR)
    file = resigned(made, with_people(made, (ida, RESCUE, key)), Identity(seed_of(IDA)))
    with pytest.raises(SlotFileDamagedError):
        unlock_with_recovery_code(file, key)


# --- new passwords --------------------------------------------------------------------------------------------------

NEW_PASSWORD = "seven herons over a slate roof"


def test_a_new_password_of_ones_own_replaces_the_old_one_and_keeps_the_keys(made: Unlocked) -> None:
    changed = with_new_password(made, MARA.person_id, NEW_PASSWORD, FLOOR)
    file = SlotFile.decode(changed.file.encode())
    assert file.generation == made.file.generation + 1
    assert [entry.row() for entry in file.people] == [entry.row() for entry in made.file.people]
    again = unlock_with_password(file, NEW_PASSWORD)
    assert (again.person, again.seed, again.vault_key) == (MARA, made.seed, made.vault_key)
    with pytest.raises(WrongPasswordError):
        unlock_with_password(file, PASSWORD)
    assert unlock_with_recovery_code(file, CODE).vault_key == made.vault_key


def test_the_recovery_code_gives_a_forgetful_administrator_a_new_password_and_new_keys(made: Unlocked) -> None:
    """The first administrator's own key was the root: what it signed must still be followed after it is gone."""
    changed = with_new_password(unlock_with_recovery_code(made.file, CODE), MARA.person_id, NEW_PASSWORD, FLOOR)
    file = SlotFile.decode(changed.file.encode())
    again = unlock_with_password(file, NEW_PASSWORD)
    assert (again.person, again.vault_key) == (MARA, made.vault_key)
    assert again.seed != made.seed
    with pytest.raises(WrongPasswordError):
        unlock_with_password(file, PASSWORD)
    assert unlock_with_recovery_code(file, CODE).person == RESCUE
    twice = with_new_password(again, MARA.person_id, PASSWORD, FLOOR)
    assert unlock_with_password(twice.file, PASSWORD).seed == again.seed


def test_a_front_desk_person_sets_nobody_elses_password(made: Unlocked) -> None:
    key = RecoveryCode(b"i" * 32)
    ida = unlock_with_recovery_code(with_people(made, (IDA, RESCUE, key)), key)
    for person_id in (MARA.person_id, IDA.person_id, PersonId("nobody")):
        with pytest.raises(NotAllowedError):
            with_new_password(ida, person_id, NEW_PASSWORD, FLOOR)


def test_a_new_password_is_never_stretched_cheaply(made: Unlocked) -> None:
    with pytest.raises(KdfDowngradeError):
        with_new_password(made, MARA.person_id, NEW_PASSWORD, KdfParameters(1, 8))


# --- damage and lies ------------------------------------------------------------------------------------------------


def test_a_flipped_bit_anywhere_is_damage_and_never_a_wrong_password(made: Unlocked) -> None:
    encoded = made.file.encode()
    for place in range(len(encoded)):
        altered = bytearray(encoded)
        altered[place] ^= 1 << place % 8
        with pytest.raises(SlotFileDamagedError):
            SlotFile.decode(bytes(altered))


@pytest.mark.parametrize(
    "untrusted",
    [b"", b"{}", b"[]", b"null", b"[" * 100_000, b"\xff\xfe", b'{"format":"vestibule-slots-2"}', bytes(300_000)],
)
def test_what_is_not_a_slot_file_is_damage(untrusted: bytes) -> None:
    with pytest.raises(SlotFileDamagedError):
        SlotFile.decode(untrusted)


def test_only_the_canonical_encoding_is_accepted(made: Unlocked) -> None:
    tree = json.loads(made.file.encode())
    for other in (
        json.dumps(tree).encode(),
        json.dumps(tree, separators=(",", ":"), sort_keys=True).encode() + b"\n",
        json.dumps({**tree, "extra": 1}, separators=(",", ":"), sort_keys=True).encode(),
        json.dumps({**tree, "epoch": True}, separators=(",", ":"), sort_keys=True).encode(),
        json.dumps({**tree, "epoch": 1.0}, separators=(",", ":"), sort_keys=True).encode(),
    ):
        with pytest.raises(SlotFileDamagedError):
            SlotFile.decode(other)


LIES = {
    "vault id": lambda file: replace(file, vault_id=VaultId("02VAULT")),
    "root": lambda file: replace(file, root=bytes(32)),
    "slot id": lambda file: _with_slot(file, slot_id="0" * 32),
    "slot person": lambda file: _with_slot(file, person_id=MARA.person_id),
    "slot salt": lambda file: _with_slot(file, salt=b"x"),
    "slot generation": lambda file: _with_slot(file, written_at=2),
    "slot kind and kdf": lambda file: _with_slot(file, kind=SlotKind.PASSWORD, kdf=FLOOR, salt=bytes(16)),
    "generation": lambda file: replace(file, generation=2),
    "epoch": lambda file: replace(file, epoch=2),
    "role": lambda file: _with_person(file, person=replace(RESCUE, role=Role.FRONT_DESK)),
    "name": lambda file: _with_name(file, sealed=bytes(60)),
    "somebody else's name": lambda file: _with_name(file, sealed=file.people[0].hidden.sealed),
    "initials": lambda file: _with_name(file, initials="SE"),
    "commitment": lambda file: _with_name(file, commitment=bytes(32)),
    "rotation": lambda file: replace(file, is_rotation_due=True),
    "must change": lambda file: _with_slot(file, must_change=True),
    "box key": lambda file: _with_person(file, box_key=bytes(32)),
    "signing key": lambda file: _with_person(file, signing_key=bytes(32)),
    "person signature": lambda file: _with_person(file, signature=bytes(64)),
    "signer": lambda file: _with_person(file, signed_by=bytes(32)),
    "active": lambda file: _with_person(file, is_active=False),
    "since": lambda file: _with_person(file, since=0),
    "box since": lambda file: _with_box(file, since=0),
    "box signer": lambda file: _with_box(file, signed_by=bytes(32)),
    "people gone": lambda file: replace(file, people=()),
    "person twice": lambda file: replace(file, people=(*file.people, file.people[1])),
    "box": lambda file: _with_box(file, box=Identity(bytes(32)).public.seal_to(bytes(32))),
    "box signature": lambda file: _with_box(file, signature=bytes(64)),
    "box person": lambda file: _with_box(file, person_id=MARA.person_id),
    "boxes gone": lambda file: replace(file, vault_keys=()),
    "other slots gone": lambda file: replace(file, slots=file.slots[1:]),
    "mac": lambda file: replace(file, mac=bytes(32)),
}


def _with_slot(file: SlotFile, **changes: object) -> SlotFile:
    return replace(file, slots=(file.slots[0], replace(file.slots[1], **changes)))


def _with_person(file: SlotFile, **changes: object) -> SlotFile:
    return replace(file, people=(file.people[0], replace(file.people[1], **changes)))


def _with_name(file: SlotFile, **changes: object) -> SlotFile:
    return _with_person(file, hidden=replace(file.people[1].hidden, **changes))


def _with_box(file: SlotFile, **changes: object) -> SlotFile:
    return replace(file, vault_keys=(file.vault_keys[0], replace(file.vault_keys[1], **changes)))


@pytest.mark.parametrize("lie", LIES)
def test_a_liar_who_mends_the_checksum_still_gets_no_key(made: Unlocked, lie: str) -> None:
    file = SlotFile.decode(LIES[lie](made.file).encode())
    with pytest.raises((SlotFileDamagedError, WrongRecoveryCodeError)):
        unlock_with_recovery_code(file, CODE)


def test_a_vault_key_swapped_in_by_a_stranger_is_refused(made: Unlocked) -> None:
    """Sealed boxes are anonymous: anybody can make one for a public key. Only the signature tells."""
    rescuer = made.file.people[1]
    stranger = Identity(b"s" * 32)
    public = PublicIdentity(rescuer.box_key, rescuer.signing_key)
    box = VaultKeyBox(1, RESCUE.person_id, 1, public.seal_to(bytes(32)), stranger.public.signing_key)
    for named in (box.signed_by, made.file.root):
        lie = replace(box, signed_by=named)
        lie = replace(lie, signature=stranger.sign(signed_bytes(made.file, "vault key", lie.statement())))
        file = replace(made.file, vault_keys=(made.file.vault_keys[0], lie))
        with pytest.raises(SlotFileDamagedError):
            unlock_with_recovery_code(replace(file, mac=mac_of(file, VaultKeys.under(bytes(32), 1))), CODE)


@pytest.mark.parametrize("cheap", [KdfParameters(1, 8), KdfParameters(3, 262_143), KdfParameters(2, 1 << 20)])
def test_a_slot_that_asks_for_less_work_is_refused_before_any_work(
    made: Unlocked, cheap: KdfParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords.argon2id, "kdf", lambda *_, **__: pytest.fail("work was done"))
    file = replace(made.file, slots=(replace(made.file.slots[0], kdf=cheap), made.file.slots[1]))
    with pytest.raises(KdfDowngradeError):
        unlock_with_password(SlotFile.decode(file.encode()), PASSWORD)


def test_a_vault_below_the_floor_is_never_made() -> None:
    with pytest.raises(KdfDowngradeError):
        make_slot_file(VaultId("01VAULT"), MARA, PASSWORD, (RESCUE, CODE), KdfParameters(1, 8))


# --- the file on disk -----------------------------------------------------------------------------------------------


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(SlotFileMissingError):
        read_slot_file(tmp_path / "slots.json")


def test_a_file_of_absurd_length_is_refused_unread(tmp_path: Path) -> None:
    create_file(tmp_path / "slots.json", bytes(MAX_SLOT_FILE_BYTES + 1))
    with pytest.raises(SlotFileDamagedError):
        read_slot_file(tmp_path / "slots.json")


def test_a_link_in_its_place_is_damage(tmp_path: Path, made: Unlocked) -> None:
    create_file(tmp_path / "elsewhere", made.file.encode())
    (tmp_path / "slots.json").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SlotFileDamagedError):
        read_slot_file(tmp_path / "slots.json")


def test_it_reads_back_as_written(tmp_path: Path, made: Unlocked) -> None:
    create_file(tmp_path / "slots.json", made.file.encode())
    assert with_names(read_slot_file(tmp_path / "slots.json"), made.keys) == made.file
