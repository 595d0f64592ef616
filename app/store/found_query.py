"""From places in the log, as the search index knows them, to what stands there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from app.domain.conversation import ItemKind
from app.domain.ids import ConversationId
from app.store import tables
from app.store.codec import KeySource, open_column

_event, _item, _conversation = tables.event, tables.thread_item, tables.conversation
_COLUMNS = (
    _event.c.seq.label("place"),
    _item.c.conversation_id,
    _item.c.event_id,
    _item.c.seq,
    _item.c.wall_ms,
    _item.c.content,
    _conversation.c.contact,
)


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One item of a thread that a search leads to."""

    conversation_id: str
    event_id: str
    wall_ms: int
    contact_name: str = field(repr=False)
    text: str = field(repr=False)


def read_items_at(connection: Connection, keys: KeySource, seqs: Sequence[int]) -> tuple[FoundItem, ...]:
    """Return the items at these places, in the order given; places that show nothing are left out."""
    return _read(connection, keys, _AT, seqs)


def read_newest_items(connection: Connection, keys: KeySource, opened_seqs: Sequence[int]) -> tuple[FoundItem, ...]:
    """Return the newest message of each conversation that was opened at one of these places."""
    return _read(connection, keys, _NEWEST, opened_seqs)


def _joined(is_item: Any) -> Select[Any]:
    tables_joined = _event.join(_item, is_item).join(
        _conversation, _conversation.c.conversation_id == _item.c.conversation_id
    )
    return select(*_COLUMNS).select_from(tables_joined).where(_event.c.seq.in_(bindparam("seqs", expanding=True)))


_other = tables.thread_item.alias("other")
_newest_seq = (
    select(func.max(_other.c.seq))
    .where(_other.c.conversation_id == _event.c.conversation_id, _other.c.kind == ItemKind.MESSAGE.value)
    .correlate(_event)
    .scalar_subquery()
)
_same_stream = _item.c.conversation_id == _event.c.conversation_id
_AT = _joined(_same_stream & (_item.c.seq == _event.c.seq))
_NEWEST = _joined(_same_stream & (_item.c.seq == _newest_seq))


def _read(
    connection: Connection, keys: KeySource, statement: Select[Any], seqs: Sequence[int]
) -> tuple[FoundItem, ...]:
    if not seqs:
        return ()
    rows = {row.place: row for row in connection.execute(statement, {"seqs": list(seqs)})}
    return tuple(_to_item(rows[seq], keys) for seq in seqs if seq in rows and keys.has(rows[seq].conversation_id))


def _to_item(row: Row[Any], keys: KeySource) -> FoundItem:
    cid = row.conversation_id
    key = keys.key_for(ConversationId(cid))
    content = open_column(key, row.content, "thread_item.content", cid, row.event_id, row.seq)
    contact = open_column(key, row.contact, "conversation.contact", cid, "", 0)
    return FoundItem(cid, row.event_id, row.wall_ms, contact, content["text"])
