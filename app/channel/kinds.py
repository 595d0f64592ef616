"""What can be said over the channel: the kinds, who may say them, and the fixed schema of each (channel.md §7)."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from app.channel.digests import DIGEST_BYTES, ID_BYTES
from app.channel.records import MAX_DESKS, MAX_SMALL_BYTES
from app.channel.schema import Schema, binary, binary_up_to, check_object, flag, matching, text, whole
from app.channel.signing import SIGNATURE_BYTES
from app.domain.post_sizes import CHUNK_COUNTS
from app.domain.strict_json import to_base64

MAX_TEXT_BYTES: Final = 12_000
MAX_FILE_BYTES: Final = 25 * 1_024 * 1_024
MAX_RECEIPT_BYTES: Final = 1_024
FILE_KEY_BYTES: Final = 32 + 24
"""The key of an attachment and the header of its stream."""
PLAIN_CHUNK_BYTES: Final = 65_536

Content = Mapping[str, Any]
"""Checked content: whole numbers, truth values, strings, bytes, and objects of these."""


class Role(Enum):
    """The two sides; the value stands in the derivation of chains."""

    PATIENT = "patient"
    DESK = "desk"

    @property
    def direction(self) -> int:
        """The byte in the additional data of frames that this side sends."""
        return 0 if self is Role.PATIENT else 1

    @property
    def other(self) -> "Role":
        """The side across."""
        return Role.DESK if self is Role.PATIENT else Role.PATIENT


class Kind(Enum):
    """What a message is."""

    TEXT = "text"
    FILE = "file"
    FETCHED = "fetched"
    MISSING = "missing"
    ACK = "ack"
    READ = "read"
    END = "end"
    CONSENT = "consent"
    WITHDRAW = "withdraw"
    ASSISTANT = "assistant"
    ERASE = "erase"
    RECEIPT = "receipt"
    AWAY = "away"
    RENEW = "renew"
    ERASED = "erased"
    DESK = "desk"


QUIET_KINDS: Final = frozenset({Kind.ACK, Kind.READ})
"""These ask for no acknowledgement of their own and do not count as messages."""
EARLY_KINDS: Final = frozenset({Kind.TEXT, Kind.FILE, Kind.ASSISTANT, Kind.WITHDRAW, Kind.END, Kind.ERASE})
"""What may stand in a hello."""

_TEXT: Final[Schema] = {"text": text(1, MAX_TEXT_BYTES)}
_FILE: Final[Schema] = {
    "blob": binary(ID_BYTES),
    "key": binary(FILE_KEY_BYTES),
    "digest": binary(DIGEST_BYTES),
    "size": whole(1, MAX_FILE_BYTES),
    "chunks": whole(1, CHUNK_COUNTS[-1]),
    "name": matching(r"[^\x00-\x1f/\\]+", 255),
    "type": matching(r"[a-z0-9.+-]+/[a-z0-9.+-]+", 100),
}
_RECEIPT_OBJECT: Final[Schema] = {"receipt": binary_up_to(MAX_RECEIPT_BYTES), "sig": binary(SIGNATURE_BYTES)}
_NOTHING: Final[Schema] = {}
_ONE: Final[Schema] = {"id": binary(ID_BYTES)}
_BOTH: Final = {
    Kind.TEXT: _TEXT,
    Kind.FILE: _FILE,
    Kind.FETCHED: _ONE,
    Kind.MISSING: _ONE,
    Kind.READ: {"up_to": binary(ID_BYTES)},
    Kind.END: _NOTHING,
}

SCHEMAS: Final[Mapping[Role, Mapping[Kind, Schema]]] = {
    Role.PATIENT: _BOTH
    | {
        Kind.ACK: _NOTHING,
        Kind.CONSENT: {"receipt": lambda value: check_object(value, _RECEIPT_OBJECT)},
        Kind.WITHDRAW: _NOTHING,
        Kind.ASSISTANT: {"on": flag},
        Kind.ERASE: _NOTHING,
    },
    Role.DESK: _BOTH
    | {
        Kind.ACK: {"desks": whole(1, MAX_DESKS)},
        Kind.RECEIPT: {"receipt": binary(DIGEST_BYTES), "sig": binary(SIGNATURE_BYTES)},
        Kind.AWAY: _TEXT,
        Kind.RENEW: _NOTHING,
        Kind.ERASED: _NOTHING,
        Kind.DESK: {"roster": binary_up_to(MAX_SMALL_BYTES), "roster_sig": binary(SIGNATURE_BYTES)},
    },
}


def check_receipt_object(untrusted_value: object) -> Content:
    """Return ``{"receipt": bytes, "sig": bytes}``. Raises ValueError when it is not one."""
    return check_object(untrusted_value, _RECEIPT_OBJECT)


def check_content(role: Role, kind: Kind, untrusted_content: object) -> Content:
    """Return the content of a message of ``kind`` from ``role``, binary decoded.

    Raises:
        ValueError: this side does not say such a thing, or the content is not as its schema wants.
    """
    schema = SCHEMAS[role].get(kind)
    if schema is None:
        raise ValueError("not from this side")
    content = check_object(untrusted_content, schema)
    if kind is Kind.FILE and content["chunks"] != chunk_count(content["size"]):
        raise ValueError("not the number of chunks of this size")
    return content


def chunk_count(size: int) -> int:
    """Return into how many chunks a file of so many bytes is padded. Raises ValueError beyond 25 MB."""
    for count in CHUNK_COUNTS:
        if size <= count * PLAIN_CHUNK_BYTES:
            return count
    raise ValueError("larger than the largest attachment")


def plain_content(content: Content) -> dict[str, object]:
    """Return ``content`` as it stands in the JSON: bytes as base64url."""
    return {key: _plain(value) for key, value in content.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return to_base64(value)
    return plain_content(value) if isinstance(value, Mapping) else value
