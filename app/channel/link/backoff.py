"""How long to wait before the next try: it doubles, within limits, and no two desks wait alike."""

from typing import Final

from app.channel.link.records import LinkTimes

_LEAST_SHARE: Final = 0.5
_MAX_DOUBLINGS: Final = 16


def delay_s(failures: int, times: LinkTimes, chance: float) -> float:
    """Return the seconds to wait after ``failures`` (1 or more) tries in a row that did not hold.

    Args:
        failures: counted from the last connection that stood for ``steady_s``.
        times: the shortest and the longest delay.
        chance: 0 to 1, drawn by the caller: after a power cut a whole street of desks must not knock at once.
    """
    full = min(times.longest_delay_s, times.first_delay_s * (1 << min(failures, _MAX_DOUBLINGS)))
    return max(min(times.first_delay_s, full), full * (_LEAST_SHARE + (1 - _LEAST_SHARE) * chance))
