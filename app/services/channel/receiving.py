"""Taking what the gateway hands over: opened, written down in one transaction, acknowledged, and only then let go.

::

    hello ── an invitation is open at this address ──► conversation, consent, early texts, answer
       └─── the conversation is known              ──► a new generation, or texts that came early once more
    frame ──► event, session after it, acknowledgement
    anything else, and whatever does not hold: counted, nothing changes

What dies between the commit and the gateway's letting go comes once more, and is known again.
"""

import os
from collections import Counter
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.channel.answering import Door
from app.channel.desk_session import Answered, AnsweredBefore, answer_hello
from app.channel.desk_state import HelloPayload
from app.channel.errors import FrameRefusedError, HandshakeRefusedError
from app.channel.invitation import Invitation
from app.channel.kinds import Kind
from app.channel.received import Duplicate, Received
from app.domain.channel import AlarmKind, InvitationState
from app.domain.conversation import Origin
from app.domain.events import Event, EventKind
from app.domain.ids import ConversationId, EventId, make_ulid
from app.domain.post_sizes import FrameType, read_envelope
from app.services.channel.arrivals import Arrivals
from app.services.channel.conversing import Conversing, Held
from app.services.channel.file_fates import heard_of, leave_again
from app.services.channel.office_keys import OfficeKeys
from app.services.channel.settling import DAY_MS, Arrived, Settling, TakeRequest, alarm
from app.services.interlock.signing import EmergencyCheck
from app.services.ledger import Ledger
from app.store.channel import outbox
from app.store.channel.invitations import StoredInvitation, invitation_at, write_invitation
from app.store.channel.outbox import MessageState
from app.store.channel.peers import PeerRow, all_peers, find_peer
from app.store.logged import NewEvent

_ULID_RANDOM_BYTES = 10
HOUR_MS = 3_600_000
MAX_STRANGERS = 600
"""So many conversations an hour begin without an invitation: as many as an honest gateway lets in."""

_TOLD = {"patient": AlarmKind.CHANGED, "generation": AlarmKind.UNREADABLE, "psk": AlarmKind.UNREADABLE}
"""Refusals of which people must hear: other keys than before; keys that this vault, put back, does not have."""


