"""Stretching for tests that make many new passwords and ask for none of them how long a guess takes."""

from functools import cache
from hashlib import blake2b

from app.crypto.passwords import KdfParameters
from app.store.slots import SLOTS_NAME, read_slot_file
from tests.support.vaults import _template, stretched_once


@cache
def _template_salts() -> frozenset[bytes]:
    return frozenset(slot.salt for slot in read_slot_file(_template().directory / SLOTS_NAME).slots)


def stretched_quickly(password: str, salt: bytes, parameters: KdfParameters) -> bytes:
    """Stretch, once per password, what the template vault was made with; give every other password a key at once."""
    if salt in _template_salts():
        return stretched_once(password, salt, parameters)
    return blake2b(password.encode(), digest_size=32, key=salt).digest()
