"""Writing down what one frame or hello brought: events, the rows that know it again, the session after it; at once.

Around what a visitor said stands what follows from it in the same moment: the emergency list, an acknowledgement after
hours, a proposal that nobody may use any more, a wish that the law gives a month for, a gap.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from app.channel.receipts import Receipt
from app.domain.channel import AlarmKind
from app.domain.conversation import Urgency
from app.domain.events import Event, EventKind
from app.domain.ids import ConversationId
from app.domain.office_hours import Hours, away_answer
from app.services.channel.arrivals import Arrivals
from app.services.channel.conversing import Conversing, Held
from app.services.channel.facts import read_facts
from app.services.channel.hours import hours_from_json
from app.services.channel.office_keys import OfficeKeys
from app.services.interlock.signing import EmergencyCheck
from app.services.ledger import Ledger
from app.store import tables
from app.store.channel import secrets
from app.store.inbox_query import read_standing
from app.store.logged import Also, NewEvent

GAP_MS = 30_000
"""So long something may be missing before it is told; threat-model.md §6.6."""
DAY_MS = 86_400_000

TakeRequest = Callable[[ConversationId, str, int], NewEvent]
"""Returns the event that puts a wish to be erased into the register, for a country and a time; see ``subjects``."""

_PROPOSAL = select(tables.proposal.c.proposal_id).where(tables.proposal.c.conversation_id == bindparam("cid"))


@dataclass(frozen=True, slots=True)
class Arrived:
    """Something came: the conversation it belongs to, and how urgent that is now."""

    conversation_id: ConversationId
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Ready:
    """What is to be written of one conversation: its events, the rows beside them, what it means for people."""

    events: tuple[NewEvent, ...]
    write: Also
    arrived: Arrived | None


class Settling:
    """Writes for ``Receiving``, under the ledger's lock. ``watched``: where something is missing right now."""

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
        self.watched: set[ConversationId] = set()
        self.refused_receipts = 0

    def arrivals(self, held: Held) -> Arrivals:
        """Return the room for what a frame brings."""
        session = held.session
        return Arrivals(
            held.cid,
            self._ledger.now_ms(),
            self._keys.office_id,
            held.row.address,
            session.state.verify,
            self._is_known_notice,
        )

    def settle(self, held: Held, arrivals: Arrivals, also: Also = lambda _connection, _events: None) -> Arrived | None:
        """Write everything that one frame changed in one transaction; return what it brought for people."""
        return next(iter(self.commit([self.prepare(held, arrivals, also)])), None)

    def commit(self, ready: Sequence[Ready]) -> list[Arrived]:
        """Write what was prepared of several conversations in one transaction; return what it brought for people."""
        events = tuple(event for one in ready for event in one.events)

        def write(connection: Connection, written: tuple[Event, ...]) -> None:
            rest = written
            for one in ready:
                mine, rest = rest[: len(one.events)], rest[len(one.events) :]
                one.write(connection, mine)

        if events:
            changed = list(dict.fromkeys(event.conversation_id for event in events))
            self._ledger.write_all(events, changed[0], write, is_by_visitor=True)
            for cid in changed[1:]:
                self._ledger.tell(cid)
        elif ready:
            self._ledger.settle(write)
        return [one.arrived for one in ready if one.arrived is not None]

    def prepare(self, held: Held, arrivals: Arrivals, also: Also) -> Ready:
        """Return everything that frames of one conversation change, with what follows from it in the same moment."""
        cid, now_ms = held.cid, self._ledger.now_ms()
        held = self._with_gap(held, arrivals, now_ms)
        self._set_proposal_aside(arrivals)
        if self._asks_for_erasure(arrivals, now_ms):
            arrivals.events.append(self._take_request(cid, self._country(), now_ms))
        urgency = Urgency.ROUTINE
        if arrivals.has_spoken:
            urgency = self._urgency(cid)
            if arrivals.raise_emergency(self._check, urgency):
                urgency = Urgency.EMERGENCY
            held = self._with_away(held, arrivals, is_emergency=urgency is Urgency.EMERGENCY)
        self.refused_receipts += arrivals.refused

        def write(connection: Connection, events: tuple[Event, ...]) -> None:
            arrivals.write(connection, events)
            self._conversing.note_outgoing(connection, cid, events)
            also(connection, events)
            self._conversing.write(connection, held)

        return Ready(tuple(arrivals.events), write, Arrived(cid, urgency) if arrivals.has_spoken else None)

    def look_after(self, cid: ConversationId, now_ms: int) -> None:
        """Tell, once, of what has been missing for too long; erase what is over of a session."""
        self.watched.discard(cid)
        if not self._ledger.keys.has(cid):
            return
        with self._ledger.reading() as connection:
            held = self._conversing.load(connection, cid)
        if held is None:
            return
        state, since_ms = held.session.state.tidied(now_ms), held.session.line.gap_since_ms()
        is_alarm_due = since_ms is not None and held.row.gap_ms is None and now_ms - since_ms >= GAP_MS
        if since_ms is not None:
            self.watched.add(cid)
        if is_alarm_due or state != held.session.state:
            held = replace(held, session=replace(held.session, state=state))
            self.settle(held, self.arrivals(held))

    def _asks_for_erasure(self, arrivals: Arrivals, now_ms: int) -> bool:
        """Whether a wish to be erased belongs into the register: one a day, however often it is said."""
        if not any(event.kind is EventKind.ERASURE_ASKED for event in arrivals.events):
            return False
        with self._ledger.reading() as connection:
            asked_ms = read_facts(self._ledger, connection, arrivals.cid).asked_erasure_ms
        return asked_ms is None or now_ms - asked_ms >= DAY_MS

    def _set_proposal_aside(self, arrivals: Arrivals) -> None:
        """Take the proposal away that lies beside a conversation whose patient does not want one any more."""
        if _allows(arrivals.events) is not False:
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
        arrivals.events.append(alarm(held.cid, AlarmKind.GAP))
        return replace(held, row=replace(held.row, gap_ms=since_ms))

    def _with_away(self, held: Held, arrivals: Arrivals, *, is_emergency: bool) -> Held:
        """Say that nobody is there, when nobody is, and not again and again."""
        now_ms, told_ms = self._ledger.now_ms(), held.row.away_ms
        hours = self._hours()
        if hours is None or is_emergency:  # most offices, most messages: nothing more is read
            return held
        text = away_answer(
            hours,
            datetime.fromtimestamp(now_ms / 1000),  # noqa: DTZ006  the office's own wall clock is what its hours mean
            language=self._language(arrivals),
            is_emergency=is_emergency,
            since_last_ms=None if told_ms is None else now_ms - told_ms,
            is_told_unanswered=told_ms is not None,
        )
        if text is None:
            return held
        arrivals.events.append(NewEvent(held.cid, EventKind.AWAY_SENT, {"text": text}))
        return replace(held, row=replace(held.row, away_ms=now_ms))

    def _hours(self) -> Hours | None:
        with self._ledger.reading() as connection:
            stored = secrets.read_setting(connection, self._ledger.keys, "hours")
        return None if stored is None else hours_from_json(stored)

    def _language(self, arrivals: Arrivals) -> str:
        given = [event for event in arrivals.events if event.kind is EventKind.CONSENT_GIVEN]
        if given:
            return str(given[-1].body["language"])
        with self._ledger.reading() as connection:
            return read_facts(self._ledger, connection, arrivals.cid).language

    def _is_known_notice(self, receipt: Receipt) -> bool:
        return receipt.notice in self._keys.published_notices()

    def _country(self) -> str:
        notice = self._keys.notice()
        return "" if notice is None else notice.country.lower()

    def _urgency(self, cid: ConversationId) -> Urgency:
        with self._ledger.reading() as connection:
            found = read_standing(connection, cid)
        return Urgency.ROUTINE if found is None else found.urgency


def alarm(cid: ConversationId, kind: AlarmKind) -> NewEvent:
    """Return the event that tells people of something that no undisturbed conversation does."""
    return NewEvent(cid, EventKind.CHANNEL_ALARMED, {"alarm": kind.value})


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
