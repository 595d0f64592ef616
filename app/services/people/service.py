"""The people of an open vault, as an administrator looks after them."""

import os
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from sqlalchemy import select

from app.crypto.one_time import make_one_time_password
from app.crypto.passwords import DEFAULT, KdfParameters
from app.crypto.recovery_code import RecoveryCode
from app.domain.conversation import ConversationState
from app.domain.events import EventKind
from app.domain.ids import OFFICE, ConversationId, PersonId, make_ulid
from app.domain.office import Licence, Person, Role
from app.domain.roles import Right, why_not
from app.services.conversations.texts import check_name
from app.services.errors import ChoiceFault, InvalidChoiceError
from app.services.ledger import Ledger
from app.services.people.licence import check_licence
from app.store import tables
from app.store.errors import LastAdministratorError, NotAllowedError, NotYourselfError
from app.store.logged import NewEvent
from app.store.people import Member
from app.store.slot_records import SlotKind

SHARES_NAME = "Recovery shares"
_ULID_RANDOM_BYTES = 10


class PersonAct(Enum):
    """What can be done to somebody on the page of people."""

    CHANGE = "change"
    RESET = "reset"
    DISABLE = "disable"


class Added(NamedTuple):
    """Who came in, and the password to hand over; it is shown once and stands nowhere."""

    person: Person
    one_time_password: str

    def __repr__(self) -> str:
        return "<Added hidden>"


@dataclass(frozen=True, slots=True)
class People:
    """Who opens the vault: by password, in the order in which they came; and which printed ways in there are."""

    members: tuple[Member, ...]
    has_recovery_code: bool
    has_shares: bool
    is_rotation_due: bool


