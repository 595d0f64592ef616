"""A million altered frames and handshakes against both ends (``VESTIBULE_SOAK_FRAMES`` for another number)."""

import os

import pytest

from tests.support.channel_storm import ChannelStorm

FRAMES = int(os.environ.get("VESTIBULE_SOAK_FRAMES", "1000000"))
FRAMES_PER_STORM = 100_000


@pytest.mark.soak
@pytest.mark.parametrize("batch", range((FRAMES + FRAMES_PER_STORM - 1) // FRAMES_PER_STORM))
def test_altered_frames_and_handshakes_are_refused_and_change_nothing(batch: int) -> None:
    first = 1_000_000 + batch * FRAMES_PER_STORM
    storm = ChannelStorm()
    storm.run(range(first, first + min(FRAMES_PER_STORM, FRAMES - batch * FRAMES_PER_STORM)))
    print(storm)  # noqa: T201 - the figures of a long run
    storm.check()
