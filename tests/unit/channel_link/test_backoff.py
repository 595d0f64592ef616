"""How long the link waits before it dials again."""

import pytest

from app.channel.link.backoff import delay_s
from app.channel.link.records import LinkTimes


def test_the_delays_grow_from_a_second_to_a_minute_and_stay_there() -> None:
    longest = [delay_s(failures, LinkTimes(), 1.0) for failures in (1, 2, 3, 4, 5, 6, 7, 1000)]
    assert longest == [2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize("failures", [1, 2, 6, 10_000])
def test_chance_shortens_a_delay_by_half_at_most_and_never_below_a_second(failures: int) -> None:
    delays = [delay_s(failures, LinkTimes(), chance / 10) for chance in range(11)]
    assert delays == sorted(delays)
    assert delays[0] == max(1.0, delays[-1] / 2)
    assert 1.0 <= delays[0] < delays[-1] <= 60.0
