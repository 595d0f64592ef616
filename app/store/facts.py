"""What is known of one conversation, and how one event changes it. Pure: no database, no key, no clock.

``Facts`` is the plain part of a row of the ``conversation`` table. The sealed part (name, snippet) never passes here.
"""

from dataclasses import dataclass, replace

from app.domain.conversation import ConversationState, Origin, Urgency
from app.domain.events import Event, EventKind
from app.domain.ids import EventId

NEVER_MS = 2**62
"""Sorts after every real time; stands for "nobody waits"."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Visitor messages after some point of a thread: since when the first one waits, and how many there are."""

    since_ms: int | None
    count: int


ALL_ANSWERED = Unanswered(None, 0)


@dataclass(frozen=True, slots=True)
class Facts:
    """The plain columns of a conversation. Times are Unix milliseconds; ``*_seq`` are places in the log, 0 for none."""

    conversation_id: str
    origin: str
    urgency: int
    state: str
    assigned_to: str | None
    opened_ms: int
    last_activity_ms: int
    oldest_unanswered_ms: int | None
    snoozed_until_ms: int | None
    unread_count: int
    seen_seq: int
    newest_received: str | None
    newest_received_seq: int
    has_unsent_reply: bool
    has_unsent_note: bool
    has_fresh_proposal: bool
    last_seq: int

    @property
    def sort_rank(self) -> int:
        """Urgency, or 0 once nothing is left to do."""
        return 0 if self.state == ConversationState.DONE.value else self.urgency

    @property
    def sort_waiting_ms(self) -> int:
        """Since when somebody waits; ``NEVER_MS`` sorts answered and finished ones behind."""
        if self.oldest_unanswered_ms is None or self.state == ConversationState.DONE.value:
            return NEVER_MS
        return self.oldest_unanswered_ms

    @property
    def tally_key(self) -> tuple[str, int, str]:
        """The cell of the table of counts that this conversation is counted in."""
        return self.state, self.urgency, self.assigned_to or ""


def opened(event: Event, seq: int) -> Facts:
    """Return the facts of a conversation that has just begun."""
    return Facts(
        conversation_id=event.conversation_id,
        origin=Origin(event.body["origin"]).value,
        urgency=Urgency.ROUTINE.value,
        state=ConversationState.OPEN.value,
        assigned_to=None,
        opened_ms=event.wall_ms,
        last_activity_ms=event.wall_ms,
        oldest_unanswered_ms=None,
        snoozed_until_ms=None,
        unread_count=0,
        seen_seq=0,
        newest_received=None,
        newest_received_seq=0,
        has_unsent_reply=False,
        has_unsent_note=False,
        has_fresh_proposal=False,
        last_seq=seq,
    )


def received(facts: Facts, event_id: EventId, seq: int, written_ms: int) -> Facts:
    """A visitor wrote: somebody waits, and a conversation that was put away comes back.

    Whoever marked it done had dealt with what stood there, so after that the waiting begins anew.
    """
    is_new_wait = facts.oldest_unanswered_ms is None or facts.state == ConversationState.DONE.value
    return replace(
        facts,
        state=ConversationState.OPEN.value,
        snoozed_until_ms=None,
        last_activity_ms=max(facts.last_activity_ms, written_ms),
        oldest_unanswered_ms=written_ms if is_new_wait else facts.oldest_unanswered_ms,
        unread_count=facts.unread_count + 1,
        newest_received=event_id,
        newest_received_seq=seq,
        has_fresh_proposal=False,
    )


def sent(facts: Facts, wall_ms: int, answered_seq: int, rest: Unanswered) -> Facts:
    """A reply went out; it answers what stood in the thread at ``answered_seq``, and ``rest`` came later."""
    return replace(
        facts,
        last_activity_ms=max(facts.last_activity_ms, wall_ms),
        oldest_unanswered_ms=rest.since_ms,
        unread_count=rest.count,
        seen_seq=max(facts.seen_seq, answered_seq),
        has_fresh_proposal=facts.has_fresh_proposal and rest.count > 0,
    )


def seen(facts: Facts, up_to_seq: int, unread_count: int) -> Facts:
    """Somebody looked at the thread up to one item."""
    return replace(facts, seen_seq=max(facts.seen_seq, up_to_seq), unread_count=unread_count)


def set_by_person(facts: Facts, event: Event) -> Facts:
    """The plain wishes of a person: assigned, urgency, snoozed, done, reopened. Other kinds change nothing here."""
    match event.kind:
        case EventKind.ASSIGNED:
            person_id = event.body["person_id"]
            return replace(facts, assigned_to=None if person_id is None else str(person_id))
        case EventKind.URGENCY_SET:
            return replace(facts, urgency=Urgency(int(str(event.body["urgency"]))).value)
        case EventKind.SNOOZED:
            until_ms = event.body["until_ms"]
            assert isinstance(until_ms, int)
            return replace(facts, state=ConversationState.SNOOZED.value, snoozed_until_ms=until_ms)
        case EventKind.MARKED_DONE:
            return replace(facts, state=ConversationState.DONE.value, snoozed_until_ms=None)
        case EventKind.REOPENED:
            return replace(facts, state=ConversationState.OPEN.value, snoozed_until_ms=None)
        case _:
            return facts
