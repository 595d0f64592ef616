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
from app.store.slot_names import hide_name
from app.store.slot_records import PersonEntry, Slot, SlotFile, SlotKind, VaultKeyBox
from app.store.slot_seconds import PASSWORD_ALONE, Factors
from app.store.slots import (
    Unlocked,
    mac_of,
    name_context,
    refuse_downgrade,
    signed_bytes,
    slot_context,
    slot_key,
    stretched,
)
from app.store.vault_keys import VaultKeys

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
    keys = VaultKeys.under(vault_key, file.epoch)
    for person, its_seed in ((first, seed), (recovery_person, recovery_seed)):
        file = with_person(file, person, Identity(its_seed).public, keys, admin)
    recovery_slot = Slot(make_slot_id(), SlotKind.RECOVERY, recovery_person.person_id, None, b"", file.generation)
    file = with_slot(file, seal_password(file, first.person_id, seed, password, kdf))
    file = with_slot(file, seal_seed(file, recovery_slot, recovery_seed, code.secret))
    return with_mac(Unlocked(first, seed, keys, file))


def with_new_password(
    unlocked: Unlocked,
    person_id: PersonId,
    password: str,
    kdf: KdfParameters,
    *,
    must_change: bool = False,
    factors: Factors = PASSWORD_ALONE,
) -> Unlocked:
    """Return the slot file in which a person has a new password; the old one opens nothing any more.

    People change their own password and keep their keys. For somebody else an administrator does it, the holder of the
    recovery code too; then the person gets new keys, because nobody but the person knew the old ones. ``must_change``
    says that whoever sets it knows it too. ``factors`` is all that the slot asks beside the password from now on.

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
    slot = seal_password(file, person_id, seed, password, kdf, must_change=must_change, factors=factors)
    door = unlocked.door if person_id != unlocked.person.person_id else factors.door
    return with_mac(replace(unlocked, file=with_slot(file, slot), door=door))


def with_mac(unlocked: Unlocked) -> Unlocked:
    """Return the same with the right MAC on its file."""
    return replace(unlocked, file=replace(unlocked.file, mac=mac_of(unlocked.file, unlocked.keys)))


def require_good_password(password: str, *names: str, has_second: bool = False) -> None:
    """Do nothing when a password may protect a vault; with a second secret in the key it may be shorter.

    Raises:
        WeakPasswordError: guessers would try this one first; the detail is the reason's code.
    """
    reason = check_password(password, names, has_second=has_second).reason
    if reason is not None:
        raise WeakPasswordError(reason.value)


def _with_new_keys(file: SlotFile, unlocked: Unlocked, person_id: PersonId, public: PublicIdentity) -> SlotFile:
    own, theirs = file.current(unlocked.person.person_id), file.current(person_id)
    if own is None or not own.may_vouch or theirs is None or not theirs.is_active:
        raise NotAllowedError
    return with_person(file, theirs.person, public, unlocked.keys, Identity(unlocked.seed))


def with_person(
    file: SlotFile, person: Person, public: PublicIdentity, keys: VaultKeys, signer: Identity, *, is_active: bool = True
) -> SlotFile:
    """Return the file with a new entry for a person and, when active, what their role may hold in a box for them."""
    by, since = signer.public.signing_key, file.generation
    entry = PersonEntry(person, is_active, since, public.box_key, public.signing_key, by)
    entry = replace(entry, hidden=hide_name(person.display_name, keys.names, name_context(file, entry)))
    entry = replace(entry, signature=signer.sign(signed_bytes(file, "person", entry.statement())))
    file = replace(file, people=(*file.people, entry))
    return with_box(file, entry, keys, signer) if is_active else file


def with_box(file: SlotFile, entry: PersonEntry, keys: VaultKeys, signer: Identity) -> SlotFile:
    """Return the file with the keys in a box for the keys of an entry, in place of the person's earlier boxes."""
    person, public = entry.person, PublicIdentity(entry.box_key, entry.signing_key)
    content = public.seal_to(keys.content_for(person.role))
    box = VaultKeyBox(file.epoch, person.person_id, file.generation, content, signer.public.signing_key)
    box = replace(box, signature=signer.sign(signed_bytes(file, "vault key", box.statement())))
    others = tuple(one for one in file.vault_keys if one.person_id != person.person_id)
    return replace(file, vault_keys=(*others, box))


def with_slot(file: SlotFile, slot: Slot) -> SlotFile:
    """Return the file with a way in, in place of the person's earlier one of that kind."""
    others = tuple(one for one in file.slots if (one.person_id, one.kind) != (slot.person_id, slot.kind))
    return replace(file, slots=(*others, slot))


def seal_password(
    file: SlotFile,
    person_id: PersonId,
    seed: bytes,
    password: str,
    kdf: KdfParameters,
    *,
    must_change: bool = False,
    factors: Factors = PASSWORD_ALONE,
) -> Slot:
    """Return a password slot around a seed; takes as long as an unlock."""
    salt = random_bytes(SALT_BYTES)
    slot = Slot(
        make_slot_id(),
        SlotKind.PASSWORD,
        person_id,
        kdf,
        salt,
        file.generation,
        must_change=must_change,
        asks_code=factors.door is not None,
        second=factors.second,
    )
    return seal_seed(file, slot, seed, stretched(password, slot), factors)


def seal_seed(file: SlotFile, slot: Slot, seed: bytes, secret: bytes, factors: Factors = PASSWORD_ALONE) -> Slot:
    """Return a slot around a seed, sealed under what the secrets yield and bound to the slot's whole header.

    What a code is compared with lies behind the seed, under the same seal.
    """
    plain = seed + (b"" if factors.door is None else factors.door.encode())
    key = slot_key(file, slot, secret, factors.second_secret)
    return replace(slot, sealed=seal(key, plain, slot_context(file, slot)))


def _has_password(file: SlotFile, person_id: PersonId) -> bool:
    return any((slot.person_id, slot.kind) == (person_id, SlotKind.PASSWORD) for slot in file.slots)


def make_slot_id() -> str:
    """Return a fresh id for a slot."""
    return random_bytes(_SLOT_ID_BYTES).hex()
