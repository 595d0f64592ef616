"""Typed reading of one JSON object: every value has the wanted type and size, or it is refused.

Unknown keys are not looked for here: the slot file compares its canonical encoding instead, which refuses them too.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

_MAX_WHOLE = 1 << 53
"""Larger whole numbers do not survive every JSON reader."""


class Fields:
    """One untrusted JSON object. Every reader raises ValueError when the value is not what was asked for."""

    __slots__ = ("_tree",)

    def __init__(self, untrusted_tree: object) -> None:
        if not isinstance(untrusted_tree, dict):
            raise ValueError("not an object")  # noqa: TRY004 - one class for everything that does not fit
        self._tree: dict[str, object] = untrusted_tree

    def require(self, **wanted: str) -> None:
        """Do nothing when the named members have exactly these values."""
        if any(self._tree.get(name) != value for name, value in wanted.items()):
            raise ValueError("a fixed member differs")

    def has(self, name: str) -> bool:
        """Say whether there is a member of this name."""
        return name in self._tree

    def text(self, name: str, *, limit: int) -> str:
        """Return a non-empty string of at most ``limit`` code points."""
        value = self._tree.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= limit:
            raise ValueError(f"{name} is not a text of fitting length")
        return value

    def whole(self, name: str) -> int:
        """Return a whole number from 0 to 2^53; ``true`` is not one."""
        value = self._tree.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MAX_WHOLE:
            raise ValueError(f"{name} is not a whole number")
        return value

    def answer(self, name: str) -> bool:
        """Return ``true`` or ``false``; 1 and 0 are neither."""
        value = self._tree.get(name)
        if not isinstance(value, bool):
            raise ValueError(f"{name} is not true or false")  # noqa: TRY004 - as above
        return value

    def octets(self, name: str, *, limit: int) -> bytes:
        """Return bytes from unpadded base64url."""
        value = self._tree.get(name)
        if not isinstance(value, str) or len(value) > 2 * limit or not value.isascii():
            raise ValueError(f"{name} is not base64url")
        octets = urlsafe_b64decode(value + "=" * (-len(value) % 4))
        if len(octets) > limit:
            raise ValueError(f"{name} is too long")
        return octets

    def row(self, name: str) -> "Fields":
        """Return the object under ``name``."""
        return Fields(self._tree.get(name))

    def rows(self, name: str, *, limit: int) -> list["Fields"]:
        """Return at most ``limit`` objects."""
        value = self._tree.get(name)
        if not isinstance(value, list) or len(value) > limit:
            raise ValueError(f"{name} is not a list of fitting length")
        return [Fields(entry) for entry in value]


def to_text(octets: bytes) -> str:
    """Return unpadded base64url."""
    return urlsafe_b64encode(octets).decode().rstrip("=")
