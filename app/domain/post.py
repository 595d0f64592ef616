"""The binary messages between the gateway and those who are signed in: one byte that says which, then fixed fields.

Layouts (big-endian; ``req`` u32, ``address`` and ``blob`` 16 bytes, ``seq`` u64)::

    client → gateway                                       gateway → client
      1 PUT       req | address | frame                      129 OK     req | payload
      2 TAKEN     req | address | seq                        130 NO     req | code u8
      3 BLOB_PUT  req | address | blob | index u32 |         131 FRAME  address | seq | frame
                  total u32 | chunk
      4 BLOB_GET  req | address | blob | index u32
      5 BLOB_DROP req | address | blob
      6 OPEN      req | address | token hash 32 | until_ms u64        (6 to 10: a desk only)
      7 CLOSE     req | address
      8 CARD      req | office document, JSON
      9 HOLDINGS  req | address (zeros: from the start; else the last address of the page before)
     10 WIPE      req

The payload of OK: PUT: seq u64; BLOB_GET: total u32 | chunk; HOLDINGS: JSON; otherwise empty.

Source: channel specification, gateway protocol.
"""

import struct
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from enum import IntEnum
from typing import Final

from app.domain.post_sizes import CHUNK_BYTES, CHUNK_COUNTS, MAX_FRAME_BYTES, MIN_FRAME_BYTES

MAX_REQUEST_BYTES: Final = 1 + 4 + 16 + 16 + 8 + CHUNK_BYTES
"""The longest message a client may send (a chunk of an attachment): 65,598 bytes."""
MAX_REPLY_BYTES: Final = 1 << 19
"""The longest message a gateway may send (one page of its holdings): 512 KiB."""
MAX_DOCUMENT_BYTES: Final = 32 * 1_024
MAX_IN_FLIGHT: Final = 256
"""Frames that a gateway pushes to a patient before one was taken."""
DESK_IN_FLIGHT: Final = 4_096
DESK_IN_FLIGHT_OF_ONE: Final = 64
"""To a desk: of all mailboxes together, and of each, so that one that is not taken does not stop the others."""
"""So many frames the gateway pushes before it waits for a TAKEN."""
FIRST_ADDRESS: Final = bytes(16)
SEQ_BYTES: Final = 8
MAX_SEQ: Final = 2**53 - 1
"""The largest whole number that a browser counts without error; also the latest time."""


class NoCode(IntEnum):
    """Why the gateway did not do what was asked."""

    MALFORMED = 1
    CONFLICT = 2
    """Other bytes stand there already; or the first answer of another desk won."""
    FULL = 3
    """This mailbox holds as much as it may; try again when the other side has taken some."""
    TOO_LARGE = 4
    NOT_YOURS = 5
    UNKNOWN = 6
    TOO_FAST = 7
    """Keep it and try again in a few seconds."""
    DISK = 8
    """The gateway could not make it durable; keep it and try again later."""


@dataclass(frozen=True, slots=True, repr=False)
class Put:
    """Keep this frame for the other side. OK (with its seq) means it is on disk."""

    req: int
    address: bytes
    frame: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Taken:
    """Everything that came to me at this address up to ``seq`` is durable here; the gateway may delete it."""

    req: int
    address: bytes
    seq: int


@dataclass(frozen=True, slots=True, repr=False)
class BlobPut:
    """One encrypted chunk of an attachment."""

    req: int
    address: bytes
    blob: bytes
    index: int
    total: int
    chunk: bytes


@dataclass(frozen=True, slots=True, repr=False)
class BlobGet:
    """Asks for one chunk of an attachment."""

    req: int
    address: bytes
    blob: bytes
    index: int


@dataclass(frozen=True, slots=True, repr=False)
class BlobDrop:
    """The attachment arrived; it may be deleted."""

    req: int
    address: bytes
    blob: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Open:
    """Make a mailbox; ``token_hash`` of its invitation, which may be claimed until ``until_ms`` (Unix time)."""

    req: int
    address: bytes
    token_hash: bytes
    until_ms: int


@dataclass(frozen=True, slots=True, repr=False)
class Close:
    """Forget everything at this address; whoever comes is told that it is closed."""

    req: int
    address: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """Serve this office document from now on."""

    req: int
    document: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Holdings:
    """Asks for one page of what is held: sizes and ages. ``after`` is the last address of the page before."""

    req: int
    after: bytes = FIRST_ADDRESS


@dataclass(frozen=True, slots=True, repr=False)
class Wipe:
    """Delete everything that is held for this office."""

    req: int


@dataclass(frozen=True, slots=True, repr=False)
class Ok:
    """Done. ``payload`` as the table of this module says."""

    req: int
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class No:
    """Not done, and why."""

    req: int
    code: NoCode


@dataclass(frozen=True, slots=True, repr=False)
class Pushed:
    """A frame for whoever is signed in; unasked."""

    address: bytes
    seq: int
    frame: bytes


Request = Put | Taken | BlobPut | BlobGet | BlobDrop | Open | Close | Card | Holdings | Wipe
Reply = Ok | No | Pushed


class MalformedPostError(ValueError):
    """Bytes that are no message of this protocol. ``req`` is the request they may belong to, None when unreadable."""

    def __init__(self, req: int | None = None) -> None:
        super().__init__("malformed message")
        self.req = req


