"""What stands in the rows of ``slots.json``: people, ways in, and boxes; how each is written and read.

``app.store.slot_records`` holds the file as a whole. Nothing here decrypts or trusts. Members that came later are left
out where they say nothing, so that files of before are still written exactly as they were.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum

from app.crypto.passwords import KdfParameters
from app.domain.ids import PersonId
from app.domain.office import Licence, LicenceKind, Person, Role
from app.store.json_fields import Fields, to_text
from app.store.slot_names import MAX_INITIALS_CHARS, MAX_SEALED_NAME_BYTES, HiddenName
from app.store.slot_seconds import SecondInput, read_second


class SlotKind(Enum):
    """What opens a slot."""

    PASSWORD = "password"  # noqa: S105 - a kind, not a password
    RECOVERY = "recovery"
    SHARES = "shares"
    """As ``RECOVERY``, and the code was cut into printed shares (``app.crypto.shares``)."""


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person as an administrator vouched for it, from generation ``since`` on.

    ``hidden`` is how the name stands in the file; None in files of before, where it stands in the clear. Until somebody
    has unlocked, the person's ``display_name`` is the initials.
    """

    person: Person
    is_active: bool
    since: int
    box_key: bytes
    signing_key: bytes
    signed_by: bytes
    signature: bytes = b""
    hidden: HiddenName | None = None

    @property
    def may_vouch(self) -> bool:
        """Say whether signatures of this person count."""
        return self.is_active and self.person.role is Role.ADMINISTRATOR

    def statement(self) -> dict[str, object]:
        """Return what the administrator signs."""
        licence = self.person.licence
        return {
            "person_id": self.person.person_id,
            "role": self.person.role.value,
            "is_active": self.is_active,
            "since": self.since,
            "box_key": to_text(self.box_key),
            "signing_key": to_text(self.signing_key),
            "signed_by": to_text(self.signed_by),
            **self._name(),
            **({} if licence is None else {"licence": {"kind": licence.kind.value, "place": licence.place}}),
        }

    def row(self) -> dict[str, object]:
        """Return everything that stands in the file."""
        sealed = {} if self.hidden is None else {"sealed_name": to_text(self.hidden.sealed)}
        return {**self.statement(), **sealed, "signature": to_text(self.signature)}

    def name_place(self) -> dict[str, object]:
        """Return what the sealed name is bound to."""
        return {"purpose": "name", "person_id": self.person.person_id, "since": self.since}

    def _name(self) -> dict[str, object]:
        if self.hidden is None:
            return {"name": self.person.display_name}
        return {"initials": self.hidden.initials, "name_commitment": to_text(self.hidden.commitment)}


@dataclass(frozen=True, slots=True)
class Slot:
    """One way in. ``written_at`` is the file generation in which this slot was sealed; ``kdf`` is None for recovery.

    ``must_change`` says that somebody else knows the password: it lets its owner in to choose another one.
    ``asks_code``: behind the seed lies what a code from a phone is compared with (``app.store.door_codes``).
    ``second``: where the second secret comes from that enters the key of the seal; None where there is none.
    """

    slot_id: str
    kind: SlotKind
    person_id: PersonId
    kdf: KdfParameters | None
    salt: bytes
    written_at: int
    sealed: bytes = b""
    must_change: bool = False
    asks_code: bool = False
    second: SecondInput | None = None

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
            **({"must_change": True} if self.must_change else {}),
            **({"asks_code": True} if self.asks_code else {}),
            **({} if self.second is None else {"second": self.second.row()}),
        }

    def row(self) -> dict[str, object]:
        """Return everything that stands in the file."""
        return {**self.header(), "sealed": to_text(self.sealed)}


@dataclass(frozen=True, slots=True)
class VaultKeyBox:
    """The keys of one epoch, sealed to one person's X25519 key and signed by an administrator.

    What is in it: ``app.store.vault_keys``.
    """

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

    def row(self) -> dict[str, object]:
        """Return everything that stands in the file."""
        return {**self.statement(), "signature": to_text(self.signature)}


def canonical(tree: Mapping[str, object]) -> bytes:
    """Return the only encoding of a record that this program accepts."""
    return json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def read_person(fields: Fields) -> PersonEntry:
    """Return one row of ``people``; raises ValueError when a member does not fit."""
    hidden = _read_name(fields) if fields.has("name_commitment") else None
    name = fields.text("name", limit=240) if hidden is None else hidden.initials
    licence = _read_licence(fields.row("licence")) if fields.has("licence") else None
    return PersonEntry(
        person=Person(PersonId(fields.text("person_id", limit=64)), name, Role(fields.text("role", limit=32)), licence),
        is_active=fields.answer("is_active"),
        since=fields.whole("since"),
        box_key=fields.octets("box_key", limit=32),
        signing_key=fields.octets("signing_key", limit=32),
        signed_by=fields.octets("signed_by", limit=32),
        signature=fields.octets("signature", limit=64),
        hidden=hidden,
    )


def read_slot(fields: Fields) -> Slot:
    """Return one row of ``slots``; raises ValueError when a member does not fit."""
    kind = SlotKind(fields.text("kind", limit=16))
    return Slot(
        slot_id=fields.text("slot_id", limit=64),
        kind=kind,
        person_id=PersonId(fields.text("person_id", limit=64)),
        kdf=_read_kdf(fields.row("kdf")) if kind is SlotKind.PASSWORD else None,
        salt=fields.octets("salt", limit=16),
        written_at=fields.whole("written_at"),
        sealed=fields.octets("sealed", limit=256),
        must_change=fields.has("must_change") and fields.answer("must_change"),
        asks_code=fields.has("asks_code") and fields.answer("asks_code"),
        second=read_second(fields.row("second")) if fields.has("second") else None,
    )


def read_box(fields: Fields) -> VaultKeyBox:
    """Return one row of ``vault_keys``; raises ValueError when a member does not fit."""
    return VaultKeyBox(
        epoch=fields.whole("epoch"),
        person_id=PersonId(fields.text("person_id", limit=64)),
        since=fields.whole("since"),
        box=fields.octets("box", limit=256),
        signed_by=fields.octets("signed_by", limit=32),
        signature=fields.octets("signature", limit=64),
    )


def _read_name(fields: Fields) -> HiddenName:
    return HiddenName(
        initials=fields.text("initials", limit=MAX_INITIALS_CHARS),
        commitment=fields.octets("name_commitment", limit=32),
        sealed=fields.octets("sealed_name", limit=MAX_SEALED_NAME_BYTES),
    )


def _read_licence(fields: Fields) -> Licence:
    return Licence(LicenceKind(fields.text("kind", limit=32)), fields.text("place", limit=16))


def _read_kdf(fields: Fields) -> KdfParameters:
    fields.require(name="argon2id")
    return KdfParameters(fields.whole("passes"), fields.whole("memory_kib"), fields.whole("lanes"))
