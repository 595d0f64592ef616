"""A hundred thousand hostile texts (``VESTIBULE_SOAK_TEXTS`` for another number) through the confined anonymiser.

With the shipped pipeline; ``VESTIBULE_SOAK_PIPELINE`` names another one.
"""

import os
from pathlib import Path

import pytest

from app.services.anonymising import Pipeline, Trust, pipeline_folder
from tests.support.anonymising_storm import TextStorm

REPOSITORY = Path(__file__).resolve().parents[2]
TEXTS = int(os.environ.get("VESTIBULE_SOAK_TEXTS", "100000"))
TEXTS_PER_STORM = 10_000


def pipeline() -> Pipeline:
    named = os.environ.get("VESTIBULE_SOAK_PIPELINE")
    return Pipeline(Path(named), Trust.TRIAL) if named else Pipeline(pipeline_folder(REPOSITORY / "models"))


@pytest.mark.soak
@pytest.mark.parametrize("batch", range((TEXTS + TEXTS_PER_STORM - 1) // TEXTS_PER_STORM))
def test_ten_thousand_hostile_texts_are_anonymised(batch: int) -> None:
    first = 1_000_000 + batch * TEXTS_PER_STORM
    storm = TextStorm(pipeline())
    storm.run(range(first, first + min(TEXTS_PER_STORM, TEXTS - batch * TEXTS_PER_STORM)))
    print(storm)  # noqa: T201 - the figures of a long run
    storm.check()
