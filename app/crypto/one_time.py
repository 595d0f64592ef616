"""A first password that an administrator reads out or hands over, and that its owner must change at once."""

from nacl.utils import random as random_bytes

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS = 4
_GROUP_SYMBOLS = 5


def make_one_time_password() -> str:
    """Return 100 random bits as 20 symbols of Crockford's base 32, in groups of five with dashes between."""
    symbols = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in random_bytes(_GROUPS * _GROUP_SYMBOLS))
    return "-".join(symbols[start : start + _GROUP_SYMBOLS] for start in range(0, len(symbols), _GROUP_SYMBOLS))
