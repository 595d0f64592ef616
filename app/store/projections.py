"""Turns events into the tables that screens read.

A ``Projector`` lives for one transaction: it takes events one by one, remembers what it changed, and writes rows in
groups at ``flush``, so that an import of thousands costs a few statements and a single message costs a few as well.
Deciding is pure and stands elsewhere (``facts``, ``items``); here is the reading and writing.
"""

from collections.abc import Iterable
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Update, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.conversation import ItemKind
from app.domain.events import Event, EventKind
from app.domain.ids import OFFICE, ConversationId
from app.store import facts, tables
from app.store.channel.tables import OF_CONVERSATION
from app.store.codec import KeySource, seal_column
from app.store.composer import ComposerTables
from app.store.contact_tables import ContactTables
from app.store.errors import UnknownConversationError
from app.store.facts import Facts, Unanswered
from app.store.items import item_of, snippet_of
from app.store.office_tables import OfficeTables
from app.store.redacting import RedactionTables

_FACTS = tuple(field.name for field in fields(Facts))
_SORT = ("sort_rank", "sort_waiting_ms")
_SELECT_FACTS: Select[Any] = select(*(tables.conversation.c[name] for name in _FACTS)).where(
    tables.conversation.c.conversation_id == bindparam("cid")
)
_SELECT_SEQ = select(tables.event.c.seq).where(tables.event.c.event_id == bindparam("event_id"))
_items = tables.thread_item.c
_SELECT_LATER = select(func.min(_items.wall_ms), func.count()).where(
    _items.conversation_id == bindparam("cid"), _items.seq > bindparam("seq"), _items.party == "visitor"
)
_upsert_tally = upsert(tables.tally)
_ADD_TO_TALLY = _upsert_tally.on_conflict_do_update(
    index_elements=["state", "urgency", "assigned_to"],
    set_={"number": tables.tally.c.number + _upsert_tally.excluded.number},
)


