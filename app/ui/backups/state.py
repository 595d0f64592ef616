"""What the page of backups shows."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from app.services.backups import RestoreReport, SnapshotInfo

HOUR_MS = 3_600_000
WEEK_MS = 7 * 24 * HOUR_MS


class Work(Enum):
    """What goes on."""

    NONE = "none"
    COPYING = "copying"
    REHEARSING = "rehearsing"


@dataclass(frozen=True, slots=True)
class BackupsState:
    """``folder`` is None while none was chosen; ``is_reached`` says whether its disk is there.

    ``fraction`` is None while nobody can say how far the work is; ``problem`` is the code of the last failure.
    """

    folder: Path | None = None
    every_h: int = 24
    is_fixed: bool = False
    """IT fixed the folder for this machine."""
    is_reached: bool = False
    snapshots: tuple[SnapshotInfo, ...] = ()
    work: Work = Work.NONE
    fraction: float | None = None
    rehearsed: RestoreReport | None = None
    problem: str = ""

    @property
    def newest(self) -> SnapshotInfo | None:
        """The newest backup, None when there is none."""
        return self.snapshots[0] if self.snapshots else None

    def is_late(self, now_ms: int) -> bool:
        """Say whether the newest backup is so old that somebody should look: two turns missed, or a week by hand."""
        longest_ms = 2 * self.every_h * HOUR_MS if self.every_h else WEEK_MS
        return self.newest is None or now_ms - self.newest.taken_ms > longest_ms

    def is_due(self, now_ms: int) -> bool:
        """Say whether the next backup by itself is due."""
        if self.folder is None or not self.every_h or not self.is_reached:
            return False
        return self.newest is None or now_ms - self.newest.taken_ms >= self.every_h * HOUR_MS
