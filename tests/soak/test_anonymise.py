"""A hundred thousand hostile texts (``VESTIBULE_SOAK_TEXTS`` for another number) through the confined anonymiser.

With the shipped pipeline; ``VESTIBULE_SOAK_PIPELINE`` names another one.
"""

import os
import random
import time
from pathlib import Path

import pytest

from app.services.anonymising.anonymiser import Anonymiser, Pipeline, Trust, pipeline_folder
from app.services.ports import AnonymisingJob
from tests.support.anonymising_storm import MANNER, SECRET, TextStorm, restored
from tests.support.hostile_texts import TRICKS

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


LONG_TEXTS = int(os.environ.get("VESTIBULE_SOAK_LONG_TEXTS", "10"))
SLOWEST_CHARS_PER_S = 2_000


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(LONG_TEXTS))
def test_ten_million_characters_without_a_space_take_linear_time(seed: int) -> None:
    text, _ = TRICKS["ten million characters"](random.Random(seed))
    with Anonymiser(pipeline()) as anonymiser:
        anonymiser.start()
        started_s = time.monotonic()
        (done,) = anonymiser.anonymise(AnonymisingJob((text,), MANNER.profile, SECRET, MANNER.year)).texts
        seconds = time.monotonic() - started_s
        print(f"{text[:3]!r}: {len(text)} characters, {len(done.spans)} spans, {seconds:.0f} s")  # noqa: T201
        assert anonymiser.starts == 1
    assert restored(text, done) == text
    assert seconds < len(text) / SLOWEST_CHARS_PER_S
