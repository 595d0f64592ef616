"""Taking hellos: a conversation begins, an early text comes, or a new generation is due; each in a transaction."""

import os
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from app.channel.answering import Door
from app.channel.desk_session import Answered, AnsweredBefore, answer_hello
from app.channel.desk_state import HelloPayload
from app.channel.errors import HandshakeRefusedError
from app.channel.invitation import Invitation
from app.domain.channel import InvitationState
from app.domain.conversation import Origin
from app.domain.events import Event, EventKind
from app.domain.ids import ConversationId, make_ulid
from app.domain.post_sizes import read_envelope
from app.services.channel.arrivals import Arrivals
from app.services.channel.conversing import Conversing, Held
from app.services.channel.office_keys import OfficeKeys
from app.services.channel.settling import Arrived, Settling
from app.services.ledger import Ledger
from app.store.channel import outbox
from app.store.channel.invitations import StoredInvitation, write_invitation
from app.store.channel.peers import PeerRow
from app.store.logged import NewEvent

_ULID_RANDOM_BYTES = 10
HOUR_MS = 3_600_000
MAX_STRANGERS = 600
"""So many conversations an hour begin without an invitation: as many as an honest gateway lets in."""


class Hellos:
    """Answers hellos. Works under the ledger's lock; ``HandshakeRefusedError`` says what did not hold."""

    def __init__(self, ledger: Ledger, keys: OfficeKeys, conversing: Conversing, settling: Settling) -> None:
        self._ledger = ledger
        self._keys = keys
        self._conversing = conversing
        self._settling = settling
        self._strangers_ms: list[int] = []

    def take_first(self, address: bytes, invitation: StoredInvitation | None, frame: bytes) -> Arrived | None:
        """Begin a conversation at a mailbox that an invitation, or the open door, lets somebody into."""
        door = self._door(address, invitation, read_envelope(frame).generation)
        if door is None:
            raise HandshakeRefusedError("address")
        office = self._keys.standing.secrets
        answered = answer_hello(frame, door, office, self._conversing.identity, self._ledger.now_ms())
        now_ms = self._ledger.now_ms()
        if invitation is None:
            self._strangers_ms.append(now_ms)
            cid = ConversationId(make_ulid(now_ms, os.urandom(_ULID_RANDOM_BYTES)))
            self._ledger.keys.add(cid)
            name = f"Visitor {address[:2].hex().upper()}"
        else:
            cid, name = invitation.conversation_id, invitation.contact_name
        held = Held(PeerRow(cid, address, self._conversing.started, b"", last_seen_ms=now_ms), answered.session)
        arrivals = self._settling.arrivals(held)
        body = {"contact_name": name, "origin": Origin.CHANNEL.value}
        arrivals.events.append(NewEvent(cid, EventKind.CONVERSATION_OPENED, dict(body)))
        _take_payload(arrivals, answered.payload, lambda _id: False)

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            if invitation is not None:
                used = replace(invitation, state=InvitationState.USED, secret=b"")
                write_invitation(connection, self._ledger.keys, used)
            self._conversing.put_out(connection, held, answered.frame)

        return self._settling.settle(held, arrivals, also)

    def take_again(self, held: Held, frame: bytes) -> Arrived | None:
        """Answer a further hello of a conversation that is known."""
        office, now_ms = self._keys.standing.secrets, self._ledger.now_ms()
        found = held.session.answer_hello(frame, office, now_ms)
        held = Held(replace(held.row, last_seen_ms=now_ms), found.session)
        arrivals = self._settling.arrivals(held)
        if isinstance(found, Answered):
            with self._ledger.reading() as connection:
                _take_payload(
                    arrivals,
                    found.payload,
                    lambda message_id: outbox.event_of(connection, held.cid, message_id) is not None,
                )

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            if found.frame:
                self._put_answer(connection, held, found)

        return self._settling.settle(held, arrivals, also)

    def _put_answer(self, connection: Connection, held: Held, found: Answered | AnsweredBefore) -> None:
        chain = read_envelope(found.frame).chain
        outbox.take_delivered(connection, held.cid, chain, 1)  # the same answer, once more
        self._conversing.put_out(connection, held, found.frame)

    def _door(self, address: bytes, invitation: StoredInvitation | None, card_name: bytes) -> Door | None:
        if invitation is None:
            return Door(address, None) if self._keys.is_open_door(card_name) and self._has_room() else None
        if invitation.state in {InvitationState.REVOKED, InvitationState.USED} or not invitation.secret:
            return None
        office = self._keys.office_id
        opened = Invitation(bytes.fromhex(invitation.invite_id), invitation.secret, office[:20])
        return Door(address, opened.psk(office))

    def _has_room(self) -> bool:
        """Whether one more conversation may begin without an invitation in this hour."""
        now_ms = self._ledger.now_ms()
        self._strangers_ms = [one for one in self._strangers_ms if now_ms - one < HOUR_MS]
        return len(self._strangers_ms) < MAX_STRANGERS


def _take_payload(arrivals: Arrivals, payload: HelloPayload, is_known: Callable[[bytes], bool]) -> None:
    if payload.receipt is not None and payload.receipt_signed is not None:
        arrivals.take_receipt(payload.receipt, payload.receipt_signed)
    for item in payload.items:
        if not is_known(item.message_id):
            arrivals.take(item.message_id, item.kind, item.content, item.clock, is_early=True)
