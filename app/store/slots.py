"""From a password or a recovery code to the vault key, and back into a slot file.

The chain of trust starts at what the person knows: it opens the slot; the slot's seal covers the key of the first
administrator (``root``); that key vouches for every administrator, and administrators vouch for people and for the
boxes that hold the vault key; the vault key proves that the file as a whole is the one that a member wrote.

Source: threat-model.md §5.1-5.5.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from nacl.utils import random as random_bytes

from app.crypto.derive import KEY_BYTES, derive_key
from app.crypto.errors import KdfDowngradeError as CryptoKdfDowngradeError
from app.crypto.errors import NotEnoughMemoryError as CryptoNotEnoughMemoryError
from app.crypto.errors import SealBrokenError, SignatureBrokenError
from app.crypto.identities import Identity, PublicIdentity, make_user_seed
from app.crypto.passwords import SALT_BYTES, KdfParameters, require_acceptable, stretch
from app.crypto.recovery_code import RecoveryCode
from app.crypto.sealing import open_sealed, seal
from app.domain.ids import PersonId, VaultId
from app.domain.office import Person, Role
from app.store.errors import (
    KdfDowngradeError,
    NotEnoughMemoryError,
    SlotFileDamagedError,
    SlotFileMissingError,
    VaultDamagedError,
    WrongPasswordError,
    WrongRecoveryCodeError,
)
from app.store.files import read_bounded
from app.store.slot_records import (
    MAX_SLOT_FILE_BYTES,
    PersonEntry,
    Slot,
    SlotFile,
    SlotKind,
    VaultKeyBox,
    canonical,
)

SLOTS_NAME = "slots.json"
_MAX_VOUCHERS = 16
"""How many administrators may stand between a person and the first one."""


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a password or a recovery code yields."""

    person: Person
    vault_key: bytes
    file: SlotFile

    def __repr__(self) -> str:
        return "<Unlocked hidden>"


def read_slot_file(path: Path) -> SlotFile:
    """Return the records of the slot file at ``path``; nothing in them is trusted yet.

    Raises:
        SlotFileMissingError: it is not there.
        SlotFileDamagedError: it is not what was written.
    """
    try:
        return SlotFile.decode(read_bounded(path, MAX_SLOT_FILE_BYTES))
    except FileNotFoundError:
        raise SlotFileMissingError from None
    except (VaultDamagedError, OSError):
        raise SlotFileDamagedError from None


def make_slot_file(
    vault_id: VaultId, first: Person, password: str, recovery: tuple[Person, RecoveryCode], kdf: KdfParameters
) -> Unlocked:
    """Return a new vault key and a slot file with two ways in: the first administrator's password and the code.

    Raises:
        KdfDowngradeError: ``kdf`` is below the floor; nothing was computed.
    """
    _refuse_downgrade(kdf)
    seed, recovery_seed = make_user_seed(), make_user_seed()
    admin, rescuer = Identity(seed), Identity(recovery_seed)
    vault_key = random_bytes(KEY_BYTES)
    file = SlotFile(vault_id, 1, 1, admin.public.signing_key, (), (), ())
    recovery_person, code = recovery
    password_slot = Slot(
        _make_slot_id(), SlotKind.PASSWORD, first.person_id, kdf, random_bytes(SALT_BYTES), file.generation
    )
    recovery_slot = Slot(_make_slot_id(), SlotKind.RECOVERY, recovery_person.person_id, None, b"", file.generation)
    file = replace(
        file,
        people=(
            _vouch(file, first, admin.public, first.person_id, admin),
            _vouch(file, recovery_person, rescuer.public, first.person_id, admin),
        ),
        slots=(
            _seal_seed(file, password_slot, seed, _password_secret(password, password_slot)),
            _seal_seed(file, recovery_slot, recovery_seed, code.secret),
        ),
        vault_keys=(
            _box_vault_key(file, first.person_id, admin.public, vault_key, first.person_id, admin),
            _box_vault_key(file, recovery_person.person_id, rescuer.public, vault_key, first.person_id, admin),
        ),
    )
    return Unlocked(first, vault_key, replace(file, mac=_mac(file, vault_key)))


def unlock_with_password(file: SlotFile, password: str, person_id: PersonId | None = None) -> Unlocked:
    """Return the vault key for the person whose password this is.

    Args:
        file: as ``read_slot_file`` gave it.
        password: as typed.
        person_id: whose slot to try; None tries every password slot, one stretching each.

    Raises:
        WrongPasswordError: no slot opens.
        KdfDowngradeError: a slot names less work than the floor; nothing was computed.
        SlotFileDamagedError: the slot opens but the file around it was altered.
    """
    slots = [slot for slot in file.slots if slot.kind is SlotKind.PASSWORD and person_id in {None, slot.person_id}]
    for slot in slots:
        _refuse_downgrade(slot.kdf)
    return _unlock(file, slots, lambda slot: _password_secret(password, slot), WrongPasswordError)


