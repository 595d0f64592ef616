"""The printed recovery code: 256 random bits that a person can read, type and mistype.

Layout: 52 symbols of Crockford's base 32 carry 4 zero bits and then the 256 bits, most significant first. They are cut
into 13 groups of four; a fifth symbol in each group checks it and its place::

    ABCD7-…   13 groups, dashes between, 77 characters

The check symbol is a weighted sum over GF(32) (polynomial x^5 + x^2 + 1) plus a constant per place. One wrong symbol,
two neighbours swapped and two groups swapped are therefore always noticed, and the group is named.
"""

from nacl.utils import random as random_bytes

from app.crypto.errors import RecoveryCodeError

CODE_BYTES = 32
GROUPS = 13
_DATA_SYMBOLS = 4
_GROUP_SYMBOLS = _DATA_SYMBOLS + 1
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
_FIELD_POLYNOMIAL = 0b100101
_FIELD_SIZE = 32
_WEIGHTS = (2, 4, 8, 16)


class RecoveryCode:
    """The 256-bit secret; ``print_out`` is for the one moment at which a person writes it down."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != CODE_BYTES:
            raise ValueError("a recovery code has 256 bits")
        self._secret = secret

    def __repr__(self) -> str:
        return "<RecoveryCode hidden>"

    def __str__(self) -> str:
        """Return the printable form. Only ever for the person's eyes, never for a log."""
        number = int.from_bytes(self._secret, "big")
        places = range(GROUPS * _DATA_SYMBOLS - 1, -1, -1)
        symbols = [number >> 5 * place & 31 for place in places]
        groups = [symbols[start : start + _DATA_SYMBOLS] for start in range(0, len(symbols), _DATA_SYMBOLS)]
        return "-".join(_print_group(place, group) for place, group in enumerate(groups))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RecoveryCode) and self._secret == other._secret

    def __hash__(self) -> int:
        return hash(self._secret)

    @property
    def secret(self) -> bytes:
        """The 32 bytes that derive the recovery slot's key."""
        return self._secret

    @classmethod
    def generate(cls) -> "RecoveryCode":
        """Return a fresh random code."""
        return cls(random_bytes(CODE_BYTES))

    @classmethod
    def parse(cls, untrusted_text: str) -> "RecoveryCode":
        """Return the code a person typed. Case, spaces and dashes do not matter; O reads as 0, I and L as 1.

        Raises:
            RecoveryCodeError: with the number of the first group that holds a typo, or None when the number of groups
                is wrong.
        """
        number = 0
        for place, group in enumerate(_split(untrusted_text)):
            for value in _read_group(place, group):
                number = number << 5 | value
        if number.bit_length() > 8 * CODE_BYTES:
            raise RecoveryCodeError(group=1)
        return cls(number.to_bytes(CODE_BYTES, "big"))


def _split(untrusted_text: str) -> list[str]:
    """Cut at the writer's own dashes and spaces when there are 13 pieces, else every five symbols."""
    text = untrusted_text.upper().translate(_LOOKALIKES)
    pieces = "".join(char if char.isalnum() else " " for char in text).split()
    if len(pieces) == GROUPS:
        return pieces
    joined = "".join(pieces)
    if len(joined) != GROUPS * _GROUP_SYMBOLS:
        raise RecoveryCodeError(group=None)
    return [joined[start : start + _GROUP_SYMBOLS] for start in range(0, len(joined), _GROUP_SYMBOLS)]


def _read_group(place: int, group: str) -> list[int]:
    values = [_ALPHABET.find(symbol) for symbol in group]
    if len(values) != _GROUP_SYMBOLS or -1 in values or _check_value(place, values[:-1]) != values[-1]:
        raise RecoveryCodeError(group=place + 1)
    return values[:-1]


def _print_group(place: int, values: list[int]) -> str:
    return "".join(_ALPHABET[value] for value in (*values, _check_value(place, values)))


def _check_value(place: int, values: list[int]) -> int:
    total = place + 1
    for weight, value in zip(_WEIGHTS, values, strict=True):
        total ^= _multiply(weight, value)
    return total


def _multiply(left: int, right: int) -> int:
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & _FIELD_SIZE:
            left ^= _FIELD_POLYNOMIAL
        right >>= 1
    return product
