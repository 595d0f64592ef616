"""Retention at an open desk: which class a conversation is in, what would go, and the second step that lets it go.

Two steps, always: ``preview`` says what is due and why, with a digest; ``apply`` names that digest and refuses when
anything has changed since. Nothing goes while the rules are unsigned, while a hold stands, or on the word of a clock
that cannot be right; more than 5 % within a day takes a person who types the number. Nothing here runs by itself.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from app.compliance.clock_doubt import MS_PER_DAY, ClockDoubt, ClockFacts, doubt_of, is_many
from app.compliance.due import Case, Plan, day_of, plan
from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.domain.roles import Right
from app.services.erasing.service import Erasure, ErasureService
from app.services.errors import RetentionFault, RetentionRefusedError
from app.services.ledger import Ledger
from app.services.retention.holds import HoldService
from app.services.retention.rules import RetentionBook, RulesInForce
from app.store.retention_query import count_gone, read_classed, read_contacts, read_kept
from app.store.upkeep import Progress

_NS_PER_MS = 1_000_000


def counted_ms() -> int:
    """Return what this machine has counted since it started, in milliseconds; suspended time counts."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // _NS_PER_MS


@dataclass(frozen=True, slots=True)
class RetentionPreview:
    """What would go now, and what a person has to confirm before it may."""

    plan: Plan
    in_force: RulesInForce
    doubt: ClockDoubt | None
    """Why the clock may be wrong: then ``apply`` wants the day, typed by a person."""
    is_many: bool
    """More than 5 % within a day: then ``apply`` wants the number, typed by a person."""

    @property
    def digest(self) -> str:
        """What ``apply`` must be given."""
        return self.plan.digest

    @property
    def can_be_applied(self) -> bool:
        """Whether there is something that may go."""
        return bool(self.plan.due) and self.in_force.is_signed


class RetentionService:
    """Retention in one open vault. Safe from any thread."""

    def __init__(
        self, ledger: Ledger, book: RetentionBook, holds: HoldService, erasure: ErasureService,
        counted: Callable[[], int] = counted_ms,
    ) -> None:  # fmt: skip
        self.book = book
        self._ledger = ledger
        self._holds = holds
        self._erasure = erasure
        self._counted = counted
        self._opened_ms, self._counted_at_opening = ledger.now_ms(), counted()

    def classify(self, cid: ConversationId, class_id: str) -> None:
        """Put a conversation into a class of the rules in force; "" puts it into the default one.

        Raises:
            RetentionRefusedError: there is no such class.
            NoSuchConversationError, NotYoursError: nothing changed.
        """
        if class_id and not self.book.in_force().rules.has(class_id):
            raise RetentionRefusedError(RetentionFault.UNKNOWN_CLASS)
        with self._ledger.lock:
            self._ledger.standing(cid)
            if self.class_of(cid) != class_id:
                self._ledger.write(cid, EventKind.RETENTION_CLASSED, class_id=class_id)

    def class_of(self, cid: ConversationId) -> str:
        """Return the class that somebody chose for a conversation, "" for the default one.

        Raises:
            NoSuchConversationError: there is none of this id.
        """
        self._ledger.standing(cid)
        chosen = [event for event in self._ledger.log.read(cid) if event.kind is EventKind.RETENTION_CLASSED]
        return str(chosen[-1].body["class_id"]) if chosen else ""

    def preview(self) -> RetentionPreview:
        """Return what would go today, what is held, and what comes later; changes nothing."""
        self._ledger.require(Right.SEE_CONTROLS)
        now_ms = self._ledger.now_ms()
        in_force, held_ids = self.book.in_force(), self._holds.held_ids()
        with self._ledger.reading() as connection:
            found = plan(in_force.rules, self._cases(connection), held_ids, day_of(now_ms))
            gone = count_gone(connection, now_ms - MS_PER_DAY)
        return RetentionPreview(found, in_force, self._doubt(now_ms), is_many(len(found.due), gone, found.total))

    def apply(
        self,
        digest: str,
        *,
        confirmed_count: int | None = None,
        confirmed_day: date | None = None,
        progress: Progress = lambda _done, _total: None,
    ) -> Erasure:
        """Let go what a preview named, for good, with one certificate.

        Args:
            digest: of the preview that a person has seen.
            confirmed_count: how many, typed by a person; needed when the preview says ``is_many``.
            confirmed_day: which day it is, typed by a person; needed when the preview has a ``doubt``.
            progress: see ``ErasureService.erase``.

        Raises:
            RetentionRefusedError: says what stands in the way; nothing was erased.
            NotYoursError: takes an administrator.
        """
        self._ledger.require(Right.ERASE)
        with self._ledger.lock:
            seen = self.preview()
            self._refuse(seen, digest, confirmed_count, confirmed_day)
            return self._erasure.erase([line.conversation_id for line in seen.plan.due], "retention", progress=progress)

    def names_of(self, ids: Sequence[ConversationId]) -> dict[ConversationId, str]:
        """Return the contact's name of each conversation that is there."""
        self._ledger.require(Right.READ_MESSAGES)
        with self._ledger.reading() as connection:
            return read_contacts(connection, self._ledger.keys, ids)

    def _refuse(self, seen: RetentionPreview, digest: str, count: int | None, day: date | None) -> None:
        checks = (
            (not seen.in_force.is_signed, RetentionFault.NOT_SIGNED),
            (seen.digest != digest, RetentionFault.STALE_PREVIEW),
            (not seen.plan.due, RetentionFault.NOTHING_DUE),
            (seen.doubt is not None and day != seen.plan.today, RetentionFault.CLOCK_UNSURE),
            (seen.is_many and count != len(seen.plan.due), RetentionFault.TOO_MANY),
        )
        for stands_in_the_way, fault in checks:
            if stands_in_the_way:
                raise RetentionRefusedError(fault)

    def _cases(self, connection: Connection) -> Iterator[Case]:
        classes: dict[ConversationId, str] = {}
        for stored in read_classed(connection):
            if not stored.is_shed and self._ledger.keys.has(ConversationId(stored.conversation_id)):
                event = self._ledger.log.logged(stored).event
                classes[event.conversation_id] = str(event.body["class_id"])
        hidden = self._ledger.hidden
        for kept in read_kept(connection):
            if kept.conversation_id in hidden:
                continue  # its time ends as well, for an administrator who is within
            chosen = classes.get(kept.conversation_id, "")
            yield Case(kept.conversation_id, chosen, kept.last_message_ms, kept.closed_ms, kept.last_seq)

    def _doubt(self, now_ms: int) -> ClockDoubt | None:
        head = self._ledger.vault.head
        return doubt_of(
            ClockFacts(
                now_ms=now_ms,
                opened_ms=self._opened_ms,
                counted_ms=self._counted() - self._counted_at_opening,
                highest_ms=head.state.highest_ms,
                highest_at_opening_ms=head.highest_at_opening_ms,
            )
        )
