"""From an opened slot to the vault key.

The chain of trust starts at what the person knows: it opens the slot; the slot's seal covers the key of the first
administrator (``root``); that key vouches for administrators, and administrators vouch for people and for the boxes
that hold the vault key; the vault key proves that the file as a whole is the one that a member wrote.

``app.store.signing_in`` opens slots, ``app.store.slot_writing`` makes and changes slot files.

Source: threat-model.md §5.1-5.5.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.crypto.derive import derive_key
from app.crypto.errors import KdfDowngradeError as CryptoKdfDowngradeError
from app.crypto.errors import NotEnoughMemoryError as CryptoNotEnoughMemoryError
from app.crypto.errors import SealBrokenError, SignatureBrokenError
from app.crypto.identities import PUBLIC_KEY_BYTES, Identity, PublicIdentity
from app.crypto.passwords import KdfParameters, require_acceptable, stretch
from app.domain.ids import PersonId
from app.domain.office import Person
from app.store.door_codes import DoorCode
from app.store.errors import (
    KdfDowngradeError,
    NotEnoughMemoryError,
    SlotFileDamagedError,
    SlotFileMissingError,
    VaultDamagedError,
)
from app.store.files import read_bounded
from app.store.slot_names import reveal_name
from app.store.slot_records import (
    MAX_SLOT_FILE_BYTES,
    PersonEntry,
    Slot,
    SlotFile,
    VaultKeyBox,
    canonical,
)
from app.store.vault_keys import VaultKeys

SLOTS_NAME = "slots.json"
_MAX_VOUCHERS = 16
"""How many administrators may stand between a person and the first one."""


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a password or a recovery code yields."""

    person: Person
    seed: bytes
    keys: VaultKeys
    file: SlotFile
    door: DoorCode | None = None
    """What this person's codes are compared with; None where the door asks for none."""
    has_used_spare: bool = False
    """A printed code stood in for the phone."""
    following: SlotFile | None = None
    """The file as it has to be written before anything is done: a code was taken, and is worth nothing from now on."""

    def __repr__(self) -> str:
        return "<Unlocked hidden>"

    @property
    def vault_key(self) -> bytes:
        """The vault key.

        Raises:
            NotAllowedError: this person holds limited keys.
        """
        return self.keys.vault_key

    @property
    def must_change(self) -> bool:
        """Say whether somebody else knows the password, so that another one has to be chosen first."""
        return any(slot.must_change for slot in self.file.slots if slot.person_id == self.person.person_id)


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


def trust(file: SlotFile, person_id: PersonId, seed: bytes) -> Unlocked:
    """Follow the chain of trust from an opened slot to the vault key.

    Raises:
        SlotFileDamagedError: the file around the slot was altered.
    """
    try:
        identity = Identity(seed)
        entry = file.current(person_id)
        if entry is None or not entry.is_active:
            raise SlotFileDamagedError
        _require_vouched(file, entry, "person")
        if PublicIdentity(entry.box_key, entry.signing_key) != identity.public:
            raise SlotFileDamagedError
        boxes = [box for box in file.vault_keys if (box.person_id, box.epoch) == (person_id, file.epoch)]
        box = max(boxes, key=lambda box: box.since)
        _require_vouched(file, box, "vault key")
        keys = VaultKeys.from_box(identity.open_box(box.box), file.epoch)
    except (SealBrokenError, SignatureBrokenError, ValueError):
        raise SlotFileDamagedError from None
    if not hmac.compare_digest(file.mac, mac_of(file, keys)):
        raise SlotFileDamagedError
    file = with_names(file, keys)
    member = file.current(person_id)
    assert member is not None
    return Unlocked(member.person, seed, keys, file)


def with_names(file: SlotFile, keys: VaultKeys) -> SlotFile:
    """Return the file with the names that a member may read; in its encoding nothing changes.

    Raises:
        SlotFileDamagedError: a name is not the one that was vouched for.
    """
    return replace(file, people=tuple(_with_name(file, entry, keys) for entry in file.people))


def _with_name(file: SlotFile, entry: PersonEntry, keys: VaultKeys) -> PersonEntry:
    if entry.hidden is None:
        return entry
    name = reveal_name(entry.hidden, keys.names, name_context(file, entry))
    return replace(entry, person=replace(entry.person, display_name=name))


def name_context(file: SlotFile, entry: PersonEntry) -> bytes:
    """Return what the sealed name of an entry is bound to."""
    return canonical({**file.anchor(), **entry.name_place()})


def _require_vouched(file: SlotFile, record: PersonEntry | VaultKeyBox, purpose: str) -> None:
    """Do nothing when every signature from ``record`` up to the first administrator is an administrator's of its time.

    Raises:
        SignatureBrokenError: one was not made by the key that it names.
        SlotFileDamagedError: one was made by somebody who may not vouch.
    """
    for _ in range(_MAX_VOUCHERS):
        signer = PublicIdentity(bytes(PUBLIC_KEY_BYTES), record.signed_by)
        signer.verify(signed_bytes(file, purpose, record.statement()), record.signature)
        if record.signed_by == file.root:
            return
        voucher = file.holder(record.signed_by, record.since)
        if voucher is None or not voucher.may_vouch:
            break
        record, purpose = voucher, "person"
    raise SlotFileDamagedError


def stretched(password: str, slot: Slot) -> bytes:
    """Return what a password yields for a slot.

    Raises:
        NotEnoughMemoryError: the machine cannot spare it right now.
        UnicodeEncodeError: this cannot be anybody's password.
    """
    assert slot.kdf is not None
    try:
        return stretch(password, slot.salt, slot.kdf)
    except CryptoNotEnoughMemoryError:
        raise NotEnoughMemoryError from None


def slot_key(file: SlotFile, slot: Slot, secret: bytes, second_secret: bytes = b"") -> bytes:
    """Return the key of a slot's seal (threat-model.md §5.2).

    The second secret is made this slot's own first, so that one stick may serve several people and vaults.
    """
    place = file.vault_id.encode(), slot.slot_id.encode()
    own = derive_key(second_secret, "second", *place) if second_secret else b""
    return derive_key(secret + own, "kek", *place)


def slot_context(file: SlotFile, slot: Slot) -> bytes:
    """Return the additional data of a slot's seal: the whole header, so that no part of it can be exchanged."""
    return canonical({**file.anchor(), "slot": slot.header()})


def signed_bytes(file: SlotFile, purpose: str, statement: Mapping[str, object]) -> bytes:
    """Return what an administrator signs."""
    return canonical({**file.anchor(), "purpose": purpose, "statement": statement})


def mac_of(file: SlotFile, keys: VaultKeys) -> bytes:
    """Return the MAC over the whole file."""
    return derive_key(keys.slots, "mac", canonical(file.statement()))


def refuse_downgrade(kdf: KdfParameters | None) -> None:
    """Do nothing when ``kdf`` is None or acceptable.

    Raises:
        KdfDowngradeError: it is outside floor and ceiling.
    """
    try:
        if kdf is not None:
            require_acceptable(kdf)
    except CryptoKdfDowngradeError:
        raise KdfDowngradeError from None
