"""The first thousand strikes of the storm that ``make soak`` drives to a million."""

from tests.support.channel_storm import ChannelStorm


def test_a_thousand_altered_frames_and_handshakes_change_nothing() -> None:
    storm = ChannelStorm()
    storm.run(range(1_500))
    storm.check()
    assert storm.strikes == 1_500
