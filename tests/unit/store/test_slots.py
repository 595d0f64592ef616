"""The slot file: who may open a vault, and everything that must not open it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.crypto import passwords
from app.crypto.identities import Identity
from app.crypto.passwords import FLOOR, KdfParameters
from app.crypto.recovery_code import RecoveryCode
from app.domain.ids import PersonId, VaultId
from app.domain.office import Person, Role
from app.store import slots
from app.store.errors import (
    KdfDowngradeError,
    SlotFileDamagedError,
    SlotFileMissingError,
    WrongPasswordError,
    WrongRecoveryCodeError,
)
from app.store.files import create_file
from app.store.slot_records import MAX_SLOT_FILE_BYTES, Slot, SlotFile, SlotKind
from app.store.slots import (
    Unlocked,
    make_slot_file,
    read_slot_file,
    unlock_with_password,
    unlock_with_recovery_code,
)

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


# --- several people -------------------------------------------------------------------------------------------------


def with_people(made: Unlocked, *people: tuple[Person, Person, RecoveryCode]) -> SlotFile:
    """The same file with more people: (who, vouched for by whom, the secret of her slot)."""
    file = made.file
    seeds = {MARA.person_id: slots.open_sealed(*_slot_seal(file, file.slots[1], CODE))}
    identities = {RESCUE.person_id: Identity(seeds[MARA.person_id])}
    for person, voucher, code in people:
        seed = bytes([len(identities)]) * 32
        identities[person.person_id] = Identity(seed)
        signer = identities[voucher.person_id]
        slot = Slot("5" * len(identities), SlotKind.RECOVERY, person.person_id, None, b"", file.generation + 1)
        public = identities[person.person_id].public
        file = replace(
            file,
            generation=file.generation + 1,
            people=(*file.people, slots._vouch(file, person, public, voucher.person_id, signer)),
            slots=(*file.slots, slots._seal_seed(file, slot, seed, code.secret)),
            vault_keys=(
                *file.vault_keys,
                slots._box_vault_key(file, person.person_id, public, made.vault_key, voucher.person_id, signer),
            ),
        )
    return replace(file, mac=slots._mac(file, made.vault_key))


def _slot_seal(file: SlotFile, slot: Slot, code: RecoveryCode) -> tuple[bytes, bytes, bytes]:
    return slots._slot_key(file, slot, code.secret), slot.sealed, slots._slot_context(file, slot)


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
    entry = replace(file.people[-1], signed_by=IDA.person_id)
    signature = Identity(bytes([1]) * 32).sign(slots._signed(file, "person", entry.statement()))
    file = replace(file, people=(*file.people[:-1], replace(entry, signature=signature)))
    with pytest.raises(SlotFileDamagedError):
        unlock_with_recovery_code(replace(file, mac=slots._mac(file, made.vault_key)), keys[1])


def test_two_people_who_vouch_for_each_other_lead_nowhere(made: Unlocked) -> None:
    key = RecoveryCode(b"i" * 32)
    ida = replace(IDA, role=Role.ADMINISTRATOR)
    file = with_people(made, (ida, RESCUE, key))
    entry = file.people[-1]
    circular = replace(entry, signed_by=IDA.person_id)
    signature = Identity(bytes([1]) * 32).sign(slots._signed(file, "person", circular.statement()))
    file = replace(file, people=(*file.people[:-1], replace(circular, signature=signature)))
    with pytest.raises(SlotFileDamagedError):
        unlock_with_recovery_code(replace(file, mac=slots._mac(file, made.vault_key)), key)


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
    "name": lambda file: _with_person(file, person=replace(RESCUE, display_name="Somebody Else")),
    "box key": lambda file: _with_person(file, box_key=bytes(32)),
    "signing key": lambda file: _with_person(file, signing_key=bytes(32)),
    "person signature": lambda file: _with_person(file, signature=bytes(64)),
    "signer": lambda file: _with_person(file, signed_by=PersonId("nobody")),
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
    public = slots.PublicIdentity(rescuer.box_key, rescuer.signing_key)
    box = slots._box_vault_key(made.file, RESCUE.person_id, public, bytes(32), MARA.person_id, stranger)
    file = replace(made.file, vault_keys=(made.file.vault_keys[0], box))
    with pytest.raises(SlotFileDamagedError):
        unlock_with_recovery_code(replace(file, mac=slots._mac(file, bytes(32))), CODE)


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
    assert read_slot_file(tmp_path / "slots.json") == made.file