class PeopleService:
    """Lets people in, changes them and lets them go. All methods block; safe from any thread."""

    def __init__(self, ledger: Ledger, kdf: KdfParameters = DEFAULT) -> None:
        """Serve the vault of ``ledger``; ``kdf`` is how much work its new passwords cost."""
        self._ledger = ledger
        self._people = ledger.vault.people
        self._kdf = kdf

    def list(self) -> People:
        """Return everybody who opens this vault."""
        self._ledger.require(Right.SEE_PEOPLE)
        members = self._people.members
        ways = {member.way for member in members}
        return People(
            members=tuple(member for member in members if member.way is SlotKind.PASSWORD),
            has_recovery_code=SlotKind.RECOVERY in ways,
            has_shares=SlotKind.SHARES in ways,
            is_rotation_due=self._people.is_rotation_due,
        )

    def why_not(self, act: PersonAct, person_id: PersonId) -> str | None:
        """Return the code of what keeps the person at the desk from doing something to somebody; None when nothing.

        Codes are those of ``app.domain.roles.WhyNot`` and of the store's ``not_yourself`` and ``last_administrator``.
        """
        me = self._ledger.person
        missing = why_not(Right.MANAGE_PEOPLE, me.role)
        if missing is not None:
            return missing.value
        if person_id == me.person_id and act is not PersonAct.CHANGE:
            return NotYourselfError.code
        if act is PersonAct.DISABLE and self._is_last_administrator(person_id):
            return LastAdministratorError.code
        return None

    def open_conversations_of(self, person_id: PersonId) -> int:
        """Return how many conversations that are not done would be nobody's without this person."""
        self._ledger.require(Right.SEE_PEOPLE)
        return len(self._assigned_to(person_id))

    def add(self, name: str, role: Role, licence: Licence | None = None) -> Added:
        """Let somebody in with a one-time password, which has to be changed at the first sign-in.

        Raises:
            NotYoursError: not an administrator.
            InvalidTextError, InvalidChoiceError: a name, role or licence that cannot be taken; nothing changed.
            StoreError: likewise.
        """
        password = make_one_time_password()
        return Added(self.add_with_password(name, role, password, licence, must_change=True), password)

    def add_with_password(
        self, name: str, role: Role, password: str, licence: Licence | None = None, *, must_change: bool = False
    ) -> Person:
        """Let somebody in who chooses the password at this desk.

        Raises:
            WeakPasswordError: it is one that guessers try first.
            NotYoursError, InvalidTextError, InvalidChoiceError, StoreError: as ``add``.
        """
        self._ledger.require(Right.MANAGE_PEOPLE)
        name = self._free_name(name)
        person_id = PersonId(make_ulid(self._ledger.now_ms(), os.urandom(_ULID_RANDOM_BYTES)))
        person = Person(person_id, name, role, check_licence(role, licence))
        with self._ledger.lock:
            self._people.add(person, password, kdf=self._kdf, must_change=must_change)
            self._tell(EventKind.PERSON_ADDED, person_id=person_id, role=role.value)
        return person

    def change(self, person_id: PersonId, *, name: str, role: Role, licence: Licence | None = None) -> Person:
        """Give somebody another name, role or licence.

        Raises:
            NotYoursError, NotYourselfError, LastAdministratorError: see ``why_not``.
            InvalidTextError, InvalidChoiceError, StoreError: as ``add``.
        """
        self._ledger.require(Right.MANAGE_PEOPLE)
        name = self._free_name(name, except_for=person_id)
        with self._ledger.lock:
            before = self._member(person_id).person
            person = replace(before, display_name=name, role=role, licence=check_licence(role, licence))
            self._people.change(person)
            self._tell(EventKind.PERSON_CHANGED, person_id=person_id, role=role.value)
        return person

    def disable(self, person_id: PersonId) -> int:
        """Let somebody go; return how many open conversations are nobody's now. A rotation is due afterwards.

        Raises:
            NotYoursError, NotYourselfError, LastAdministratorError: see ``why_not``.
            StoreError: nothing changed.
        """
        self._ledger.require(Right.MANAGE_PEOPLE)
        with self._ledger.lock:
            self._member(person_id)
            self._people.disable(person_id)
            self._tell(EventKind.PERSON_DISABLED, person_id=person_id)
            freed = self._assigned_to(person_id)
            self._ledger.write_each(tuple(NewEvent(cid, EventKind.ASSIGNED, {"person_id": None}) for cid in freed))
        return len(freed)

    def reset(self, person_id: PersonId) -> Added:
        """Give somebody who forgot theirs a one-time password; the old one opens nothing any more.

        Raises:
            NotYoursError, NotYourselfError: see ``why_not``.
            StoreError: nothing changed.
        """
        self._ledger.require(Right.MANAGE_PEOPLE)
        if person_id == self._ledger.person.person_id:
            raise NotYourselfError
        password = make_one_time_password()
        with self._ledger.lock:
            person = self._member(person_id).person
            self._people.set_password(person_id, password, kdf=self._kdf, must_change=True)
            self._tell(EventKind.SIGN_IN_RESET, person_id=person_id)
        return Added(person, password)

    def make_shares(self) -> tuple[str, ...]:
        """Return new recovery shares to print; they are shown once, and shares of before open nothing any more.

        Raises:
            NotYoursError: not an administrator.
            StoreError: nothing changed.
        """
        from app.crypto.shares import THRESHOLD, split_code  # noqa: PLC0415  reads a word list

        self._ledger.require(Right.MANAGE_PEOPLE)
        code = RecoveryCode.generate()
        shares = split_code(code)
        rescuer_id = PersonId(make_ulid(self._ledger.now_ms(), os.urandom(_ULID_RANDOM_BYTES)))
        with self._ledger.lock:
            self._people.add_shared_code(Person(rescuer_id, SHARES_NAME, Role.ADMINISTRATOR), code)
            self._tell(EventKind.RECOVERY_SHARED, threshold=THRESHOLD, shares=len(shares))
        return shares

    def ask_for_rotation(self) -> None:
        """Have the vault get a new key when this desk closes.

        Raises:
            NotYoursError: not an administrator.
        """
        self._ledger.require(Right.MANAGE_PEOPLE)
        with self._ledger.lock:
            self._people.ask_for_rotation()

    def find(self, wanted: str) -> Person:
        """Return whom an id or a whole name means.

        Raises:
            InvalidChoiceError: nobody with a password, or more than one.
        """
        found = [
            member.person
            for member in self.list().members
            if wanted in {member.person.person_id, member.person.display_name}
        ]
        if len(found) != 1:
            raise InvalidChoiceError(ChoiceFault.UNKNOWN_PERSON)
        return found[0]

    def _tell(self, kind: EventKind, **body: str | int) -> None:
        self._ledger.write(OFFICE, kind, **body)

    def _member(self, person_id: PersonId) -> Member:
        found = [member for member in self.list().members if member.person.person_id == person_id]
        if not found:
            raise NotAllowedError
        return found[0]

    def _free_name(self, untrusted_name: str, except_for: PersonId | None = None) -> str:
        """Return a name that nobody else has: two people of one name could not be told apart on any screen."""
        name = check_name(untrusted_name)
        others = (one.person for one in self._people.members if one.person.person_id != except_for)
        if name.casefold() in {one.display_name.casefold() for one in others}:
            raise InvalidChoiceError(ChoiceFault.NAME_TAKEN)
        return name

    def _is_last_administrator(self, person_id: PersonId) -> bool:
        admins = {one.person.person_id for one in self.list().members if one.person.role is Role.ADMINISTRATOR}
        return admins == {person_id}

    def _assigned_to(self, person_id: PersonId) -> tuple[ConversationId, ...]:
        column = tables.conversation.c
        theirs = select(column.conversation_id).where(
            column.assigned_to == person_id, column.state != ConversationState.DONE.value
        )
        with self._ledger.reading() as connection:
            found = tuple(ConversationId(cid) for cid in connection.execute(theirs).scalars())
        return tuple(cid for cid in found if not self._ledger.keys.is_walled_off(cid))
