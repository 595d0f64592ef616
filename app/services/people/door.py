"""The door of a vault: who may be standing there, how long somebody who was wrong waits, and what the log is told."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.domain.events import EventKind
from app.domain.ids import OFFICE, PersonId
from app.domain.office import Role
from app.services.ledger import Ledger
from app.store.errors import StoreError, WrongPasswordError
from app.store.open_vault import OpenVault
from app.store.slot_attempts import ANYBODY, Attempts, Now
from app.store.slot_names import MAX_INITIALS_CHARS, initials_of
from app.store.slot_records import SlotKind
from app.store.slots import SLOTS_NAME, read_slot_file


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody with a password, as the lock screen may show them: names stand sealed in the file."""

    person_id: PersonId
    initials: str
    role: Role


def faces_of(directory: Path) -> tuple[Face, ...]:
    """Return who opens a vault with a password, as far as one may know before unlocking.

    Raises:
        SlotFileMissingError, SlotFileDamagedError: there is no telling.
    """
    file = read_slot_file(directory / SLOTS_NAME)
    holders = {slot.person_id for slot in file.slots if slot.kind is SlotKind.PASSWORD}
    people = [entry.person for entry in file.members() if entry.person.person_id in holders]
    return tuple(Face(one.person_id, _initials(one.display_name), one.role) for one in people)


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

    def attempt(self, directory: Path, who: str, open_vault: Callable[[], OpenVault]) -> OpenVault:
        """Return what ``open_vault`` opens.

        Raises:
            TooSoonError: ``who`` has to wait; nothing was tried.
            WrongPasswordError: counted.
        """
        attempts = Attempts(directory, self._now)
        attempts.require_no_wait(who)
        try:
            return open_vault()
        except WrongPasswordError:
            attempts.note_failure(who)
            raise

    def tell_of_failures(self, ledger: Ledger) -> None:
        """Write the wrong passwords since the last time into the log: whose, and how many."""
        attempts = Attempts(ledger.vault.directory, self._now)
        for who, count in attempts.untold().items():
            person_id = None if who == ANYBODY else who
            ledger.write(OFFICE, EventKind.SIGN_IN_REFUSED, person_id=person_id, count=count)
        attempts.note_told(ledger.person.person_id)


def _initials(name: str) -> str:
    """Return the initials that stand in the file, or those of a name that a file of before has in the clear."""
    return name if len(name) <= MAX_INITIALS_CHARS and " " not in name else initials_of(name)
