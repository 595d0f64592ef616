"""Invitations, sealed under the key of the conversation that may come of them; and errands for the gateway."""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from app.domain.channel import InvitationState
from app.domain.ids import ConversationId, PersonId
from app.store.channel.sealing import open_bytes, seal_bytes
from app.store.channel.tables import errand, invitation
from app.store.codec import KeySource, encode
from app.store.errors import UnknownConversationError

_COLUMN = "channel_invitation.content"
_i, _e = invitation.c, errand.c
_ALL = select(invitation).order_by(_i.made_ms.desc())
_BY_ADDRESS = select(invitation).where(_i.address == bindparam("mailbox"))
_BY_ID = select(invitation).where(_i.invite_id == bindparam("id"))
_DUE = select(errand).where(_e.due_ms <= bindparam("now")).order_by(_e.id).limit(bindparam("limit"))


@dataclass(frozen=True, slots=True)
class StoredInvitation:
    """One invitation. ``secret`` is empty once it is used, revoked or expired."""

    invite_id: str
    conversation_id: ConversationId
    address: bytes
    made_ms: int
    expires_ms: int
    made_by: PersonId
    state: InvitationState
    contact_name: str = field(repr=False)
    language: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Errand:
    """Something the gateway is to be told, once it can be: open a mailbox, close one, or take a last frame."""

    kind: str
    address: bytes
    payload: bytes = field(default=b"", repr=False)
    until_ms: int = 0
    due_ms: int = 0
    row_id: int = 0


def write_invitation(connection: Connection, keys: KeySource, one: StoredInvitation) -> None:
    """Keep an invitation, or change it."""
    content = {"name": one.contact_name, "language": one.language, "secret": one.secret.hex()}
    key = keys.key_for(one.conversation_id)
    row = {
        "invite_id": one.invite_id,
        "conversation_id": one.conversation_id,
        "address": one.address,
        "made_ms": one.made_ms,
        "expires_ms": one.expires_ms,
        "made_by": one.made_by,
        "state": one.state.value,
        "content": seal_bytes(key, encode(content), _COLUMN, f"{one.invite_id} {one.state.value}"),
    }
    connection.execute(insert(invitation).prefix_with("OR REPLACE"), row)


def read_invitations(connection: Connection, keys: KeySource) -> tuple[StoredInvitation, ...]:
    """Return every invitation, the newest first; without those whose key is gone."""
    found = (_opened(row, keys) for row in connection.execute(_ALL))
    return tuple(one for one in found if one is not None)


def invitation_at(connection: Connection, keys: KeySource, address: bytes) -> StoredInvitation | None:
    """Return the invitation of a mailbox."""
    row = connection.execute(_BY_ADDRESS, {"mailbox": address}).one_or_none()
    return None if row is None else _opened(row, keys)


def find_invitation(connection: Connection, keys: KeySource, invite_id: str) -> StoredInvitation | None:
    """Return an invitation by its id."""
    row = connection.execute(_BY_ID, {"id": invite_id}).one_or_none()
    return None if row is None else _opened(row, keys)


def remove_invitations(connection: Connection, invite_ids: tuple[str, ...]) -> None:
    """Delete invitations."""
    connection.execute(delete(invitation).where(_i.invite_id.in_(invite_ids)))


def add_errand(connection: Connection, one: Errand) -> None:
    """Note an errand."""
    values = {name: getattr(one, name) for name in ("kind", "address", "payload", "until_ms", "due_ms")}
    connection.execute(insert(errand), values)


def due_errands(connection: Connection, now_ms: int, limit: int) -> tuple[Errand, ...]:
    """Return errands that are due, oldest first."""
    rows = connection.execute(_DUE, {"now": now_ms, "limit": limit})
    return tuple(Errand(row.kind, row.address, row.payload, row.until_ms, row.due_ms, row.id) for row in rows)


def remove_errand(connection: Connection, row_id: int) -> None:
    """Forget an errand that was done."""
    connection.execute(delete(errand).where(_e.id == row_id))


def put_off(connection: Connection, row_id: int, due_ms: int) -> None:
    """Try an errand again later."""
    connection.execute(update(errand).where(_e.id == row_id).values(due_ms=due_ms))


def _opened(row: Row[Any], keys: KeySource) -> StoredInvitation | None:
    try:
        key = keys.key_for(ConversationId(row.conversation_id))
    except UnknownConversationError:
        return None  # dropped with its secret, and an older database came back
    content = json.loads(open_bytes(key, row.content, _COLUMN, f"{row.invite_id} {row.state}"))
    return StoredInvitation(
        row.invite_id,
        ConversationId(row.conversation_id),
        row.address,
        row.made_ms,
        row.expires_ms,
        PersonId(row.made_by),
        InvitationState(row.state),
        content["name"],
        content["language"],
        bytes.fromhex(content["secret"]),
    )
