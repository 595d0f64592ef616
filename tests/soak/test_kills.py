"""A thousand kills (``VESTIBULE_SOAK_KILLS`` for another number), over vaults of a hundred kills each."""

import os
from pathlib import Path

import pytest

from tests.support.fire import Siege

KILLS = int(os.environ.get("VESTIBULE_SOAK_KILLS", "1000"))
KILLS_PER_VAULT = 100


@pytest.mark.soak
@pytest.mark.parametrize("seed", range((KILLS + KILLS_PER_VAULT - 1) // KILLS_PER_VAULT))
def test_a_hundred_kills_lose_nothing_and_double_nothing(tmp_path: Path, seed: int) -> None:
    siege = Siege(tmp_path, seed=seed)
    for _ in range(min(KILLS_PER_VAULT, KILLS - seed * KILLS_PER_VAULT)):
        siege.kill_one()
        siege.check()
    siege.check_search_and_rebuild()
