"""What goes with a password: a code from a phone, printed codes, a second secret in the key; and what opens nothing."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import blake2b

import pytest

from app.crypto.passwords import FLOOR, KdfParameters
from app.crypto.recovery_code import RecoveryCode
from app.crypto.timed_codes import code_at, step_at
from app.domain.ids import PersonId, VaultId
from app.domain.office import Person, Role
from app.store import signing_in
from app.store.door_codes import DoorCode
from app.store.errors import SecondMissingError, WrongCodeError, WrongPasswordError
from app.store.signing_in import unlock_with_password, unlock_with_recovery_code
from app.store.slot_people import with_new_person
from app.store.slot_records import Slot, SlotFile
from app.store.slot_seconds import Factors, Proof, SecondInput, SecondKind
from app.store.slot_writing import make_slot_file, with_new_password
from app.store.slots import Unlocked, mac_of

MARA = Person(PersonId("mara"), "Mara Lind", Role.ADMINISTRATOR)
NORA = Person(PersonId("nora"), "Nora Beck", Role.FRONT_DESK)
RESCUE = Person(PersonId("rescue"), "Recovery code", Role.ADMINISTRATOR)
PASSWORD = "copper lantern under quiet stairs"
SHORT = "heron slate"
CODE = RecoveryCode(bytes(range(32)))
SECRET = bytes(range(20))
NOW_MS = 1_795_000_000_000
STICK = SecondInput(SecondKind.STICK, b"stick001")
STICK_SECRET = bytes(range(32, 64))


def _hashed(password: str, salt: bytes, _kdf: KdfParameters) -> bytes:
    return blake2b(password.encode(), digest_size=32, key=salt).digest()


@pytest.fixture(scope="module", autouse=True)
def _without_stretching() -> Iterator[None]:
    """How long a password takes is tested elsewhere (``test_slots.py``); here it only has to be another key."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.store.slots.stretch", _hashed)
        yield


@pytest.fixture(scope="module")
def plain() -> Unlocked:
    return make_slot_file(VaultId("01VAULT"), MARA, PASSWORD, (RESCUE, CODE), FLOOR)


@pytest.fixture(scope="module")
def asking(plain: Unlocked) -> Unlocked:
    return with_new_password(plain, MARA.person_id, PASSWORD, FLOOR, factors=Factors(DoorCode(SECRET)))


@pytest.fixture(scope="module")
def sticking(plain: Unlocked) -> Unlocked:
    factors = Factors(second=STICK, second_secret=STICK_SECRET)
    return with_new_password(plain, MARA.person_id, SHORT, FLOOR, factors=factors)


def read(unlocked: Unlocked) -> SlotFile:
    return SlotFile.decode(unlocked.file.encode())


def phone(now_ms: int = NOW_MS, steps: int = 0) -> Proof:
    return Proof(code=code_at(SECRET, step_at(now_ms) + steps), now_ms=now_ms)


def with_stick(secret: bytes = STICK_SECRET) -> Proof:
    return Proof(second_of=lambda _second: secret)


# -- A code from a phone ---------------------------------------------------------------------------------------


def test_password_and_code_open_together(asking: Unlocked) -> None:
    unlocked = unlock_with_password(read(asking), PASSWORD, proof=phone())
    assert (unlocked.person, unlocked.vault_key) == (MARA, asking.vault_key)


@pytest.mark.parametrize(
    ("password", "proof", "knew_password"),
    [
        (PASSWORD, Proof(now_ms=NOW_MS), True),
        (PASSWORD, replace(phone(), code="000000"), True),
        (PASSWORD, phone(steps=2), True),
        (PASSWORD + "!", phone(), False),
    ],
    ids=["no code", "another code", "a code of later", "another password"],
)
def test_one_of_the_two_opens_nothing_and_the_door_does_not_say_which(
    asking: Unlocked, password: str, proof: Proof, knew_password: bool
) -> None:
    with pytest.raises(WrongCodeError) as refused:
        unlock_with_password(read(asking), password, proof=proof)
    assert str(refused.value) == "wrong_code"
    assert refused.value.knew_password is knew_password


