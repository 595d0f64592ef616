"""Emergency access: somebody outside of a wall gets in for a while, with a reason and a second person; it is judged.

By key, not by a promise: only who is within holds the key, so only they can let somebody in, by opening their own slot
with their own password at this desk. The key is then in this process alone, never on the disk, until its time is over
or the console locks, whichever comes first. Every step is an event of the office's own stream.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from app.domain.events import Event, EventKind
from app.domain.folding import folded_words
from app.domain.ids import OFFICE, ConversationId, EventId, PersonId
from app.domain.office import Person
from app.domain.roles import Right
from app.domain.walls import (
    ACCESS_S,
    Access,
    AccessFault,
    Cause,
    Finding,
    asking_fault,
    may_stand_within,
    reviewing_fault,
)
from app.services.conversations.texts import check_text
from app.services.ledger import Ledger
from app.services.walls.errors import AccessRefusedError
from app.store.audit_query import AuditFilter, walk_envelopes
from app.store.contacts_query import walk_contacts
from app.store.conversation_keys import Behind
from app.store.slots import Unlocked

Prove = Callable[[PersonId, str, str], Unlocked]
"""Person, password, code: returns what they unlock, or raises; see ``SignInService.prove``."""

ALIKE = 0.8
"""How alike two words of a name must be, as in ``evidence.subjects``."""

_KINDS = frozenset({EventKind.EMERGENCY_OPENED, EventKind.EMERGENCY_ENDED, EventKind.EMERGENCY_REVIEWED})


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody who wants to get in has said."""

    name: str = field(repr=False)
    cause: Cause
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Behinds:
    """One conversation that the second person can open."""

    conversation_id: ConversationId
    contact_name: str = field(repr=False)
    last_activity_ms: int
    behind: Behind = field(repr=False)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A second person has proved to be here. ``found``: what their walls hold of that name, the most alike first."""

    asked: Asked
    confirmed_by: PersonId
    found: tuple[Behinds, ...]


class _Keys:
    """The keys behind the walls of the second person, to read names with; nobody else's."""

    def __init__(self, found: Mapping[ConversationId, Behind]) -> None:
        self._found = found

    def has(self, conversation_id: ConversationId) -> bool:
        return conversation_id in self._found

    def key_for(self, conversation_id: ConversationId) -> bytes:
        return self._found[conversation_id].key


