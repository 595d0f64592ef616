"""One file that was taken out of a thread: its key went with the event, its chunks go here and at the gateway."""

from sqlalchemy import Connection

from app.domain.events import Event, EventKind
from app.domain.ids import ConversationId, EventId
from app.store.channel import files
from app.store.channel.invitations import Errand, add_errand
from app.store.channel.peers import address_of


def forget_files(connection: Connection, cid: ConversationId, events: tuple[Event, ...]) -> None:
    """Remove the files whose events these redactions name, and have the gateway drop what it still has of them."""
    for event in events:
        if event.kind is not EventKind.MESSAGE_REDACTED or event.conversation_id != cid:
            continue
        row = files.file_of(connection, cid, EventId(str(event.body["event_id"])))
        address = address_of(connection, cid)
        if row is not None and address is not None:
            files.remove_file(connection, row)
            add_errand(connection, Errand("drop", address, row.blob))
