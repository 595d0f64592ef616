"""The patient channel of one open desk: everything that screens and the command line ask of it.

Its sides stand in modules of their own: ``office_side``, ``gateway_side``, ``conversation_side``.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress

from sqlalchemy import Connection

from app.domain.channel import (
    ChannelStatus,
    LinkPhase,
)
from app.domain.events import Event
from app.domain.ids import OFFICE, ConversationId
from app.services.channel.conversation_side import ConversationSide
from app.services.channel.farewell import farewell
from app.services.channel.gateway_side import GatewaySide
from app.services.channel.office_keys import CARD_S, fingerprint_words
from app.services.channel.office_side import OfficeSide
from app.services.channel.parts import ArrivalListener
from app.services.channel.runs import Incoming, Outcome
from app.services.ledger import Listener
from app.store.channel import outbox, secrets
from app.store.channel.peers import address_of
from app.store.logged import Also


class ChannelService(OfficeSide, GatewaySide, ConversationSide):
    """Serves one open vault. Built when somebody asks for it; safe from any thread."""

    def __repr__(self) -> str:
        return "<ChannelService>"

    def status(self) -> ChannelStatus:
        """Return how the channel stands; for every role, since it names nobody."""
        link = self._line.state
        certificate = self._keys.certificate()
        with self._ledger.reading() as connection:
            gateway, is_on = self._places.read_with(connection)
            card = secrets.read_document(connection, "card")
            waiting = outbox.count_waiting(connection)
        notice = self._keys.notice()
        return ChannelStatus(
            has_office_keys=certificate is not None,
            is_on=is_on,
            gateway=gateway,
            phase=link.phase if is_on else LinkPhase.OFF,
            code=link.code,
            retry_at_ms=link.retry_at_ms,
            last_contact_ms=link.last_contact_ms,
            waiting_count=waiting.unsent,
            undelivered_count=waiting.undelivered,
            oldest_undelivered_ms=waiting.oldest_ms,
            card_issued_ms=None if card is None else card.made_ms,
            card_until_ms=None if card is None else card.made_ms + CARD_S * 1000,
            certified_until_ms=None if certificate is None else certificate.until_s * 1000,
            fingerprint="" if certificate is None else fingerprint_words(self._keys.office_id),
            is_open_door=notice is not None and notice.is_open_door,
            refused_frames=self._receiving.refused_count,
            page=link.page,
            held_back=tuple(self._line.held_back.values()),
        )

    def on_change(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with a conversation whose delivery or patient changed, or ``OFFICE`` for the channel."""
        self._changed.append(listener)
        return lambda: self._changed.remove(listener)

    def on_arrival(self, listener: ArrivalListener) -> Callable[[], None]:
        """Call ``listener`` when somebody has written, with how urgent it is: for a sound, and no content."""
        self._arrived.append(listener)
        return lambda: self._arrived.remove(listener)

    # -- within the transactions of others -----------------------------------------------------------------------

    def carry(self, connection: Connection, cid: ConversationId, events: tuple[Event, ...]) -> None:
        """Seal what the patient is to be told of these events; see ``Posting``."""
        self._posting.carry(connection, cid, events)

    def farewell(self, conversation_ids: tuple[ConversationId, ...]) -> Also | None:
        """Return what writes down that the patients are told of the erasure; see ``app.services.channel.farewell``."""
        return farewell(self._ledger, self._conversing, conversation_ids)

    # -- private -------------------------------------------------------------------------------------------------

    def _take(self, incoming: Sequence[Incoming]) -> tuple[Sequence[Outcome], Callable[[], None]]:
        outcomes, arrived = self._receiving.take_all(incoming)

        def tell() -> None:
            for one in arrived:
                for listener in tuple(self._arrived):
                    with suppress(Exception):
                        listener(one.conversation_id, one.urgency)

        return outcomes, tell

    def _on_change(self, changed: ConversationId) -> None:
        """After a commit: only now does the courier see what it brought."""
        self._line.wake()
        if changed == OFFICE:
            return
        with self._ledger.reading() as connection:
            is_ours = address_of(connection, changed) is not None
        if is_ours:
            self._tell(changed)
