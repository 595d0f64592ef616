"""One open log with its clock, its people and its listeners: what the use cases of a desk share."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock

from sqlalchemy import Connection

from app.domain.events import Event, EventKind, JsonValue
from app.domain.ids import OFFICE, ConversationId, PersonId
from app.domain.office import Office, Person
from app.domain.roles import Right, right_to_write, why_not
from app.services.clock import Clock
from app.services.errors import NoSuchConversationError, NotYoursError
from app.store.inbox_query import Standing, read_standing
from app.store.keyring import Keyring
from app.store.log import EventLog
from app.store.logged import Also, NewEvent
from app.store.open_vault import OpenVault
from app.store.thread_query import read_office

Listener = Callable[[ConversationId], None]
"""Told, after a commit and on the thread that wrote, which conversation changed; ``OFFICE`` means anything may have.

It must not wait for another thread: the writing thread may hold the ledger's lock.
"""

_log = logging.getLogger(__name__)


class Ledger:
    """Reads and writes for the use cases. Safe to call from several threads.

    ``lock`` is held by a use case that decides on what it reads before it writes.
    """

    def __init__(self, vault: OpenVault, log: EventLog, clock: Clock) -> None:
        self.vault = vault
        self.log = log
        self.lock = RLock()
        self.now_ms = clock
        self._listeners: list[Listener] = []
        self._riders: list[Also] = []
        self._office: tuple[Office, tuple[Person, ...]] | None = None

    @property
    def keys(self) -> Keyring:
        """The keys of the conversations."""
        return self.vault.keyring

    @property
    def hidden(self) -> frozenset[ConversationId]:
        """Conversations that the person at the desk must not learn of: behind walls that they are outside of."""
        return self.keys.walled_off

    @property
    def person(self) -> Person:
        """Who unlocked the vault."""
        return self.vault.person

    @property
    def office(self) -> Office:
        """The office that the vault belongs to."""
        return self._read_office()[0]

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who works here, the person at the desk first, then who has a password, then other staff."""
        everybody = (self.person, *self.vault.password_holders, *self._read_office()[1])
        return tuple({person.person_id: person for person in everybody}.values())

    @property
    def names(self) -> dict[str, str]:
        """Display names by person id; of those who have left, too."""
        everybody = (*self.vault.people.everybody, *self.people)
        return {person.person_id: person.display_name for person in everybody}

    def on_change(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` after every change; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def ride(self, rider: Also) -> None:
        """Have ``rider`` write, in the transaction of every event of a conversation, what belongs to it.

        It holds the ledger's lock and must not write events. What it raises undoes the events as well.
        """
        self._riders.append(rider)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database."""
        with self.vault.connect().connect() as connection:
            yield connection

    def standing(self, cid: ConversationId) -> Standing:
        """Return where a conversation stands.

        Raises:
            NoSuchConversationError: there is none of this id, or a wall hides it.
        """
        if self.keys.is_walled_off(cid):
            raise NoSuchConversationError
        with self.reading() as connection:
            found = read_standing(connection, cid)
        if found is None:
            raise NoSuchConversationError
        return found

    def require(self, right: Right) -> None:
        """Do nothing when the person at the desk has ``right``.

        Raises:
            NotYoursError: the role does not have it.
        """
        reason = why_not(right, self.person.role)
        if reason is not None:
            raise NotYoursError(right, reason)

    def write(self, cid: ConversationId, kind: EventKind, **body: JsonValue) -> Event:
        """Append one event, durably, and tell the listeners."""
        return self.write_all((NewEvent(cid, kind, body),), cid)[0]

    def note(self, kind: EventKind, **body: JsonValue) -> Event:
        """Append an event of the office that changes nothing that a screen shows; the listeners are not told."""
        events = (NewEvent(OFFICE, kind, body),)
        self._require_rights(events)
        with self.lock:
            return self.log.append(events, now_ms=self.now_ms())[0]

    def write_all(
        self,
        events: tuple[NewEvent, ...],
        changed: ConversationId,
        also: Also | None = None,
        *,
        is_by_visitor: bool = False,
    ) -> tuple[Event, ...]:
        """Append events in one commit, durably, and tell the listeners about ``changed``.

        ``also`` writes rows of transport in the same transaction; see ``EventLog.append``. What a visitor does
        (``is_by_visitor``) takes no right of whoever happens to be at the desk.

        Raises:
            NotYoursError: one of them takes a right that the person at the desk does not have; nothing was written.
        """
        if not is_by_visitor:
            self._require_rights(events)
        with self.lock:
            written = self.log.append(events, now_ms=self.now_ms(), also=self._together(also))
            if changed == OFFICE:
                self._office = None
        self.tell(changed)
        return written

    def write_each(self, events: tuple[NewEvent, ...]) -> None:
        """Append events of several conversations in one commit, and tell the listeners about each conversation."""
        if not events:
            return
        self._require_rights(events)
        with self.lock:
            self.log.append(events, now_ms=self.now_ms(), also=self._together(None))
        for cid in dict.fromkeys(event.conversation_id for event in events):
            self.tell(cid)

    def settle(self, also: Also) -> None:
        """Write rows of transport that belong to no event; nobody is told."""
        with self.lock:
            self.log.append((), now_ms=self.now_ms(), also=also)

    def tell(self, changed: ConversationId) -> None:
        """Tell every listener; one that fails is left behind with its kind of error, the commit stands anyway."""
        for listener in tuple(self._listeners):
            try:
                listener(changed)
            except Exception as error:  # noqa: BLE001 - a broken screen must not undo an acknowledged message
                _log.error("a change listener failed: %s", type(error).__name__)

    def is_person(self, person_id: PersonId) -> bool:
        """Say whether somebody of this id works here."""
        return any(person.person_id == person_id for person in self.people)

    def _together(self, also: Also | None) -> Also | None:
        everybody = (*(() if also is None else (also,)), *self._riders)
        if not everybody:
            return None

        def ride(connection: Connection, events: tuple[Event, ...]) -> None:
            for one in everybody:
                one(connection, events)

        return ride

    def _require_rights(self, events: tuple[NewEvent, ...]) -> None:
        for kind in {event.kind for event in events}:
            self.require(right_to_write(kind))

    def _read_office(self) -> tuple[Office, tuple[Person, ...]]:
        if self._office is None:
            with self.reading() as connection:
                self._office = read_office(connection, self.keys)
        assert self._office is not None, "a vault is named when it is created"
        return self._office
