"""What the channel holds of one person, for a copy of their data: what they agreed to, and every file."""

from base64 import b64encode

from sqlalchemy import Connection

from app.channel.attachments import open_file
from app.channel.errors import AttachmentRefusedError
from app.domain.events import Event, EventKind
from app.domain.ids import ConversationId
from app.services.channel.contents import file_content
from app.services.ledger import Ledger
from app.store.channel import files

_AGREED = frozenset({EventKind.CONSENT_GIVEN, EventKind.CONSENT_WITHDRAWN, EventKind.ASSISTANT_SET})
_FILES = frozenset({EventKind.FILE_RECEIVED, EventKind.FILE_SENT})


def copy_channel(ledger: Ledger, connection: Connection, cid: ConversationId) -> dict[str, object]:
    """Return the consents with their signed receipts, and the files, as JSON values; a file not here has no data."""
    events = ledger.log.read(cid)
    return {
        "consents": [
            {"when_ms": event.wall_ms, "what": event.kind.value, **event.body}
            for event in events
            if event.kind in _AGREED
        ],
        "files": [_file(connection, event) for event in events if event.kind in _FILES and event.body],
    }


def _file(connection: Connection, event: Event) -> dict[str, object]:
    content = file_content(event.body["file"])
    row = files.file_of(connection, event.conversation_id, event.event_id)
    data = None
    if row is not None and files.count_chunks(connection, row) == row.total:
        try:
            data = b64encode(open_file(content, files.walk_chunks(connection, row))).decode()
        except AttachmentRefusedError:
            data = None
    return {
        "when_ms": event.wall_ms,
        "from": "visitor" if event.kind is EventKind.FILE_RECEIVED else "desk",
        "name": content["name"],
        "type": content["type"],
        "size": content["size"],
        "base64": data,
    }
