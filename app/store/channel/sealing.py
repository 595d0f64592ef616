"""Sealed columns of bytes: like those of the projections, bound to their place."""

from app.crypto.errors import SealBrokenError
from app.crypto.sealing import open_sealed, seal
from app.store.codec import pack
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
    try:
        return open_sealed(key, sealed, _aad(column, row, version))
    except SealBrokenError as error:
        raise VaultDamagedError from error


def _aad(column: str, row: str, version: int) -> bytes:
    return pack(_LABEL, column.encode(), row.encode(), b"%d" % version)
