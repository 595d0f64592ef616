"""Opening a vault as somebody whose seed is known, without paying for the password; everything else is real."""

from pathlib import Path

from app.domain.ids import PersonId
from app.services.clock import Clock, system_clock
from app.services.desk import Desk
from app.store.open_vault import OpenVault
from app.store.slots import SLOTS_NAME, Unlocked, read_slot_file, trust
from app.store.vault import _Approach


def open_as(directory: Path, person_id: PersonId, seed: bytes) -> OpenVault:
    """Open a vault as ``VaultFiles.open`` does, from the opened slot on."""
    with _Approach(directory) as approach:
        return approach.finish(trust(read_slot_file(directory / SLOTS_NAME), person_id, seed))


def desk_of(directory: Path, who: Unlocked, clock: Clock = system_clock) -> Desk:
    """Sit down at the desk as ``who``."""
    desk = Desk.over(open_as(directory, who.person.person_id, who.seed), clock)
    desk.conversations.recover_at_unlock()
    return desk
