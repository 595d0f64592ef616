"""Who may open a vault: letting people in, giving them another role, letting them go, and a new vault key for the rest.

Every function takes what an administrator unlocked and returns the same with a new file whose MAC is right. The old
vault key stays good in each of them but ``rotated``; where somebody stops holding what they held, the file says that a
rotation is due, and ``app.store.rotation`` carries it out.

Source: threat-model.md §5.3-5.5.
"""

from dataclasses import replace

from app.crypto.identities import Identity, PublicIdentity, make_user_seed
from app.crypto.passwords import KdfParameters
from app.crypto.recovery_code import RecoveryCode
from app.domain.ids import PersonId
from app.domain.office import Person, Role
from app.domain.roles import may_read_messages
from app.store.errors import LastAdministratorError, NotAllowedError, NotYourselfError
from app.store.slot_entries import PersonEntry, Slot, SlotKind
from app.store.slot_names import hide_again
from app.store.slot_records import MAX_ENTRIES, SlotFile
from app.store.slot_writing import (
    make_slot_id,
    seal_password,
    seal_seed,
    with_box,
    with_mac,
    with_person,
    with_slot,
)
from app.store.slots import Unlocked, name_context, refuse_downgrade
from app.store.vault_keys import VaultKeys


def with_new_person(
    unlocked: Unlocked, person: Person, password: str, kdf: KdfParameters, *, must_change: bool
) -> Unlocked:
    """Let somebody in with a first password; ``must_change`` when whoever sets it knows it too.

    Raises:
        NotAllowedError: not an administrator, or there is such a person or no room for one.
        KdfDowngradeError: ``kdf`` is below the floor; nothing was computed.
    """
    refuse_downgrade(kdf)
    admin, file = _admin(unlocked), _next(unlocked.file)
    if file.current(person.person_id) is not None or len(file.people) >= MAX_ENTRIES:
        raise NotAllowedError
    seed = make_user_seed()
    file = with_person(file, person, Identity(seed).public, unlocked.keys, admin)
    slot = seal_password(file, person.person_id, seed, password, kdf, must_change=must_change)
    return with_mac(replace(unlocked, file=with_slot(file, slot)))


def with_changed_person(unlocked: Unlocked, person: Person) -> Unlocked:
    """Give somebody another name, role or licence; their password and keys stay.

    Who may read messages no more makes a rotation due.

    Raises:
        NotYourselfError: one's own role.
        LastAdministratorError: nobody else could let people in.
        NotAllowedError: not an administrator, or nobody of this id is here.
    """
    admin, file = _admin(unlocked), _next(unlocked.file)
    before = _member(file, person.person_id)
    is_own = person.person_id == unlocked.person.person_id
    if is_own and person.role is not before.person.role:
        raise NotYourselfError
    if person.role is not Role.ADMINISTRATOR:
        _require_another_admin(file, person.person_id)
    file = with_person(file, person, _public(before), unlocked.keys, admin)
    loses_keys = may_read_messages(before.person.role) and not may_read_messages(person.role)
    file = replace(file, is_rotation_due=file.is_rotation_due or loses_keys)
    return with_mac(replace(unlocked, file=file, person=person if is_own else unlocked.person))


def without_person(unlocked: Unlocked, person_id: PersonId) -> Unlocked:
    """Let somebody go: their password opens nothing from now on, and a rotation is due.

    Raises:
        NotYourselfError: oneself.
        LastAdministratorError: nobody else could let people in.
        NotAllowedError: not an administrator, or nobody of this id is here.
    """
    admin, file = _admin(unlocked), _next(unlocked.file)
    before = _member(file, person_id)
    if person_id == unlocked.person.person_id:
        raise NotYourselfError
    _require_another_admin(file, person_id)
    file = with_person(file, before.person, _public(before), unlocked.keys, admin, is_active=False)
    file = replace(
        file,
        slots=tuple(slot for slot in file.slots if slot.person_id != person_id),
        vault_keys=tuple(box for box in file.vault_keys if box.person_id != person_id),
        is_rotation_due=True,
    )
    return with_mac(replace(unlocked, file=file))


