"""The disk fills up at some write of a day: nothing acknowledged is lost, the person is told, and the vault reopens.

``make soak`` fills it at each of the first thousand writes.
"""

import pytest

from tests.support.full_disk_day import FullDiskSiege, Fullness
from tests.support.kill_office import KillOffice
from tests.support.soak_table import Score
from tests.support.watched_child import prepare_watching

PLACES = 13
"""Room for so many different numbers of writes, from none to nearly all."""


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> FullDiskSiege:
    prepare_watching("tests.support.full_disk_day", "app.services.erasing.byte_matcher")
    office = KillOffice.make(tmp_path_factory.mktemp("office"))
    return FullDiskSiege(office, tmp_path_factory.mktemp("days"))


@pytest.mark.parametrize("fullness", Fullness)
def test_a_full_disk_costs_nothing_that_was_acknowledged(siege: FullDiskSiege, fullness: Fullness) -> None:
    writes = siege.writes_of_a_day()
    assert writes > 500
    score = Score("disk full", fullness.value)
    for place in range(PLACES):
        siege.live_with(place * writes // PLACES, fullness, score)
    assert score.wrongs == []
    assert score.runs == PLACES