class EmergencyService:
    """Emergency access at one open desk. Safe from any thread."""

    def __init__(
        self,
        ledger: Ledger,
        prove: Prove,
        now_s: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
    ) -> None:
        """Serve a desk; ``now_s`` is a clock that nobody can set and that counts while the machine sleeps."""
        self._ledger = ledger
        self._prove = prove
        self._now_s = now_s
        self._running: dict[EventId, ConversationId] = {}

    def second_people(self) -> tuple[Person, ...]:
        """Return who might confirm: everybody else who may read messages. Who is within which wall is not said."""
        self._ledger.require(Right.ASK_EMERGENCY_ACCESS)
        own = self._ledger.person.person_id
        holders = self._ledger.vault.password_holders
        return tuple(one for one in holders if one.person_id != own and may_stand_within(one.role))

    def confirm(self, asked: Asked, person_id: PersonId, password: str, code: str = "") -> Confirmed:
        """Let the second person prove to be here, and find what of their walls bears the name. Nothing opens yet.

        Takes as long as an unlock.

        Raises:
            NotYoursError: the role never sees a message.
            AccessRefusedError: the reason is missing, the second person is the first, or is within no such wall.
            WrongPasswordError, TooSoonError and the like: see ``SignInService.prove``.
        """
        self._ledger.require(Right.ASK_EMERGENCY_ACCESS)
        self._refuse(asking_fault(self._ledger.person.person_id, person_id, asked.reason))
        proven = self._prove(person_id, password, code)
        keys = self._ledger.keys
        behind = {cid: one for cid, one in keys.find_for(person_id, proven.seed).items() if keys.is_walled_off(cid)}
        with self._ledger.reading() as connection:
            contacts = list(walk_contacts(connection, _Keys(behind)))
        wanted = _words(asked.name)
        scored = [(_alike(wanted, one.name), one) for one in contacts]
        found = sorted((one for one in scored if one[0] >= ALIKE), key=lambda one: (-one[0], -one[1].last_activity_ms))
        if not found:
            raise AccessRefusedError(AccessFault.NOT_WITHIN)
        return Confirmed(
            asked,
            person_id,
            tuple(
                Behinds(one.conversation_id, one.name, one.last_activity_ms, behind[one.conversation_id])
                for _, one in found
            ),
        )

    def open(self, confirmed: Confirmed, cid: ConversationId) -> Access:
        """Let the person at the desk in, for ``ACCESS_S``; written down before the key is lent.

        Raises:
            AccessRefusedError: the second person did not find this conversation.
            InvalidTextError: the reason cannot be taken.
        """
        chosen = next((one for one in confirmed.found if one.conversation_id == cid), None)
        if chosen is None:
            raise AccessRefusedError(AccessFault.NOT_WITHIN)
        asked, now_ms = confirmed.asked, self._ledger.now_ms()
        event = self._ledger.note(
            EventKind.EMERGENCY_OPENED,
            conversation_id=cid,
            confirmed_by=confirmed.confirmed_by,
            cause=asked.cause.value,
            reason=check_text(asked.reason),
            until_ms=now_ms + ACCESS_S * 1000,
        )
        self._ledger.keys.lend(cid, chosen.behind, self._now_s() + ACCESS_S, self._now_s)
        self._running[event.event_id] = cid
        self._ledger.tell(OFFICE)
        return _access(event)

    def end(self, access_id: EventId) -> None:
        """Close the door before its time is over.

        Raises:
            AccessRefusedError: no such access runs at this desk.
        """
        cid = self._running.pop(access_id, None)
        if cid is None:
            raise AccessRefusedError(AccessFault.NO_SUCH_ACCESS)
        self._ledger.keys.take_back(cid)
        self._ledger.note(EventKind.EMERGENCY_ENDED, access_id=access_id)
        self._ledger.tell(OFFICE)

    def sweep(self) -> tuple[ConversationId, ...]:
        """Return what has closed by itself since the last time; screens are told. Ask every few seconds."""
        over = [(one, cid) for one, cid in self._running.items() if self._ledger.keys.is_walled_off(cid)]
        for access_id, _ in over:
            del self._running[access_id]
        if over:
            self._ledger.tell(OFFICE)
        return tuple(cid for _, cid in over)

    @property
    def running(self) -> tuple[Access, ...]:
        """What stands open at this desk now, the newest last."""
        if not self._running:
            return ()
        return tuple(one for one in self._all() if one.access_id in self._running)

    def accesses(self) -> tuple[Access, ...]:
        """Return every access there was: those to be reviewed first, each part with the newest first.

        Raises:
            NotYoursError: the role neither reviews nor reads the audit log.
        """
        self._ledger.require(Right.READ_AUDIT_LOG)
        return tuple(sorted(self._all(), key=lambda one: (one.finding is not None, -one.opened_ms)))

    def open_reviews(self) -> int:
        """Return how many accesses nobody has reviewed."""
        return sum(one.finding is None for one in self.accesses())

    def why_not_review(self, access: Access) -> AccessFault | None:
        """Return why the person at the desk cannot review an access, beside their role."""
        return reviewing_fault(access, self._ledger.person.person_id)

    def review(self, access_id: EventId, finding: Finding, note: str) -> Access:
        """Judge an access, once.

        Raises:
            NotYoursError: takes an administrator.
            AccessRefusedError: there is none, it was reviewed, or one took part in it.
            InvalidTextError: the note cannot be taken.
        """
        self._ledger.require(Right.REVIEW_EMERGENCY_ACCESS)
        note = check_text(note, may_be_empty=True)
        with self._ledger.lock:
            found = next((one for one in self._all() if one.access_id == access_id), None)
            if found is None:
                raise AccessRefusedError(AccessFault.NO_SUCH_ACCESS)
            self._refuse(self.why_not_review(found))
            self._ledger.note(EventKind.EMERGENCY_REVIEWED, access_id=access_id, finding=finding.value, note=note)
        return next(one for one in self._all() if one.access_id == access_id)

    def _refuse(self, fault: AccessFault | None) -> None:
        if fault is not None:
            raise AccessRefusedError(fault)

    def _all(self) -> list[Access]:
        with self._ledger.reading() as connection:
            rows = list(walk_envelopes(connection, AuditFilter(kinds=_KINDS, conversation_id=OFFICE)))
        events = [self._ledger.log.logged(stored).event for stored in rows]
        ended = {event.body["access_id"]: event for event in events if event.kind is EventKind.EMERGENCY_ENDED}
        reviewed = {event.body["access_id"]: event for event in events if event.kind is EventKind.EMERGENCY_REVIEWED}
        return [
            _access(event, ended.get(event.event_id), reviewed.get(event.event_id))
            for event in events
            if event.kind is EventKind.EMERGENCY_OPENED
        ]


def _access(event: Event, ended: Event | None = None, reviewed: Event | None = None) -> Access:
    body = event.body
    return Access(
        access_id=event.event_id,
        conversation_id=ConversationId(str(body["conversation_id"])),
        asked_by=event.actor,
        confirmed_by=PersonId(str(body["confirmed_by"])),
        cause=Cause(body["cause"]),
        reason=str(body["reason"]),
        opened_ms=event.wall_ms,
        until_ms=int(str(body["until_ms"])),
        ended_ms=None if ended is None else ended.wall_ms,
        finding=None if reviewed is None else Finding(reviewed.body["finding"]),
        reviewed_by=None if reviewed is None else reviewed.actor,
        reviewed_ms=None if reviewed is None else reviewed.wall_ms,
        note="" if reviewed is None else str(reviewed.body["note"]),
    )


def _words(name: str) -> list[str]:
    return [word.text for word in folded_words(name)]


def _alike(wanted: list[str], name: str) -> float:
    """Return how well every word of ``wanted`` is met by a word of ``name``."""
    words = _words(name)
    if not wanted or not words:
        return 0.0
    return sum(max(SequenceMatcher(None, one, word).ratio() for word in words) for one in wanted) / len(wanted)
