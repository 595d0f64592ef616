"""The documents of an office as records: certificate, card, notice, roster entry. Who signed them: ``documents.py``."""

from dataclasses import dataclass
from typing import Any, Final, Self

from app.channel.digests import DIGEST_BYTES, ID_BYTES
from app.channel.schema import (
    Schema,
    binary,
    binary_or_empty,
    flag,
    many,
    matching,
    read_object,
    text,
    whole,
)
from app.channel.signing import SIGN_KEY_BYTES
from app.domain.office import Sector

MAX_NOTICE_BYTES: Final = 8_192
MAX_SMALL_BYTES: Final = 2_048
MAX_CARD_S: Final = 30 * 24 * 3_600
MAX_DESKS: Final = 64
MAX_BOXES: Final = 4
BOX_BYTES: Final = 32

_LINE: Final = text(1, 200)
_BLOCK: Final = text(1, 1_000)
_ONE: Final = whole(1, 1)
_KEY: Final = binary(SIGN_KEY_BYTES)
_DIGEST: Final = binary(DIGEST_BYTES)

_CERTIFICATE: Final[Schema] = {"v": _ONE, "root": _KEY, "admin": _KEY, "seq": whole(), "until_s": whole()}
_CARD: Final[Schema] = {
    "v": _ONE,
    "office": _DIGEST,
    "seq": whole(),
    "prev": binary_or_empty(DIGEST_BYTES),
    "issued_s": whole(),
    "until_s": whole(),
    "boxes": many(binary(BOX_BYTES), 1, MAX_BOXES),
    "notice": _DIGEST,
    "open_door": flag,
    "desks": whole(1, MAX_DESKS),
}
_NOTICE: Final[Schema] = {
    "v": _ONE,
    "version": whole(1),
    "name": _LINE,
    "sector": matching("|".join(sector.value for sector in Sector), 20),
    "country": _LINE,
    "phone": _LINE,
    "emergency": many(_LINE, 1, 8),
    "keeps_days": whole(),
    "assistant": flag,
    "languages": many(matching("[a-z]{2,3}", 3), 1, 8),
    "who": _BLOCK,
    "withdraw": _BLOCK,
}
_ROSTER: Final[Schema] = {
    "v": _ONE,
    "office": _DIGEST,
    "desk": binary(ID_BYTES),
    "sign": _KEY,
    "epoch": whole(),
    "until_s": whole(),
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """The root says: this key signs for the office until then."""

    root: bytes
    admin: bytes
    seq: int
    until_s: int

    @classmethod
    def parse(cls, untrusted_data: bytes) -> Self:
        """Return the certificate. Raises ValueError when malformed."""
        return cls(**_fields(untrusted_data, _CERTIFICATE))


@dataclass(frozen=True, slots=True)
class Card:
    """How to write to the office; ``boxes`` are X25519 keys, the one to use first."""

    office: bytes
    seq: int
    prev: bytes
    issued_s: int
    until_s: int
    boxes: tuple[bytes, ...]
    notice: bytes
    open_door: bool
    desks: int

    @classmethod
    def parse(cls, untrusted_data: bytes) -> Self:
        """Return the card. Raises ValueError when malformed or valid for more than 30 days."""
        card = cls(**_fields(untrusted_data, _CARD))
        if not 0 < card.until_s - card.issued_s <= MAX_CARD_S:
            raise ValueError("a card holds for 30 days at most")
        return card


@dataclass(frozen=True, slots=True)
class Notice:
    """What a patient reads first; the page words the rest."""

    version: int
    name: str
    sector: str
    country: str
    phone: str
    emergency: tuple[str, ...]
    keeps_days: int
    assistant: bool
    languages: tuple[str, ...]
    who: str
    withdraw: str

    @classmethod
    def parse(cls, untrusted_data: bytes) -> Self:
        """Return the notice. Raises ValueError when malformed."""
        return cls(**_fields(untrusted_data, _NOTICE, MAX_NOTICE_BYTES))


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """An administrator says: this desk signs with this key."""

    office: bytes
    desk: bytes
    sign: bytes
    epoch: int
    until_s: int

    @classmethod
    def parse(cls, untrusted_data: bytes) -> Self:
        """Return the entry. Raises ValueError when malformed."""
        return cls(**_fields(untrusted_data, _ROSTER))


def _fields(untrusted_data: bytes, schema: Schema, max_bytes: int = MAX_SMALL_BYTES) -> dict[str, Any]:
    return {key: value for key, value in read_object(untrusted_data, schema, max_bytes).items() if key != "v"}
