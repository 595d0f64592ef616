"""From what somebody brings to the door, a password and what goes with it or a printed code, to the vault key.

What opens a slot is decided by its seal and by nothing else: the second secret is part of the key, and that a code is
asked for stands in the header that the seal covers. Only then is the code compared; one that was taken is spent in the
slot file before anything of the vault is handed over (``Unlocked.following``).

Source: threat-model.md §5.1-5.4.
"""

from collections.abc import Iterable
from dataclasses import replace

from app.crypto.errors import SealBrokenError
from app.crypto.identities import SEED_BYTES
from app.crypto.recovery_code import RecoveryCode
from app.crypto.sealing import open_sealed
from app.domain.ids import PersonId
from app.store.door_codes import DoorCode
from app.store.errors import (
    SecondMissingError,
    SlotFileDamagedError,
    WrongCodeError,
    WrongPasswordError,
    WrongRecoveryCodeError,
)
from app.store.slot_records import Slot, SlotFile, SlotKind
from app.store.slot_seconds import NOTHING_MORE, Factors, Proof
from app.store.slot_writing import seal_seed, with_mac, with_slot
from app.store.slots import Unlocked, refuse_downgrade, slot_context, slot_key, stretched, trust


def unlock_with_password(
    file: SlotFile, password: str, person_id: PersonId | None = None, proof: Proof = NOTHING_MORE
) -> Unlocked:
    """Return the vault key for the person whose password this is.

    Args:
        file: as ``read_slot_file`` gave it.
        password: as typed.
        person_id: whose slot to try; None tries every password slot, one stretching each.
        proof: what else was brought.

    Raises:
        WrongPasswordError: no slot opens.
        WrongCodeError: likewise, where a code is asked for: nobody is told which of the two was wrong.
        SecondMissingError: the stick of the only slot that may be meant is not here.
        KdfDowngradeError: a slot names less work than the floor; nothing was computed.
        SlotFileDamagedError: the slot opens but the file around it was altered.
    """
    slots = [slot for slot in file.slots if slot.kind is SlotKind.PASSWORD and person_id in {None, slot.person_id}]
    for slot in slots:
        refuse_downgrade(slot.kdf)
    missing: SecondMissingError | None = None
    for slot in slots:
        try:
            second = b"" if slot.second is None else proof.second_of(slot.second)
        except SecondMissingError as error:
            missing = error
            continue
        secret = _secret(password, slot)
        plain = _opened(file, slot, secret, second)
        if plain is not None:
            return _through_door(file, slot, plain, secret, second, proof)
    raise missing or _refusal(slots)


def unlock_with_recovery_code(file: SlotFile, code: RecoveryCode, kind: SlotKind = SlotKind.RECOVERY) -> Unlocked:
    """Return the vault key for the holder of the printed code; ``SHARES`` for one that printed shares gave.

    Raises:
        WrongRecoveryCodeError: well formed, but not the code of this vault.
        SlotFileDamagedError: the slot opens but the file around it was altered.
    """
    for slot in (slot for slot in file.slots if slot.kind is kind):
        seed = _opened(file, slot, code.secret, b"")
        if seed is not None:
            return trust(file, slot.person_id, seed)
    raise WrongRecoveryCodeError


def _through_door(
    file: SlotFile, slot: Slot, plain: bytes, secret: bytes, second_secret: bytes, proof: Proof
) -> Unlocked:
    """Compare the code where one is asked for; the slot is open by now."""
    if not slot.asks_code:
        return trust(file, slot.person_id, plain)
    seed = plain[:SEED_BYTES]
    try:
        door = DoorCode.decode(plain[SEED_BYTES:])
    except ValueError:
        raise SlotFileDamagedError from None
    left = door.spend(proof.code, proof.now_ms)
    if left is None:
        raise WrongCodeError(knew_password=True)
    has_used_spare = len(left.spare) < len(door.spare)
    unlocked = replace(trust(file, slot.person_id, seed), door=left, has_used_spare=has_used_spare)
    following = replace(file, generation=file.generation + 1)
    slot = replace(slot, written_at=following.generation)
    slot = seal_seed(following, slot, seed, secret, Factors(left, slot.second, second_secret))
    return replace(unlocked, following=with_mac(replace(unlocked, file=with_slot(following, slot))).file)


def _opened(file: SlotFile, slot: Slot, secret: bytes, second_secret: bytes) -> bytes | None:
    try:
        return open_sealed(slot_key(file, slot, secret, second_secret), slot.sealed, slot_context(file, slot))
    except SealBrokenError:
        return None


def _secret(password: str, slot: Slot) -> bytes:
    try:
        return stretched(password, slot)
    except UnicodeEncodeError:
        raise WrongPasswordError from None


def _refusal(slots: Iterable[Slot]) -> WrongPasswordError:
    return WrongCodeError(knew_password=False) if any(slot.asks_code for slot in slots) else WrongPasswordError()
