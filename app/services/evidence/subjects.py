"""What people ask about their own data: found, handed out, erased, and kept in a register with the law's own clock.

The register holds ids, days and codes; names are read from the conversations as long as those are there.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection

from app.compliance.subject_requests import LegalClock, Outcome, RequestKind, SubjectRequest, parse_clocks
from app.domain.conversation import IdentityMeans
from app.domain.events import Event, EventKind, JsonValue
from app.domain.ids import OFFICE, ConversationId, EventId
from app.domain.roles import Right
from app.services.contacts.finding import MatchedBy, Wanted
from app.services.conversations.exports import export_thread
from app.services.errors import NoSuchConversationError, SubjectFault, SubjectRefusedError
from app.services.evidence.audit_trail import AuditTrail
from app.services.ledger import Ledger
from app.store.audit_query import AuditFilter, walk_envelopes
from app.store.chain import StoredEvent
from app.store.channel.peers import address_of
from app.store.contacts_query import walk_contacts
from app.store.files import replace_file
from app.store.logged import NewEvent
from app.store.thread_query import read_thread

FORMAT = "vestibule/1 subject copy"
OVER_CHANNEL = "channel"
"""How a request stands in the register whose sender holds the keys of the conversation, and has not been seen."""
ALIKE = 0.8
"""How alike two words of a name must be; 1 is the same. "Alvares" and "Alvarez" are 0.86."""


@dataclass(frozen=True, slots=True)
class Match:
    """A conversation that may be the person's; a human says whether it is. ``alike`` runs from 0 to 1."""

    conversation_id: ConversationId
    contact_name: str = field(repr=False)
    last_activity_ms: int
    alike: float
    by: MatchedBy = MatchedBy.NAME


