"""What stands in ``slots.json``, and the one way to read and write it.

The file is canonical JSON (sorted keys, no spaces, ASCII): what is read must be exactly what would be written. Keys and
sealed bytes are unpadded base64url. Nothing here decrypts or trusts; ``app.store.slots`` does.

::

    {"format": "vestibule-slots-1", "vault_id": ULID, "generation": n, "epoch": n,
     "root": Ed25519 key of the first administrator,
     "people": [{"person_id", "name", "role", "is_active", "since", "box_key", "signing_key", "signed_by",
                 "signature"}],
     "slots": [{"slot_id", "kind": "password" | "recovery", "person_id",
                "kdf": {"name": "argon2id", "passes", "memory_kib", "lanes"} | null, "salt", "written_at", "sealed"}],
     "vault_keys": [{"epoch", "person_id", "since", "box", "signed_by", "signature"}],
     "mac": keyed by the vault key over all of the above, "checksum": against accidents, over all of the above}

``since`` is the generation in which something was written. People are never rewritten: a new password set by somebody
else, another role or a farewell is a new entry, and the newest one counts. Older ones stay, so that what their keys
have signed can still be followed to ``root``. ``signed_by`` is the Ed25519 key of an administrator, or ``root`` itself.

Names of staff stand here in the clear, so that a lock screen can offer them; names of patients and clients never do.

Source: threat-model.md §5.1-5.5.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from hashlib import blake2b

from app.crypto.passwords import KdfParameters
from app.domain.ids import PersonId, VaultId
from app.domain.office import Person, Role
from app.store.errors import SlotFileDamagedError
from app.store.json_fields import Fields, to_text

FORMAT = "vestibule-slots-1"
MAX_SLOT_FILE_BYTES = 256 * 1024
MAX_ENTRIES = 500
"""People, slots and boxes each; keeps a hostile file from costing time."""

_CHECKSUM_BYTES = 16


class SlotKind(Enum):
    """What opens a slot."""

    PASSWORD = "password"  # noqa: S105 - a kind, not a password
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person as an administrator vouched for it, from generation ``since`` on."""

    person: Person
    is_active: bool
    since: int
    box_key: bytes
    signing_key: bytes
    signed_by: bytes
    signature: bytes = b""

    @property
    def may_vouch(self) -> bool:
        """Say whether signatures of this person count."""
        return self.is_active and self.person.role is Role.ADMINISTRATOR

    def statement(self) -> dict[str, object]:
        """Return what the administrator signs."""
        return {
            "person_id": self.person.person_id,
            "name": self.person.display_name,
            "role": self.person.role.value,
            "is_active": self.is_active,
            "since": self.since,
            "box_key": to_text(self.box_key),
            "signing_key": to_text(self.signing_key),
            "signed_by": to_text(self.signed_by),
        }


@dataclass(frozen=True, slots=True)
class Slot:
    """One way in. ``written_at`` is the file generation in which this slot was sealed; ``kdf`` is None for recovery."""

    slot_id: str
    kind: SlotKind
    person_id: PersonId
    kdf: KdfParameters | None
    salt: bytes
    written_at: int
    sealed: bytes = b""

    def header(self) -> dict[str, object]:
        """Return everything but the sealed seed: part of what the seal is bound to."""
        kdf = None if self.kdf is None else {"name": "argon2id", **asdict(self.kdf)}
        return {
            "slot_id": self.slot_id,
            "kind": self.kind.value,
            "person_id": self.person_id,
            "kdf": kdf,
            "salt": to_text(self.salt),
            "written_at": self.written_at,
        }


@dataclass(frozen=True, slots=True)
class VaultKeyBox:
    """The vault key of one epoch, sealed to one person's X25519 key and signed by an administrator."""

    epoch: int
    person_id: PersonId
    since: int
    box: bytes
    signed_by: bytes
    signature: bytes = b""

    def statement(self) -> dict[str, object]:
        """Return what the administrator signs."""
        return {
            "epoch": self.epoch,
            "person_id": self.person_id,
            "since": self.since,
            "box": to_text(self.box),
            "signed_by": to_text(self.signed_by),
        }


