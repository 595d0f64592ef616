"""Every conversation with what is known of its contact, to find all of one person's."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, select

from app.domain.contact import NOTHING_KNOWN, ContactDetails
from app.domain.ids import ConversationId
from app.store import tables
from app.store.codec import KeySource, open_column
from app.store.contact_records import details_from_json

_c, _d = tables.conversation.c, tables.contact_details.c
_SELECT = (
    select(_c.conversation_id, _c.contact, _c.last_activity_ms, _d.seq, _d.content)
    .select_from(tables.conversation)
    .outerjoin(tables.contact_details, _c.conversation_id == _d.conversation_id)
    .order_by(_c.last_activity_ms.desc())
)
_SELECT_DETAILS = select(_d.seq, _d.content).where(_d.conversation_id == bindparam("cid"))


@dataclass(frozen=True, slots=True)
class Contact:
    """Whose conversation it is, and when something last happened in it."""

    conversation_id: ConversationId
    name: str = field(repr=False)
    last_activity_ms: int
    details: ContactDetails = field(default=NOTHING_KNOWN, repr=False)


def walk_contacts(connection: Connection, keys: KeySource) -> Iterator[Contact]:
    """Yield every conversation that the person at the desk may know of, the newest first."""
    for row in connection.execution_options(yield_per=1000).execute(_SELECT):
        cid = ConversationId(row.conversation_id)
        if not keys.has(cid):
            continue
        name = open_column(keys.key_for(cid), row.contact, "conversation.contact", cid, "", 0)
        yield Contact(cid, str(name), row.last_activity_ms, _open(row.content, row.seq, keys.key_for(cid), cid))


def read_details(connection: Connection, keys: KeySource, cid: ConversationId) -> ContactDetails:
    """Return what is known of the contact of one conversation; nothing where nothing was written down."""
    row = connection.execute(_SELECT_DETAILS, {"cid": cid}).one_or_none()
    return NOTHING_KNOWN if row is None else _open(row.content, row.seq, keys.key_for(cid), cid)


def _open(content: bytes | None, seq: int, key: bytes, cid: ConversationId) -> ContactDetails:
    if content is None:
        return NOTHING_KNOWN
    return details_from_json(open_column(key, content, "contact_details.content", cid, "", seq))