def test_a_code_is_spent_in_the_file_that_has_to_be_written_first(asking: Unlocked) -> None:
    first = unlock_with_password(read(asking), PASSWORD, proof=phone())
    assert first.following is not None
    spent = SlotFile.decode(first.following.encode())
    assert spent.generation == asking.file.generation + 1
    with pytest.raises(WrongCodeError):
        unlock_with_password(spent, PASSWORD, proof=phone())
    with pytest.raises(WrongCodeError):
        unlock_with_password(spent, PASSWORD, proof=phone(steps=-1))
    again = unlock_with_password(spent, PASSWORD, proof=phone(NOW_MS + 30_000))
    assert again.vault_key == asking.vault_key


def test_a_clock_that_was_set_back_revives_no_code(asking: Unlocked) -> None:
    later_ms = NOW_MS + 3_600_000
    first = unlock_with_password(read(asking), PASSWORD, proof=phone(later_ms))
    assert first.following is not None
    for now_ms in (NOW_MS, later_ms - 60_000, later_ms):
        with pytest.raises(WrongCodeError):
            unlock_with_password(first.following, PASSWORD, proof=phone(now_ms))


def test_a_printed_code_works_once_in_place_of_the_phone(plain: Unlocked) -> None:
    door, codes = DoorCode(SECRET).with_new_spare()
    made = with_new_password(plain, MARA.person_id, PASSWORD, FLOOR, factors=Factors(door))
    first = unlock_with_password(read(made), PASSWORD, proof=Proof(code=codes[3].lower(), now_ms=NOW_MS))
    assert first.following is not None
    assert first.door is not None
    assert len(first.door.spare) == len(codes) - 1
    with pytest.raises(WrongCodeError):
        unlock_with_password(first.following, PASSWORD, proof=Proof(code=codes[3], now_ms=NOW_MS))
    unlock_with_password(first.following, PASSWORD, proof=Proof(code=codes[4], now_ms=NOW_MS))
    unlock_with_password(first.following, PASSWORD, proof=phone())


def test_printed_codes_of_before_are_worth_nothing(plain: Unlocked) -> None:
    door, old = DoorCode(SECRET).with_new_spare()
    renewed, _new = door.with_new_spare()
    made = with_new_password(plain, MARA.person_id, PASSWORD, FLOOR, factors=Factors(renewed))
    with pytest.raises(WrongCodeError):
        unlock_with_password(read(made), PASSWORD, proof=Proof(code=old[0], now_ms=NOW_MS))


def test_the_recovery_code_asks_for_no_phone(asking: Unlocked) -> None:
    assert unlock_with_recovery_code(read(asking), CODE).vault_key == asking.vault_key


def test_neither_secret_nor_digests_stand_in_the_file_or_in_a_repr(plain: Unlocked) -> None:
    door, _codes = DoorCode(SECRET).with_new_spare()
    made = with_new_password(plain, MARA.person_id, PASSWORD, FLOOR, factors=Factors(door))
    octets = made.file.encode()
    for hidden in (SECRET, *door.spare):
        assert urlsafe_b64encode(hidden).rstrip(b"=") not in octets
        assert hidden.hex() not in repr(door)
    assert repr(SECRET) not in repr((door, Factors(door), made))


# -- A second secret in the key ----------------------------------------------------------------------------------


def test_password_and_stick_open_together(sticking: Unlocked) -> None:
    unlocked = unlock_with_password(read(sticking), SHORT, proof=with_stick())
    assert (unlocked.vault_key, unlocked.following) == (sticking.vault_key, None)


def test_without_the_stick_nothing_is_even_tried(sticking: Unlocked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "stretched", lambda *_: pytest.fail("stretched"))
    with pytest.raises(SecondMissingError) as refused:
        unlock_with_password(read(sticking), SHORT)
    assert refused.value.kind == "stick"


def test_another_stick_or_another_password_opens_nothing(sticking: Unlocked) -> None:
    with pytest.raises(WrongPasswordError):
        unlock_with_password(read(sticking), SHORT, proof=with_stick(bytes(32)))
    with pytest.raises(WrongPasswordError):
        unlock_with_password(read(sticking), SHORT + "!", proof=with_stick())


