"""A thousand kills (``VESTIBULE_SOAK_KILLS`` for another number), over vaults of a hundred kills each."""

import os
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from tests.support.fire import Siege
from tests.support.soak_table import Score

KILLS = int(os.environ.get("VESTIBULE_SOAK_KILLS", "1000"))
KILLS_PER_VAULT = 100


@pytest.mark.soak
@pytest.mark.parametrize("seed", range((KILLS + KILLS_PER_VAULT - 1) // KILLS_PER_VAULT))
def test_a_hundred_kills_lose_nothing_and_double_nothing(
    tmp_path: Path, seed: int, soak_table: Callable[[Score], None]
) -> None:
    siege, score, began = (
        Siege(tmp_path, seed=seed),
        Score("a desk at work", f"any moment, vault {seed + 1}"),
        monotonic(),
    )
    soak_table(score)
    for _ in range(min(KILLS_PER_VAULT, KILLS - seed * KILLS_PER_VAULT)):
        siege.kill_one()
        score.runs += 1
        score.lost += 1  # unless the check below says otherwise
        siege.check()
        score.lost -= 1
        score.seconds = monotonic() - began
    siege.check_search_and_rebuild()
