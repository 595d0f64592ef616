"""What the desk knows of a contact: read, written down, corrected. Each change is one durable commit.

A description replaces the one before, whose words are gone from then on; whoever takes a step back writes down what
stood there. Safe from any thread.
"""

from datetime import UTC, date, datetime

from app.domain.contact import ContactDetails
from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.domain.roles import Right
from app.services.contacts.checking import UntrustedDetails, check_details
from app.services.ledger import Ledger
from app.store.contact_records import details_to_json
from app.store.contacts_query import read_details


class ContactService:
    """The contacts of one open vault."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def details(self, cid: ConversationId) -> ContactDetails:
        """Return what is known.

        Raises:
            NotYoursError: the role never sees a message.
            NoSuchConversationError: there is none of this id.
        """
        self._ledger.require(Right.READ_MESSAGES)
        self._ledger.standing(cid)
        with self._ledger.reading() as connection:
            return read_details(connection, self._ledger.keys, cid)

    def check(self, untrusted: UntrustedDetails, country: str) -> ContactDetails:
        """Return what would be stored; see ``check_details`` for ``country``.

        Raises:
            InvalidDetailError: one entry cannot be taken.
        """
        return check_details(untrusted, today=self._today(), country=country)

    def describe(self, cid: ConversationId, details: ContactDetails) -> ContactDetails:
        """Write down all that is known now, and return what stood there before; the same once more writes nothing.

        Raises:
            NotYoursError: the role does not answer clients.
            NoSuchConversationError: there is none of this id.
        """
        self._ledger.require(Right.ANSWER_CLIENTS)
        with self._ledger.lock:
            before = self.details(cid)
            if before != details:
                self._ledger.write(cid, EventKind.CONTACT_DESCRIBED, details=details_to_json(details))
        return before

    def _today(self) -> date:
        return datetime.fromtimestamp(self._ledger.now_ms() / 1000, UTC).date()