def unlock_with_recovery_code(file: SlotFile, code: RecoveryCode) -> Unlocked:
    """Return the vault key for the holder of the printed code.

    Raises:
        WrongRecoveryCodeError: well formed, but not the code of this vault.
        SlotFileDamagedError: the slot opens but the file around it was altered.
    """
    slots = [slot for slot in file.slots if slot.kind is SlotKind.RECOVERY]
    return _unlock(file, slots, lambda _: code.secret, WrongRecoveryCodeError)


def _unlock(
    file: SlotFile, slots: list[Slot], secret_of: Callable[[Slot], bytes], refusal: type[WrongPasswordError]
) -> Unlocked:
    for slot in slots:
        try:
            seed = open_sealed(_slot_key(file, slot, secret_of(slot)), slot.sealed, _slot_context(file, slot))
        except SealBrokenError:
            continue
        return _trust(file, slot.person_id, seed)
    raise refusal


def _trust(file: SlotFile, person_id: PersonId, seed: bytes) -> Unlocked:
    """Follow the chain of trust from an opened slot to the vault key."""
    try:
        identity = Identity(seed)
        entry = _vouched_person(file, person_id)
        if PublicIdentity(entry.box_key, entry.signing_key) != identity.public:
            raise SlotFileDamagedError
        box = next(one for one in file.vault_keys if (one.person_id, one.epoch) == (person_id, file.epoch))
        _vouched_administrator(file, box.signed_by).verify(_signed(file, "vault key", box.statement()), box.signature)
        vault_key = identity.open_box(box.box)
    except (SealBrokenError, SignatureBrokenError, StopIteration, ValueError):
        raise SlotFileDamagedError from None
    if len(vault_key) != KEY_BYTES or not hmac.compare_digest(file.mac, _mac(file, vault_key)):
        raise SlotFileDamagedError
    return Unlocked(entry.person, vault_key, file)


def _vouched_person(file: SlotFile, person_id: PersonId) -> PersonEntry:
    """Return a person's entry after checking every signature from it up to the first administrator."""
    entry = _entry(file, person_id)
    current = entry
    for _ in range(_MAX_VOUCHERS):
        voucher = _entry(file, current.signed_by)
        if voucher.person.role is not Role.ADMINISTRATOR:
            break
        PublicIdentity(voucher.box_key, voucher.signing_key).verify(
            _signed(file, "person", current.statement()), current.signature
        )
        if voucher.signing_key == file.root:
            return entry
        current = voucher
    raise SlotFileDamagedError


def _vouched_administrator(file: SlotFile, person_id: PersonId) -> PublicIdentity:
    entry = _vouched_person(file, person_id)
    if entry.person.role is not Role.ADMINISTRATOR:
        raise SlotFileDamagedError
    return PublicIdentity(entry.box_key, entry.signing_key)


def _entry(file: SlotFile, person_id: PersonId) -> PersonEntry:
    entries = [entry for entry in file.people if entry.person.person_id == person_id]
    if len(entries) != 1:
        raise SlotFileDamagedError
    return entries[0]


def _vouch(
    file: SlotFile, person: Person, public: PublicIdentity, signed_by: PersonId, signer: Identity
) -> PersonEntry:
    entry = PersonEntry(person, public.box_key, public.signing_key, signed_by)
    return replace(entry, signature=signer.sign(_signed(file, "person", entry.statement())))


def _box_vault_key(
    file: SlotFile,
    person_id: PersonId,
    public: PublicIdentity,
    vault_key: bytes,
    signed_by: PersonId,
    signer: Identity,
) -> VaultKeyBox:
    box = VaultKeyBox(file.epoch, person_id, public.seal_to(vault_key), signed_by)
    return replace(box, signature=signer.sign(_signed(file, "vault key", box.statement())))


def _seal_seed(file: SlotFile, slot: Slot, seed: bytes, secret: bytes) -> Slot:
    return replace(slot, sealed=seal(_slot_key(file, slot, secret), seed, _slot_context(file, slot)))


def _password_secret(password: str, slot: Slot) -> bytes:
    assert slot.kdf is not None
    try:
        return stretch(password, slot.salt, slot.kdf)
    except UnicodeEncodeError:
        raise WrongPasswordError from None
    except CryptoNotEnoughMemoryError:
        raise NotEnoughMemoryError from None


def _slot_key(file: SlotFile, slot: Slot, secret: bytes) -> bytes:
    return derive_key(secret, "kek", file.vault_id.encode(), slot.slot_id.encode())


def _slot_context(file: SlotFile, slot: Slot) -> bytes:
    """Return the additional data of the seal: the whole header, so that no part of it can be exchanged."""
    return canonical({**file.anchor(), "slot": slot.header()})


def _signed(file: SlotFile, purpose: str, statement: dict[str, object]) -> bytes:
    return canonical({**file.anchor(), "purpose": purpose, "statement": statement})


def _mac(file: SlotFile, vault_key: bytes) -> bytes:
    return derive_key(derive_key(vault_key, "slot file"), "mac", canonical(file.statement()))


def _refuse_downgrade(kdf: KdfParameters | None) -> None:
    try:
        if kdf is not None:
            require_acceptable(kdf)
    except CryptoKdfDowngradeError:
        raise KdfDowngradeError from None


def _make_slot_id() -> str:
    return random_bytes(16).hex()
