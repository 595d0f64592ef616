"""The door of a vault: who may be standing there, how long somebody who was wrong waits, and what the log is told."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.domain.events import EventKind
from app.domain.ids import OFFICE, PersonId
from app.domain.office import Role
from app.services.ledger import Ledger
from app.store.errors import StoreError, WrongCodeError, WrongPasswordError
from app.store.slot_attempts import ANYBODY, Attempts, Now
from app.store.slot_names import MAX_INITIALS_CHARS, initials_of
from app.store.slot_records import SlotKind
from app.store.slot_seconds import SecondInput
from app.store.slots import SLOTS_NAME, read_slot_file

_Opened = TypeVar("_Opened")


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody with a password, as the lock screen may show them: names stand sealed in the file.

    ``asks_code`` and ``second`` are what the file says of the way in; the seal decides.
    """

    person_id: PersonId
    initials: str
    role: Role
    asks_code: bool = False
    second: SecondInput | None = None


def faces_of(directory: Path) -> tuple[Face, ...]:
    """Return who opens a vault with a password, as far as one may know before unlocking.

    Raises:
        SlotFileMissingError, SlotFileDamagedError: there is no telling.
    """
    file = read_slot_file(directory / SLOTS_NAME)
    slots = {slot.person_id: slot for slot in file.slots if slot.kind is SlotKind.PASSWORD}
    found = [(entry.person, slots.get(entry.person.person_id)) for entry in file.members()]
    return tuple(
        Face(one.person_id, _initials(one.display_name), one.role, slot.asks_code, slot.second)
        for one, slot in found
        if slot is not None
    )


def only_holder(directory: Path) -> PersonId | None:
    """Return whose password it must be, None when there are several people or the file tells nothing."""
    try:
        faces = faces_of(directory)
    except StoreError:
        return None
    return faces[0].person_id if len(faces) == 1 else None


class Door:
    """Lets people try, and counts who was wrong."""

    def __init__(self, now: Now) -> None:
        self._now = now

    def attempt(self, directory: Path, who: str, open_it: Callable[[], _Opened]) -> _Opened:
        """Return what ``open_it`` opens.

        Raises:
            TooSoonError: ``who`` has to wait; nothing was tried.
            WrongPasswordError: counted; a wrong code too.
        """
        attempts = Attempts(directory, self._now)
        attempts.require_no_wait(who)
        try:
            return open_it()
        except WrongPasswordError as error:
            knew_password = isinstance(error, WrongCodeError) and error.knew_password
            attempts.note_failure(who, knew_password=knew_password)
            raise

    def tell_of_failures(self, ledger: Ledger, who_came_in: str | None = None) -> None:
        """Write the wrong passwords since the last time into the log: whose, and how many.

        ``who_came_in`` starts again at none; by default the person at the desk.
        """
        attempts = Attempts(ledger.vault.directory, self._now)
        for who, untold in attempts.untold().items():
            person_id = None if who == ANYBODY else who
            ledger.write(OFFICE, EventKind.SIGN_IN_REFUSED, person_id=person_id, count=untold.failures)
            if untold.codes:
                ledger.write(OFFICE, EventKind.SECOND_FACTOR_REFUSED, person_id=person_id, count=untold.codes)
        attempts.note_told(who_came_in or ledger.person.person_id)


def _initials(name: str) -> str:
    """Return the initials that stand in the file, or those of a name that a file of before has in the clear."""
    return name if len(name) <= MAX_INITIALS_CHARS and " " not in name else initials_of(name)
