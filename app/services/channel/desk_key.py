"""The key of this very desk: made here, never copied, never in a backup; a restored vault makes itself another.

``desk.key`` lies beside the vault's files. Layout of what is sealed::

    desk id 16 B, random | Ed25519 seed 32 B
"""

from dataclasses import dataclass
from pathlib import Path

from nacl.utils import random as random_bytes

from app.channel.digests import ID_BYTES
from app.channel.signing import Signer
from app.domain.ids import VaultId
from app.store.channel.sealing import open_bytes, seal_bytes
from app.store.errors import VaultDamagedError
from app.store.files import read_bounded, replace_file

DESK_KEY_NAME = "desk.key"
_SEED_BYTES = 32
_MAX_BYTES = 1_024


@dataclass(frozen=True, slots=True)
class DeskKey:
    """Who this desk is."""

    desk: bytes
    signer: Signer

    @classmethod
    def of(cls, directory: Path, key: bytes, vault_id: VaultId) -> "DeskKey":
        """Return the key of this desk; a fresh one where there is none, or one that does not open here.

        Raises:
            OSError: the file is there and cannot be read now.
        """
        path = directory / DESK_KEY_NAME
        try:
            plain = open_bytes(key, read_bounded(path, _MAX_BYTES), DESK_KEY_NAME, vault_id)
        except (FileNotFoundError, VaultDamagedError):  # anything else may go by, and the key is still good
            plain = random_bytes(ID_BYTES + _SEED_BYTES)
            replace_file(path, seal_bytes(key, plain, DESK_KEY_NAME, vault_id))
        return cls(plain[:ID_BYTES], Signer(plain[ID_BYTES:]))
