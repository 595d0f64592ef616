"""SIGKILL of console, link and gateway under traffic: nothing acknowledged is lost, nothing shown twice, one order."""

from pathlib import Path

import pytest

from tests.support.channel_patients import patients
from tests.support.channel_practice import practice
from tests.support.channel_siege import ChannelSiege

pytestmark = pytest.mark.loopback

KILLS = 6
"""A few; ``make soak`` kills hundreds of times (tests/soak/test_channel_kills.py)."""


def test_kills_under_traffic_lose_nothing_double_nothing_and_keep_the_order(tmp_path: Path) -> None:
    with practice(tmp_path / "practice") as made, patients() as house:
        siege = ChannelSiege(made, house, seed=20261124)
        for _ in range(KILLS):
            siege.fire()
        siege.check()
        assert len(siege.kills) == 3
