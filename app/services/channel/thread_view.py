"""What the channel adds to a thread: who is at the other end, how far each message has come, the files."""

from app.domain.channel import ChannelPeer, ChannelThread, Delivery
from app.domain.ids import ConversationId, EventId
from app.domain.roles import Right
from app.services.channel.attachments import Attachments
from app.services.channel.conversing import Conversing, Held
from app.services.channel.facts import Facts, read_facts
from app.services.ledger import Ledger
from app.store.channel import outbox
from app.store.channel.outbox import MessageState

_DELIVERY = {
    MessageState.UNSEALED: Delivery.WAITING,
    MessageState.SEALED: Delivery.WAITING,
    MessageState.STORED: Delivery.STORED,
    MessageState.DELIVERED: Delivery.DELIVERED,
    MessageState.READ: Delivery.READ,
}


class ThreadView:
    """Reads the channel's side of threads."""

    def __init__(self, ledger: Ledger, conversing: Conversing, attachments: Attachments) -> None:
        self._ledger = ledger
        self._conversing = conversing
        self._attachments = attachments

    def thread(self, cid: ConversationId) -> ChannelThread | None:
        """Return what the channel adds to a conversation, None when it did not come over it.

        Raises:
            NotYoursError: the role never sees a message.
        """
        self._ledger.require(Right.READ_MESSAGES)
        with self._ledger.reading() as connection:
            held = self._conversing.load(connection, cid) if self._ledger.keys.has(cid) else None
            if held is None:
                return None
            peer = self._peer(held, read_facts(self._ledger, connection, cid))
            states = {event_id: _DELIVERY[state] for event_id, state in outbox.states_of(connection, cid).items()}
            early = outbox.early_events(connection, cid)
            return ChannelThread(peer, states, self._attachments.of(connection, cid), early)

    def delivery(self, cid: ConversationId) -> dict[EventId, Delivery]:
        """Return how far each of the desk's messages has come.

        Raises:
            NotYoursError: the role never sees a message.
        """
        self._ledger.require(Right.READ_MESSAGES)
        with self._ledger.reading() as connection:
            return {event_id: _DELIVERY[state] for event_id, state in outbox.states_of(connection, cid).items()}

    def _peer(self, held: Held, facts: Facts) -> ChannelPeer:
        number, checked = held.session.safety_number, facts.checked
        if checked is not None and checked.body["safety_number"] != number:
            checked = None
        return ChannelPeer(
            safety_number=number,
            verified_ms=None if checked is None else checked.wall_ms,
            verified_by="" if checked is None else self._ledger.names.get(checked.actor, ""),
            assistant_allowed=facts.is_assistant_allowed,
            consent_version=facts.version,
            consent_ms=None if facts.consent is None else facts.consent.wall_ms,
            language=facts.language,
            last_seen_ms=held.row.last_seen_ms,
            has_ended=facts.has_ended,
            asked_erasure_ms=facts.asked_erasure_ms,
            alarms=facts.alarms,
            is_confirmed=held.session.is_confirmed,
        )
