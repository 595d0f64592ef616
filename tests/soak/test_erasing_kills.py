"""Five hundred kills at each named point of an erasure (``VESTIBULE_SOAK_ERASURES`` for another number)."""

import os
from pathlib import Path

import pytest

from tests.support.erasing_kills import POINTS, ErasingSiege

KILLS = int(os.environ.get("VESTIBULE_SOAK_ERASURES", "500"))
KILLS_PER_VAULT = 50


@pytest.mark.soak
@pytest.mark.parametrize("point", POINTS)
def test_kills_at_this_point_leave_erasures_that_the_next_opening_finishes(tmp_path: Path, point: str) -> None:
    for start in range(0, KILLS, KILLS_PER_VAULT):
        folder = tmp_path / str(start)
        folder.mkdir()
        siege = ErasingSiege(folder)
        for _ in range(min(KILLS_PER_VAULT, KILLS - start)):
            siege.check(siege.kill_at(point))
