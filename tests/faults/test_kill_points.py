"""SIGKILL while slots, keys, keyring, schema, conversations, backups and vaults are changed: one death in each phase.

``make soak`` dies 500 times in each.
"""

from pathlib import Path

import pytest

from tests.support.kill_office import KillOffice
from tests.support.kill_operations import OPERATIONS
from tests.support.kill_points import KillSiege, Operation
from tests.support.soak_table import Score
from tests.support.watched_child import prepare_watching


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> KillOffice:
    prepare_watching("tests.support.kill_acts", "app.services.erasing.byte_matcher")
    return KillOffice.make(tmp_path_factory.mktemp("office"))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_a_death_in_any_phase_loses_nothing_and_opens_nothing(
    office: KillOffice, tmp_path: Path, operation: Operation
) -> None:
    siege = KillSiege(operation, office, tmp_path / "siege")
    scores = [Score(operation.name, phase.name) for phase in operation.phases]
    for score in scores:
        siege.kill(score.point, 1, score)
    assert [score.wrongs for score in scores] == [[] for _ in scores]
