"""What the events of a conversation say of its patient: consent, wishes, alarms. Read from the log, kept nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from app.domain.channel import Alarm, AlarmKind
from app.domain.events import Event, EventKind
from app.domain.ids import ConversationId, EventId
from app.services.ledger import Ledger
from app.store import tables
from app.store.chain import StoredEvent
from app.store.channel.peers import address_of

_KINDS = (
    EventKind.CONSENT_GIVEN,
    EventKind.CONSENT_WITHDRAWN,
    EventKind.ASSISTANT_SET,
    EventKind.VISITOR_ENDED,
    EventKind.DESK_ENDED,
    EventKind.ERASURE_ASKED,
    EventKind.IDENTITY_CHECKED,
    EventKind.CHANNEL_ALARMED,
)
_OF_CONSENT = frozenset({EventKind.CONSENT_GIVEN, EventKind.CONSENT_WITHDRAWN, EventKind.ASSISTANT_SET})
_event = tables.event.c
_OF_CHANNEL = (
    select(*tables.event.columns)
    .where(_event.conversation_id == bindparam("cid"), _event.kind.in_([kind.value for kind in _KINDS]))
    .order_by(_event.seq)
)
_ONE = select(*tables.event.columns).where(_event.event_id == bindparam("event_id"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands now. ``checked``: the newest comparison of the safety number, with its event."""

    consent: Event | None = None
    is_assistant_allowed: bool = False
    has_ended: bool = False
    asked_erasure_ms: int | None = None
    checked: Event | None = None
    alarms: tuple[Alarm, ...] = ()

    @property
    def version(self) -> int | None:
        """Of the notice that was agreed to."""
        return None if self.consent is None else int(str(self.consent.body["version"]))

    @property
    def language(self) -> str:
        """In which it was read; "" before a consent."""
        return "" if self.consent is None else str(self.consent.body["language"])


def read_facts(ledger: Ledger, connection: Connection, cid: ConversationId) -> Facts:
    """Return what the events of a conversation say."""
    rows = [StoredEvent(*row) for row in connection.execute(_OF_CHANNEL, {"cid": cid})]
    return facts_of([ledger.log.logged(row).event for row in rows if not row.is_shed])


def facts_of(events: Sequence[Event]) -> Facts:
    """Return what these events, in order, say together. Pure."""
    checked: Event | None = None
    has_ended = False
    asked_ms: int | None = None
    for event in events:
        match event.kind:
            case EventKind.VISITOR_ENDED | EventKind.DESK_ENDED:
                has_ended = True
            case EventKind.ERASURE_ASKED:
                asked_ms = event.wall_ms
            case EventKind.IDENTITY_CHECKED:
                checked = event
    alarms = tuple(
        Alarm(AlarmKind(event.body["alarm"]), event.wall_ms)
        for event in events
        if event.kind is EventKind.CHANNEL_ALARMED and event.body["alarm"] != AlarmKind.LATE.value
    )
    consent, is_allowed = _consent_of(events)
    return Facts(consent, is_allowed, has_ended, asked_ms, checked, alarms)


def _consent_of(events: Sequence[Event]) -> tuple[Event | None, bool]:
    """Return the consent that stands, and whether it allows the assistant.

    What a gateway held back and brought after a withdrawal does not undo it: the visitor's own clock decides.
    """
    consent: Event | None = None
    is_allowed, newest = False, -1
    for event in events:
        if event.kind not in _OF_CONSENT:
            continue
        clock = event.body.get("clock", 0)
        assert isinstance(clock, int)
        if clock < newest:
            if event.kind is EventKind.CONSENT_GIVEN and consent is None:
                consent = event  # given before it was taken back
            continue
        newest = clock
        match event.kind:
            case EventKind.CONSENT_GIVEN:
                consent, is_allowed = event, bool(event.body["assistant"])
            case EventKind.CONSENT_WITHDRAWN:
                is_allowed = False
            case EventKind.ASSISTANT_SET:
                # Switching it on asks for the assistant; it stands on a consent that was given before.
                is_allowed = bool(event.body["is_on"]) and consent is not None
    return consent, is_allowed


def may_propose(ledger: Ledger, cid: ConversationId) -> bool:
    """Say whether a model may be given this conversation: always, unless its patient has not agreed to that.

    What did not come over the channel was brought in by the office, which answers for it.
    """
    with ledger.reading() as connection:
        if address_of(connection, cid) is None:
            return True
        return read_facts(ledger, connection, cid).is_assistant_allowed


def read_event(ledger: Ledger, connection: Connection, event_id: EventId) -> Event | None:
    """Return one event, None when it has lost its words or never was."""
    row = connection.execute(_ONE, {"event_id": event_id}).one_or_none()
    stored = None if row is None else StoredEvent(*row)
    return None if stored is None or stored.is_shed else ledger.log.logged(stored).event
