"""What stands in ``slots.json``, and the one way to read and write it.

The file is canonical JSON (sorted keys, no spaces, ASCII): what is read must be exactly what would be written. Keys and
sealed bytes are unpadded base64url. Nothing here decrypts or trusts; ``app.store.slots`` does.

::

    {"format": "vestibule-slots-1", "vault_id": ULID, "generation": n, "epoch": n,
     "root": Ed25519 key of the first administrator,
     "people": [{"person_id", "initials", "name_commitment", "sealed_name", "role", "licence": {"kind", "place"}?,
                 "is_active", "since", "box_key", "signing_key", "signed_by", "signature"}],
     "slots": [{"slot_id", "kind": "password" | "recovery" | "shares", "person_id",
                "kdf": {"name": "argon2id", "passes", "memory_kib", "lanes"} | null, "salt", "written_at",
                "must_change": true?, "asks_code": true?, "second": {"kind": "stick", "name"}?,
                "sealed"}],
     "vault_keys": [{"epoch", "person_id", "since", "box", "signed_by", "signature"}],
     "rotation_due": true?,
     "mac": keyed from the vault key over all of the above, "checksum": against accidents, over all of the above}

``since`` is the generation in which something was written. People are never rewritten: a new password set by somebody
else, another role or a farewell is a new entry, and the newest one counts. Older ones stay, so that what their keys
have signed can still be followed to ``root``. ``signed_by`` is the Ed25519 key of an administrator, or ``root`` itself.

Names of staff are sealed (``app.store.slot_names``), initials are not, so that a lock screen can offer them; files of
before hold ``name`` in the clear. Members with a question mark are left out where they say nothing.

Source: threat-model.md §5.1-5.5.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

from app.domain.ids import PersonId, VaultId
from app.store.errors import SlotFileDamagedError
from app.store.json_fields import Fields, to_text
from app.store.slot_entries import (
    PersonEntry,
    Slot,
    SlotKind,
    VaultKeyBox,
    canonical,
    read_box,
    read_person,
    read_slot,
)

FORMAT = "vestibule-slots-1"
MAX_SLOT_FILE_BYTES = 256 * 1024
MAX_ENTRIES = 500
"""People, slots and boxes each; keeps a hostile file from costing time."""

_CHECKSUM_BYTES = 16


@dataclass(frozen=True, slots=True)
class SlotFile:
    """The whole file. ``generation`` counts every time it is written, ``epoch`` every new vault key.

    ``is_rotation_due`` says that somebody who held keys holds them no more: the vault needs another vault key.
    """

    vault_id: VaultId
    generation: int
    epoch: int
    root: bytes
    people: tuple[PersonEntry, ...]
    slots: tuple[Slot, ...]
    vault_keys: tuple[VaultKeyBox, ...]
    mac: bytes = b""
    is_rotation_due: bool = False

    def current(self, person_id: PersonId) -> PersonEntry | None:
        """Return the newest entry of a person."""
        entries = [entry for entry in self.people if entry.person.person_id == person_id]
        return max(entries, key=lambda entry: entry.since, default=None)

    def members(self) -> tuple[PersonEntry, ...]:
        """Return the newest entry of everybody who has not left, in the order in which they came."""
        newest = {entry.person.person_id: self.current(entry.person.person_id) for entry in self.people}
        return tuple(entry for entry in newest.values() if entry is not None and entry.is_active)

    def slot_of(self, person_id: PersonId) -> Slot | None:
        """Return the way in of a person, None when there is none (any more)."""
        return next((slot for slot in self.slots if slot.person_id == person_id), None)

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
            "people": [entry.row() for entry in self.people],
            "slots": [slot.row() for slot in self.slots],
            "vault_keys": [box.row() for box in self.vault_keys],
            **({"rotation_due": True} if self.is_rotation_due else {}),
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


def _checksum(tree: Mapping[str, object]) -> str:
    return to_text(blake2b(canonical(tree), digest_size=_CHECKSUM_BYTES).digest())


def _read_file(fields: Fields) -> SlotFile:
    fields.require(format=FORMAT)
    return SlotFile(
        vault_id=VaultId(fields.text("vault_id", limit=64)),
        generation=fields.whole("generation"),
        epoch=fields.whole("epoch"),
        root=fields.octets("root", limit=32),
        people=tuple(read_person(entry) for entry in fields.rows("people", limit=MAX_ENTRIES)),
        slots=tuple(read_slot(entry) for entry in fields.rows("slots", limit=MAX_ENTRIES)),
        vault_keys=tuple(read_box(entry) for entry in fields.rows("vault_keys", limit=MAX_ENTRIES)),
        mac=fields.octets("mac", limit=32),
        is_rotation_due=fields.has("rotation_due") and fields.answer("rotation_due"),
    )


__all__ = [
    "FORMAT",
    "MAX_ENTRIES",
    "MAX_SLOT_FILE_BYTES",
    "PersonEntry",
    "Slot",
    "SlotFile",
    "SlotKind",
    "VaultKeyBox",
    "canonical",
]
