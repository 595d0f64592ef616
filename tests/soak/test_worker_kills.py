"""Five hundred kills of the model worker (``VESTIBULE_SOAK_WORKER_KILLS`` for another number), with the starter."""

import os

import pytest

from tests.support.worker_siege import WorkerSiege, starter_file

KILLS = int(os.environ.get("VESTIBULE_SOAK_WORKER_KILLS", "500"))
KILLS_PER_WORKER = 50


@pytest.mark.soak
@pytest.mark.parametrize("seed", range((KILLS + KILLS_PER_WORKER - 1) // KILLS_PER_WORKER))
def test_whoever_asked_is_answered_and_a_new_worker_is_there_at_once(seed: int) -> None:
    siege = WorkerSiege(starter_file(), seed)
    kills, wanted = 0, min(KILLS_PER_WORKER, KILLS - seed * KILLS_PER_WORKER)
    while kills < wanted:
        kills += siege.kill_one()
    siege.check_the_end()
    print(kills, "kills:", siege)  # noqa: T201 - the figures of a long run
    assert siege.median_recovery_s < 2.0
