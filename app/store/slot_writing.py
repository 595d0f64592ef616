"""Making slot files, and changing who knows what in them.

Every function returns a new file whose MAC is right; ``app.store.vault`` writes it in one step.

Source: threat-model.md §5.1-5.5.
"""

from dataclasses import replace

from nacl.utils import random as random_bytes

from app.crypto.derive import KEY_BYTES
from app.crypto.identities import Identity, PublicIdentity, make_user_seed
from app.crypto.passwords import SALT_BYTES, KdfParameters, check_password
from app.crypto.recovery_code import RecoveryCode
from app.crypto.sealing import seal
from app.domain.ids import PersonId, VaultId
from app.domain.office import Person
from app.store.errors import NotAllowedError, WeakPasswordError
from app.store.slot_records import PersonEntry, Slot, SlotFile, SlotKind, VaultKeyBox
from app.store.slots import Unlocked, mac_of, refuse_downgrade, signed_bytes, slot_context, slot_key, stretched

_SLOT_ID_BYTES = 16


def make_slot_file(
    vault_id: VaultId, first: Person, password: str, recovery: tuple[Person, RecoveryCode], kdf: KdfParameters
) -> Unlocked:
    """Return a new vault key and a slot file with two ways in: the first administrator's password and the code.

    Raises:
        KdfDowngradeError: ``kdf`` is below the floor; nothing was computed.
    """
    refuse_downgrade(kdf)
    seed, recovery_seed, vault_key = make_user_seed(), make_user_seed(), random_bytes(KEY_BYTES)
    admin = Identity(seed)
    file = SlotFile(vault_id, 1, 1, admin.public.signing_key, (), (), ())
    recovery_person, code = recovery
    for person, its_seed in ((first, seed), (recovery_person, recovery_seed)):
        file = _with_person(file, person, Identity(its_seed).public, vault_key, admin)
    recovery_slot = Slot(_make_slot_id(), SlotKind.RECOVERY, recovery_person.person_id, None, b"", file.generation)
    file = _with_slot(file, _seal_password(file, first.person_id, seed, password, kdf))
    file = _with_slot(file, _seal_seed(file, recovery_slot, recovery_seed, code.secret))
    return Unlocked(first, seed, vault_key, replace(file, mac=mac_of(file, vault_key)))


def with_new_password(unlocked: Unlocked, person_id: PersonId, password: str, kdf: KdfParameters) -> Unlocked:
    """Return the slot file in which a person has a new password; the old one opens nothing any more.

    People change their own password and keep their keys. For somebody else an administrator does it, the holder of the
    recovery code too; then the person gets new keys, because nobody but the person knew the old ones.

    Raises:
        NotAllowedError: somebody else's password, and not an administrator; or no such person.
        KdfDowngradeError: ``kdf`` is below the floor; nothing was computed.
    """
    refuse_downgrade(kdf)
    file = replace(unlocked.file, generation=unlocked.file.generation + 1)
    if not _has_password(file, person_id):
        raise NotAllowedError
    seed = unlocked.seed
    if person_id != unlocked.person.person_id:
        seed = make_user_seed()
        file = _with_new_keys(file, unlocked, person_id, Identity(seed).public)
    file = _with_slot(file, _seal_password(file, person_id, seed, password, kdf))
    return replace(
        unlocked,
        seed=seed if person_id == unlocked.person.person_id else unlocked.seed,
        file=replace(file, mac=mac_of(file, unlocked.vault_key)),
    )


def require_good_password(password: str, *names: str) -> None:
    """Do nothing when a password may protect a vault.

    Raises:
        WeakPasswordError: guessers would try this one first; the detail is the reason's code.
    """
    reason = check_password(password, names).reason
    if reason is not None:
        raise WeakPasswordError(reason.value)


def _with_new_keys(file: SlotFile, unlocked: Unlocked, person_id: PersonId, public: PublicIdentity) -> SlotFile:
    own, theirs = file.current(unlocked.person.person_id), file.current(person_id)
    if own is None or not own.may_vouch or theirs is None or not theirs.is_active:
        raise NotAllowedError
    return _with_person(file, theirs.person, public, unlocked.vault_key, Identity(unlocked.seed))


def _with_person(
    file: SlotFile, person: Person, public: PublicIdentity, vault_key: bytes, signer: Identity
) -> SlotFile:
    """Return the file with a new entry for a person and the vault key in a box for the keys in it."""
    by, since = signer.public.signing_key, file.generation
    entry = PersonEntry(person, True, since, public.box_key, public.signing_key, by)
    entry = replace(entry, signature=signer.sign(signed_bytes(file, "person", entry.statement())))
    box = VaultKeyBox(file.epoch, person.person_id, since, public.seal_to(vault_key), by)
    box = replace(box, signature=signer.sign(signed_bytes(file, "vault key", box.statement())))
    others = tuple(one for one in file.vault_keys if one.person_id != person.person_id)
    return replace(file, people=(*file.people, entry), vault_keys=(*others, box))


def _with_slot(file: SlotFile, slot: Slot) -> SlotFile:
    others = tuple(one for one in file.slots if (one.person_id, one.kind) != (slot.person_id, slot.kind))
    return replace(file, slots=(*others, slot))


def _seal_password(file: SlotFile, person_id: PersonId, seed: bytes, password: str, kdf: KdfParameters) -> Slot:
    salt = random_bytes(SALT_BYTES)
    slot = Slot(_make_slot_id(), SlotKind.PASSWORD, person_id, kdf, salt, file.generation)
    return _seal_seed(file, slot, seed, stretched(password, slot))


def _seal_seed(file: SlotFile, slot: Slot, seed: bytes, secret: bytes) -> Slot:
    return replace(slot, sealed=seal(slot_key(file, slot, secret), seed, slot_context(file, slot)))


def _has_password(file: SlotFile, person_id: PersonId) -> bool:
    return any((slot.person_id, slot.kind) == (person_id, SlotKind.PASSWORD) for slot in file.slots)


def _make_slot_id() -> str:
    return random_bytes(_SLOT_ID_BYTES).hex()
