"""What a visitor's message becomes: events, and the rows that know it again when it comes once more."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.channel.errors import DocumentRefusedError
from app.channel.kinds import Content, Kind
from app.channel.receipts import Receipt
from app.channel.signing import Signed
from app.domain.conversation import Urgency
from app.domain.events import Event, EventKind, JsonValue
from app.domain.ids import ConversationId, EventId
from app.services.channel.contents import consent_given, file_body, file_content, message_received
from app.services.interlock.signing import EmergencyCheck, raised
from app.store.channel import files, outbox
from app.store.channel.files import FileRow
from app.store.channel.outbox import MessageRow
from app.store.logged import NewEvent

_SPOKEN = frozenset({EventKind.MESSAGE_RECEIVED, EventKind.FILE_RECEIVED})


@dataclass(slots=True)
class Arrivals:
    """Messages of one visitor within one transaction. ``noted``: message id, place of its event or None, is early."""

    cid: ConversationId
    now_ms: int
    office: bytes
    address: bytes
    verify: bytes
    is_known_notice: Callable[[Receipt], bool]
    events: list[NewEvent] = field(default_factory=list)
    noted: list[tuple[bytes, int | None, bool]] = field(default_factory=list)
    refused: int = 0

    def take(self, message_id: bytes, kind: Kind, content: Content, clock: int, *, is_early: bool = False) -> None:
        """Take one message that has not come before; ``clock`` is the visitor's."""
        event = self._event(kind, content, clock)
        self.noted.append((message_id, None if event is None else len(self.events), is_early))
        if event is not None:
            self.events.append(event)

    def take_receipt(self, receipt: Receipt, signed: Signed) -> None:
        """Take a consent whose signature holds; one to a text that this office never published is none."""
        if self.is_known_notice(receipt):
            self.events.append(consent_given(self.cid, receipt, signed, 0))
        else:
            self.refused += 1

    @property
    def has_spoken(self) -> bool:
        """Whether somebody waits for an answer now."""
        return any(event.kind in _SPOKEN for event in self.events)

    def has_spoken_since(self, place: int) -> bool:
        """Whether one of the events from ``place`` on is something that was said."""
        return any(event.kind in _SPOKEN for event in self.events[place:])

    def raise_emergency(self, check: EmergencyCheck, urgency: Urgency) -> bool:
        """Raise the conversation when a text holds a phrase of the emergency list; say whether it is one."""
        if urgency is Urgency.EMERGENCY:
            return True
        texts = [str(event.body["text"]) for event in self.events if event.kind is EventKind.MESSAGE_RECEIVED]
        hits = next((hits for text in texts if (hits := check(text))), ())
        self.events += raised(self.cid, hits)
        return bool(hits)

    def write(self, connection: Connection, events: tuple[Event, ...]) -> None:
        """Note what came, within the transaction of its events."""
        rows = [
            MessageRow(
                self.cid,
                message_id,
                events[place].event_id if place is not None else _NO_EVENT,
                is_ours=False,
                made_ms=self.now_ms,
                is_early=is_early,
            )
            for message_id, place, is_early in self.noted
        ]
        outbox.add_messages(connection, rows)
        for event in events:
            if event.kind is EventKind.FILE_RECEIVED:
                files.add_file(connection, _file_row(event))

    def _event(self, kind: Kind, content: Content, clock: int) -> NewEvent | None:
        match kind:
            case Kind.TEXT:
                return message_received(self.cid, content["text"], self.now_ms, clock)
            case Kind.FILE:
                body: dict[str, JsonValue] = {"file": file_body(content), "written_ms": self.now_ms, "clock": clock}
                return NewEvent(self.cid, EventKind.FILE_RECEIVED, body)
            case Kind.CONSENT:
                return self._consent(Signed(content["receipt"]["receipt"], content["receipt"]["sig"]), clock)
            case Kind.ASSISTANT:
                return NewEvent(self.cid, EventKind.ASSISTANT_SET, {"is_on": content["on"], "clock": clock})
            case Kind.WITHDRAW:
                return NewEvent(self.cid, EventKind.CONSENT_WITHDRAWN, {"clock": clock})
            case _:
                plain = _PLAIN.get(kind)
                return None if plain is None else NewEvent(self.cid, plain, {})

    def _consent(self, signed: Signed, clock: int) -> NewEvent | None:
        try:
            receipt = Receipt.open(signed, self.verify, office=self.office, address=self.address)
        except DocumentRefusedError:
            self.refused += 1
            return None
        is_known = self.is_known_notice(receipt)
        self.refused += not is_known
        return consent_given(self.cid, receipt, signed, clock) if is_known else None


def _file_row(event: Event) -> FileRow:
    content = file_content(event.body["file"])
    return FileRow(event.conversation_id, content["blob"], event.event_id, content["chunks"], is_ours=False)


_PLAIN = {
    Kind.END: EventKind.VISITOR_ENDED,
    Kind.ERASE: EventKind.ERASURE_ASKED,
}
_NO_EVENT = EventId("")
