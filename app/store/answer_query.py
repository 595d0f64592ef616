"""Approved answers as the office keeps them: unsaved texts of their editor, and where answers were used."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from app.domain.events import EventKind
from app.domain.ids import OFFICE, ArticleId, ConversationId
from app.store import tables
from app.store.chain import StoredEvent
from app.store.codec import KeySource, open_column
from app.store.keyring import Keyring
from app.store.log import EventLog
from app.store.logged import LoggedEvent

DRAFT_TAB = "answer/"
"""What the sheet of an answer's unsaved text is called, before the answer's id."""

USING_KINDS = (EventKind.MESSAGE_SENT.value, EventKind.DRAFT_PROPOSED.value)

_unsent, _event = tables.unsent.c, tables.event.c
_SELECT_DRAFTS = select(tables.unsent).where(_unsent.conversation_id == OFFICE).order_by(_unsent.seq)
_SELECT_USING = (
    select(*tables.event.columns)
    .where(_event.seq > bindparam("seq"), _event.kind.in_(USING_KINDS))
    .order_by(_event.seq)
    .limit(bindparam("number"))
)
_SELECT_CONTACTS = select(tables.conversation.c.conversation_id, tables.conversation.c.contact).where(
    tables.conversation.c.conversation_id.in_(bindparam("cids", expanding=True))
)
_SELECT_OFFICE_KINDS = (
    select(*tables.event.columns)
    .where(_event.conversation_id == OFFICE, _event.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(_event.seq)
)


@dataclass(frozen=True, slots=True)
class UsingEvents:
    """A stretch of the log: events that may name answers, and where to read on; ``has_more`` while there is more."""

    events: tuple[LoggedEvent, ...]
    last_seq: int
    has_more: bool


def read_drafts(connection: Connection, keys: KeySource) -> dict[ArticleId, str]:
    """Return the unsaved texts of the answers' editor, oldest first."""
    rows = connection.execute(_SELECT_DRAFTS).all()
    key = keys.key_for(OFFICE) if rows else b""
    found = {}
    for row in rows:
        text = open_column(key, row.content, "unsent.content", OFFICE, row.tab, row.seq)
        if text and row.tab.startswith(DRAFT_TAB):
            found[ArticleId(row.tab.removeprefix(DRAFT_TAB))] = text
    return found


def read_office_events(log: EventLog, connection: Connection, kinds: Sequence[EventKind]) -> tuple[LoggedEvent, ...]:
    """Return the office's own events of these kinds, oldest first."""
    rows = connection.execute(_SELECT_OFFICE_KINDS, {"kinds": [kind.value for kind in kinds]}).all()
    return tuple(log.logged(StoredEvent(*row)) for row in rows)


def read_using(log: EventLog, connection: Connection, keys: Keyring, seq: int, number: int) -> UsingEvents:
    """Return the next events behind ``seq`` that may name an answer; those of erased conversations are left out."""
    rows = connection.execute(_SELECT_USING, {"seq": seq, "number": number}).all()
    stored = [StoredEvent(*row) for row in rows]
    known = [one for one in stored if keys.has(ConversationId(one.conversation_id)) and not one.is_shed]
    return UsingEvents(
        tuple(log.logged(one) for one in known), stored[-1].seq if stored else seq, has_more=len(stored) == number
    )


def read_contacts(
    connection: Connection, keys: KeySource, conversation_ids: Sequence[ConversationId]
) -> dict[ConversationId, str]:
    """Return the contact names of these conversations, as far as they are here."""
    rows = connection.execute(_SELECT_CONTACTS, {"cids": list(conversation_ids)}).all()
    return {
        cid: open_column(keys.key_for(cid), row.contact, "conversation.contact", cid, "", 0)
        for row in rows
        for cid in (ConversationId(row.conversation_id),)
        if keys.has(cid)
    }
