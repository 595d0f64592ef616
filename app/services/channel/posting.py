"""What rides in the transaction of the desk's own events: a reply that is sent is in the outbox, or is not sent."""

from dataclasses import replace

from sqlalchemy import Connection

from app.channel.kinds import Kind
from app.domain.events import Event, EventKind
from app.domain.ids import ConversationId, EventId
from app.services.channel.conversing import Conversing
from app.services.channel.forgetting import forget_files
from app.store.channel import outbox

_ANSWERS = frozenset({EventKind.MESSAGE_SENT, EventKind.FILE_SENT})


class Posting:
    """Turns events of channel conversations into frames."""

    def __init__(self, conversing: Conversing) -> None:
        self._conversing = conversing

    def carry(self, connection: Connection, cid: ConversationId, events: tuple[Event, ...]) -> None:
        """Seal what the patient is to be told of these events of one conversation."""
        conversing = self._conversing
        forget_files(connection, cid, events)
        has_news = conversing.note_outgoing(connection, cid, events)
        seen = [EventId(str(event.body["up_to"])) for event in events if event.kind is EventKind.SEEN]
        if not has_news and not seen:
            return
        held = conversing.load(connection, cid)
        if held is None:
            return
        if any(event.kind in _ANSWERS for event in events):
            held = replace(held, row=replace(held.row, away_ms=None))
        if seen and held.session.is_confirmed:
            ids = outbox.messages_of(connection, cid, seen[-1])
            if ids:
                held = conversing.post(connection, held, Kind.READ, {"up_to": ids[-1]})
        conversing.write(connection, held)
