"""The disk is full at each of the first thousand writes of a day (``VESTIBULE_SOAK_FULL_DISKS`` for another number)."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.full_disk_day import FullDiskSiege, Fullness
from tests.support.kill_office import KillOffice
from tests.support.soak_table import Score
from tests.support.watched_child import prepare_watching

WRITES = int(os.environ.get("VESTIBULE_SOAK_FULL_DISKS", "1000"))


@pytest.mark.soak
@pytest.mark.parametrize("fullness", Fullness)
def test_a_disk_that_is_full_at_any_write_costs_nothing_acknowledged(
    tmp_path: Path, fullness: Fullness, soak_table: Callable[[Score], None]
) -> None:
    prepare_watching("tests.support.full_disk_day", "app.services.erasing.byte_matcher")
    siege = FullDiskSiege(KillOffice.make(tmp_path / "office"), tmp_path)
    score = Score("disk full at a write", fullness.value)
    soak_table(score)
    assert siege.writes_of_a_day() >= WRITES
    for first in range(WRITES):
        siege.live_with(first, fullness, score)
    assert score.wrongs == []
