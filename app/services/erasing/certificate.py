"""The certificate of an erasure: what was done and what was found, signed by the person who did it.

A JSON object with no word of what was erased: ids, counts, times and codes. The signature (Ed25519, hex) is over the
canonical JSON of everything else; the key that it is checked with is vouched for by the slot file of the vault.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.crypto.errors import SignatureBrokenError
from app.crypto.identities import PUBLIC_KEY_BYTES, PublicIdentity
from app.domain.events import Event, JsonValue
from app.domain.ids import ConversationId
from app.services.erasing.plaintext_hunt import HuntReport
from app.store.open_vault import OpenVault

FORMAT = "vestibule/1 erasure"
RESIDUE = ("keyrings_copied_by_hand", "words_people_copied_by_hand")
"""What no program can reach: somebody's own copy of an older keyring, and words that somebody wrote down elsewhere."""


@dataclass(frozen=True, slots=True)
class Gone:
    """One erased conversation. ``events`` stand in the log by their digests; ``bodies`` lost their words now."""

    conversation_id: ConversationId
    tombstone: Event
    tombstone_seq: int
    tombstone_hash: bytes
    events: int


@dataclass(frozen=True, slots=True)
class Done:
    """What the steps of one run left to say. ``hunt`` is None when an interruption took the words before the hunt."""

    started_ms: int
    finished_ms: int
    steps: tuple[tuple[str, int], ...]
    bodies: int
    keyring_generation: int
    backups_replaced: tuple[str, ...]
    are_wals_empty: bool
    hunt: HuntReport | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A signed certificate, as it is kept and saved."""

    json: Mapping[str, Any]

    @property
    def conversation_ids(self) -> tuple[ConversationId, ...]:
        """What it certifies the end of."""
        return tuple(ConversationId(one["id"]) for one in self.json["conversations"])

    @property
    def is_clean(self) -> bool | None:
        """Whether the hunt found nothing; None when there was none."""
        hunt = self.json["hunt"]
        return None if hunt is None else bool(hunt["is_clean"])

    @property
    def finished_ms(self) -> int:
        """When the last step was done, Unix milliseconds."""
        return int(self.json["finished_ms"])

    def as_text(self) -> str:
        """Return the certificate as people save it."""
        return json.dumps(self.json, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def certify(vault: OpenVault, gone: Sequence[Gone], done: Done) -> Certificate:
    """Return the signed certificate of one run."""
    person = vault.person
    body: dict[str, JsonValue] = {
        "format": FORMAT,
        "vault": vault.vault_id,
        "conversations": [_gone_to_json(one) for one in gone],
        "by": {"id": person.person_id, "name": person.display_name, "role": person.role.value},
        "started_ms": done.started_ms,
        "finished_ms": done.finished_ms,
        "steps": [{"step": name, "done_ms": done_ms} for name, done_ms in done.steps],
        "bodies_removed": done.bodies,
        "keyring": {
            "generation": done.keyring_generation,
            "copies_rewritten": 2,
            "backups_replaced": list(done.backups_replaced),
        },
        "index": {"file": "new", "key": "new"},
        "logs_emptied": done.are_wals_empty,
        "hunt": None if done.hunt is None else _hunt_to_json(done.hunt),
        "residue": list(RESIDUE),
    }
    signature = {"algorithm": "ed25519", "key": vault.signing_key.hex(), "value": vault.sign(_bytes(body)).hex()}
    return Certificate(body | {"signature": signature})


def is_genuine(untrusted: object, signing_key: bytes | None = None) -> bool:
    """Say whether a certificate is what its signer signed; with ``signing_key`` also who that was."""
    try:
        assert isinstance(untrusted, dict)
        body = {name: value for name, value in untrusted.items() if name != "signature"}
        signature = untrusted["signature"]
        key = bytes.fromhex(signature["key"])
        if body["format"] != FORMAT or len(key) != PUBLIC_KEY_BYTES or signing_key not in {None, key}:
            return False
        PublicIdentity(bytes(PUBLIC_KEY_BYTES), key).verify(_bytes(body), bytes.fromhex(signature["value"]))
    except (AssertionError, KeyError, TypeError, ValueError, SignatureBrokenError):
        return False
    return True


def _gone_to_json(gone: Gone) -> dict[str, JsonValue]:
    return {
        "id": gone.conversation_id,
        "reason": str(gone.tombstone.body.get("reason", "")),
        "events": gone.events,
        "tombstone": {
            "event": gone.tombstone.event_id,
            "place": gone.tombstone_seq,
            "hash": gone.tombstone_hash.hex(),
            "written_ms": gone.tombstone.wall_ms,
        },
    }


def _hunt_to_json(hunt: HuntReport) -> dict[str, JsonValue]:
    places: list[JsonValue] = [
        {
            "name": place.name,
            "files": place.files,
            "bytes": place.bytes_read,
            "left_out": place.left_out,
            "control_found": place.is_control_found,
            "hits": place.hits,
        }
        for place in hunt.places
    ]
    return {"is_clean": hunt.is_clean, "texts": hunt.texts, "keys": hunt.keys, "places": places}


def _bytes(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
