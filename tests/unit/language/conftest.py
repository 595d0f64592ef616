"""One reader for the tests of this room: a real confined child."""

from collections.abc import Iterator

import pytest

from app.language import DocumentReader


@pytest.fixture(scope="package")
def reader() -> Iterator[DocumentReader]:
    with DocumentReader() as running:
        yield running
