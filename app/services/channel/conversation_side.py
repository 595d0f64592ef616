"""The channel and people: invitations, and everything that it adds to one conversation."""

from app.domain.channel import (
    ChannelPeer,
    ChannelThread,
    Delivery,
    InvitationRow,
    Invite,
)
from app.domain.events import EventKind
from app.domain.ids import ConversationId, EventId
from app.services.channel.facts import may_propose
from app.services.channel.parts import ChannelParts
from app.services.errors import ChannelFault, ChannelRefusedError


class ConversationSide(ChannelParts):
    """Invitations and conversations."""

    def invite(self, contact_name: str, language: str = "en") -> Invite:
        """Invite somebody by a link; see ``InvitationBook.make``."""
        invite = self._invitations.make(contact_name, language, self._places.page_url())
        self._line.wake()
        return invite

    def link_of(self, invite_id: str) -> str:
        """Return the link of an open invitation once more."""
        return self._invitations.link_of(invite_id, self._places.page_url())

    def invitations(self) -> tuple[InvitationRow, ...]:
        """Return every invitation, the newest first."""
        return self._invitations.rows()

    def revoke(self, invite_id: str) -> None:
        """Take an invitation back."""
        self._invitations.revoke(invite_id)
        self._line.wake()

    def peer(self, cid: ConversationId) -> ChannelPeer | None:
        """Return the patient of a conversation, None when it did not come over the channel."""
        found = self.thread(cid)
        return None if found is None else found.peer

    def thread(self, cid: ConversationId) -> ChannelThread | None:
        """Return what the channel adds to a conversation, None when it did not come over it.

        Raises:
            NotYoursError: the role never sees a message.
        """
        return self._threads.thread(cid)

    def delivery(self, cid: ConversationId) -> dict[EventId, Delivery]:
        """Return how far each of the desk's messages has come."""
        return self._threads.delivery(cid)

    def may_propose(self, cid: ConversationId) -> bool:
        """Say whether a model may be given this conversation."""
        return may_propose(self._ledger, cid)

    def verify(self, cid: ConversationId) -> None:
        """Note that the safety number was compared with the patient, and is the same.

        Raises:
            NotYoursError, ChannelRefusedError: nothing was noted.
        """
        self._ledger.write(cid, EventKind.IDENTITY_CHECKED, safety_number=self._known(cid).safety_number)

    def end(self, cid: ConversationId) -> None:
        """End a conversation; its patient is told."""
        if self._known(cid).has_ended:
            raise ChannelRefusedError(ChannelFault.HAS_ENDED)
        self._ledger.write(cid, EventKind.DESK_ENDED)

    def attach(self, cid: ConversationId, name: str, data: bytes) -> EventId:
        """Send a file; see ``Attachments.attach``."""
        event_id = self._attachments.attach(cid, name, data)
        self._line.wake()
        return event_id

    def attachment(self, event_id: EventId) -> bytes:
        """Return a file; see ``Attachments.read``. One that is not here yet is fetched next."""
        try:
            return self._attachments.read(event_id)
        except ChannelRefusedError as refusal:
            if refusal.fault is ChannelFault.FILE_NOT_HERE:
                self._line.want(event_id)
            raise

    def _known(self, cid: ConversationId) -> ChannelPeer:
        peer = self.peer(cid)
        if peer is None:
            raise ChannelRefusedError(ChannelFault.NOT_OVER_CHANNEL)
        return peer
