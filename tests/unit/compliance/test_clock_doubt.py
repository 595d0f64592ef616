"""A clock is believed only while nothing that the vault has seen speaks against it."""

from dataclasses import replace

import pytest

from app.compliance.clock_doubt import (
    MAX_GAP_DAYS,
    MS_PER_DAY,
    MS_PER_MINUTE,
    ClockDoubt,
    ClockFacts,
    doubt_of,
    is_many,
)

NOW = 1_795_000_000_000
FACTS = ClockFacts(
    now_ms=NOW,
    opened_ms=NOW - 3600_000,
    counted_ms=3600_000,
    highest_ms=NOW - 5,
    highest_at_opening_ms=NOW - MS_PER_DAY,
)


def test_an_ordinary_day_raises_no_doubt() -> None:
    assert doubt_of(FACTS) is None


@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        ({"now_ms": NOW + 30 * MS_PER_DAY}, ClockDoubt.JUMPED),
        ({"now_ms": NOW + 9 * MS_PER_MINUTE}, None),
        ({"now_ms": NOW - 9 * MS_PER_MINUTE}, None),
        ({"now_ms": NOW - 30 * MS_PER_DAY}, ClockDoubt.BEHIND),
        ({"highest_ms": NOW + MS_PER_DAY}, ClockDoubt.BEHIND),
        ({"counted_ms": 0}, ClockDoubt.JUMPED),
        ({"highest_at_opening_ms": NOW - (MAX_GAP_DAYS + 1) * MS_PER_DAY}, ClockDoubt.GAP),
        ({"highest_at_opening_ms": NOW - (MAX_GAP_DAYS - 1) * MS_PER_DAY}, None),
        ({"highest_at_opening_ms": 0}, None),
    ],
)
def test_what_speaks_against_a_clock(changed: dict[str, int], doubt: ClockDoubt | None) -> None:
    assert doubt_of(replace(FACTS, **changed)) is doubt


@pytest.mark.parametrize(
    ("going", "gone_today", "left", "many"),
    [(5, 0, 100, False), (6, 0, 100, True), (3, 3, 97, True), (2, 3, 97, False), (1, 0, 10, True), (0, 0, 0, False)],
)
def test_more_than_five_percent_of_a_day_takes_a_person(going: int, gone_today: int, left: int, many: bool) -> None:
    assert is_many(going, gone_today, left) is many
