"""Five hundred kills in each phase of each operation of the store (``VESTIBULE_SOAK_POINT_KILLS`` for another number).

The first go over every change of a file that the phase makes, one after another, so that a child has died everywhere.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.kill_office import KillOffice
from tests.support.kill_operations import OPERATIONS
from tests.support.kill_points import KillSiege, Operation
from tests.support.soak_table import Score
from tests.support.watched_child import prepare_watching

KILLS = int(os.environ.get("VESTIBULE_SOAK_POINT_KILLS", "500"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> KillOffice:
    prepare_watching("tests.support.kill_acts", "app.services.erasing.byte_matcher")
    return KillOffice.make(tmp_path_factory.mktemp("office"))


@pytest.mark.soak
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_deaths_in_every_phase_lose_nothing_and_open_nothing(
    office: KillOffice, tmp_path: Path, operation: Operation, soak_table: Callable[[Score], None]
) -> None:
    siege = KillSiege(operation, office, tmp_path / "siege")
    wrongs: list[str] = []
    for point in siege.changes:
        score = Score(operation.name, point)
        soak_table(score)
        siege.kill(point, KILLS, score)
        wrongs += [f"{point}: {wrong}" for wrong in score.wrongs]
    assert wrongs == []
