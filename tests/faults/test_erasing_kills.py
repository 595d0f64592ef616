"""SIGKILL at each named point of an erasure: the next opening finishes it, and nothing else is lost."""

from pathlib import Path

import pytest

from tests.support.erasing_kills import POINTS, ErasingSiege


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_this_point_leaves_an_erasure_that_the_next_opening_finishes(tmp_path: Path, point: str) -> None:
    siege = ErasingSiege(tmp_path)
    siege.check(siege.kill_at(point))
