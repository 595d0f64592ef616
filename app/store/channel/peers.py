"""The patient of a conversation: the mailbox and the session, sealed under the conversation's key."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, insert, select

from app.domain.ids import ConversationId
from app.store.channel.sealing import open_bytes, seal_bytes
from app.store.channel.tables import peer
from app.store.codec import KeySource

_COLUMN = "channel_peer.session"
_BY_ID = select(peer).where(peer.c.conversation_id == bindparam("cid"))
_BY_ADDRESS = select(peer.c.conversation_id).where(peer.c.address == bindparam("mailbox"))
_IS_PEER = select(peer.c.address).where(peer.c.conversation_id == bindparam("cid"))
_REPLACE = insert(peer).prefix_with("OR REPLACE")
_ALL = select(peer.c.conversation_id).order_by(peer.c.conversation_id)


@dataclass(frozen=True, slots=True)
class PeerRow:
    """One patient. ``session`` is what ``DeskSession.dump`` gave; ``started`` 16 B, of the program that it sends in.

    ``renewed``: the generation (16 B, or empty) for which a new one was asked already. ``away_ms``: when it was last
    told that nobody is there. ``gap_ms``: since when something is missing, once an alarm told so.
    """

    conversation_id: ConversationId
    address: bytes
    started: bytes
    session: bytes = field(repr=False)
    version: int = 0
    last_seen_ms: int | None = None
    renewed: bytes = b""
    away_ms: int | None = None
    gap_ms: int | None = None


def read_peer(connection: Connection, keys: KeySource, cid: ConversationId) -> PeerRow | None:
    """Return the patient of a conversation, None when it did not come over the channel."""
    row = connection.execute(_BY_ID, {"cid": cid}).one_or_none()
    if row is None:
        return None
    session = open_bytes(keys.key_for(cid), row.session, _COLUMN, cid, row.version)
    return PeerRow(
        cid, row.address, row.started, session, row.version, row.last_seen_ms, row.renewed, row.away_ms, row.gap_ms
    )


def write_peer(connection: Connection, keys: KeySource, found: PeerRow) -> None:
    """Write a patient as the next version of the row."""
    cid, version = found.conversation_id, found.version + 1
    sealed = seal_bytes(keys.key_for(cid), found.session, _COLUMN, cid, version)
    row = {
        "conversation_id": cid,
        "address": found.address,
        "version": version,
        "started": found.started,
        "last_seen_ms": found.last_seen_ms,
        "renewed": found.renewed,
        "away_ms": found.away_ms,
        "gap_ms": found.gap_ms,
        "session": sealed,
    }
    connection.execute(_REPLACE, row)


def find_peer(connection: Connection, address: bytes) -> ConversationId | None:
    """Return whose mailbox this is."""
    found = connection.execute(_BY_ADDRESS, {"mailbox": address}).scalar()
    return None if found is None else ConversationId(found)


def address_of(connection: Connection, cid: ConversationId) -> bytes | None:
    """Return the mailbox of a conversation, None when it did not come over the channel."""
    found = connection.execute(_IS_PEER, {"cid": cid}).scalar()
    return None if found is None else bytes(found)


def all_peers(connection: Connection) -> tuple[ConversationId, ...]:
    """Return every conversation that came over the channel."""
    return tuple(ConversationId(cid) for cid in connection.execute(_ALL).scalars())
