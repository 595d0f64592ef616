"""Walls at an open desk: set, moved, lowered by who is within, each durable when it returns.

The keyring and the key of the search index change in one write: from then on neither a key nor a word of the
conversation lies where everybody reads. Then the event, then the keyrings of the backups.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.domain.events import EventKind
from app.domain.ids import ConversationId, PersonId
from app.domain.office import Person
from app.domain.roles import Right, may_read_messages
from app.domain.walls import WallFault, is_out_of_reach, wall_fault
from app.services.ledger import Ledger
from app.services.walls.errors import WallRefusedError
from app.store.conversation_keys import Behind
from app.store.redacting import read_bodies, with_bodies
from app.store.search import IndexEntry, SearchIndex, entry_of
from app.store.slot_records import SlotKind


@dataclass(frozen=True, slots=True)
class WallView:
    """A wall as those within see it. ``without_key``: named, and their sign-in was reset since; let them in again."""

    conversation_id: ConversationId
    people: tuple[Person, ...]
    without_key: tuple[Person, ...]

    @property
    def is_out_of_reach(self) -> bool:
        """Whether nobody within may erase: then neither retention nor a request reaches the conversation."""
        return is_out_of_reach(self.people)


class WallService:
    """The walls of one open vault. Safe from any thread."""

    def __init__(self, ledger: Ledger, index: SearchIndex, renew_keyrings: Callable[[], Sequence[str]] = tuple) -> None:
        """Serve a desk; ``renew_keyrings`` replaces backups of the keyring, which hold the open key until then."""
        self._ledger = ledger
        self._index = index
        self._renew_keyrings = renew_keyrings

    def candidates(self) -> tuple[Person, ...]:
        """Return whom a wall can name."""
        holders = self._ledger.vault.password_holders
        return tuple(person for person in holders if may_read_messages(person.role))

    def of(self, cid: ConversationId) -> WallView | None:
        """Return the wall round a conversation; None where there is none.

        Raises:
            NoSuchConversationError: there is no such conversation, or one is outside of its wall.
        """
        self._ledger.standing(cid)
        if cid not in self._ledger.keys.walled:
            return None
        named = set(self._ledger.keys.people_behind(cid))
        people = tuple(person for person in self._ledger.vault.password_holders if person.person_id in named)
        return WallView(cid, people, tuple(one for one in people if not self._fits(cid, one.person_id)))

    def set(self, cid: ConversationId, people: Sequence[PersonId]) -> WallView:
        """Hold a conversation back from everybody but these people; also to move a wall that stands.

        Whoever sets it may leave themselves out: then it is gone for them when this returns.

        Raises:
            WallRefusedError: nobody was named, or somebody who never sees a message.
            NotYoursError, NoSuchConversationError: nothing changed.
        """
        self._ledger.require(Right.RAISE_WALL)
        named = tuple(person for person in self._ledger.vault.password_holders if person.person_id in set(people))
        fault = wall_fault(named)
        if fault is not None:
            raise WallRefusedError(fault)
        with self._ledger.lock:
            self._require_own(cid)
            self._enclose(cid, tuple(person.person_id for person in named))
        self._renew_keyrings()
        self._ledger.vault.empty_wals()
        return WallView(cid, named, ())

    def lower(self, cid: ConversationId) -> None:
        """Take the wall round a conversation away: everybody who may read messages reads it again.

        Raises:
            WallRefusedError: there is none.
            NotYoursError, NoSuchConversationError: nothing changed.
        """
        self._ledger.require(Right.RAISE_WALL)
        with self._ledger.lock:
            self._require_own(cid)
            keys = self._ledger.keys
            if cid not in keys.walled:
                raise WallRefusedError(WallFault.NO_WALL)
            self._index.catch_up()
            keys.disclose(cid)
            keys.save()
            self._index.add(self._entries(cid))
            self._ledger.write(cid, EventKind.WALL_LOWERED)

    def only_within(self, person_id: PersonId) -> int:
        """Return how many walls nobody else is within: without this person the printed code alone opens those."""
        self._ledger.require(Right.SEE_PEOPLE)
        keys, holders = self._ledger.keys, {one.person_id for one in self._ledger.vault.password_holders}
        return sum(holders & set(keys.box_keys_of(cid)) == {person_id} for cid in keys.walled)

    def _require_own(self, cid: ConversationId) -> None:
        """Do nothing when the person at the desk is within, or there is no wall yet.

        Raises:
            NoSuchConversationError: outside.
            WallRefusedError: inside by emergency access alone.
        """
        self._ledger.standing(cid)
        if self._ledger.keys.is_lent(cid):
            raise WallRefusedError(WallFault.ONLY_BORROWED)

    def _enclose(self, cid: ConversationId, people: tuple[PersonId, ...]) -> None:
        """Build the wall, then tell of it under the new key, which whoever is not named holds for that long only."""
        keys, is_new = self._ledger.keys, cid not in self._ledger.keys.walled
        index_key = self._index.stage_without(self._entries(cid)) if is_new else None
        keys.lend(cid, Behind(keys.key_for(cid), people), math.inf, lambda: 0.0)
        try:
            keys.enclose(cid, (*people, *self._printed_ways()), self._ledger.vault.box_key_of)
            if is_new:
                keys.rotate_index_key(index_key)
            keys.save()
            if is_new:
                self._index.adopt() if index_key is not None else self._index.renew()
            self._ledger.write(cid, EventKind.WALL_SET, people=[str(one) for one in people])
        finally:
            keys.take_back(cid)
        self._ledger.tell(cid)

    def _printed_ways(self) -> tuple[PersonId, ...]:
        """The printed recovery code, and shares: a forgotten password must not be the end of what is behind a wall."""
        members = self._ledger.vault.people.members
        return tuple(one.person.person_id for one in members if one.way is not SlotKind.PASSWORD)

    def _fits(self, cid: ConversationId, person_id: PersonId) -> bool:
        sealed_to = self._ledger.keys.box_keys_of(cid).get(person_id)
        return sealed_to is not None and sealed_to == self._ledger.vault.box_key_of(person_id)

    def _entries(self, cid: ConversationId) -> Iterator[IndexEntry]:
        """Yield what the search index holds of a conversation that nobody is walled off from."""
        log = self._ledger.log
        with self._ledger.reading() as connection:
            bodies = read_bodies(connection, log.logged, cid)
        for logged in with_bodies(log.read_logged(cid), bodies):
            entry = entry_of(logged)
            if entry is not None:
                yield entry
