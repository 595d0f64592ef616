"""The parts of the channel of one open desk, built once and shared by the sides of its service."""

import logging
from collections.abc import Callable, Sequence

from app.domain.conversation import Urgency
from app.domain.ids import OFFICE, ConversationId
from app.services.channel.attachments import Attachments
from app.services.channel.conversing import Conversing
from app.services.channel.gateway_place import PlaceBook
from app.services.channel.invitations import InvitationBook
from app.services.channel.line import Line
from app.services.channel.office_keys import OfficeKeys
from app.services.channel.posting import Posting
from app.services.channel.receiving import Receiving
from app.services.channel.runs import Incoming, Outcome
from app.services.channel.settling import TakeRequest
from app.services.channel.thread_view import ThreadView
from app.services.interlock.signing import EmergencyCheck
from app.services.ledger import Ledger, Listener

KEEP_UP_MS = 20_000
_log = logging.getLogger(__name__)

ArrivalListener = Callable[[ConversationId, Urgency], None]


class ChannelParts:
    """Builds the parts. ``_take``, ``keep_up`` and ``_on_change`` are what the service does with what they tell."""

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

    def _tell(self, changed: ConversationId) -> None:
        for listener in tuple(self._changed):
            try:
                listener(changed)
            except Exception as error:  # noqa: BLE001 - a broken screen must not undo an acknowledged message
                _log.error("a change listener failed: %s", type(error).__name__)

    def keep_up(self) -> None:
        """Do what is due now and then."""
        raise NotImplementedError

    def _take(self, incoming: Sequence[Incoming]) -> tuple[Sequence[Outcome], Callable[[], None]]:
        raise NotImplementedError

    def _on_change(self, changed: ConversationId) -> None:
        raise NotImplementedError
