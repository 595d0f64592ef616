"""The patient channel of one open desk: everything that screens and the command line ask of it."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from sqlalchemy import Connection

from app.channel.digests import token_hash
from app.domain.channel import (
    ChannelPeer,
    ChannelStatus,
    ChannelThread,
    Delivery,
    GatewayPlace,
    Holdings,
    InvitationRow,
    Invite,
    LinkPhase,
    NoticeTexts,
)
from app.domain.conversation import Urgency
from app.domain.events import Event, EventKind
from app.domain.ids import OFFICE, ConversationId, EventId
from app.domain.office_hours import Hours
from app.domain.roles import Right, may_read_messages
from app.services.channel.attachments import Attachments
from app.services.channel.conversing import Conversing
from app.services.channel.facts import may_propose
from app.services.channel.farewell import farewell
from app.services.channel.gateway_place import PlaceBook
from app.services.channel.holdings import read_holdings
from app.services.channel.hours import hours_from_json, hours_to_json
from app.services.channel.invitations import InvitationBook
from app.services.channel.line import Line
from app.services.channel.mailboxes import Mailboxes
from app.services.channel.office_file import office_file
from app.services.channel.office_keys import CARD_S, OfficeKeys, fingerprint_words
from app.services.channel.ports import LinkFactory
from app.services.channel.posting import Posting
from app.services.channel.receiving import Incoming, Outcome, Receiving
from app.services.channel.settling import TakeRequest
from app.services.channel.thread_view import ThreadView
from app.services.errors import ChannelFault, ChannelRefusedError
from app.services.interlock.signing import EmergencyCheck
from app.services.ledger import Ledger, Listener
from app.store.channel import outbox, secrets
from app.store.channel.peers import address_of
from app.store.logged import Also, NewEvent

KEEP_UP_MS = 20_000
_HOURS = "hours"
_log = logging.getLogger(__name__)

ArrivalListener = Callable[[ConversationId, Urgency], None]


class ChannelService:
    """Serves one open vault. Built when somebody asks for it; safe from any thread."""

    def __init__(
        self,
        ledger: Ledger,
        check_emergency: EmergencyCheck,
        take_request: TakeRequest,
        on_keys_erased: Callable[[], object] = lambda: None,
    ) -> None:
        self._ledger = ledger
        self._keys = OfficeKeys(ledger, on_keys_erased)
        self._conversing = Conversing(ledger, lambda: self._keys.standing)
        self._posting = Posting(self._conversing)
        self._receiving = Receiving(ledger, self._keys, self._conversing, check_emergency, take_request)
        self._invitations = InvitationBook(ledger, self._keys)
        self._attachments = Attachments(ledger)
        self._places = PlaceBook(ledger)
        self._threads = ThreadView(ledger, self._conversing, self._attachments)
        self._line = Line(ledger, self._keys, self._conversing, self._take, lambda: self._tell(OFFICE), self.keep_up)
        self._kept_up_ms = -KEEP_UP_MS
        self._changed: list[Listener] = []
        self._arrived: list[ArrivalListener] = []
        self._end_listening = ledger.on_change(self._on_change)

    def __repr__(self) -> str:
        return "<ChannelService>"

    # -- how it stands -------------------------------------------------------------------------------------------

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

    # -- keys and what patients read -------------------------------------------------------------------------------

    def make_office_keys(self) -> str:
        """Return a fresh root as a code to print; see ``OfficeKeys.make``."""
        return self._keys.make()

    def confirm_office_keys(self, typed: str, notice: NoticeTexts | None = None) -> str:
        """Make the keys once the code was typed from paper, and return the office's fingerprint.

        Raises:
            RecoveryCodeError, ChannelRefusedError, NotYoursError: see ``OfficeKeys.confirm``.
        """
        words = self._keys.confirm(typed)
        if notice is not None:
            self._keys.set_notice(notice)
        self._tell(OFFICE)
        return words

    def recertify(self, typed: str) -> None:
        """Have the root on paper vouch for another three years; see ``OfficeKeys.recertify``."""
        self._keys.recertify(typed)
        self._line.publish()

    def notice(self) -> NoticeTexts | None:
        """Return what patients read first, None before it was written."""
        return self._keys.notice()

    def set_notice(self, texts: NoticeTexts) -> NoticeTexts:
        """Set what patients read first; see ``OfficeKeys.set_notice``."""
        texts = self._keys.set_notice(texts)
        self._line.publish()
        return texts

    def hours(self) -> Hours | None:
        """Return when somebody is at the desk, None before it was said."""
        with self._ledger.reading() as connection:
            found = secrets.read_setting(connection, self._ledger.keys, _HOURS)
        return None if found is None else hours_from_json(found)

    def set_hours(self, hours: Hours) -> None:
        """Say when somebody is at the desk, and what is said at once to whoever writes when nobody is.

        Raises:
            NotYoursError: not an administrator.
        """
        json, keys = hours_to_json(hours), self._ledger.keys
        event = NewEvent(OFFICE, EventKind.HOURS_SET, {"hours": json})
        self._ledger.write_all((event,), OFFICE, lambda c, _events: secrets.write_setting(c, keys, _HOURS, json))

    # -- the gateway ---------------------------------------------------------------------------------------------

    def use_link(self, factory: LinkFactory, *, carries_itself: bool = True) -> None:
        """Talk to the gateway through what ``factory`` makes; without one the channel stays off the wire.

        With ``carries_itself`` a thread of its own carries; else only ``pump`` does.
        """
        self._line.use(factory, carries_itself=carries_itself)

    def turn_on(self, place: GatewayPlace) -> None:
        """Use a gateway from now on, and begin to talk to it; see ``PlaceBook.turn_on``.

        Raises:
            NotYoursError, ChannelRefusedError: also when there are no keys or no notice yet.
        """
        self._ledger.require(Right.MANAGE_CHANNEL)
        self._keys.standing  # noqa: B018 - refused here when anything is missing
        self._places.turn_on(place)
        self._line.stop()
        self.start()

    def turn_off(self) -> None:
        """Talk to no gateway any more; what waits, waits.

        Raises:
            NotYoursError: not an administrator.
        """
        self._places.turn_off()
        self._line.stop()
        self._tell(OFFICE)

    def start(self) -> bool:
        """Begin to talk to the gateway, when the channel is on, the role may and there is a link; say whether it is so.

        Called by the console after unlocking, and by ``turn_on``.
        """
        if self._line.is_up:
            return True
        place, is_on = self._places.read()
        if not is_on or place is None or not may_read_messages(self._ledger.person.role):
            return False
        is_started = self._line.start(place)
        self._tell(OFFICE)
        return is_started

    def stop(self) -> None:
        """Let go of the gateway; ``turn_off`` remembers it, this does not."""
        self._line.stop()

    def close(self) -> None:
        """Stop, for good."""
        self.stop()
        self._end_listening()

    def keep_up(self) -> None:
        """Renew the card when it is due, tell of what is missing, forget old invitations; not for each frame anew."""
        now_ms = self._ledger.now_ms()
        if 0 <= now_ms - self._kept_up_ms < KEEP_UP_MS:
            return
        self._kept_up_ms = now_ms
        if self._keys.renew_when_due():
            self._line.publish()
        self._receiving.look_after()
        self._invitations.tidy()

    def pump(self) -> None:
        """Do, on this thread and at once, what the courier does by itself."""
        self._line.pump()

    def office_file(self) -> bytes:
        """Return what IT starts the gateway with: nothing secret.

        Raises:
            NotYoursError: not an administrator.
            ChannelRefusedError: no keys or no notice yet.
        """
        self._ledger.require(Right.MANAGE_CHANNEL)
        return office_file(self._keys.office_id, token_hash(self._keys.token), self._keys.standing.data)

    def holdings(self) -> Holdings:
        """Ask the gateway what it holds. Blocks; names are there for roles that may see them.

        Raises:
            NotYoursError: the role sees no controls.
            ChannelRefusedError: it is off, or cannot be asked now.
        """
        if not may_read_messages(self._ledger.person.role):
            self._ledger.require(Right.SEE_CONTROLS)
        found = self._line.ask(lambda link: link.holdings())
        return read_holdings(found, self._ledger)

    def wipe(self) -> int:
        """Have the gateway forget everything of this office but its document; return how many mailboxes that were.

        The mailboxes of conversations and open invitations are made again, empty, and what had not arrived at a patient
        is sent once more.

        Raises:
            NotYoursError, ChannelRefusedError: as ``holdings``; only an administrator.
        """
        self._ledger.require(Right.MANAGE_CHANNEL)
        mailboxes, held = Mailboxes(self._ledger), self._line.ask(lambda link: link.holdings())
        mailboxes.compare(held)
        self._line.ask(lambda link: link.wipe())
        count = len(held["mailboxes"])
        self._ledger.write(OFFICE, EventKind.MAILBOXES_WIPED, count=count)
        mailboxes.compare({"mailboxes": []})
        self._line.wake()
        return count

    # -- invitations ---------------------------------------------------------------------------------------------

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

    # -- one conversation ----------------------------------------------------------------------------------------

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

    def _tell(self, changed: ConversationId) -> None:
        for listener in tuple(self._changed):
            try:
                listener(changed)
            except Exception as error:  # noqa: BLE001 - a broken screen must not undo an acknowledged message
                _log.error("a change listener failed: %s", type(error).__name__)

    def _known(self, cid: ConversationId) -> ChannelPeer:
        peer = self.peer(cid)
        if peer is None:
            raise ChannelRefusedError(ChannelFault.NOT_OVER_CHANNEL)
        return peer