def with_shared_code(unlocked: Unlocked, rescuer: Person, code: RecoveryCode) -> Unlocked:
    """Add a way in for a code that is cut into printed shares, in place of an earlier one.

    Who kept enough old shares and an old slot file would still hold the vault key, so replacing makes a rotation due.

    Raises:
        NotAllowedError: not an administrator.
    """
    return _with_printed_code(unlocked, rescuer, code, SlotKind.SHARES)


def with_new_recovery_code(unlocked: Unlocked, rescuer: Person, code: RecoveryCode) -> Unlocked:
    """Add a way in for a printed code, in place of the earlier one; a rotation is due then, as for shares.

    Raises:
        NotAllowedError: not an administrator.
    """
    return _with_printed_code(unlocked, rescuer, code, SlotKind.RECOVERY)


def _with_printed_code(unlocked: Unlocked, rescuer: Person, code: RecoveryCode, kind: SlotKind) -> Unlocked:
    admin, file = _admin(unlocked), _next(unlocked.file)
    earlier = next((slot for slot in file.slots if slot.kind is kind), None)
    if earlier is not None:
        rescuer = _member(file, earlier.person_id).person
    seed = make_user_seed()
    file = with_person(file, rescuer, Identity(seed).public, unlocked.keys, admin)
    slot = Slot(make_slot_id(), kind, rescuer.person_id, None, b"", file.generation)
    file = with_slot(file, seal_seed(file, slot, seed, code.secret))
    return with_mac(replace(unlocked, file=replace(file, is_rotation_due=file.is_rotation_due or earlier is not None)))


def with_rotation_due(unlocked: Unlocked) -> Unlocked:
    """Ask for a new vault key although nobody left.

    Raises:
        NotAllowedError: not an administrator.
    """
    _admin(unlocked)
    return with_mac(replace(unlocked, file=replace(_next(unlocked.file), is_rotation_due=True)))


def rotated(unlocked: Unlocked, vault_key: bytes) -> Unlocked:
    """Put a new vault key into everybody's box. Passwords, codes and shares stay as they are.

    The keys of ``unlocked`` must hold the office's own (``VaultKeys.with_office``).

    Raises:
        NotAllowedError: not an administrator.
    """
    admin, file = _admin(unlocked), _next(unlocked.file)
    file = replace(file, epoch=file.epoch + 1, is_rotation_due=False)
    keys = replace(VaultKeys.under(vault_key, file.epoch), office=unlocked.keys.office)
    people = tuple(_renamed(file, entry, unlocked.keys, keys) for entry in file.people)
    file = replace(file, people=people, vault_keys=())
    for member in file.members():
        file = with_box(file, member, keys, admin)
    return with_mac(replace(unlocked, file=file, keys=keys))


def _renamed(file: SlotFile, entry: PersonEntry, old: VaultKeys, new: VaultKeys) -> PersonEntry:
    if entry.hidden is None:
        return entry
    return replace(entry, hidden=hide_again(entry.hidden, old.names, new.names, name_context(file, entry)))


def _admin(unlocked: Unlocked) -> Identity:
    own = unlocked.file.current(unlocked.person.person_id)
    if own is None or not own.may_vouch:
        raise NotAllowedError
    return Identity(unlocked.seed)


def _member(file: SlotFile, person_id: PersonId) -> PersonEntry:
    entry = file.current(person_id)
    if entry is None or not entry.is_active:
        raise NotAllowedError
    return entry


def _public(entry: PersonEntry) -> PublicIdentity:
    return PublicIdentity(entry.box_key, entry.signing_key)


def _require_another_admin(file: SlotFile, person_id: PersonId) -> None:
    with_password = {slot.person_id for slot in file.slots if slot.kind is SlotKind.PASSWORD}
    others = (one for one in file.members() if one.may_vouch and one.person.person_id in with_password)
    if all(one.person.person_id == person_id for one in others):
        raise LastAdministratorError


def _next(file: SlotFile) -> SlotFile:
    return replace(file, generation=file.generation + 1)
