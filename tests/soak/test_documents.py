"""Ten thousand hostile documents (``VESTIBULE_SOAK_DOCUMENTS`` for another number), a thousand through each reader."""

import os

import pytest

from tests.support.reading_storm import Storm

DOCUMENTS = int(os.environ.get("VESTIBULE_SOAK_DOCUMENTS", "10000"))
DOCUMENTS_PER_READER = 1_000


@pytest.mark.soak
@pytest.mark.parametrize("batch", range((DOCUMENTS + DOCUMENTS_PER_READER - 1) // DOCUMENTS_PER_READER))
def test_a_thousand_hostile_documents_are_read_or_refused(batch: int) -> None:
    first = 1_000_000 + batch * DOCUMENTS_PER_READER
    storm = Storm()
    storm.run(range(first, first + min(DOCUMENTS_PER_READER, DOCUMENTS - batch * DOCUMENTS_PER_READER)))
    print(storm)  # noqa: T201 - the figures of a long run
    storm.check()
