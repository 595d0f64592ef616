"""Printed codes for the day on which the phone is gone: each works once in place of a code from it."""

from collections.abc import Sequence

from nacl.utils import random as random_bytes

from app.crypto.derive import derive_key

SPARE_CODES = 8
SPARE_DIGEST_BYTES = 8
"""They are tried one at a time behind the back-off of the door, and lie sealed; 64 bits tell them apart."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
_GROUP_SYMBOLS = 5
_SYMBOLS = 2 * _GROUP_SYMBOLS


def make_spare_codes() -> tuple[str, ...]:
    """Return fresh codes of 50 random bits: ten symbols of Crockford's base 32 with a dash in the middle."""
    return tuple(_print(random_bytes(_SYMBOLS)) for _ in range(SPARE_CODES))


def spare_digest(key: bytes, untrusted_code: str) -> bytes:
    """Return what is kept of a code. Case, spaces and dashes do not matter; O reads as 0, I and L as 1."""
    text = "".join(char for char in untrusted_code.upper().translate(_LOOKALIKES) if char.isalnum())
    return derive_key(key, "spare code", text.encode())[:SPARE_DIGEST_BYTES]


def spare_digests(key: bytes, codes: Sequence[str]) -> tuple[bytes, ...]:
    """Return what is kept of several."""
    return tuple(spare_digest(key, code) for code in codes)


def _print(octets: bytes) -> str:
    symbols = "".join(_ALPHABET[octet % len(_ALPHABET)] for octet in octets)
    return f"{symbols[:_GROUP_SYMBOLS]}-{symbols[_GROUP_SYMBOLS:]}"
