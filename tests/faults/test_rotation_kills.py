"""SIGKILL at every named point of a rotation: the vault opens with the old key or the new one, whole, and once."""

import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.crypto.passwords import FLOOR
from app.domain.conversation import Origin
from app.domain.ids import PersonId
from app.domain.office import Person, Role
from app.services.vaults import VaultService
from app.store.rotation import RotationPoint
from app.store.slots import Unlocked
from tests.support.desks import TemporaryDesk
from tests.support.people import desk_of

ROUNDS = int(os.environ.get("VESTIBULE_ROTATION_KILLS", "1"))
"""Kills at each point; ``make soak`` asks for more."""

NORA = Person(PersonId("nora"), "Nora Beck", Role.FRONT_DESK)
NORAS = "seven herons over a slate roof"
AT_THE_DESK = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from app.domain.ids import PersonId
    from app.store.rotation import RotationPoint, rotate
    from tests.support.people import open_as

    directory, person_id, fatal, number = Path(sys.argv[1]), PersonId(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    passed = []

    def reached(point):
        passed.append(point)
        if point is RotationPoint(fatal) and passed.count(point) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    vault = open_as(directory, person_id, bytes.fromhex(sys.stdin.readline().strip()))
    if not vault.people.is_rotation_due:
        vault.people.ask_for_rotation()
    rotate(vault, 1_795_000_900_000, reached)
    """
)


@dataclass(frozen=True)
class Office:
    """A vault whose key is due to change."""

    directory: Path
    mara: Unlocked


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    place = TemporaryDesk(tmp_path_factory.mktemp("office"))
    desk = place.open()
    for number in range(40):
        desk.conversations.start(f"Ada Quill {number}", Origin.PHONE, "My ankle is worse. " * 50)
    desk.vault.people.add(NORA, NORAS, kdf=FLOOR)
    desk.vault.people.disable(NORA.person_id)
    desk.vault.close()
    return Office(place.store.directory, desk.vault.people.unlocked)


@pytest.mark.parametrize("point", RotationPoint)
def test_a_kill_at_any_point_leaves_one_whole_vault(office: Office, point: RotationPoint) -> None:
    for number in range(1, 1 + (ROUNDS if point is not RotationPoint.MOVED else max(ROUNDS, 2))):
        _kill_at(office, point, 1 if point is not RotationPoint.MOVED else 1 + 3 * (number % 2))
        _require_whole(office)


def _kill_at(office: Office, point: RotationPoint, number: int) -> None:
    command = [sys.executable, "-c", AT_THE_DESK, str(office.directory), office.mara.person.person_id]
    ended = subprocess.run(
        [*command, point.value, str(number)], input=f"{office.mara.seed.hex()}\n", text=True, check=False
    )
    assert ended.returncode == -9


def _require_whole(office: Office) -> None:
    desk = desk_of(office.directory, office.mara)
    try:
        assert VaultService().verify(desk).is_sound
        assert desk.vault.repairs == ()
        assert len(desk.conversations.search("ankle")) == 40
        assert not [path.name for path in office.directory.iterdir() if path.name.startswith("rotation")]
    finally:
        desk.vault.close()
