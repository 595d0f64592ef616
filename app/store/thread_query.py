"""One thread with everything the middle pane shows, and the small look-ups around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from app.domain.conversation import (
    ComposerTab,
    ConversationState,
    HeldReply,
    ItemKind,
    Origin,
    Party,
    Thread,
    ThreadItem,
    Urgency,
)
from app.domain.ids import OFFICE, ConversationId, EventId
from app.domain.office import Office, Person
from app.domain.proposal import Article, Proposal
from app.store import tables
from app.store.codec import KeySource, open_column
from app.store.contacts_query import read_details
from app.store.records import article_from_json, office_from_json, proposal_from_json, provenance_from_json

_i, _u, _h, _p = tables.thread_item.c, tables.unsent.c, tables.held.c, tables.proposal.c
_SELECT_CONVERSATION = select(tables.conversation).where(tables.conversation.c.conversation_id == bindparam("cid"))
_SELECT_ITEMS = select(tables.thread_item).where(_i.conversation_id == bindparam("cid")).order_by(_i.seq)
_SELECT_UNSENT = select(tables.unsent).where(_u.conversation_id == bindparam("cid"))
_SELECT_PROPOSAL = select(tables.proposal).where(_p.conversation_id == bindparam("cid"))
_SELECT_HELD_HERE = select(tables.held).where(_h.conversation_id == bindparam("cid")).order_by(_h.seq)
_SELECT_HELD = select(tables.held).where(_h.held_id == bindparam("held"))
_SELECT_ALL_HELD = select(tables.held).order_by(_h.seq)
_SELECT_SENT = select(_i.event_id).where(_i.held_id == bindparam("held"))
_SELECT_ARTICLES = select(tables.article).order_by(tables.article.c.article_id)
_SELECT_OFFICE = select(tables.office)


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A held reply with the proposal it rests on."""

    reply: HeldReply
    proposal: Proposal | None


def read_thread(
    connection: Connection, keys: KeySource, cid: ConversationId, names: Mapping[str, str]
) -> Thread | None:
    """Return one thread, or None when there is no such conversation.

    ``names`` gives the display name of each person of the office by id.
    """
    row = connection.execute(_SELECT_CONVERSATION, {"cid": cid}).one_or_none()
    if row is None:
        return None
    key = keys.key_for(cid)
    contact = open_column(key, row.contact, "conversation.contact", cid, "", 0)
    item_rows = connection.execute(_SELECT_ITEMS, {"cid": cid}).all()
    unsent = _read_unsent(connection, key, cid)
    held = connection.execute(_SELECT_HELD_HERE, {"cid": cid}).first()
    return Thread(
        conversation_id=cid,
        contact_name=contact,
        origin=Origin(row.origin),
        urgency=Urgency(row.urgency),
        state=ConversationState(row.state),
        assigned_to=row.assigned_to,
        snoozed_until_ms=row.snoozed_until_ms,
        items=tuple(_to_item(item, key, contact, names) for item in item_rows),
        first_unseen=_first_unseen(item_rows, row.seen_seq),
        unsent_reply=unsent.get(ComposerTab.REPLY.value, ""),
        unsent_note=unsent.get(ComposerTab.NOTE.value, ""),
        proposal=_read_proposal(connection, key, cid),
        held=None if held is None else _to_held(held, key).reply,
        details=read_details(connection, keys, cid),
    )


def read_held(connection: Connection, keys: KeySource, held_id: EventId) -> HeldRecord | None:
    """Return a reply that is held right now, or None."""
    row = connection.execute(_SELECT_HELD, {"held": held_id}).one_or_none()
    if row is None or not keys.has(row.conversation_id):
        return None
    return _to_held(row, keys.key_for(row.conversation_id))


def read_held_in(connection: Connection, keys: KeySource, cid: ConversationId) -> HeldRecord | None:
    """Return the reply that is held in one conversation, or None."""
    row = connection.execute(_SELECT_HELD_HERE, {"cid": cid}).first()
    return None if row is None else _to_held(row, keys.key_for(cid))


def read_all_held(connection: Connection, keys: KeySource) -> tuple[HeldRecord, ...]:
    """Return every held reply, oldest first."""
    rows = connection.execute(_SELECT_ALL_HELD).all()
    return tuple(_to_held(row, keys.key_for(row.conversation_id)) for row in rows if keys.has(row.conversation_id))


def read_sent(connection: Connection, held_id: EventId) -> EventId | None:
    """Return the message that a held reply became, or None while it is not sent."""
    return connection.execute(_SELECT_SENT, {"held": held_id}).scalar()


def read_unsent(connection: Connection, keys: KeySource, cid: ConversationId, tab: ComposerTab) -> str:
    """Return the unsent text of one sheet of the composer, "" when there is none."""
    return _read_unsent(connection, keys.key_for(cid), cid).get(tab.value, "")


def read_articles(connection: Connection, keys: KeySource) -> tuple[Article, ...]:
    """Return the approved answers, by id."""
    rows = connection.execute(_SELECT_ARTICLES).all()
    key = keys.key_for(OFFICE) if rows else b""
    return tuple(
        article_from_json(open_column(key, row.content, "article.content", OFFICE, row.article_id, row.seq))
        for row in rows
    )


def read_office(connection: Connection, keys: KeySource) -> tuple[Office, tuple[Person, ...]] | None:
    """Return the office and its staff, or None before it was named."""
    row = connection.execute(_SELECT_OFFICE).one_or_none()
    if row is None:
        return None
    return office_from_json(open_column(keys.key_for(OFFICE), row.content, "office.content", OFFICE, "", row.seq))


def _read_unsent(connection: Connection, key: bytes, cid: ConversationId) -> dict[str, str]:
    rows = connection.execute(_SELECT_UNSENT, {"cid": cid}).all()
    return {row.tab: open_column(key, row.content, "unsent.content", cid, row.tab, row.seq) for row in rows}


def _read_proposal(connection: Connection, key: bytes, cid: ConversationId) -> Proposal | None:
    row = connection.execute(_SELECT_PROPOSAL, {"cid": cid}).one_or_none()
    if row is None:
        return None
    return proposal_from_json(open_column(key, row.content, "proposal.content", cid, row.proposal_id, row.seq))


def _to_item(row: Row[Any], key: bytes, contact: str, names: Mapping[str, str]) -> ThreadItem:
    content = open_column(key, row.content, "thread_item.content", row.conversation_id, row.event_id, row.seq)
    party = Party(row.party)
    provenance = content.get("provenance")
    author = contact if party is Party.VISITOR else content.get("author") or names.get(row.actor, "")
    return ThreadItem(
        event_id=EventId(row.event_id),
        kind=ItemKind(row.kind),
        party=party,
        author_name=author,
        text=content["text"],
        wall_ms=row.wall_ms,
        provenance=None if provenance is None else provenance_from_json(provenance),
    )


def _first_unseen(rows: Sequence[Row[Any]], seen_seq: int) -> EventId | None:
    for row in rows:
        if row.seq > seen_seq and row.party == Party.VISITOR.value:
            return EventId(row.event_id)
    return None


def _to_held(row: Row[Any], key: bytes) -> HeldRecord:
    cid = ConversationId(row.conversation_id)
    content = open_column(key, row.content, "held.content", cid, row.held_id, row.seq)
    reply = HeldReply(EventId(row.held_id), cid, content["text"], row.releases_at_ms)
    proposal = content["proposal"]
    return HeldRecord(reply, None if proposal is None else proposal_from_json(proposal))
