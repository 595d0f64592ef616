"""The clock of the use cases; tests bring their own."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns Unix time in milliseconds, UTC."""

MS_PER_MINUTE = 60_000
MS_PER_DAY = 86_400_000


def system_clock() -> int:
    """Return the time of this machine in milliseconds."""
    return time.time_ns() // 1_000_000