@dataclass(frozen=True, slots=True)
class _Layout:
    """A fixed head and, where ``tail`` has room, one last field of so many bytes (from, to)."""

    op: int
    record: type[Request] | type[Reply]
    head: struct.Struct
    tail: tuple[int, int] | None = None


_REQUESTS: Final = (
    _Layout(1, Put, struct.Struct(">I16s"), (MIN_FRAME_BYTES, MAX_FRAME_BYTES)),
    _Layout(2, Taken, struct.Struct(">I16sQ")),
    _Layout(3, BlobPut, struct.Struct(">I16s16sII"), (CHUNK_BYTES, CHUNK_BYTES)),
    _Layout(4, BlobGet, struct.Struct(">I16s16sI")),
    _Layout(5, BlobDrop, struct.Struct(">I16s16s")),
    _Layout(6, Open, struct.Struct(">I16s32sQ")),
    _Layout(7, Close, struct.Struct(">I16s")),
    _Layout(8, Card, struct.Struct(">I"), (2, MAX_DOCUMENT_BYTES)),
    _Layout(9, Holdings, struct.Struct(">I16s")),
    _Layout(10, Wipe, struct.Struct(">I")),
)
_REPLIES: Final = (
    _Layout(129, Ok, struct.Struct(">I"), (0, MAX_REPLY_BYTES - 5)),
    _Layout(130, No, struct.Struct(">IB")),
    _Layout(131, Pushed, struct.Struct(">16sQ"), (MIN_FRAME_BYTES, MAX_FRAME_BYTES)),
)
_BY_RECORD: Final = {layout.record: layout for layout in (*_REQUESTS, *_REPLIES)}
_REQUEST_BY_OP: Final = {layout.op: layout for layout in _REQUESTS}
_REPLY_BY_OP: Final = {layout.op: layout for layout in _REPLIES}
_REQ: Final = struct.Struct(">I")


def encode(message: Request | Reply) -> bytes:
    """Return the bytes of a message.

    Raises:
        ValueError: a field is too long, too short or out of range: a bug of ours, so it is not sent.
    """
    layout = _BY_RECORD[type(message)]
    fields = astuple(message)
    tail = fields[-1] if layout.tail else b""
    try:
        raw = bytes((layout.op,)) + layout.head.pack(*(fields[:-1] if layout.tail else fields)) + tail
    except struct.error as problem:
        raise ValueError("a field does not fit") from problem
    if _read(raw, layout) != message:
        raise ValueError("a field does not fit")
    return raw


def decode_request(untrusted: bytes) -> Request:
    """Return what a client asks.

    Raises:
        MalformedPostError: not a message of the table, or a field out of its range.
    """
    return _decode(untrusted, _REQUEST_BY_OP)  # type: ignore[return-value]


def decode_reply(untrusted: bytes) -> Reply:
    """Return what the gateway says.

    Raises:
        MalformedPostError: not a message of the table, or a field out of its range.
    """
    return _decode(untrusted, _REPLY_BY_OP)  # type: ignore[return-value]


def seq_of(ok: Ok) -> int:
    """Return the seq in the OK to a PUT.

    Raises:
        MalformedPostError: the payload is not one.
    """
    seq = int.from_bytes(ok.payload, "big")
    if len(ok.payload) != SEQ_BYTES or seq > MAX_SEQ:
        raise MalformedPostError(ok.req)
    return seq


def chunk_of(ok: Ok) -> tuple[int, bytes]:
    """Return (count of all chunks, this chunk) in the OK to a BLOB_GET.

    Raises:
        MalformedPostError: the payload is not one.
    """
    total = int.from_bytes(ok.payload[:4], "big")
    if len(ok.payload) != _REQ.size + CHUNK_BYTES or total not in CHUNK_COUNTS:
        raise MalformedPostError(ok.req)
    return total, ok.payload[4:]


def _decode(untrusted: bytes, layouts: Mapping[int, _Layout]) -> Request | Reply:
    layout = layouts.get(untrusted[0]) if untrusted else None
    req = int.from_bytes(untrusted[1 : 1 + _REQ.size], "big") if len(untrusted) > _REQ.size else None
    found = _read(untrusted, layout) if layout else None
    if found is None:
        raise MalformedPostError(req)
    return found


def _read(untrusted: bytes, layout: _Layout) -> Request | Reply | None:
    """Return the message, None when a length or a value is out of range."""
    least, most = layout.tail or (0, 0)
    start = 1 + layout.head.size
    if not start + least <= len(untrusted) <= start + most:
        return None
    fields = layout.head.unpack_from(untrusted, 1)
    tail = (bytes(untrusted[start:]),) if layout.tail else ()
    try:
        found = layout.record(*fields, *tail)
        return replace(found, code=NoCode(found.code)) if isinstance(found, No) else found if _fits(found) else None
    except ValueError:
        return None


def _fits(message: Request | Reply) -> bool:
    if isinstance(message, BlobPut):
        return message.total in CHUNK_COUNTS and message.index < message.total
    if isinstance(message, BlobGet):
        return message.index < CHUNK_COUNTS[-1]
    if isinstance(message, Taken | Pushed):
        return message.seq <= MAX_SEQ
    return not isinstance(message, Open) or message.until_ms <= MAX_SEQ
