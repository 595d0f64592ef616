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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from app.channel.answering import Door
from app.channel.desk_session import Answered, AnsweredBefore, answer_hello
from app.channel.desk_state import HelloPayload
from app.channel.errors import FrameRefusedError, HandshakeRefusedError
from app.channel.invitation import Invitation
from app.channel.kinds import Kind
from app.channel.receipts import Receipt
from app.channel.received import Duplicate, Received
from app.domain.channel import AlarmKind, InvitationState
from app.domain.conversation import Origin, Urgency
from app.domain.events import Event, EventKind
from app.domain.ids import ConversationId, EventId, make_ulid
from app.domain.office_hours import away_answer
from app.domain.post_sizes import FrameType, read_envelope
from app.services.channel.arrivals import Arrivals
from app.services.channel.conversing import Conversing, Held
from app.services.channel.facts import read_facts
from app.services.channel.hours import hours_from_json
from app.services.channel.office_keys import OfficeKeys
from app.services.interlock_signing import EmergencyCheck
from app.services.ledger import Ledger
from app.store import tables
from app.store.channel import outbox, secrets
from app.store.channel.invitations import StoredInvitation, invitation_at, write_invitation
from app.store.channel.outbox import MessageState
from app.store.channel.peers import PeerRow, all_peers, find_peer
from app.store.inbox_query import read_standing
from app.store.log import Also, NewEvent

GAP_MS = 30_000
"""So long something may be missing before it is told; threat-model.md §6.6."""
_ULID_RANDOM_BYTES = 10


DAY_MS, HOUR_MS = 86_400_000, 3_600_000
MAX_STRANGERS = 600
"""So many conversations an hour begin without an invitation: as many as an honest gateway lets in."""

_TOLD = {"patient": AlarmKind.CHANGED, "generation": AlarmKind.UNREADABLE, "psk": AlarmKind.UNREADABLE}
"""Refusals of which people must hear: other keys than before; keys that this vault, put back, does not have."""

TakeRequest = Callable[[ConversationId, str, int], NewEvent]
"""Returns the event that puts a wish to be erased into the register, for a country and a time; see ``subjects``."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Something came: the conversation it belongs to, and how urgent that is now."""

    conversation_id: ConversationId
    urgency: Urgency


