"""An office of six with real passwords, made once per test process; every test gets a copy of its vault."""

import atexit
import shutil
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from app.crypto.passwords import FLOOR
from app.domain.ids import PersonId
from app.domain.office import Licence, LicenceKind, Person, Role
from app.services.desk import Desk
from app.services.erasing.plaintext_hunt import HuntPlace
from app.store.signing_in import unlock_with_password
from app.store.slots import SLOTS_NAME, Unlocked, read_slot_file
from tests.support.desks import MovingClock, TemporaryDesk
from tests.support.people import desk_of

PASSWORDS = {
    "vale": "seven gravel boats asleep",
    "noor": "lemon ladder against brick",
    "otto": "winter opens four umbrellas",
    "quinn": "a pear behind each window",
    "iris": "slow copper train at dusk",
}
_ROLES = {
    "vale": Role.PROFESSIONAL,
    "noor": Role.FRONT_DESK,
    "otto": Role.ADMINISTRATOR,
    "quinn": Role.AUDITOR,
    "iris": Role.IT,
}
_NAMES = {"vale": "Dr Vale", "noor": "Noor Haddad", "otto": "Otto Brandt", "quinn": "Quinn Reyes", "iris": "Iris Tan"}


@dataclass(frozen=True)
class _Made:
    directory: Path
    unlocked: dict[str, Unlocked]


@cache
def _office() -> _Made:
    parent = Path(tempfile.mkdtemp(prefix="vestibule-office-"))
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    store = (made := TemporaryDesk(parent)).store
    with made.opened() as desk:
        for key, password in PASSWORDS.items():
            licence = Licence(LicenceKind.PHYSICIAN, "US-CA") if _ROLES[key] is Role.PROFESSIONAL else None
            person = Person(PersonId(key), _NAMES[key], _ROLES[key], licence)
            desk.vault.people.add(person, password, kdf=FLOOR, must_change=False)
    file = read_slot_file(store.directory / SLOTS_NAME)
    unlocked = {key: unlock_with_password(file, password, PersonId(key)) for key, password in PASSWORDS.items()}
    return _Made(store.directory, {"mara": store.unlocked, **unlocked})


@dataclass
class WalledOffice:
    """A copy of the office. ``sit("vale")`` opens the vault as somebody; close it before somebody else sits down."""

    parent: Path
    clock: MovingClock = field(default_factory=MovingClock)

    def __post_init__(self) -> None:
        self.directory = self.parent / "vault"
        shutil.copytree(_office().directory, self.directory)
        self.directory.chmod(0o700)

    def sit(self, who: str) -> Desk:
        """Sit down at the desk."""
        desk = desk_of(self.directory, _office().unlocked[who], self.clock)
        # The real temporary folder holds whatever other tests leave there.
        desk.erasure.places = (HuntPlace("vault", self.directory),)
        return desk

    def id_of(self, who: str) -> PersonId:
        """Whose id that is."""
        return _office().unlocked[who].person.person_id
