"""Wrong passwords are counted beside the vault, and make the next try wait.

The file holds counts and times since the machine was started, no name and no content; it is sealed by nothing, because
nobody has unlocked when it is written. So it slows down somebody at the desk. Whoever can change files guesses on a
copy anyway, and what stands in their way is the stretching of the password (threat-model.md §5.1).

Times come from a clock that nobody can set, counted from the start of the machine; after another start the wait begins
anew. The wall clock is not asked: moving it neither ends a wait nor lengthens one.

::

    {"boot": id of this start of the machine,
     "counts": {who: {"failures": n, "told": n, "at_ms": n, "codes": n?, "codes_told": n?}}}

``who`` is a person id, ``recovery``, ``shares``, or ``anybody`` where nobody was chosen. ``told`` of the failures stand
in the event log already. ``codes`` of them came with the right password and a code that was not.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from app.store.errors import StoreError, TooSoonError, VaultDamagedError
from app.store.files import read_bounded, replace_file
from app.store.json_fields import Fields

ATTEMPTS_NAME = "attempts.json"
ANYBODY = "anybody"
FREE_FAILURES = 3
"""Fingers slip; the fourth try is the first that waits."""

_FIRST_WAIT_MS = 5_000
_LONGEST_WAIT_MS = 300_000
_MAX_BYTES = 64 * 1024
_MAX_WHO = 500
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that nobody can set: milliseconds since the machine was started, and which start that was."""

    boot: str
    ms: int


Now = Callable[[], Moment]


def monotonic_now() -> Moment:
    """Return this moment; time in which the machine sleeps counts."""
    boot = ""
    with suppress(OSError):
        boot = _BOOT_ID.read_text(encoding="ascii").strip()
    return Moment(boot, time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000)


@dataclass(frozen=True, slots=True)
class _Count:
    failures: int = 0
    told: int = 0
    at_ms: int = 0
    codes: int = 0
    codes_told: int = 0

    def row(self) -> dict[str, int]:
        """Return what stands in the file."""
        codes = {"codes": self.codes, "codes_told": self.codes_told} if self.codes else {}
        return {"failures": self.failures, "told": self.told, "at_ms": self.at_ms, **codes}


@dataclass(frozen=True, slots=True)
class Untold:
    """Failures that the event log does not know yet; ``codes`` of them came with the right password."""

    failures: int
    codes: int


def wait_ms(failures: int) -> int:
    """Return how long after so many failures the next try has to wait: 5 s, then twice as long each time, to 5 min."""
    beyond = failures - FREE_FAILURES
    return 0 if beyond < 0 else min(_FIRST_WAIT_MS << min(beyond, 16), _LONGEST_WAIT_MS)


class Attempts:
    """The counts of one vault's folder. A missing or damaged file counts as none."""

    def __init__(self, directory: Path, now: Now = monotonic_now) -> None:
        self._path = directory / ATTEMPTS_NAME
        self._now = now

    def require_no_wait(self, who: str) -> None:
        """Do nothing when ``who`` may try now.

        Raises:
            TooSoonError: with the milliseconds that are left.
        """
        left_ms = self.left_ms(who)
        if left_ms > 0:
            raise TooSoonError(left_ms)

    def left_ms(self, who: str) -> int:
        """Return how long ``who`` has to wait from now on, 0 when not at all."""
        now, (boot, counts) = self._now(), self._read()
        count = counts.get(who, _Count())
        since_ms = now.ms if boot != now.boot else max(0, now.ms - count.at_ms)
        return max(0, wait_ms(count.failures) - since_ms)

    def note_failure(self, who: str, *, knew_password: bool = False) -> None:
        """Count one more wrong password, or a wrong code beside the right one."""
        now, (boot, counts) = self._now(), self._read()
        if boot != now.boot:
            counts = {name: replace(count, at_ms=0) for name, count in counts.items()}
        count = counts.get(who, _Count())
        codes = count.codes + knew_password
        counts[who] = replace(count, failures=count.failures + 1, at_ms=now.ms, codes=codes)
        self._write(now.boot, counts)

    def untold(self) -> dict[str, Untold]:
        """Return the failures that do not stand in the event log yet, by ``who``."""
        _, counts = self._read()
        return {
            who: Untold(one.failures - one.told, max(0, one.codes - one.codes_told))
            for who, one in counts.items()
            if one.failures > one.told
        }

    def note_told(self, who_came_in: str) -> None:
        """Remember that everything stands in the log, and forget the failures of somebody who came in at last."""
        boot, counts = self._read()
        left = {who: replace(one, told=one.failures, codes_told=one.codes) for who, one in counts.items()}
        left.pop(who_came_in, None)
        left.pop(ANYBODY, None)
        if counts:
            self._write(boot, left)

    def _read(self) -> tuple[str, dict[str, _Count]]:
        try:
            tree = json.loads(read_bounded(self._path, _MAX_BYTES))
            rows = tree["counts"]
            counts = {str(who): _read_count(Fields(rows[who])) for who in list(rows)[:_MAX_WHO]}
            return str(tree["boot"]), counts
        except (OSError, VaultDamagedError, ValueError, KeyError, TypeError, RecursionError):
            return "", {}

    def _write(self, boot: str, counts: dict[str, _Count]) -> None:
        rows = {who: one.row() for who, one in counts.items()}
        # A full disk must not keep anybody from being told that the password was wrong.
        with suppress(StoreError, OSError):
            replace_file(self._path, json.dumps({"boot": boot, "counts": rows}, sort_keys=True).encode())


def _read_count(fields: Fields) -> _Count:
    codes, codes_told = (fields.whole(name) if fields.has(name) else 0 for name in ("codes", "codes_told"))
    return _Count(fields.whole("failures"), fields.whole("told"), fields.whole("at_ms"), codes, codes_told)
