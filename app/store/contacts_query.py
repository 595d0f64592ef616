"""Every conversation with the name of its contact, to find all of one person's."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from app.domain.ids import ConversationId
from app.store import tables
from app.store.codec import KeySource, open_column

_c = tables.conversation.c
_SELECT = select(_c.conversation_id, _c.contact, _c.last_activity_ms).order_by(_c.last_activity_ms.desc())


@dataclass(frozen=True, slots=True)
class Contact:
    """Whose conversation it is, and when something last happened in it."""

    conversation_id: ConversationId
    name: str = field(repr=False)
    last_activity_ms: int


def walk_contacts(connection: Connection, keys: KeySource) -> Iterator[Contact]:
    """Yield every conversation that the person at the desk may know of, the newest first."""
    for row in connection.execution_options(yield_per=1000).execute(_SELECT):
        cid = ConversationId(row.conversation_id)
        if not keys.has(cid):
            continue
        name = open_column(keys.key_for(cid), row.contact, "conversation.contact", cid, "", 0)
        yield Contact(cid, str(name), row.last_activity_ms)
