"""From plain values to sealed bytes and back: bodies of events and sealed columns of projections.

Pure apart from the random nonces of the seal. Every seal is bound to the place where it belongs, so that bytes which
are authentic somewhere else, or were authentic here earlier, do not open (threat-model.md §5.7 and §8, "old page").
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from types import NoneType
from typing import Any, Protocol

from app.crypto.errors import SealBrokenError
from app.crypto.sealing import open_sealed, seal
from app.domain.events import EventKind, JsonValue
from app.domain.ids import ConversationId
from app.store.conversation_keys import earlier_of
from app.store.errors import EventFormatError, VaultDamagedError


class KeySource(Protocol):
    """Where the key of a conversation comes from; the vault's keyring."""

    def has(self, conversation_id: ConversationId) -> bool:
        """Say whether the person at the desk may use it; what they may not, they must not learn of."""

    def key_for(self, conversation_id: ConversationId) -> bytes:
        """Return the 32-byte key that seals (with ``earlier`` ones, which only open), or raise the store's error."""


SCHEMA = 1
"""Version of the bodies that this program writes; it reads every version up to this one."""

_EVENT_LABEL = b"vestibule/1 event body"
_COLUMN_LABEL = b"vestibule/1 column"
_LENGTH_BYTES = 4

_TEXT_OR_NOTHING = (str, NoneType)
_OBJECT_OR_NOTHING = (dict, NoneType)

