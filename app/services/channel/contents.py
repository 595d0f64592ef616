"""What an event of the desk becomes on the wire, and what a message of a visitor becomes in the log. Pure."""

import json

from app.channel.kinds import MAX_TEXT_BYTES, Content, Kind
from app.channel.receipts import Receipt, countersign
from app.channel.signing import Signed, Signer
from app.domain.events import Event, EventKind, JsonValue
from app.domain.ids import ConversationId
from app.domain.strict_json import from_base64, to_base64
from app.store.logged import NewEvent

OUTGOING = frozenset(
    {
        EventKind.MESSAGE_SENT,
        EventKind.FILE_SENT,
        EventKind.AWAY_SENT,
        EventKind.CONSENT_GIVEN,
        EventKind.DESK_ENDED,
        EventKind.FILE_KEPT,
        EventKind.FILE_LOST,
    }
)
"""Events that the patient is told of. A consent goes back countersigned."""

_BYTES_IN_FILE = ("digest", "blob", "key")
_ENDS_OF_PARTS = ("\n\n", "\n", ". ", " ")


def split_text(text: str) -> tuple[str, ...]:
    """Return a text in parts that fit a frame each, cut at the end of a paragraph, line, sentence or word.

    Joined, the parts are the text without the white space at the cuts. What counts is the length as JSON.
    """
    parts, rest = [], text
    while _size(rest) > MAX_TEXT_BYTES:
        length = _fitting(rest)
        cut = next(
            (at + len(end) for end in _ENDS_OF_PARTS if (at := rest.rfind(end, length // 2, length)) > 0), length
        )
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return (*(part for part in parts if part), *((rest,) if rest or not parts else ()))


def parts_of(event: Event) -> int:
    """Return in how many messages an event travels."""
    return len(split_text(str(event.body["text"]))) if event.kind is EventKind.MESSAGE_SENT else 1


def content_of(event: Event, part: int, signer: Signer) -> tuple[Kind, Content]:
    """Return what one part of an event says to the patient."""
    body = event.body
    match event.kind:
        case EventKind.MESSAGE_SENT:
            return Kind.TEXT, {"text": split_text(str(body["text"]))[part]}
        case EventKind.FILE_SENT:
            return Kind.FILE, file_content(body["file"])
        case EventKind.AWAY_SENT:
            return Kind.AWAY, {"text": str(body["text"])}
        case EventKind.CONSENT_GIVEN:
            receipt = Signed(from_base64(str(body["receipt"])), from_base64(str(body["signature"])))
            return Kind.RECEIPT, countersign(receipt, signer)
        case EventKind.DESK_ENDED:
            return Kind.END, {}
        case EventKind.FILE_KEPT | EventKind.FILE_LOST:
            kind = Kind.FETCHED if event.kind is EventKind.FILE_KEPT else Kind.MISSING
            return kind, {"id": from_base64(str(body["message"]))}
        case _:
            raise ValueError("nothing that a patient is told")


def message_received(cid: ConversationId, untrusted_text: str, now_ms: int, clock: int) -> NewEvent:
    """Return the event of a text; what neither UTF-8 nor SQL carries is replaced by a mark, never dropped."""
    text = "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in untrusted_text)
    return NewEvent(cid, EventKind.MESSAGE_RECEIVED, {"text": text, "written_ms": now_ms, "clock": clock})


def consent_given(cid: ConversationId, receipt: Receipt, signed: Signed, clock: int) -> NewEvent:
    """Return the event of a consent, with the receipt as the patient signed it."""
    body: dict[str, JsonValue] = {
        "version": receipt.notice_version,
        "language": receipt.language,
        "assistant": receipt.assistant,
        "receipt": to_base64(signed.data),
        "signature": to_base64(signed.signature),
        "clock": clock,
    }
    return NewEvent(cid, EventKind.CONSENT_GIVEN, body)


def file_body(content: Content) -> dict[str, JsonValue]:
    """Return how a file stands in an event."""
    return {
        "name": content["name"],
        "media_type": content["type"],
        "size": content["size"],
        "chunks": content["chunks"],
        **{name: to_base64(content[name]) for name in _BYTES_IN_FILE},
    }


def file_content(body: JsonValue) -> Content:
    """Return the content of the message of a file from how it stands in its event."""
    assert isinstance(body, dict)
    return {
        "name": body["name"],
        "type": body["media_type"],
        "size": body["size"],
        "chunks": body["chunks"],
        **{name: from_base64(str(body[name])) for name in _BYTES_IN_FILE},
    }


def _size(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode(errors="replace"))


def _fitting(text: str) -> int:
    """Return how many characters of a text that is too long fit: found by halving, since JSON escapes some."""
    low, high = 1, min(len(text), MAX_TEXT_BYTES)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _size(text[:middle]) <= MAX_TEXT_BYTES else (low, middle - 1)
    return low