class Receiving:
    """Takes hellos and frames. Safe from any thread: works under the ledger's lock."""

    def __init__(
        self,
        ledger: Ledger,
        keys: OfficeKeys,
        conversing: Conversing,
        check_emergency: EmergencyCheck,
        take_request: TakeRequest,
    ) -> None:
        self._ledger = ledger
        self._keys = keys
        self._conversing = conversing
        self._settling = Settling(ledger, keys, conversing, check_emergency, take_request)
        self._swept_ms = -DAY_MS
        self._alarmed_ms: dict[tuple[ConversationId, AlarmKind], int] = {}
        self._strangers_ms: list[int] = []
        self.refused: Counter[str] = Counter()

    def take(self, address: bytes, untrusted_frame: bytes) -> Arrived | None:
        """Take one frame; return what it brought for people, None when nothing.

        Raises:
            StoreError: it could not be written; the gateway must keep it.
        """
        try:
            envelope = read_envelope(untrusted_frame)
        except ValueError:
            self._refuse("header")
            return None
        with self._ledger.lock:
            held, invitation = self._look_up(address)
            try:
                if envelope.type is FrameType.FRAME and held is not None:
                    return self._take_frame(held, untrusted_frame)
                if envelope.type is FrameType.HELLO and held is not None:
                    return self._take_hello_again(held, untrusted_frame)
                if envelope.type is FrameType.HELLO:
                    return self._take_first_hello(address, invitation, untrusted_frame)
            except (FrameRefusedError, HandshakeRefusedError) as error:
                self._refuse(error.code, held)
                return None
        self._refuse("address")
        return None

    @property
    def refused_count(self) -> int:
        """How much came that did not hold, consents among it."""
        return sum(self.refused.values()) + self._settling.refused_receipts

    def look_after(self) -> None:
        """Tell, once, of what has been missing for too long; once a day erase what the week has made superfluous."""
        with self._ledger.lock:
            now_ms = self._ledger.now_ms()
            if now_ms - self._swept_ms >= DAY_MS:
                with self._ledger.reading() as connection:
                    self._settling.watched |= set(all_peers(connection))
                self._swept_ms = now_ms
            watched = tuple(self._settling.watched)
        for cid in watched:
            with self._ledger.lock:
                self._settling.look_after(cid, now_ms)

    # -- hellos --------------------------------------------------------------------------------------------------

    def _take_first_hello(self, address: bytes, invitation: StoredInvitation | None, frame: bytes) -> Arrived | None:
        door = self._door(address, invitation, read_envelope(frame).generation)
        if door is None:
            self._refuse("address")
            return None
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
        self._take_payload(arrivals, answered.payload, known=frozenset())

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            if invitation is not None:
                used = replace(invitation, state=InvitationState.USED, secret=b"")
                write_invitation(connection, self._ledger.keys, used)
            self._conversing.put_out(connection, held, answered.frame)

        return self._settling.settle(held, arrivals, also)

    def _take_hello_again(self, held: Held, frame: bytes) -> Arrived | None:
        office, now_ms = self._keys.standing.secrets, self._ledger.now_ms()
        found = held.session.answer_hello(frame, office, now_ms)
        held = Held(replace(held.row, last_seen_ms=now_ms), found.session)
        arrivals = self._settling.arrivals(held)
        if isinstance(found, Answered):
            with self._ledger.reading() as connection:
                ids = (item.message_id for item in found.payload.items)
                known = frozenset(one for one in ids if outbox.event_of(connection, held.cid, one) is not None)
            self._take_payload(arrivals, found.payload, known)

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            if found.frame:
                self._put_answer(connection, held, found)

        return self._settling.settle(held, arrivals, also)

    def _put_answer(self, connection: Connection, held: Held, found: Answered | AnsweredBefore) -> None:
        chain = read_envelope(found.frame).chain
        outbox.take_delivered(connection, held.cid, chain, 1)  # the same answer, once more
        self._conversing.put_out(connection, held, found.frame)

    def _take_payload(self, arrivals: Arrivals, payload: HelloPayload, known: frozenset[bytes]) -> None:
        if payload.receipt is not None and payload.receipt_signed is not None:
            arrivals.take_receipt(payload.receipt, payload.receipt_signed)
        for item in payload.items:
            if item.message_id not in known:
                arrivals.take(item.message_id, item.kind, item.content, item.clock, is_early=True)

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

    # -- frames --------------------------------------------------------------------------------------------------

    def _take_frame(self, held: Held, frame: bytes) -> Arrived | None:
        now_ms = self._ledger.now_ms()
        session, found = held.session.receive(frame, now_ms)
        held = Held(replace(held.row, last_seen_ms=now_ms), session)
        arrivals = self._settling.arrivals(held)
        if isinstance(found, Duplicate):
            return self._settling.settle(held, arrivals)
        with self._ledger.reading() as connection:
            is_known = outbox.event_of(connection, held.cid, found.message_id) is not None
            covered = _covered(connection, held.cid, found)
            read = _read(connection, held.cid, found, covered.ids)
            fate = None if is_known else heard_of(self._ledger, connection, held.cid, found)
        if found.asks_for_ack and not is_known:
            arrivals.take(found.message_id, found.kind, found.content, found.clock)
            if found.is_late and arrivals.has_spoken:
                arrivals.events.append(alarm(held.cid, AlarmKind.LATE))
        arrivals.events += () if fate is None else (fate,)
        arrivals.events += _told(held.cid, covered.whole, EventKind.MESSAGE_DELIVERED)
        if read:
            arrivals.events.append(NewEvent(held.cid, EventKind.MESSAGE_READ, {"up_to": read[-1][1]}))
        if found.alarms:
            arrivals.events.append(alarm(held.cid, AlarmKind.FORK))

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            for chain, height in found.delivered:
                outbox.take_delivered(connection, held.cid, chain, height)
            if found.is_first:
                outbox.forget_answers(connection, held.cid)
            outbox.raise_states(connection, held.cid, covered.ids, MessageState.DELIVERED)
            outbox.raise_states(connection, held.cid, [message_id for message_id, _ in read], MessageState.READ)
            if fate is not None and fate.kind is EventKind.FILE_ASKED:
                leave_again(connection, held.cid, EventId(str(fate.body["event_id"])))

        return self._settling.settle(held, arrivals, also)

    def _look_up(self, address: bytes) -> tuple[Held | None, StoredInvitation | None]:
        with self._ledger.reading() as connection:
            cid = find_peer(connection, address)
            if cid is not None:
                return self._conversing.load(connection, cid), None
            return None, invitation_at(connection, self._ledger.keys, address)

    def _refuse(self, code: str, held: Held | None = None) -> None:
        """Count what did not hold; what people must know of a patient whom we know is told to them, once a day."""
        self.refused[code] += 1
        kind = _TOLD.get(code)
        if kind is None or held is None:
            return
        now_ms = self._ledger.now_ms()
        if now_ms - self._alarmed_ms.get((held.cid, kind), -DAY_MS) >= DAY_MS:
            self._alarmed_ms[held.cid, kind] = now_ms
            self._ledger.write_all((alarm(held.cid, kind),), held.cid, is_by_visitor=True)


@dataclass(frozen=True, slots=True)
class _Covered:
    """Messages that have arrived, and the events of which all parts have."""

    ids: tuple[bytes, ...]
    whole: tuple[EventId, ...]


def _covered(connection: Connection, cid: ConversationId, found: Received) -> _Covered:
    ids = tuple(
        one for chain, height in found.delivered for one in outbox.peek_delivered(connection, cid, chain, height)
    )
    return _Covered(ids, outbox.completed_by(connection, cid, ids))


def _read(
    connection: Connection, cid: ConversationId, found: Received, arrived: tuple[bytes, ...]
) -> tuple[tuple[bytes, EventId], ...]:
    if found.kind is not Kind.READ:
        return ()
    return outbox.read_up_to(connection, cid, found.content["up_to"], arrived)


def _told(cid: ConversationId, event_ids: tuple[EventId, ...], kind: EventKind) -> list[NewEvent]:
    return [NewEvent(cid, kind, {"events": list(event_ids)})] if event_ids else []
