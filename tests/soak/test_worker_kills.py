"""Five hundred kills of the model worker (``VESTIBULE_SOAK_WORKER_KILLS`` for another number), with the starter."""

import os
from pathlib import Path

import pytest

from app.config import find_places
from app.services.models import ModelCatalogue
from tests.support.worker_siege import WorkerSiege

KILLS = int(os.environ.get("VESTIBULE_SOAK_WORKER_KILLS", "500"))
KILLS_PER_WORKER = 50


@pytest.mark.soak
@pytest.mark.parametrize("seed", range((KILLS + KILLS_PER_WORKER - 1) // KILLS_PER_WORKER))
def test_whoever_asked_is_answered_and_a_new_worker_is_there_at_once(seed: int) -> None:
    siege = WorkerSiege(_starter(), seed)
    for _ in range(min(KILLS_PER_WORKER, KILLS - seed * KILLS_PER_WORKER)):
        siege.kill_one()
    siege.check_the_end()
    print(f"median {siege.median_recovery_s:.2f} s, {siege.ended_well} texts, {siege.ended_with_code} codes")  # noqa: T201 - the figure of the run
    assert siege.median_recovery_s < 2.0


def _starter() -> Path:
    places = find_places(os.environ)
    return ModelCatalogue(places.models_dir, places.user_models_dir).find("starter").file
