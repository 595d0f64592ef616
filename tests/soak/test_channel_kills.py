"""``VESTIBULE_CHANNEL_KILLS`` (500) kills of console, link and gateway under traffic; about 1.5 s each."""

import os
from pathlib import Path

import pytest

from tests.support.channel_patients import patients
from tests.support.channel_practice import practice
from tests.support.channel_siege import ChannelSiege

pytestmark = [pytest.mark.soak, pytest.mark.loopback]

KILLS = int(os.environ.get("VESTIBULE_CHANNEL_KILLS", "500"))
CHECK_EVERY = 25


def test_hundreds_of_kills_lose_nothing_double_nothing_and_keep_the_order(tmp_path: Path) -> None:
    with practice(tmp_path / "practice") as made, patients() as house:
        siege = ChannelSiege(made, house, seed=500, count=3)
        for number in range(1, KILLS + 1):
            siege.fire()
            if number % CHECK_EVERY == 0 or number == KILLS:
                siege.check()
        assert siege.kills.total() == KILLS
        assert sum(map(len, siege.promised.values())) > KILLS // 4
