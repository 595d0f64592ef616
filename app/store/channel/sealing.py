"""Sealed columns of bytes: like those of the projections, bound to their place."""

from contextlib import suppress

from app.crypto.errors import SealBrokenError
from app.crypto.sealing import open_sealed, seal
from app.store.codec import pack
from app.store.conversation_keys import earlier_of
from app.store.errors import VaultDamagedError

_LABEL = b"vestibule/1 transport"


def seal_bytes(key: bytes, plain: bytes, column: str, row: str, version: int = 0) -> bytes:
    """Return ``plain`` sealed for one row of a column; ``version`` tells a row from its own past."""
    return seal(key, plain, _aad(column, row, version))


def open_bytes(key: bytes, sealed: bytes, column: str, row: str, version: int = 0) -> bytes:
    """Return what ``seal_bytes`` was given for the same place and version.

    Raises:
        VaultDamagedError: altered, or from another place.
    """
    for one in (key, *earlier_of(key)):
        with suppress(SealBrokenError):
            return open_sealed(one, sealed, _aad(column, row, version))
    raise VaultDamagedError


def _aad(column: str, row: str, version: int) -> bytes:
    return pack(_LABEL, column.encode(), row.encode(), b"%d" % version)
