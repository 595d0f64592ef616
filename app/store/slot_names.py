"""The name of a person in the slot file: initials for everybody, the rest for members.

Before anybody has unlocked, the lock screen shows initials, and a thief of the file learns no more. The name lies
beside them, sealed under a key that hangs below the vault key and is made anew with it. An administrator signs a
commitment to the name and not the sealed bytes, so that a rotation can seal it again without the administrators of old.

::

    nonce 16, random | name (UTF-8)          sealed, bound to vault, person and generation
    commitment = K(nonce, "name", name)      in the clear, signed; tells nothing without the nonce
"""

import hmac
from dataclasses import dataclass

from nacl.utils import random as random_bytes

from app.crypto.derive import derive_key
from app.crypto.errors import SealBrokenError
from app.crypto.sealing import open_sealed, seal
from app.store.errors import SlotFileDamagedError

MAX_INITIALS_CHARS = 4
MAX_SEALED_NAME_BYTES = 1_100
_NONCE_BYTES = 16
_INITIALS = 2


@dataclass(frozen=True, slots=True)
class HiddenName:
    """A name as it stands in the file."""

    initials: str
    commitment: bytes
    sealed: bytes


def hide_name(name: str, key: bytes, context: bytes) -> HiddenName:
    """Return a name sealed under ``key`` and bound to its place."""
    nonce = random_bytes(_NONCE_BYTES)
    return HiddenName(initials_of(name), _commitment(nonce, name), _seal(nonce, name, key, context))


def reveal_name(hidden: HiddenName, key: bytes, context: bytes) -> str:
    """Return the name that an administrator vouched for.

    Raises:
        SlotFileDamagedError: it is another one, or not for this place.
    """
    nonce, name = _open(hidden, key, context)
    if not hmac.compare_digest(hidden.commitment, _commitment(nonce, name)) or hidden.initials != initials_of(name):
        raise SlotFileDamagedError
    return name


def hide_again(hidden: HiddenName, old_key: bytes, new_key: bytes, context: bytes) -> HiddenName:
    """Return the same name under a new key; what was signed stays signed."""
    nonce, name = _open(hidden, old_key, context)
    return HiddenName(hidden.initials, hidden.commitment, _seal(nonce, name, new_key, context))


def initials_of(name: str) -> str:
    """Return at most two letters: of the first word and of the last."""
    words = [word for word in name.split() if word[0].isalnum()] or name.split() or ["?"]
    chosen = words if len(words) < _INITIALS else (words[0], words[-1])
    return "".join(word[0] for word in chosen).upper()[:MAX_INITIALS_CHARS]


def _commitment(nonce: bytes, name: str) -> bytes:
    return derive_key(nonce, "name", name.encode())


def _seal(nonce: bytes, name: str, key: bytes, context: bytes) -> bytes:
    return seal(key, nonce + name.encode(), context)


def _open(hidden: HiddenName, key: bytes, context: bytes) -> tuple[bytes, str]:
    try:
        plain = open_sealed(key, hidden.sealed, context)
        return plain[:_NONCE_BYTES], plain[_NONCE_BYTES:].decode()
    except (SealBrokenError, UnicodeDecodeError, ValueError):
        raise SlotFileDamagedError from None