_BODIES: Mapping[EventKind, Mapping[str, type | tuple[type, ...]]] = {
    EventKind.CONVERSATION_OPENED: {"contact_name": str, "origin": str},
    EventKind.MESSAGE_RECEIVED: {"text": str, "written_ms": int},
    EventKind.DRAFT_PROPOSED: {"proposal": dict},
    EventKind.DRAFT_DISCARDED: {"proposal_id": str, "reason": str},
    EventKind.TEXT_SAVED: {"tab": str, "text": str},
    EventKind.REPLY_HELD: {"text": str, "proposal": _OBJECT_OR_NOTHING, "releases_at_ms": int},
    EventKind.REPLY_RECALLED: {"held_id": str},
    # ``author`` names who wrote an imported message elsewhere; null when the actor wrote it here.
    EventKind.MESSAGE_SENT: {
        "held_id": _TEXT_OR_NOTHING,
        "text": str,
        "provenance": _OBJECT_OR_NOTHING,
        "author": _TEXT_OR_NOTHING,
    },
    EventKind.NOTE_ADDED: {"text": str, "author": _TEXT_OR_NOTHING},
    EventKind.ASSIGNED: {"person_id": _TEXT_OR_NOTHING},
    EventKind.URGENCY_SET: {"urgency": int},
    EventKind.CONTACT_DESCRIBED: {"details": dict},
    EventKind.IDENTITY_RAISED: {"means": str},
    EventKind.SNOOZED: {"until_ms": int},
    EventKind.MARKED_DONE: {},
    EventKind.REOPENED: {},
    EventKind.SEEN: {"up_to": str},
    EventKind.HOLD_PLACED: {"owner": str, "reason": str, "review_on": str},
    EventKind.HOLD_RELEASED: {"hold_id": str, "reason": str},
    EventKind.RETENTION_CLASSED: {"class_id": str},
    # ``bodies`` maps the id of each event that lost words to the body that takes its place; null when none does.
    EventKind.MESSAGE_REDACTED: {"event_id": str, "reason": str, "bodies": dict},
    EventKind.ERASED: {},
    EventKind.OFFICE_NAMED: {"name": str, "sector": str, "is_demo": bool, "staff": list},
    EventKind.ARTICLE_APPROVED: {"article": dict},
    EventKind.ARTICLE_WITHDRAWN: {"article_id": str},
    EventKind.INTERLOCK_SIGNED: {"version": str},
    EventKind.RETENTION_SIGNED: {"rules": dict},
    EventKind.ERASURE_CERTIFIED: {"certificate": dict},
    EventKind.OFFICE_RULE_SET: {"rule": dict, "replaces": _TEXT_OR_NOTHING},
    EventKind.OFFICE_RULE_REMOVED: {"rule_id": str, "replaces": str},
    EventKind.PERSON_ADDED: {"person_id": str, "role": str},
    EventKind.PERSON_CHANGED: {"person_id": str, "role": str},
    EventKind.PERSON_DISABLED: {"person_id": str},
    EventKind.SIGN_IN_RESET: {"person_id": str},
    EventKind.SIGN_IN_CHANGED: {},
    EventKind.KEYS_ROTATED: {"epoch": int},
    EventKind.RECOVERY_SHARED: {"threshold": int, "shares": int},
    EventKind.SIGN_IN_REFUSED: {"person_id": _TEXT_OR_NOTHING, "count": int},
    EventKind.SECOND_FACTOR_SET: {"factor": str},
    EventKind.SECOND_FACTOR_REMOVED: {"factor": str},
    EventKind.SECOND_FACTOR_REFUSED: {"person_id": _TEXT_OR_NOTHING, "count": int},
    EventKind.SPARE_CODE_USED: {"left": int},
    EventKind.RECOVERY_PROVEN: {"way": str},
    EventKind.RECOVERY_RENEWED: {},
    EventKind.EMERGENCY_OPENED: {
        "conversation_id": str,
        "confirmed_by": str,
        "cause": str,
        "reason": str,
        "until_ms": int,
    },
    EventKind.EMERGENCY_ENDED: {"access_id": str},
    EventKind.EMERGENCY_REVIEWED: {"access_id": str, "finding": str, "note": str},
    EventKind.IDLE_LIMITS_SET: {"limits": dict},
    EventKind.WALL_SET: {"people": list},
    EventKind.WALL_LOWERED: {},
    EventKind.LOOKED_AT: {"conversation_id": str},
    EventKind.EXPORTED: {"conversation_id": str},
    EventKind.AUDIT_READ: {},
    EventKind.AUDIT_EXPORTED: {},
    EventKind.ANONYMISED_SET_EXPORTED: {
        "conversations": list,
        "withheld": int,
        "broadened": int,
        "k": int,
        "profile": str,
    },
    EventKind.CHECKPOINT_SIGNED: {"note": str},
    EventKind.SUBJECT_REQUEST_TAKEN: {
        "asked": str,
        "conversations": list,
        "identity": str,
        "law": str,
        "received_on": str,
        "due_on": str,
    },
    EventKind.SUBJECT_REQUEST_CLOSED: {"request_id": str, "outcome": str},
    EventKind.BACKUP_TAKEN: {"number": int, "size": int, "new_bytes": int},
    EventKind.ANONYMISING_CASE_KEPT: {"case": dict},
    EventKind.ANONYMISING_CASE_DROPPED: {"case_id": str},
    EventKind.ANONYMISED_MAPPED: {"profile": str, "mapping": dict},
    EventKind.CONSENT_GIVEN: {"version": int, "language": str, "assistant": bool, "receipt": str, "signature": str},
    EventKind.CONSENT_WITHDRAWN: {},
    EventKind.ASSISTANT_SET: {"is_on": bool},
    EventKind.FILE_RECEIVED: {"file": dict, "written_ms": int},
    EventKind.FILE_SENT: {"file": dict},
    EventKind.FILE_KEPT: {"event_id": str, "message": str},
    EventKind.FILE_LOST: {"event_id": str, "message": str},
    EventKind.FILE_FETCHED: {"event_id": str},
    EventKind.FILE_ASKED: {"event_id": str},
    EventKind.MESSAGE_DELIVERED: {"events": list},
    EventKind.MESSAGE_READ: {"up_to": str},
    EventKind.VISITOR_ENDED: {},
    EventKind.DESK_ENDED: {},
    EventKind.ERASURE_ASKED: {},
    EventKind.IDENTITY_CHECKED: {"safety_number": str},
    EventKind.CHANNEL_ALARMED: {"alarm": str},
    EventKind.AWAY_SENT: {"text": str},
    EventKind.CHANNEL_TURNED_ON: {"host": str, "port": int, "is_tls": bool, "page_url": str},
    EventKind.CHANNEL_TURNED_OFF: {},
    EventKind.OFFICE_KEYS_MADE: {"fingerprint": str, "seq": int},
    EventKind.CARD_RENEWED: {"seq": int},
    EventKind.INVITATION_MADE: {"invite_id": str},
    EventKind.INVITATION_REVOKED: {"invite_id": str},
    EventKind.HOURS_SET: {"hours": dict},
    EventKind.NOTICE_SET: {"notice": dict},
    EventKind.MAILBOXES_WIPED: {"count": int},
}

_OPTIONAL: Mapping[EventKind, Mapping[str, type]] = {
    EventKind.URGENCY_SET: {"reason": str},
    EventKind.ERASED: {"reason": str},
    # Over the channel: the visitor's own Lamport clock, which says what was meant before what.
    EventKind.MESSAGE_RECEIVED: {"clock": int},
    EventKind.FILE_RECEIVED: {"clock": int},
    EventKind.CONSENT_GIVEN: {"clock": int},
    EventKind.CONSENT_WITHDRAWN: {"clock": int},
    EventKind.ASSISTANT_SET: {"clock": int},
}
"""Keys that a body may have besides."""