def test_one_stick_gives_two_slots_two_keys(sticking: Unlocked) -> None:
    factors = Factors(second=STICK, second_secret=STICK_SECRET)
    again = with_new_password(sticking, MARA.person_id, SHORT, FLOOR, factors=factors)
    before, after = (one.file.slot_of(MARA.person_id) for one in (sticking, again))
    assert before is not None
    assert after is not None
    mixed = replace(again.file, slots=(replace(after, sealed=before.sealed),))
    with pytest.raises(WrongPasswordError):
        unlock_with_password(mixed, SHORT, proof=with_stick())


def test_code_and_stick_go_together(plain: Unlocked) -> None:
    factors = Factors(DoorCode(SECRET), STICK, STICK_SECRET)
    made = with_new_password(plain, MARA.person_id, SHORT, FLOOR, factors=factors)
    proof = replace(phone(), second_of=with_stick().second_of)
    first = unlock_with_password(read(made), SHORT, proof=proof)
    assert first.following is not None
    later = replace(phone(NOW_MS + 60_000), second_of=with_stick().second_of)
    assert unlock_with_password(SlotFile.decode(first.following.encode()), SHORT, proof=later).person == MARA
    with pytest.raises(WrongCodeError):
        unlock_with_password(read(made), SHORT, proof=replace(proof, code=""))


def test_who_brings_no_stick_keeps_nobody_else_out(sticking: Unlocked) -> None:
    both = with_new_person(sticking, NORA, PASSWORD, FLOOR, must_change=False)
    assert unlock_with_password(read(both), PASSWORD).person == NORA
    with pytest.raises(SecondMissingError):
        unlock_with_password(read(both), "seven kettles on a violet hill")


# -- No downgrade --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "alter",
    [
        lambda slot: replace(slot, asks_code=False),
        lambda slot: replace(slot, second=None),
        lambda slot: replace(slot, asks_code=False, second=None),
        lambda slot: replace(slot, second=replace(STICK, name=b"stick002")),
    ],
    ids=["no code", "no stick", "neither", "another stick"],
)
def test_taking_a_factor_out_of_the_file_opens_nothing(plain: Unlocked, alter: Callable[[Slot], Slot]) -> None:
    made = with_new_password(
        plain, MARA.person_id, SHORT, FLOOR, factors=Factors(DoorCode(SECRET), STICK, STICK_SECRET)
    )
    slots = tuple(alter(slot) if slot.person_id == MARA.person_id else slot for slot in made.file.slots)
    # As somebody would write it who holds the key of the MAC as well.
    file = replace(made.file, slots=slots)
    file = SlotFile.decode(replace(file, mac=mac_of(file, made.keys)).encode())
    for proof in (Proof(now_ms=NOW_MS), phone(), replace(phone(), second_of=with_stick().second_of)):
        with pytest.raises((WrongPasswordError, SecondMissingError)):
            unlock_with_password(file, SHORT, proof=proof)


def test_a_slot_without_factors_is_written_as_it_always_was(plain: Unlocked) -> None:
    slot = plain.file.slot_of(MARA.person_id)
    assert slot is not None
    assert set(slot.row()) == {"slot_id", "kind", "person_id", "kdf", "salt", "written_at", "sealed"}


def test_a_reset_by_an_administrator_asks_for_neither(sticking: Unlocked) -> None:
    both = with_new_person(sticking, NORA, PASSWORD, FLOOR, must_change=False)
    nora = unlock_with_password(read(both), PASSWORD, NORA.person_id)
    asking = with_new_password(nora, NORA.person_id, PASSWORD, FLOOR, factors=Factors(DoorCode(SECRET)))
    admin = unlock_with_password(read(asking), SHORT, MARA.person_id, with_stick())
    reset = with_new_password(admin, NORA.person_id, "seven kettles on a violet hill", FLOOR, must_change=True)
    assert unlock_with_password(read(reset), "seven kettles on a violet hill", NORA.person_id).door is None


@pytest.mark.parametrize(
    "octets", [b"", b"\x02" + bytes(29), DoorCode(SECRET).encode() + b"x", DoorCode(SECRET).encode()[:-1]]
)
def test_what_is_no_record_of_a_phone_is_refused(octets: bytes) -> None:
    with pytest.raises(ValueError, match="door code"):
        DoorCode.decode(octets)


def test_a_second_secret_has_its_length_and_a_name() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Factors(second=STICK, second_secret=b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        Factors(second_secret=STICK_SECRET)
