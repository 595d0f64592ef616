"""Legal holds at an open desk: placed, listed, released; each an event in the conversation's own stream.

A hold always wins: ``require_free`` stands in front of every way to erase or redact.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import islice

from app.compliance.holds import Hold, standing
from app.domain.events import Event, EventKind
from app.domain.ids import ConversationId, EventId, PersonId
from app.domain.roles import may_read_messages
from app.services.conversations.texts import check_name, check_text
from app.services.errors import HeldByLawError, HoldFault, HoldRefusedError
from app.services.ledger import Ledger
from app.store.chain import StoredEvent
from app.store.tombstones import of_kind

MAX_REVIEW_DAYS = 366
"""Nobody remembers a matter that nobody has looked at for more than a year."""


class HoldService:
    """The holds of one open vault. Safe from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add(self, cid: ConversationId, *, owner: str, reason: str, review_on: date) -> Hold:
        """Hold a conversation: nothing of it goes until this hold is released.

        Raises:
            NoSuchConversationError, InvalidTextError, NotYoursError: nothing changed.
            HoldRefusedError: the day of review has passed, or lies more than a year ahead.
        """
        owner, reason = check_name(owner), check_text(reason)
        days = (review_on - self.today()).days
        if not 0 < days <= MAX_REVIEW_DAYS:
            raise HoldRefusedError(HoldFault.REVIEW_DAY)
        with self._ledger.lock:
            self._ledger.standing(cid)
            event = self._ledger.write(
                cid, EventKind.HOLD_PLACED, owner=owner, reason=reason, review_on=review_on.isoformat()
            )
        return _hold_of(event)

    def release(self, hold_id: EventId, reason: str) -> Hold:
        """Let a hold go, for a reason that is kept; return what it was.

        Raises:
            HoldRefusedError: no standing hold has this id.
            InvalidTextError, NotYoursError: nothing changed.
        """
        reason = check_text(reason)
        with self._ledger.lock:
            hold = next((one for one in self.all() if one.hold_id == hold_id), None)
            if hold is None:
                raise HoldRefusedError(HoldFault.NO_SUCH_HOLD)
            self._ledger.write(hold.conversation_id, EventKind.HOLD_RELEASED, hold_id=hold_id, reason=reason)
        return hold

    def all(self) -> tuple[Hold, ...]:
        """Return every standing hold, those to be reviewed first in front.

        For a role that may not read them they have no words and no day; which one of several on one conversation was
        released stands in the words too, so that the number is right and the oldest is taken for the one.
        """
        placed = tuple(_hold_of(event) for event in self._read(EventKind.HOLD_PLACED))
        released = tuple(self._read(EventKind.HOLD_RELEASED))
        ids = {EventId(str(event.body["hold_id"])) for event in released if event.body}
        for event in released:
            if not event.body:
                here = (hold.hold_id for hold in placed if hold.conversation_id == event.conversation_id)
                ids |= set(islice((hold_id for hold_id in here if hold_id not in ids), 1))
        return standing(placed, frozenset(ids))

    def of(self, cid: ConversationId) -> tuple[Hold, ...]:
        """Return the standing holds of one conversation."""
        return tuple(hold for hold in self.all() if hold.conversation_id == cid)

    def held_ids(self) -> frozenset[ConversationId]:
        """Return every conversation that is held."""
        return frozenset(hold.conversation_id for hold in self.all())

    def require_free(self, conversation_ids: Iterable[ConversationId]) -> None:
        """Do nothing when none of these is held.

        Raises:
            HeldByLawError: naming those that are.
        """
        held = self.held_ids()
        found = tuple(cid for cid in conversation_ids if cid in held)
        if found:
            raise HeldByLawError(found)

    def today(self) -> date:
        """Return the day, by the clock of the desk."""
        return datetime.fromtimestamp(self._ledger.now_ms() / 1000, UTC).date()

    def _read(self, kind: EventKind) -> Iterable[Event]:
        with self._ledger.reading() as connection:
            rows = connection.execute(of_kind(kind)).all()
        for row in rows:
            stored = StoredEvent(*row)
            if stored.is_shed:
                continue  # erased after all, once it was released
            if self._ledger.keys.is_walled_off(ConversationId(stored.conversation_id)):
                continue  # nothing of it can be erased by who cannot see it
            yield self._opened(stored)

    def _opened(self, stored: StoredEvent) -> Event:
        """Return an event with its body; without one for a role that has no key, who sees that there is a hold."""
        if may_read_messages(self._ledger.person.role):
            return self._ledger.log.logged(stored).event
        return Event(
            event_id=EventId(stored.event_id),
            conversation_id=ConversationId(stored.conversation_id),
            actor=PersonId(stored.actor),
            lamport=stored.lamport,
            wall_ms=stored.wall_ms,
            kind=EventKind(stored.kind),
            schema=stored.schema,
            body={},
        )


def _hold_of(event: Event) -> Hold:
    body = event.body
    return Hold(
        hold_id=event.event_id,
        conversation_id=event.conversation_id,
        owner=str(body.get("owner", "")),
        reason=str(body.get("reason", "")),
        review_on=date.fromisoformat(str(body.get("review_on", date.max.isoformat()))),
        placed_by=event.actor,
        placed_ms=event.wall_ms,
    )