@dataclass(frozen=True, slots=True)
class SlotFile:
    """The whole file. ``generation`` counts every time it is written, ``epoch`` every new vault key."""

    vault_id: VaultId
    generation: int
    epoch: int
    root: bytes
    people: tuple[PersonEntry, ...]
    slots: tuple[Slot, ...]
    vault_keys: tuple[VaultKeyBox, ...]
    mac: bytes = b""

    def current(self, person_id: PersonId) -> PersonEntry | None:
        """Return the newest entry of a person."""
        entries = [entry for entry in self.people if entry.person.person_id == person_id]
        return max(entries, key=lambda entry: entry.since, default=None)

    def holder(self, signing_key: bytes, at: int) -> PersonEntry | None:
        """Return who held an Ed25519 key at generation ``at``."""
        entries = [entry for entry in self.people if entry.signing_key == signing_key and entry.since <= at]
        return max(entries, key=lambda entry: entry.since, default=None)

    def anchor(self) -> dict[str, object]:
        """Return what never changes about a vault; every seal and signature is bound to it."""
        return {"format": FORMAT, "vault_id": self.vault_id, "root": to_text(self.root)}

    def statement(self) -> dict[str, object]:
        """Return what the MAC covers."""
        return {
            **self.anchor(),
            "generation": self.generation,
            "epoch": self.epoch,
            "people": [{**entry.statement(), "signature": to_text(entry.signature)} for entry in self.people],
            "slots": [{**slot.header(), "sealed": to_text(slot.sealed)} for slot in self.slots],
            "vault_keys": [{**box.statement(), "signature": to_text(box.signature)} for box in self.vault_keys],
        }

    def encode(self) -> bytes:
        """Return the bytes of the file."""
        covered = {**self.statement(), "mac": to_text(self.mac)}
        return canonical({**covered, "checksum": _checksum(covered)})

    @classmethod
    def decode(cls, untrusted: bytes) -> "SlotFile":
        """Return the records of a slot file whose form is right. Nothing in it is trusted yet.

        Raises:
            SlotFileDamagedError: not canonical, not the schema, a wrong checksum, or too long.
        """
        if len(untrusted) > MAX_SLOT_FILE_BYTES:
            raise SlotFileDamagedError
        try:
            tree = json.loads(untrusted)
            file = _read_file(Fields(tree))
        except (ValueError, RecursionError):
            raise SlotFileDamagedError from None
        if file.encode() != untrusted:
            raise SlotFileDamagedError
        return file


def canonical(tree: Mapping[str, object]) -> bytes:
    """Return the only encoding of a record that this program accepts."""
    return json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def _checksum(tree: Mapping[str, object]) -> str:
    return to_text(blake2b(canonical(tree), digest_size=_CHECKSUM_BYTES).digest())


def _read_file(fields: Fields) -> SlotFile:
    fields.require(format=FORMAT)
    return SlotFile(
        vault_id=VaultId(fields.text("vault_id", limit=64)),
        generation=fields.whole("generation"),
        epoch=fields.whole("epoch"),
        root=fields.octets("root", limit=32),
        people=tuple(_read_person(entry) for entry in fields.rows("people", limit=MAX_ENTRIES)),
        slots=tuple(_read_slot(entry) for entry in fields.rows("slots", limit=MAX_ENTRIES)),
        vault_keys=tuple(_read_box(entry) for entry in fields.rows("vault_keys", limit=MAX_ENTRIES)),
        mac=fields.octets("mac", limit=32),
    )


def _read_person(fields: Fields) -> PersonEntry:
    person = Person(
        PersonId(fields.text("person_id", limit=64)),
        fields.text("name", limit=240),
        Role(fields.text("role", limit=32)),
    )
    return PersonEntry(
        person=person,
        is_active=fields.answer("is_active"),
        since=fields.whole("since"),
        box_key=fields.octets("box_key", limit=32),
        signing_key=fields.octets("signing_key", limit=32),
        signed_by=fields.octets("signed_by", limit=32),
        signature=fields.octets("signature", limit=64),
    )


def _read_slot(fields: Fields) -> Slot:
    kind = SlotKind(fields.text("kind", limit=16))
    return Slot(
        slot_id=fields.text("slot_id", limit=64),
        kind=kind,
        person_id=PersonId(fields.text("person_id", limit=64)),
        kdf=_read_kdf(fields.row("kdf")) if kind is SlotKind.PASSWORD else None,
        salt=fields.octets("salt", limit=16),
        written_at=fields.whole("written_at"),
        sealed=fields.octets("sealed", limit=256),
    )


def _read_kdf(fields: Fields) -> KdfParameters:
    fields.require(name="argon2id")
    return KdfParameters(fields.whole("passes"), fields.whole("memory_kib"), fields.whole("lanes"))


def _read_box(fields: Fields) -> VaultKeyBox:
    return VaultKeyBox(
        epoch=fields.whole("epoch"),
        person_id=PersonId(fields.text("person_id", limit=64)),
        since=fields.whole("since"),
        box=fields.octets("box", limit=256),
        signed_by=fields.octets("signed_by", limit=32),
        signature=fields.octets("signature", limit=64),
    )