_PROPOSAL = select(tables.proposal.c.proposal_id).where(tables.proposal.c.conversation_id == bindparam("cid"))


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
        self._check = check_emergency
        self._take_request = take_request
        self._swept_ms = -DAY_MS
        self._alarmed_ms: dict[tuple[ConversationId, AlarmKind], int] = {}
        self._strangers_ms: list[int] = []
        self.refused: Counter[str] = Counter()
        self.watched: set[ConversationId] = set()
        """Conversations in which something is missing right now."""

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

    def look_after(self) -> None:
        """Tell, once, of what has been missing for too long; once a day erase what the week has made superfluous."""
        with self._ledger.lock:
            now_ms = self._ledger.now_ms()
            if now_ms - self._swept_ms >= DAY_MS:
                with self._ledger.reading() as connection:
                    self.watched |= set(all_peers(connection))
                self._swept_ms = now_ms
            watched = tuple(self.watched)
        for cid in watched:
            with self._ledger.lock:
                self._look_after(cid, now_ms)

    def _look_after(self, cid: ConversationId, now_ms: int) -> None:
        self.watched.discard(cid)
        if not self._ledger.keys.has(cid):
            return
        with self._ledger.reading() as connection:
            held = self._conversing.load(connection, cid)
        if held is None:
            return
        state = held.session.state.tidied(now_ms)
        since_ms = held.session.line.gap_since_ms()
        is_alarm_due = since_ms is not None and held.row.gap_ms is None and now_ms - since_ms >= GAP_MS
        if since_ms is not None:
            self.watched.add(cid)
        if is_alarm_due or state != held.session.state:
            held = replace(held, session=replace(held.session, state=state))
            self._settle(held, self._arrivals(held))

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
        arrivals = self._arrivals(held)
        body = {"contact_name": name, "origin": Origin.CHANNEL.value}
        arrivals.events.append(NewEvent(cid, EventKind.CONVERSATION_OPENED, dict(body)))
        self._take_payload(arrivals, answered.payload, known=frozenset())

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            if invitation is not None:
                used = replace(invitation, state=InvitationState.USED, secret=b"")
                write_invitation(connection, self._ledger.keys, used)
            self._conversing.put_out(connection, held, answered.frame)

        return self._settle(held, arrivals, also)

    def _take_hello_again(self, held: Held, frame: bytes) -> Arrived | None:
        office, now_ms = self._keys.standing.secrets, self._ledger.now_ms()
        found = held.session.answer_hello(frame, office, now_ms)
        held = Held(replace(held.row, last_seen_ms=now_ms), found.session)
        arrivals = self._arrivals(held)
        if isinstance(found, Answered):
            with self._ledger.reading() as connection:
                ids = (item.message_id for item in found.payload.items)
                known = frozenset(one for one in ids if outbox.event_of(connection, held.cid, one) is not None)
            self._take_payload(arrivals, found.payload, known)

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            if found.frame:
                self._put_answer(connection, held, found)

        return self._settle(held, arrivals, also)

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
        arrivals = self._arrivals(held)
        if isinstance(found, Duplicate):
            return self._settle(held, arrivals)
        with self._ledger.reading() as connection:
            is_known = outbox.event_of(connection, held.cid, found.message_id) is not None
            covered = _covered(connection, held.cid, found)
            read = _read(connection, held.cid, found, covered.ids)
        if found.asks_for_ack and not is_known:
            arrivals.take(found.message_id, found.kind, found.content, found.clock)
            if found.is_late and arrivals.has_spoken:
                arrivals.events.append(_alarm(held.cid, AlarmKind.LATE))
        arrivals.events += _told(held.cid, covered.whole, EventKind.MESSAGE_DELIVERED)
        if read:
            arrivals.events.append(NewEvent(held.cid, EventKind.MESSAGE_READ, {"up_to": read[-1][1]}))
        if found.alarms:
            arrivals.events.append(_alarm(held.cid, AlarmKind.FORK))

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            for chain, height in found.delivered:
                outbox.take_delivered(connection, held.cid, chain, height)
            if found.is_first:
                outbox.forget_answers(connection, held.cid)
            outbox.raise_states(connection, held.cid, covered.ids, MessageState.DELIVERED)
            outbox.raise_states(connection, held.cid, [message_id for message_id, _ in read], MessageState.READ)

        return self._settle(held, arrivals, also)

    # -- both ----------------------------------------------------------------------------------------------------

    def _settle(self, held: Held, arrivals: Arrivals, also: Also = lambda _connection, _events: None) -> Arrived | None:
        """Write everything that one frame changed in one transaction."""
        cid, now_ms = held.cid, self._ledger.now_ms()
        held = self._with_gap(held, arrivals, now_ms)
        self._set_proposal_aside(arrivals)
        if self._asks_for_erasure(arrivals, now_ms):
            arrivals.events.append(self._take_request(cid, self._country(), now_ms))
        is_emergency = False
        if arrivals.has_spoken:
            is_emergency = arrivals.raise_emergency(self._check, self._urgency(cid))
            held = self._with_away(held, arrivals, is_emergency=is_emergency)
        self.refused["receipt"] += arrivals.refused

        def write(connection: Connection, events: tuple[Event, ...]) -> None:
            arrivals.write(connection, events)
            self._conversing.note_outgoing(connection, cid, events)
            also(connection, events)
            self._conversing.write(connection, held)

        if arrivals.events:
            self._ledger.write_all(tuple(arrivals.events), cid, write, is_by_visitor=True)
        else:
            self._ledger.settle(write)
        if not arrivals.has_spoken:
            return None
        return Arrived(cid, Urgency.EMERGENCY if is_emergency else self._urgency(cid))

    def _asks_for_erasure(self, arrivals: Arrivals, now_ms: int) -> bool:
        """Whether a wish to be erased belongs into the register: one a day, however often it is said."""
        if not any(event.kind is EventKind.ERASURE_ASKED for event in arrivals.events):
            return False
        with self._ledger.reading() as connection:
            asked_ms = read_facts(self._ledger, connection, arrivals.cid).asked_erasure_ms
        return asked_ms is None or now_ms - asked_ms >= DAY_MS

    def _set_proposal_aside(self, arrivals: Arrivals) -> None:
        """Take the proposal away that lies beside a conversation whose patient does not want one any more."""
        allowed = _allows(arrivals.events)
        if allowed is not False:
            return
        with self._ledger.reading() as connection:
            proposal_id = connection.execute(_PROPOSAL, {"cid": arrivals.cid}).scalar()
        if proposal_id is not None:
            body = {"proposal_id": str(proposal_id), "reason": "consent_withdrawn"}
            arrivals.events.append(NewEvent(arrivals.cid, EventKind.DRAFT_DISCARDED, dict(body)))

    def _with_gap(self, held: Held, arrivals: Arrivals, now_ms: int) -> Held:
        since_ms = held.session.line.gap_since_ms()
        if since_ms is None:
            return replace(held, row=replace(held.row, gap_ms=None))
        self.watched.add(held.cid)
        if held.row.gap_ms is not None or now_ms - since_ms < GAP_MS:
            return held
        arrivals.events.append(_alarm(held.cid, AlarmKind.GAP))
        return replace(held, row=replace(held.row, gap_ms=since_ms))

    def _with_away(self, held: Held, arrivals: Arrivals, *, is_emergency: bool) -> Held:
        """Say that nobody is there, when nobody is, and not again and again."""
        now_ms, told_ms = self._ledger.now_ms(), held.row.away_ms
        with self._ledger.reading() as connection:
            stored = secrets.read_setting(connection, self._ledger.keys, "hours")
            consent = read_facts(self._ledger, connection, held.cid).consent
        given = [event for event in arrivals.events if event.kind is EventKind.CONSENT_GIVEN]
        body = given[-1].body if given else consent.body if consent is not None else {}
        text = away_answer(
            None if stored is None else hours_from_json(stored),
            datetime.fromtimestamp(now_ms / 1000),  # noqa: DTZ006  the office's own wall clock is what its hours mean
            language=str(body.get("language", "")),
            is_emergency=is_emergency,
            since_last_ms=None if told_ms is None else now_ms - told_ms,
            is_told_unanswered=told_ms is not None,
        )
        if text is None:
            return held
        arrivals.events.append(NewEvent(held.cid, EventKind.AWAY_SENT, {"text": text}))
        return replace(held, row=replace(held.row, away_ms=now_ms))

    def _arrivals(self, held: Held) -> Arrivals:
        state = held.session.state
        return Arrivals(
            held.cid, self._ledger.now_ms(), self._keys.office_id, held.row.address, state.verify, self._is_known_notice
        )

    def _is_known_notice(self, receipt: Receipt) -> bool:
        return receipt.notice in self._keys.published_notices()

    def _look_up(self, address: bytes) -> tuple[Held | None, StoredInvitation | None]:
        with self._ledger.reading() as connection:
            cid = find_peer(connection, address)
            if cid is not None:
                return self._conversing.load(connection, cid), None
            return None, invitation_at(connection, self._ledger.keys, address)

    def _country(self) -> str:
        notice = self._keys.notice()
        return "" if notice is None else notice.country.lower()

    def _urgency(self, cid: ConversationId) -> Urgency:
        with self._ledger.reading() as connection:
            found = read_standing(connection, cid)
        return Urgency.ROUTINE if found is None else found.urgency

    def _refuse(self, code: str, held: Held | None = None) -> None:
        """Count what did not hold; what people must know of a patient whom we know is told to them, once a day."""
        self.refused[code] += 1
        kind = _TOLD.get(code)
        if kind is None or held is None:
            return
        now_ms = self._ledger.now_ms()
        if now_ms - self._alarmed_ms.get((held.cid, kind), -DAY_MS) >= DAY_MS:
            self._alarmed_ms[held.cid, kind] = now_ms
            self._ledger.write_all((_alarm(held.cid, kind),), held.cid, is_by_visitor=True)


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


def _allows(events: Sequence[NewEvent]) -> bool | None:
    """Return whether these events allow the assistant in the end; None when they do not speak of it."""
    allowed: bool | None = None
    for event in events:
        match event.kind:
            case EventKind.CONSENT_GIVEN:
                allowed = bool(event.body["assistant"])
            case EventKind.ASSISTANT_SET:
                allowed = bool(event.body["is_on"])
            case EventKind.CONSENT_WITHDRAWN:
                allowed = False
    return allowed


def _alarm(cid: ConversationId, kind: AlarmKind) -> NewEvent:
    return NewEvent(cid, EventKind.CHANNEL_ALARMED, {"alarm": kind.value})
