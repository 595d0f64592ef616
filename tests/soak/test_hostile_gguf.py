"""Ten thousand hostile model files (``VESTIBULE_SOAK_GGUF`` for another number), forty of each thousand in a worker."""

import os
from pathlib import Path

import pytest

from tests.support.gguf_storm import GgufStorm

FILES = int(os.environ.get("VESTIBULE_SOAK_GGUF", "10000"))
FILES_PER_STORM, WORKERS_PER_STORM = 1_000, 40


@pytest.mark.soak
@pytest.mark.parametrize("batch", range((FILES + FILES_PER_STORM - 1) // FILES_PER_STORM))
def test_a_thousand_hostile_model_files_are_refused_or_survived(batch: int, tmp_path: Path) -> None:
    first = 1_000_000 + batch * FILES_PER_STORM
    storm = GgufStorm(tmp_path, WORKERS_PER_STORM)
    storm.run(range(first, first + min(FILES_PER_STORM, FILES - batch * FILES_PER_STORM)))
    print(storm)  # noqa: T201 - the figures of a long run
    storm.check()
