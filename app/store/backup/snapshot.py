"""One snapshot: what a vault was made of at one moment, as JSON with a MAC."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from app.domain.ids import VaultId
from app.store.errors import BackupDamagedError

FORMAT = "vestibule-backup/1"
MAC_LABEL = "backup"
_DIGEST_CHARS = 64


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is needed to build the files of a vault again; the keyring lies beside all snapshots.

    ``slots`` and ``head`` are whole files; ``blocks`` are the digests of ``vault.db`` in order, ``size`` its bytes.
    """

    vault_id: VaultId
    number: int
    taken_ms: int
    event_count: int
    size: int
    blocks: tuple[str, ...]
    slots: bytes
    head: bytes

    def to_bytes(self) -> bytes:
        """Return the JSON that the MAC covers; the same for the same snapshot."""
        return json.dumps(self._fields(), sort_keys=True, separators=(",", ":")).encode()

    def sealed(self, mac: bytes) -> bytes:
        """Return the file: the fields and the MAC."""
        return json.dumps({**self._fields(), "mac": mac.hex()}, sort_keys=True, separators=(",", ":")).encode()

    def _fields(self) -> dict[str, object]:
        return {
            "format": FORMAT,
            "vault_id": self.vault_id,
            "number": self.number,
            "taken_ms": self.taken_ms,
            "event_count": self.event_count,
            "size": self.size,
            "blocks": list(self.blocks),
            "slots": base64.b64encode(self.slots).decode("ascii"),
            "head": base64.b64encode(self.head).decode("ascii"),
        }


def parse_snapshot(untrusted_bytes: bytes) -> tuple[Snapshot, bytes]:
    """Return a snapshot and its MAC, which the caller checks as soon as the vault is open.

    Raises:
        BackupDamagedError: not a snapshot of ours.
    """
    try:
        raw = json.loads(untrusted_bytes)
        snapshot, mac = _from_fields(raw), bytes.fromhex(raw["mac"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        raise BackupDamagedError("a snapshot") from error
    return snapshot, mac


def _from_fields(raw: dict[str, Any]) -> Snapshot:
    blocks = raw["blocks"]
    are_numbers = all(
        type(raw[name]) is int and raw[name] >= 0 for name in ("number", "taken_ms", "event_count", "size")
    )
    are_digests = all(len(digest) == _DIGEST_CHARS and set(digest) <= set("0123456789abcdef") for digest in blocks)
    if raw["format"] != FORMAT or not are_numbers or not are_digests or not raw["vault_id"].isalnum():
        raise ValueError
    return Snapshot(
        vault_id=VaultId(raw["vault_id"]),
        number=raw["number"],
        taken_ms=raw["taken_ms"],
        event_count=raw["event_count"],
        size=raw["size"],
        blocks=tuple(blocks),
        slots=base64.b64decode(raw["slots"], validate=True),
        head=base64.b64decode(raw["head"], validate=True),
    )