class Projector:
    """Applies events to the projections within the caller's transaction.

    ``superseded`` collects the numbers of TEXT_SAVED events whose text has been replaced; the log sheds their bodies.
    """

    def __init__(self, connection: Connection, keys: KeySource) -> None:
        self.superseded: list[int] = []
        self._connection = connection
        self._keys = keys
        self._composer = ComposerTables(connection, keys)
        self._office = OfficeTables(connection, keys)
        self._redactions = RedactionTables(connection, keys)
        self._details = ContactTables(connection, keys)
        self._before: dict[str, Facts | None] = {}
        self._now: dict[str, Facts] = {}
        self._contacts: dict[str, str] = {}
        self._snippets: dict[str, tuple[str, int]] = {}
        self._items: list[dict[str, Any]] = []

    def apply(self, seq: int, event: Event, *, is_shed: bool = False) -> None:
        """Take the event that stands at ``seq``; of a shed one only its place counts."""
        if event.conversation_id == OFFICE:
            if not is_shed:
                self._office.apply(seq, event)
                self.superseded += self._office.take_superseded()
        elif event.kind is EventKind.ERASED:
            self._erase(event.conversation_id)
        else:
            self._apply_to_conversation(seq, event, is_shed=is_shed)

    def flush(self) -> None:
        """Write what is still held back; the caller commits."""
        self._flush_items()
        changes: dict[tuple[str, int, str], int] = {}
        new_rows = []
        for cid, now in self._now.items():
            before = self._before[cid]
            changes[now.tally_key] = changes.get(now.tally_key, 0) + 1
            if before is None:
                new_rows.append(self._new_row(now))
            else:
                changes[before.tally_key] = changes.get(before.tally_key, 0) - 1
                self._update_row(before, now)
        if new_rows:
            self._connection.execute(insert(tables.conversation), new_rows)
        self._count(changes)
        self._before.clear()
        self._now.clear()
        self._contacts.clear()
        self._snippets.clear()

    def count_standing(self, conversation_ids: Iterable[ConversationId]) -> None:
        """Count conversations into the numbers of the rail whose rows were left as they stand."""
        rows = (self._connection.execute(_SELECT_FACTS, {"cid": cid}).one_or_none() for cid in conversation_ids)
        for row in rows:
            if row is not None:
                self._count({Facts(*row).tally_key: 1})

    # -- one conversation ---------------------------------------------------------------------------------------

    def _apply_to_conversation(self, seq: int, event: Event, *, is_shed: bool) -> None:
        cid = event.conversation_id
        if event.kind is EventKind.CONVERSATION_OPENED:
            self._before[cid], self._now[cid] = None, facts.opened(event, seq)
            self._contacts[cid], self._snippets[cid] = str(event.body["contact_name"]), ("", seq)
        else:
            self._load(cid)
            if not is_shed:
                is_redaction = event.kind is EventKind.MESSAGE_REDACTED
                self._now[cid] = self._redact(event, self._now[cid]) if is_redaction else self._decide(seq, event)
        if event.kind is EventKind.CONTACT_DESCRIBED and not is_shed:
            self.superseded += self._details.apply(seq, event)
        self._now[cid] = replace(self._now[cid], last_seq=seq)
        self._add_item(seq, event)

    def _decide(self, seq: int, event: Event) -> Facts:
        now, body = self._now[event.conversation_id], event.body
        match event.kind:
            case EventKind.MESSAGE_RECEIVED | EventKind.FILE_RECEIVED:
                written_ms = body["written_ms"]
                assert isinstance(written_ms, int)
                return facts.received(now, event.event_id, seq, written_ms)
            case EventKind.MESSAGE_SENT | EventKind.FILE_SENT:
                held_id = body.get("held_id")
                answered_seq = seq if held_id is None else self._composer.take_held(str(held_id)) or seq
                rest = facts.ALL_ANSWERED
                if now.newest_received_seq > answered_seq:
                    rest = self._later(event.conversation_id, answered_seq)
                return facts.sent(now, event.wall_ms, answered_seq, rest)
            case EventKind.SEEN:
                up_to = self._connection.execute(_SELECT_SEQ, {"event_id": body["up_to"]}).scalar() or 0
                return facts.seen(now, up_to, self._later(event.conversation_id, up_to).count)
            case EventKind.TEXT_SAVED | EventKind.REPLY_HELD | EventKind.REPLY_RECALLED:
                changed = self._composer.apply(seq, event, now)
                self.superseded += self._composer.take_superseded()
                return changed
            case EventKind.DRAFT_PROPOSED | EventKind.DRAFT_DISCARDED:
                return self._composer.apply(seq, event, now)
            case _:
                return facts.set_by_person(now, event)

    def _redact(self, event: Event, now: Facts) -> Facts:
        self._flush_items()
        seqs, snippet = self._redactions.apply(event)
        self.superseded += seqs
        if snippet is not None:
            self._snippets[event.conversation_id] = snippet
        return replace(now, has_unsent_reply=False, has_unsent_note=False, has_fresh_proposal=False)

    def _load(self, cid: ConversationId) -> None:
        if cid not in self._now:
            row = self._connection.execute(_SELECT_FACTS, {"cid": cid}).one_or_none()
            if row is None:
                raise UnknownConversationError
            self._before[cid] = self._now[cid] = Facts(*row)

    def _later(self, cid: ConversationId, seq: int) -> Unanswered:
        self._flush_items()
        since_ms, count = self._connection.execute(_SELECT_LATER, {"cid": cid, "seq": seq}).one()
        return Unanswered(since_ms, count)

    def _add_item(self, seq: int, event: Event) -> None:
        item = item_of(event)
        if item is None:
            return
        cid = event.conversation_id
        if item.kind is ItemKind.MESSAGE:
            self._snippets[cid] = snippet_of(str(item.content["text"])), seq
        self._items.append(
            {
                "conversation_id": cid,
                "seq": seq,
                "event_id": event.event_id,
                "kind": item.kind.value,
                "party": item.party.value,
                "actor": event.actor,
                "wall_ms": item.wall_ms,
                "held_id": item.held_id,
                "content": seal_column(
                    self._keys.key_for(cid), item.content, "thread_item.content", cid, event.event_id, seq
                ),
            }
        )

    # -- writing ------------------------------------------------------------------------------------------------

    def _flush_items(self) -> None:
        if self._items:
            self._connection.execute(insert(tables.thread_item), self._items)
            self._items.clear()

    def _new_row(self, now: Facts) -> dict[str, Any]:
        row = {name: getattr(now, name) for name in _FACTS + _SORT}
        contact = self._seal(now.conversation_id, self._contacts[now.conversation_id], "conversation.contact", 0)
        return row | {"contact": contact} | self._sealed_snippet(now.conversation_id)

    def _update_row(self, before: Facts, now: Facts) -> None:
        """Write only what differs: an index that no changed column belongs to is then left alone."""
        row = {name: getattr(now, name) for name in _FACTS + _SORT if getattr(now, name) != getattr(before, name)}
        if now.conversation_id in self._snippets:
            row |= self._sealed_snippet(now.conversation_id)
        if row:
            values = {f"new_{name}": value for name, value in row.items()}
            self._connection.execute(_update_statement(tuple(row)), values | {"cid": now.conversation_id})

    def _sealed_snippet(self, cid: str) -> dict[str, Any]:
        snippet, seq = self._snippets[cid]
        return {"snippet": self._seal(cid, snippet, "conversation.snippet", seq), "snippet_seq": seq}

    def _seal(self, cid: str, text: str, column: str, version: int) -> bytes:
        return seal_column(self._keys.key_for(ConversationId(cid)), text, column, cid, "", version)

    def _count(self, changes: dict[tuple[str, int, str], int]) -> None:
        rows = [
            {"state": state, "urgency": urgency, "assigned_to": assigned_to, "number": number}
            for (state, urgency, assigned_to), number in changes.items()
            if number
        ]
        if rows:
            self._connection.execute(_ADD_TO_TALLY, rows)

    def _erase(self, cid: ConversationId) -> None:
        self.flush()
        row = self._connection.execute(_SELECT_FACTS, {"cid": cid}).one_or_none()
        if row is not None:
            self._count({Facts(*row).tally_key: -1})
        for table in (*tables.OF_CONVERSATION, *OF_CONVERSATION):
            self._connection.execute(delete(table).where(table.c.conversation_id == cid))


@lru_cache(maxsize=256)
def _update_statement(columns: tuple[str, ...]) -> Update:
    return (
        update(tables.conversation)
        .where(tables.conversation.c.conversation_id == bindparam("cid"))
        .values({name: bindparam(f"new_{name}") for name in columns})
    )
