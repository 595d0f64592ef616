"""Checkpoints: a signed line that says how long the log was and what its last hash was, for a witness elsewhere.

The form is the one of transparency logs: https://c2sp.org/tlog-checkpoint within https://c2sp.org/signed-note::

    vestibule/<vault id>
    <number of events>
    <head hash, base64>

    — <person id> <base64 of key id, 4 B, and Ed25519 signature, 64 B>

The root is the hash chain's head, not that of a Merkle tree: a witness who holds two checkpoints needs the log between
them to see that one follows from the other, and we have it. A log that was cut off, or written anew, does not hold the
hash of an older checkpoint at its number any more.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from app.crypto.errors import SignatureBrokenError
from app.crypto.identities import PUBLIC_KEY_BYTES, PublicIdentity
from app.domain.ids import PersonId, VaultId
from app.store.chain import HASH_BYTES
from app.store.open_vault import OpenVault

ORIGIN = "vestibule/"
MAX_NOTE_CHARS = 600
_DASH = "\u2014 "
_KEY_ID_BYTES = 4
_ED25519 = b"\x01"


class CheckpointFormatError(ValueError):
    """Not a checkpoint."""

    code = "not_a_checkpoint"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What one says. ``signature`` is over the text above the empty line."""

    vault_id: VaultId
    size: int
    head_hash: bytes
    signer: PersonId
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{ORIGIN}{self.vault_id}\n{self.size}\n{base64.b64encode(self.head_hash).decode()}\n"

    @property
    def note(self) -> str:
        """The whole checkpoint, as it is kept and handed out."""
        signed = base64.b64encode(self.key_id + self.signature).decode()
        return f"{self.text}\n{_DASH}{self.signer} {signed}\n"

    def is_signed_with(self, signing_key: bytes) -> bool:
        """Say whether the holder of ``signing_key`` (Ed25519, 32 bytes, public) signed it."""
        if self.key_id != key_id(self.signer, signing_key):
            return False
        try:
            PublicIdentity(bytes(PUBLIC_KEY_BYTES), signing_key).verify(self.text.encode(), self.signature)
        except SignatureBrokenError:
            return False
        return True


def sign_checkpoint(vault: OpenVault, size: int, head_hash: bytes) -> Checkpoint:
    """Return a checkpoint signed by the person at the desk."""
    person_id = vault.person.person_id
    unsigned = Checkpoint(vault.vault_id, size, head_hash, person_id, key_id(person_id, vault.signing_key), b"")
    return Checkpoint(vault.vault_id, size, head_hash, person_id, unsigned.key_id, vault.sign(unsigned.text.encode()))


def parse_checkpoint(untrusted_text: str) -> Checkpoint:
    """Return what a note says, unchecked.

    Raises:
        CheckpointFormatError: it is no checkpoint of ours.
    """
    try:
        text, _, signed = untrusted_text[: MAX_NOTE_CHARS + 1].partition("\n\n")
        origin, size, head = text.split("\n")
        signer, sealed = signed.strip().removeprefix(_DASH).split(" ")
        raw = base64.b64decode(sealed, validate=True)
        found = Checkpoint(
            VaultId(origin.removeprefix(ORIGIN)),
            int(size),
            base64.b64decode(head, validate=True),
            PersonId(signer),
            raw[:_KEY_ID_BYTES],
            raw[_KEY_ID_BYTES:],
        )
    except (ValueError, binascii.Error) as error:
        raise CheckpointFormatError from error
    if len(untrusted_text) > MAX_NOTE_CHARS or found.note != untrusted_text or len(found.head_hash) != HASH_BYTES:
        raise CheckpointFormatError
    return found


def key_id(name: str, signing_key: bytes) -> bytes:
    """Return the four bytes that tell keys of the same name apart (c2sp.org/signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + signing_key).digest()[:_KEY_ID_BYTES]