class SubjectService:
    """Requests of people about their own data, at one open desk. Safe from any thread."""

    def __init__(self, ledger: Ledger, read_clocks: Callable[[], dict[str, LegalClock]]) -> None:
        """Serve a desk; ``read_clocks`` is called when the first request comes, not at the unlock."""
        self._ledger = ledger
        self._read_clocks = read_clocks
        self._trail = AuditTrail(ledger)

    def find(self, name: str) -> tuple[Match, ...]:
        """Return the conversations of people who are called so, or nearly so; the most alike first.

        Other names, relatives, and what numbers and addresses the desk has written down count as well: whoever asks by
        a phone number, an e-mail address, a record number or a birth date is found by it.

        Raises:
            NotYoursError: the role does not handle requests.
        """
        self._ledger.require(Right.HANDLE_REQUESTS)
        wanted = Wanted.of(name, self.today())
        with self._ledger.reading() as connection:
            contacts = list(walk_contacts(connection, self._ledger.keys))
        met = ((one, wanted.meets(one.name, one.details)) for one in contacts)
        found = [
            Match(one.conversation_id, one.name, one.last_activity_ms, how.alike, how.by)
            for one, how in met
            if how.alike >= ALIKE
        ]
        return tuple(sorted(found, key=lambda one: (-one.alike, -one.last_activity_ms)))

    def take(
        self,
        kind: RequestKind,
        conversation_ids: Sequence[ConversationId],
        identity: IdentityMeans | None,
        country: str,
        received_on: date | None = None,
    ) -> SubjectRequest:
        """Put a request into the register; the clock runs from ``received_on``.

        Raises:
            NotYoursError, NoSuchConversationError: nothing was noted.
            SubjectRefusedError: nobody has confirmed who asks, or the day lies ahead.
        """
        self._ledger.require(Right.HANDLE_REQUESTS)
        for cid in conversation_ids:
            self._ledger.standing(cid)
        received_on = received_on or self.today()
        if identity is None or not conversation_ids:
            raise SubjectRefusedError(SubjectFault.NO_IDENTITY if conversation_ids else SubjectFault.NOTHING_NAMED)
        if received_on > self.today():
            raise SubjectRefusedError(SubjectFault.DAY_AHEAD)
        body = self._body(kind, conversation_ids, identity.value, country, received_on)
        return _request(self._ledger.write(OFFICE, EventKind.SUBJECT_REQUEST_TAKEN, **body))

    def asked_by_visitor(self, cid: ConversationId, country: str, received_ms: int) -> NewEvent:
        """Return the event of a wish to be erased that came over the patient channel; who asks is yet to be confirmed.

        The clock runs from the moment at which it came in, whoever was at the desk.
        """
        received_on = datetime.fromtimestamp(received_ms / 1000, UTC).date()
        body = self._body(RequestKind.ERASE, [cid], OVER_CHANNEL, country, received_on)
        return NewEvent(OFFICE, EventKind.SUBJECT_REQUEST_TAKEN, body)

    def close(self, request_id: EventId, outcome: Outcome) -> SubjectRequest:
        """Note how a request ended.

        Raises:
            SubjectRefusedError: no open request has this id.
        """
        self._ledger.require(Right.HANDLE_REQUESTS)
        if not any(one.request_id == request_id and one.outcome is None for one in self.register()):
            raise SubjectRefusedError(SubjectFault.NO_SUCH_REQUEST)
        self._ledger.write(OFFICE, EventKind.SUBJECT_REQUEST_CLOSED, request_id=request_id, outcome=outcome.value)
        return next(one for one in self.register() if one.request_id == request_id)

    def register(self) -> tuple[SubjectRequest, ...]:
        """Return every request: the open ones first, by the day on which they are due; then the closed ones."""
        closed = {str(event.body["request_id"]): event for event in self._read(EventKind.SUBJECT_REQUEST_CLOSED)}
        taken = (_request(event, closed.get(event.event_id)) for event in self._read(EventKind.SUBJECT_REQUEST_TAKEN))
        seen = (self._without_hidden(one) for one in taken)
        return tuple(
            sorted(
                (one for one in seen if one is not None),
                key=lambda one: (one.outcome is not None, one.due_on, one.request_id),
            )
        )

    def copy(self, conversation_ids: Sequence[ConversationId]) -> dict[str, object]:
        """Return everything that the office holds about these conversations, as plain JSON values.

        Messages, notes and who opened them; where the words of a reply came from. Each is noted as exported.

        Raises:
            NotYoursError, NoSuchConversationError: nothing was noted.
        """
        self._ledger.require(Right.HANDLE_REQUESTS)
        threads = [self._one(cid) for cid in conversation_ids]
        for cid in conversation_ids:
            self._trail.exported(cid)
        made = datetime.fromtimestamp(self._ledger.now_ms() / 1000, UTC).isoformat(timespec="seconds")
        return {"format": FORMAT, "office": self._ledger.office.name, "made": made, "conversations": threads}

    def write_json(self, copied: Mapping[str, object], file: Path) -> None:
        """Write a copy as JSON into a private file (0600), whole or not at all.

        Raises:
            OSError, DiskFullError, DiskFailedError: nothing was written.
        """
        replace_file(file, json.dumps(copied, indent=2, ensure_ascii=False).encode())

    def names_of(self, conversation_ids: Collection[ConversationId]) -> dict[ConversationId, str]:
        """Return who stands behind these conversations; one that was erased has no name any more.

        Raises:
            NotYoursError: the role does not handle requests.
        """
        self._ledger.require(Right.HANDLE_REQUESTS)
        with self._ledger.reading() as connection:
            contacts = walk_contacts(connection, self._ledger.keys) if conversation_ids else iter(())
            return {one.conversation_id: one.name for one in contacts if one.conversation_id in conversation_ids}

    def today(self) -> date:
        """Return the day, by the clock of the desk."""
        return datetime.fromtimestamp(self._ledger.now_ms() / 1000, UTC).date()

    def _without_hidden(self, request: SubjectRequest) -> SubjectRequest | None:
        """Return a request without what a wall hides; None when nothing else is asked about."""
        hidden = self._ledger.hidden
        seen = tuple(cid for cid in request.conversation_ids if cid not in hidden)
        return replace(request, conversation_ids=seen) if seen else None

    def _body(
        self,
        kind: RequestKind,
        conversation_ids: Sequence[ConversationId],
        identity: str,
        country: str,
        received_on: date,
    ) -> dict[str, JsonValue]:
        clocks = self._read_clocks()
        clock = clocks.get(country) or clocks["eu"]
        return {
            "asked": kind.value,
            "conversations": [str(cid) for cid in conversation_ids],
            "identity": identity,
            "law": clock.law,
            "received_on": received_on.isoformat(),
            "due_on": clock.due_on(received_on).isoformat(),
        }

    def _one(self, cid: ConversationId) -> dict[str, object]:
        with self._ledger.reading() as connection:
            thread = (
                read_thread(connection, self._ledger.keys, cid, self._ledger.names)
                if self._ledger.keys.has(cid)
                else None
            )
            if thread is None:
                raise NoSuchConversationError
            stored = [
                one for one in walk_envelopes(connection, AuditFilter(conversation_id=cid)) if self._is_about(one, cid)
            ]
            channel = self._over_channel(connection, cid)
        names = self._ledger.names
        handled = [{"when_ms": one.wall_ms, "who": names.get(one.actor, ""), "what": one.kind} for one in stored]
        return export_thread(thread, names) | channel | {"handled": handled}

    def _over_channel(self, connection: Connection, cid: ConversationId) -> dict[str, object]:
        """Return consents and files of a conversation over the patient channel, nothing for any other."""
        if address_of(connection, cid) is None:
            return {}
        from app.services.channel.copying import copy_channel  # noqa: PLC0415  only for those that have it

        return {"channel": copy_channel(self._ledger, connection, cid)}

    def _is_about(self, stored: StoredEvent, cid: ConversationId) -> bool:
        if stored.conversation_id == cid:
            return True
        is_looking = stored.kind in {EventKind.LOOKED_AT.value, EventKind.EXPORTED.value} and not stored.is_shed
        return is_looking and self._ledger.log.logged(stored).event.body["conversation_id"] == cid

    def _read(self, kind: EventKind) -> list[Event]:
        with self._ledger.reading() as connection:
            rows = list(walk_envelopes(connection, AuditFilter(kinds=frozenset({kind}), conversation_id=OFFICE)))
        return [self._ledger.log.logged(stored).event for stored in rows]


def load_clocks(resources_dir: Path) -> dict[str, LegalClock]:
    """Return the clocks that ship with the product."""
    return parse_clocks(json.loads((resources_dir / "subjects" / "clocks.json").read_text(encoding="utf-8")))


def _request(event: Event, closed: Event | None = None) -> SubjectRequest:
    body = event.body
    conversations = body["conversations"]
    assert isinstance(conversations, list)
    return SubjectRequest(
        request_id=event.event_id,
        kind=RequestKind(body["asked"]),
        conversation_ids=tuple(ConversationId(str(cid)) for cid in conversations),
        identity=str(body["identity"]),
        law=str(body["law"]),
        received_on=date.fromisoformat(str(body["received_on"])),
        due_on=date.fromisoformat(str(body["due_on"])),
        outcome=None if closed is None else Outcome(closed.body["outcome"]),
        closed_on=None if closed is None else datetime.fromtimestamp(closed.wall_ms / 1000, UTC).date(),
    )