PLAIN_KINDS = frozenset({EventKind.ERASED})
"""Kinds whose body is not sealed: a tombstone must be readable when the key of its conversation is gone."""

_LEAST_PLAIN_BYTES = 33
"""A body of exactly 32 bytes is the digest of one that was shed (``app.store.chain``)."""


def check_body(kind: EventKind, body: Mapping[str, Any]) -> None:
    """Refuse a body whose keys or types are not exactly those of its kind.

    Raises:
        EventFormatError: naming the kind only, never a value.
    """
    expected = _BODIES[kind]
    optional = _OPTIONAL.get(kind, {})
    if body.keys() - optional.keys() != expected.keys():
        raise EventFormatError(kind.value)
    present = {key: types for key, types in optional.items() if key in body}
    for key, types in (*expected.items(), *present.items()):
        # ``True`` is an int to Python, and is refused where a number is due.
        if not isinstance(body[key], types) or (types is int and isinstance(body[key], bool)):
            raise EventFormatError(kind.value)


def pack(*parts: bytes) -> bytes:
    """Return the parts one after another, each behind its length (4 B, big-endian), so no two rows read the same."""
    return b"".join(len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in parts)


def encode(value: JsonValue | Mapping[str, JsonValue]) -> bytes:
    """Return canonical JSON: sorted keys, no spaces, UTF-8.

    Raises:
        EventFormatError: the text holds a lone surrogate, which UTF-8 cannot carry.
    """
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise EventFormatError("surrogate") from None


def seal_body(
    key: bytes, body: Mapping[str, JsonValue], *, conversation_id: str, event_id: str, kind: EventKind
) -> bytes:
    """Return the body of a new event, checked and sealed under its conversation's key; a tombstone's stays plain."""
    check_body(kind, body)
    if kind in PLAIN_KINDS:
        return encode(body).ljust(_LEAST_PLAIN_BYTES)
    return seal(key, encode(body), _event_aad(conversation_id, event_id, kind.value, SCHEMA))


def open_body(
    key: bytes, sealed: bytes, *, conversation_id: str, event_id: str, kind: str, schema: int
) -> Mapping[str, JsonValue]:
    """Return the body of a stored event.

    Raises:
        VaultDamagedError: altered, put in from another place, or of another kind than its header says.
    """
    if EventKind(kind) in PLAIN_KINDS:
        return _read_plain(EventKind(kind), sealed)
    plain = _open(key, sealed, _event_aad(conversation_id, event_id, kind, schema))
    body = json.loads(plain)
    check_body(EventKind(kind), body)
    return dict(body)


def seal_column(key: bytes, value: JsonValue, column: str, conversation_id: str, row: str, version: int) -> bytes:
    """Return one sealed column of a projection.

    Args:
        key: the key of the conversation, 32 bytes.
        value: any JSON value.
        column: ``table.column``.
        conversation_id: the stream that the row belongs to.
        row: what tells this row from its neighbours within the conversation.
        version: ``seq`` of the event that the value comes from, stored in the clear beside it.
    """
    return seal(key, encode(value), _column_aad(column, conversation_id, row, version))


def open_column(key: bytes, sealed: bytes, column: str, conversation_id: str, row: str, version: int) -> Any:
    """Return what ``seal_column`` was given for the same place and version.

    Raises:
        VaultDamagedError: altered, or from another row, column, conversation or version.
    """
    return json.loads(_open(key, sealed, _column_aad(column, conversation_id, row, version)))


def _read_plain(kind: EventKind, body: bytes) -> Mapping[str, JsonValue]:
    """Return the body of a tombstone; what vouches for it is the hash chain alone."""
    try:
        found = json.loads(body)
        check_body(kind, found)
    except (ValueError, AttributeError, EventFormatError) as error:
        raise VaultDamagedError from error
    return dict(found)


def _open(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    for one in (key, *earlier_of(key)):
        with suppress(SealBrokenError):
            return open_sealed(one, sealed, aad)
    raise VaultDamagedError


def _event_aad(conversation_id: str, event_id: str, kind: str, schema: int) -> bytes:
    return pack(_EVENT_LABEL, conversation_id.encode(), event_id.encode(), kind.encode(), b"%d" % schema)


def _column_aad(column: str, conversation_id: str, row: str, version: int) -> bytes:
    return pack(_COLUMN_LABEL, column.encode(), conversation_id.encode(), row.encode(), b"%d" % version)
