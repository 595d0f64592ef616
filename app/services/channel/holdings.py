"""What the gateway says it holds, put beside what the vault knows of it."""

from collections.abc import Mapping
from typing import Any

from app.domain.channel import Held, Holdings, InvitationState, Pile
from app.domain.ids import ConversationId
from app.domain.roles import may_read_messages
from app.domain.strict_json import from_base64
from app.services.ledger import Ledger
from app.store.channel.invitations import read_invitations
from app.store.channel.peers import address_of
from app.store.contacts_query import walk_contacts

_ADDRESS_BYTES = 16


def read_holdings(untrusted: Mapping[str, Any], ledger: Ledger) -> Holdings:
    """Return the answer of the gateway with the names of whom this person may see."""
    known = _names(ledger) if may_read_messages(ledger.person.role) else {}
    mailboxes = tuple(_held(one, known) for one in untrusted["mailboxes"])
    closed = int(untrusted.get("closed", 0))
    return Holdings(ledger.now_ms(), int(untrusted["disk_bytes"]), mailboxes, closed)


def _held(untrusted: Mapping[str, Any], known: Mapping[bytes, tuple[str, ConversationId | None]]) -> Held:
    name, cid = known.get(from_base64(untrusted["address"], _ADDRESS_BYTES), (None, None))
    to_desk, to_patient, files = (_pile(untrusted[pile]) for pile in ("to_desk", "to_patient", "blobs"))
    return Held(name, to_desk, to_patient, files, cid)


def _pile(untrusted: Mapping[str, int]) -> Pile:
    return Pile(int(untrusted["count"]), int(untrusted["bytes"]), int(untrusted["oldest_ms"]) or None)


def _names(ledger: Ledger) -> dict[bytes, tuple[str, ConversationId | None]]:
    found: dict[bytes, tuple[str, ConversationId | None]] = {}
    with ledger.reading() as connection:
        for one in read_invitations(connection, ledger.keys):
            if one.state is not InvitationState.USED:
                found[one.address] = (one.contact_name, None)
        for contact in walk_contacts(connection, ledger.keys):
            address = address_of(connection, contact.conversation_id)
            if address is not None:
                found[address] = (contact.name, contact.conversation_id)
    return found
