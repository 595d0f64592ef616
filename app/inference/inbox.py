"""What reaches the supervisor's one thread, from callers and from the reading thread of a worker."""

from dataclasses import dataclass

from app.inference.link import WorkerLink
from app.inference.pending import Pending
from app.isolation.frames import Frame


@dataclass(frozen=True, slots=True)
class Submitted:
    """A caller asks for a text."""

    pending: Pending


@dataclass(frozen=True, slots=True)
class CancelWanted:
    """A caller wants no more of one."""

    pending: Pending


@dataclass(frozen=True, slots=True)
class FrameArrived:
    """A worker said something that the protocol allows."""

    link: WorkerLink
    frame: Frame


@dataclass(frozen=True, slots=True)
class LinkLost:
    """A worker is gone, or said what it may not."""

    link: WorkerLink


@dataclass(frozen=True, slots=True)
class StopWanted:
    """The end is wanted."""


Event = Submitted | CancelWanted | FrameArrived | LinkLost | StopWanted
