"""The people of an open vault: who they are, and every change to who may open it, durable when it returns."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from app.crypto.passwords import DEFAULT, KdfParameters
from app.crypto.recovery_code import RecoveryCode
from app.domain.ids import OFFICE, PersonId
from app.domain.office import Person
from app.store.files import replace_file
from app.store.keyring import Keyring
from app.store.latch import WriteLatch
from app.store.signing_in import unlock_with_password, unlock_with_recovery_code
from app.store.slot_people import (
    with_changed_person,
    with_new_person,
    with_new_recovery_code,
    with_rotation_due,
    with_shared_code,
    without_person,
)
from app.store.slot_records import Slot, SlotKind
from app.store.slot_seconds import NOTHING_MORE, PASSWORD_ALONE, Factors, Proof, SecondKind
from app.store.slot_writing import require_good_password, with_new_password
from app.store.slots import SLOTS_NAME, Unlocked, with_names


class SlotsWitness(Protocol):
    """Who is told that a slot file is durable; the open vault."""

    def note_slots(self, generation: int) -> None:
        """Remember, durably, the generation of the slot file when it is newer."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who opens this vault, and how; ``must_change``: somebody else knows the password.

    ``asks_code`` and ``second`` are what goes with the password.
    """

    person: Person
    way: SlotKind
    must_change: bool
    asks_code: bool = False
    second: SecondKind | None = None


class VaultPeople:
    """Reads and rewrites the slot file of an open vault. Not for two threads at once; ``services`` holds its lock."""

    def __init__(
        self, directory: Path, unlocked: Unlocked, keyring: Keyring, witness: SlotsWitness, latch: WriteLatch
    ) -> None:
        self._path = directory / SLOTS_NAME
        self._unlocked = unlocked
        self._keyring = keyring
        self._witness = witness
        self._latch = latch

    def __repr__(self) -> str:
        return "<VaultPeople hidden>"

    @property
    def unlocked(self) -> Unlocked:
        """What the person who is here holds, as of the last change."""
        return self._unlocked

    @property
    def members(self) -> tuple[Member, ...]:
        """Everybody who opens this vault, in the order in which they came; printed codes too."""
        file = self._unlocked.file
        ways = ((entry.person, file.slot_of(entry.person.person_id)) for entry in file.members())
        return tuple(_member(person, slot) for person, slot in ways if slot is not None)

    @property
    def everybody(self) -> tuple[Person, ...]:
        """Everybody who was ever let in, with the name they had last; for the names of those who have left."""
        file = self._unlocked.file
        newest = {entry.person.person_id: entry.person for entry in sorted(file.people, key=lambda one: one.since)}
        return tuple(newest.values())

    @property
    def password_holders(self) -> tuple[Person, ...]:
        """Everybody who opens this vault with a password."""
        return tuple(member.person for member in self.members if member.way is SlotKind.PASSWORD)

    @property
    def is_rotation_due(self) -> bool:
        """Say whether somebody stopped holding what they held, and the vault has its old key still."""
        return self._unlocked.file.is_rotation_due

    @property
    def may_rotate(self) -> bool:
        """Say whether the person who is here can give the vault a new key."""
        own = self._unlocked.file.current(self._unlocked.person.person_id)
        return own is not None and own.may_vouch

    def add(self, person: Person, password: str, *, kdf: KdfParameters = DEFAULT, must_change: bool = True) -> None:
        """Let somebody in. Takes as long as an unlock.

        Raises:
            WeakPasswordError: guessers would try this one first.
            NotAllowedError: not an administrator, or such a person is here already.
            DiskFullError, DiskFailedError: nothing changed; so for every change below.
        """
        self._require_good(password, person.display_name)
        self._change(lambda unlocked: with_new_person(unlocked, person, password, kdf, must_change=must_change))

    def change(self, person: Person) -> None:
        """Give somebody another name, role or licence.

        Raises:
            NotAllowedError, NotYourselfError, LastAdministratorError: see ``with_changed_person``.
        """
        self._change(lambda unlocked: with_changed_person(unlocked, person))

    def disable(self, person_id: PersonId) -> None:
        """Let somebody go: their password opens nothing from now on; a rotation is due.

        Raises:
            NotAllowedError, NotYourselfError, LastAdministratorError: see ``without_person``.
        """
        self._change(lambda unlocked: without_person(unlocked, person_id))

    def slot_of(self, person_id: PersonId) -> Slot | None:
        """Return what stands in the file of the way in of somebody."""
        return self._unlocked.file.slot_of(person_id)

    def prove(self, person_id: PersonId, password: str, proof: Proof = NOTHING_MORE) -> Unlocked:
        """Return what somebody would unlock who is at the desk now; a code that was taken is spent, durably.

        Raises:
            WrongPasswordError, SecondMissingError: see ``app.store.signing_in``.
            DiskFullError, DiskFailedError: the code could not be spent, so it proves nothing.
        """
        proven = unlock_with_password(self._unlocked.file, password, person_id, proof)
        if proven.following is None:
            return proven
        door = proven.door if person_id == self._unlocked.person.person_id else self._unlocked.door
        self._write(replace(self._unlocked, file=with_names(proven.following, self._unlocked.keys), door=door))
        return replace(proven, file=self._unlocked.file, following=None)

    def set_password(
        self,
        person_id: PersonId,
        password: str,
        *,
        kdf: KdfParameters = DEFAULT,
        must_change: bool = False,
        factors: Factors = PASSWORD_ALONE,
    ) -> None:
        """Give a person a new password; the old one opens nothing any more.

        One's own, or as an administrator anybody's: after an unlock with the recovery code, that of somebody who
        forgot. ``factors`` is all that is asked beside it from now on. Takes as long as an unlock.

        Raises:
            WeakPasswordError: guessers would try this one first.
            NotAllowedError: somebody else's, and not an administrator; or nobody with a password has this id.
        """
        self._require_good(password, has_second=factors.second is not None)
        self._change(
            lambda unlocked: with_new_password(
                unlocked, person_id, password, kdf, must_change=must_change, factors=factors
            )
        )

    def add_shared_code(self, rescuer: Person, code: RecoveryCode) -> None:
        """Add a way in for a code that is cut into printed shares; shares of before open nothing any more.

        Raises:
            NotAllowedError: not an administrator.
        """
        self._change(lambda unlocked: with_shared_code(unlocked, rescuer, code))

    def set_recovery_code(self, rescuer: Person, code: RecoveryCode) -> None:
        """Put a new printed code in place of the earlier one, which opens nothing any more.

        Raises:
            NotAllowedError: not an administrator.
        """
        self._change(lambda unlocked: with_new_recovery_code(unlocked, rescuer, code))

    def check_printed(self, code: RecoveryCode, kind: SlotKind) -> None:
        """Really open the slot of a printed code or of shares, and nothing else.

        Raises:
            WrongRecoveryCodeError: it is another vault's, or an older one.
        """
        unlock_with_recovery_code(self._unlocked.file, code, kind)

    def ask_for_rotation(self) -> None:
        """Have the vault get a new key when it closes.

        Raises:
            NotAllowedError: not an administrator.
        """
        self._change(with_rotation_due)

    def _require_good(self, password: str, *more_names: str, has_second: bool = False) -> None:
        names = (person.display_name for person in self.password_holders)
        require_good_password(password, *names, *more_names, has_second=has_second)

    def _change(self, step: Callable[[Unlocked], Unlocked]) -> None:
        self._latch.require_open()
        self._write(step(self.with_office()))

    def _write(self, unlocked: Unlocked) -> None:
        self._latch.require_open()
        with self._latch.guard():
            replace_file(self._path, unlocked.file.encode())
        self._unlocked = unlocked
        self._witness.note_slots(unlocked.file.generation)

    def with_office(self) -> Unlocked:
        """Return what is held with the key of the office's own stream, for the boxes of those who get no more."""
        keys = self._unlocked.keys
        if keys.are_full and self._keyring.has(OFFICE):
            keys = keys.with_office(self._keyring.key_for(OFFICE))
        return replace(self._unlocked, keys=keys)


def _member(person: Person, slot: Slot) -> Member:
    second = None if slot.second is None else slot.second.kind
    return Member(person, slot.kind, slot.must_change, slot.asks_code, second)


__all__ = ["Member", "VaultPeople"]
