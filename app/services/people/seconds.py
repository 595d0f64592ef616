"""Where second secrets come from, and what stays when one's own password changes."""

from app.services.people.key_sticks import find_stick
from app.store.people import VaultPeople
from app.store.slot_seconds import Factors, SecondInput, SecondSource


def find_second(second: SecondInput) -> bytes:
    """Return a second secret that is here.

    Raises:
        SecondMissingError: what holds it is not plugged in.
    """
    return find_stick(second)


def kept_factors(people: VaultPeople, second_of: SecondSource) -> Factors:
    """Return what the sign-in of the person at the desk asks beside the password, to seal it again.

    Raises:
        SecondMissingError: the stick has to be here, or the new slot could not be made.
    """
    unlocked = people.unlocked
    slot = people.slot_of(unlocked.person.person_id)
    second = None if slot is None else slot.second
    return Factors(unlocked.door, second, b"" if second is None else second_of(second))
