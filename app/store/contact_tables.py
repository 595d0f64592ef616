"""The table of what is known of contacts: the newest description of each, and the one before loses its words.

A correction that keeps the wrong number somewhere is none, so what a newer description replaces is shed in the same
transaction (``app.store.chain``), as unsaved texts and rules of finding are.
"""

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.domain.events import Event
from app.store import tables
from app.store.codec import KeySource, seal_column

_details = tables.contact_details.c
_SELECT_SEQ = select(_details.seq).where(_details.conversation_id == bindparam("cid"))
_DELETE = delete(tables.contact_details).where(_details.conversation_id == bindparam("cid"))


class ContactTables:
    """Applies descriptions of contacts within the caller's transaction; a part of ``Projector``."""

    def __init__(self, connection: Connection, keys: KeySource) -> None:
        self._connection = connection
        self._keys = keys

    def apply(self, seq: int, event: Event) -> list[int]:
        """Keep a description; return the numbers of the events whose words it replaces."""
        cid, details = event.conversation_id, event.body["details"]
        assert isinstance(details, dict)
        replaced = [int(one) for one in self._connection.execute(_SELECT_SEQ, {"cid": cid}).scalars()]
        self._connection.execute(_DELETE, {"cid": cid})
        content = seal_column(self._keys.key_for(cid), details, "contact_details.content", cid, "", seq)
        row = {"conversation_id": cid, "seq": seq, "content": content}
        self._connection.execute(insert(tables.contact_details), row)
        return replaced
