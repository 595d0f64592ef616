"""A second secret that enters the key of a slot, and what somebody brings to the door beside a password.

Threat-model.md §5.2: ``KEK = K(argon_out [‖ device secret], "kek", vault_id, slot_id)``. The second secret is random,
so nobody guesses the key of such a slot from the files alone, whatever the password is. The header of the slot names
where the secret comes from, and the seal covers the header: taking the name away opens nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import NoReturn

from app.crypto.derive import KEY_BYTES
from app.crypto.key_sticks import STICK_NAME_BYTES
from app.store.door_codes import DoorCode
from app.store.errors import SecondMissingError
from app.store.json_fields import Fields, to_text


class SecondKind(Enum):
    """What holds the second secret."""

    STICK = "stick"
    """A file on a removable disk (``app.crypto.key_sticks``)."""


@dataclass(frozen=True, slots=True)
class SecondInput:
    """Where the second secret of a slot comes from; ``name`` tells one stick from another."""

    kind: SecondKind
    name: bytes

    def row(self) -> dict[str, object]:
        """Return what stands in the file."""
        return {"kind": self.kind.value, "name": to_text(self.name)}


SecondSource = Callable[[SecondInput], bytes]
"""Returns the 32 bytes of a second secret; raises SecondMissingError where what holds it is not here."""


def nothing_here(second: SecondInput) -> NoReturn:
    """Say that no stick is here."""
    raise SecondMissingError(second.kind.value)


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody brings beside a password; ``now_ms`` is wall time, which a code from a phone is compared with."""

    code: str = field(default="", repr=False)
    second_of: SecondSource = field(default=nothing_here, repr=False)
    now_ms: int = 0


NOTHING_MORE = Proof()


@dataclass(frozen=True, slots=True)
class Factors:
    """What a slot asks beside the password."""

    door: DoorCode | None = None
    second: SecondInput | None = None
    second_secret: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        if len(self.second_secret) != (0 if self.second is None else KEY_BYTES):
            raise ValueError("a second secret has 32 bytes, and a name")


PASSWORD_ALONE = Factors()


def read_second(fields: Fields) -> SecondInput:
    """Return the member ``second`` of a slot; raises ValueError when it does not fit."""
    return SecondInput(SecondKind(fields.text("kind", limit=16)), fields.octets("name", limit=STICK_NAME_BYTES))
