"""Padding to size classes, so that a length tells little: libsodium's ``sodium_pad`` to the whole class."""

from app.domain.post_sizes import PLAIN_CLASSES

_MARK = 0x80


def size_class(length: int, classes: tuple[int, ...] = PLAIN_CLASSES) -> int:
    """Return the smallest class with room for so many bytes and the mark.

    Raises:
        ValueError: it fits none.
    """
    for size in classes:
        if length < size:
            return size
    raise ValueError("longer than the largest class")


def pad(plain: bytes, classes: tuple[int, ...] = PLAIN_CLASSES) -> bytes:
    """Return ``plain``, the byte 0x80, and zeros up to the smallest class (ISO/IEC 7816-4).

    Raises:
        ValueError: it fits none.
    """
    return (plain + bytes([_MARK])).ljust(size_class(len(plain), classes), b"\0")


def unpad(padded: bytes) -> bytes:
    """Return what was padded.

    Raises:
        ValueError: no mark where one must be.
    """
    stripped = padded.rstrip(b"\0")
    if not stripped or stripped[-1] != _MARK:
        raise ValueError("not padded")
    return stripped[:-1]
